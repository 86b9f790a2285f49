"""Which files a record holds: what it takes over from its form, how many count, how a step keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from reports.records.files.inspecting import FIELD
from reports.records.models import ActivityRecord, Attachment, StoredFile

State = StoredFile.State


@dataclass(frozen=True, slots=True)
class Held:
    """The files that a record is handed in with: how many of them count, and each with name and SHA-256.

    What a virus scanner refuses does not count.
    """

    n_counted: int
    files: list[list[str]]

    @property
    def as_json(self) -> dict[str, object]:
        """Return the files as the step of a submission keeps them."""
        return {FIELD: self.files} if self.files else {}


def adopt(record: ActivityRecord) -> None:
    """Give a record what was handed in with its form before it was stored. Queries: one where nothing was."""
    own = Attachment.objects.filter(record=None, author=record.author_id, key=record.key).order_by()
    waiting = list(own.values_list("pk", "file"))
    if not waiting:
        return
    with transaction.atomic():
        held = set(record.attachments.values_list("file", flat=True))
        Attachment.objects.filter(pk__in=[pk for pk, file in waiting if file in held]).delete()
        Attachment.objects.filter(pk__in=[pk for pk, file in waiting if file not in held]).update(
            record=record
        )


def held_by(record: ActivityRecord) -> Held:
    """Return the files that a record is handed in with, held as they are until the transaction ends.

    Queries: three.
    """
    # A file that is taken off at this moment claims the same row, and waits or finds it handed in.
    claimed = ActivityRecord.objects.select_for_update().filter(pk=record.pk).order_by()
    list(claimed.values_list("pk", flat=True))
    adopt(record)
    rows = list(Attachment.objects.filter(record=record).values_list("name", "file__sha256", "file__state"))
    n_refused = sum(state == State.INFECTED for _name, _digest, state in rows)
    return Held(len(rows) - n_refused, [[name, digest] for name, digest, _state in rows])


def n_counted(record: ActivityRecord) -> int:
    """Return how many files of a record count: what a virus scanner refuses does not. Queries: one."""
    return Attachment.objects.of_record(record).exclude(file__state=State.INFECTED).count()


def n_counted_of(pks: Iterable[int]) -> dict[int, int]:
    """Return how many files each of these records counts, where there are any. Queries: one."""
    counted = Attachment.objects.filter(record__in=list(pks)).exclude(file__state=State.INFECTED)
    return dict(counted.order_by().values_list("record").annotate(n_files=Count("pk")))


def as_json_of(pks: Iterable[int]) -> dict[int, dict[str, object]]:
    """Return the files of each of these records as a step keeps them, where there are any. Queries: one."""
    found: dict[int, list[list[str]]] = {}
    rows = Attachment.objects.filter(record__in=list(pks)).order_by("record", "position", "pk")
    for pk, name, digest in rows.values_list("record", "name", "file__sha256"):
        found.setdefault(pk, []).append([name, digest])
    return {pk: {FIELD: files} for pk, files in found.items()}
