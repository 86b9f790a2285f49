"""Mail as rows: written in the verb's transaction, claimed and sent afterwards, once."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import logging
import smtplib
import time
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from units import audit, doorbell
from units.models import Account, Deed, Mail

logger = logging.getLogger(__name__)

# With the pauses below the twelfth try comes a day after the first.
MAX_ATTEMPTS = 12
LONGEST_WAIT = dt.timedelta(hours=4)
# A sender that has not reported back after this long has died; its mail is tried again.
CLAIM_LASTS = dt.timedelta(minutes=10)
# A claim this young belongs to a sender at work: one sender at a time keeps the other workers free.
AT_WORK = dt.timedelta(minutes=1)


def enqueue(mails: list[Mail]) -> int:
    """Store mails that are not there yet by their key, ring for the sender, return how many are new."""
    known = set(Mail.objects.filter(key__in=[mail.key for mail in mails]).values_list("key", flat=True))
    new = [mail for mail in mails if mail.key not in known]
    # A second clock may have written the same key meanwhile: the constraint decides, silently.
    Mail.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
    if new:
        doorbell.ring("tasks.send_mail")
    return len(new)


def due_ids(now: dt.datetime, limit: int = 200) -> list[int]:
    """Return the numbers of the mails to try now, oldest first; those of a dead sender among them."""
    return list(
        Mail.objects.filter(_claimable(now))
        .order_by("next_try_at", "id")
        .values_list("id", flat=True)[:limit]
    )


def drop_stale(now: dt.datetime) -> int:
    """Give up the waiting mails that are of no use any more; return how many."""
    stale = Mail.objects.filter(state=Mail.State.WAITING, good_until__lt=now)
    return stale.update(state=Mail.State.DROPPED)


def deliver_due(*, seconds: float) -> int:
    """Try the mails that are due over one connection, until none is left or the time is up.

    Returns how many were sent. A mail that fails holds up no other; a server that does not answer costs
    no mail an attempt. Does nothing while another sender is at work.
    """
    until = time.monotonic() + seconds
    if Mail.objects.filter(state=Mail.State.SENDING, claimed_at__gt=timezone.now() - AT_WORK).exists():
        return 0
    drop_stale(timezone.now())
    n_sent, connection = 0, get_connection()
    try:
        while ids := due_ids(timezone.now()):
            for mail_id in ids:
                if time.monotonic() >= until or not _is_connected(connection):
                    return n_sent
                n_sent += deliver(mail_id, connection=connection)
    finally:
        _close(connection)
    return n_sent


def deliver(mail_id: int, *, connection: BaseEmailBackend | None = None) -> bool:
    """Claim one mail, send it, mark it; say whether this call sent it.

    A crash between the server's 250 and our commit sends it once more after ten minutes, with the
    same Message-ID, so that the recipient's system can tell.
    """
    now = timezone.now()
    claimed = Mail.objects.filter(_claimable(now), pk=mail_id).update(
        state=Mail.State.SENDING, claimed_at=now, n_attempts=F("n_attempts") + 1
    )
    if not claimed:
        return False
    mail, connection = Mail.objects.get(pk=mail_id), connection or get_connection()
    try:
        if mail.n_attempts > MAX_ATTEMPTS:
            raise smtplib.SMTPException("every sender of this mail died")
        connection.send_messages([message(mail)])
    except (smtplib.SMTPException, OSError, ValueError) as error:
        _put_off(mail, error)
        # What the failed one left of the conversation is nobody's to continue.
        _close(connection)
        return False
    # Whatever another sender made of the claim meanwhile: it was sent.
    Mail.objects.filter(pk=mail_id).update(state=Mail.State.SENT, sent_at=timezone.now(), error="")
    return True


@transaction.atomic
def resend(mails: models.QuerySet[Mail], *, actor: Account) -> int:
    """Queue those of `mails` that failed for good once more; return how many."""
    failed = list(mails.filter(state=Mail.State.FAILED).select_for_update(of=("self",)))
    n_queued = Mail.objects.filter(pk__in=[mail.pk for mail in failed], state=Mail.State.FAILED).update(
        state=Mail.State.WAITING, n_attempts=0, next_try_at=timezone.now()
    )
    audit.record_many(
        audit.entry(Deed.CHANGE, actor=actor, subject=mail, changes={"state": ["failed", "waiting"]})
        for mail in failed
    )
    if n_queued:
        doorbell.ring("tasks.send_mail")
    return n_queued


def message(mail: Mail) -> EmailMultiAlternatives:
    """Return the mail as Django sends it: text and HTML, with a Message-ID that depends on the row alone."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    # The number alone would come again in a new database, and mail programs drop what they know.
    mark = hashlib.sha256(f"{mail.key} {mail.made_at.timestamp()}".encode()).hexdigest()[:16]
    headers = {"Message-ID": f"<portal.{mail.pk}.{mark}@{domain}>", "Auto-Submitted": "auto-generated"}
    if mail.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    built = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.address], headers=headers)
    built.attach_alternative(mail.html, "text/html")
    return built


def _claimable(now: dt.datetime) -> Q:
    """Return the condition on mails that may be tried now: due ones, and those whose sender died."""
    is_good = Q(good_until=None) | Q(good_until__gte=now)
    due = Q(state=Mail.State.WAITING, next_try_at__lte=now) & is_good
    return due | Q(state=Mail.State.SENDING, claimed_at__lt=now - CLAIM_LASTS)


def _is_connected(connection: BaseEmailBackend) -> bool:
    """Open the connection where it is not; say whether the server answers."""
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        _close(connection)
        logger.error("The mail server does not answer (%s); the mail waits.", type(error).__name__)
        return False
    return True


def _close(connection: BaseEmailBackend) -> None:
    """End the conversation; a server that is gone needs no farewell."""
    with contextlib.suppress(smtplib.SMTPException, OSError):
        connection.close()


def _put_off(mail: Mail, error: Exception) -> None:
    """Plan the next try with growing pauses; a refusal for good or the twelfth failure is the last."""
    is_final = _is_permanent(error) or mail.n_attempts >= MAX_ATTEMPTS
    pause = min(dt.timedelta(minutes=2**mail.n_attempts), LONGEST_WAIT)
    # Only while the claim is ours: another sender may have sent it after we were taken for dead.
    Mail.objects.filter(pk=mail.pk, state=Mail.State.SENDING, claimed_at=mail.claimed_at).update(
        state=Mail.State.FAILED if is_final else Mail.State.WAITING,
        next_try_at=timezone.now() + pause,
        error=f"{type(error).__name__}: {error}"[:500],
    )


def _is_permanent(error: Exception) -> bool:
    """Say whether this mail can never arrive: a 5xx for its data or its recipient, or it cannot be built.

    A refused sender or sign-in is the portal's mistake and not the mail's; it is tried again.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    is_refused = isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
    return is_refused or (isinstance(error, ValueError) and not isinstance(error, OSError))
