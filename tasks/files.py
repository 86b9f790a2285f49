"""The care of stored files."""

import logging

from celery import shared_task

from reports.records.files import care, scanning

logger = logging.getLogger(__name__)

# Longer would keep a worker from the statistics; the next tick goes on with what is left.
SCAN_SECONDS = 60
VERIFY_SECONDS = 200


@shared_task(name="tasks.scan_files", ignore_result=True)
def scan_files() -> None:
    """Let the virus scanner judge what waits for it; without one nothing does."""
    scanning.scan_pending(seconds=SCAN_SECONDS)


@shared_task(name="tasks.verify_files", ignore_result=True)
def verify_files() -> None:
    """Compare a few minutes' worth of files with their hashes."""
    n_seen, n_bad = care.verify(seconds=VERIFY_SECONDS)
    if n_bad:
        logger.error("%s of %s stored files are damaged or missing.", n_bad, n_seen)


@shared_task(name="tasks.sweep_files", ignore_result=True)
def sweep_files() -> None:
    """Take away what belongs to no record and is older than a day."""
    swept = care.sweep()
    if not swept.is_nothing:
        logger.info(
            "Swept %s attachments, %s files, %s strays.", swept.n_attachments, swept.n_files, swept.n_strays
        )
