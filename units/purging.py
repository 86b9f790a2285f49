"""Purge audit rows that have been kept long enough, and say so in the trail itself."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from units import audit
from units.models import Account, AuditEntry, AuditSeal, Deed
from units.rules import RuleError
from units.sealing import KEPT_FOR, first_break


@transaction.atomic
def purge(before: dt.datetime, *, actor: Account | None) -> int:
    """Delete the rows of every seal that was made before `before`; return how many went.

    The seals stay with the digests of the rows, and a new row tells the range: the chain can still be
    verified. What is not sealed stays, and so does a seal of which one row is younger.

    Raises: RuleError `too_young` within 180 days, `trail_broken` where something was tampered with.
    """
    now = timezone.now()
    if before > now - KEPT_FOR:
        raise RuleError(
            "too_young",
            _("The audit trail is kept for 180 days at least; choose a day before %(day)s.")
            % {"day": timezone.localdate(now - KEPT_FOR).isoformat()},
        )
    # Afterwards nobody could tell what was changed in the rows that went.
    if first_break() is not None:
        raise RuleError("trail_broken", _("The audit trail was tampered with: run “audit verify” first."))
    gone = AuditEntry.objects.filter(pk__lte=_last_old(before))
    n_rows, last = gone.count(), gone.order_by("-pk").first()
    if last is None:
        return 0
    _allow_deletion()
    gone.delete()
    changes = {"up_to": last.pk, "n_rows": n_rows, "before": before.astimezone(dt.UTC).isoformat()}
    audit.record(Deed.PURGE, actor=actor, changes=changes)
    return n_rows


def _last_old(before: dt.datetime) -> int:
    """Return the last number of the last seal that was made, with all its rows, before the moment."""
    young = AuditEntry.objects.filter(at__gte=before).order_by("pk").values_list("pk", flat=True).first()
    seals = AuditSeal.objects.filter(at__lt=before)
    if young is not None:
        seals = seals.filter(last_id__lt=young)
    newer = AuditSeal.objects.filter(at__gte=before).order_by("pk").values_list("pk", flat=True).first()
    if newer is not None:
        seals = seals.filter(pk__lt=newer)
    return seals.order_by("-last_id").values_list("last_id", flat=True).first() or 0


def _allow_deletion() -> None:
    """Tell PostgreSQL's trigger that this transaction purges; SQLite has none."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('portal.audit_purge', 'on', true)")
