"""Mail as rows: written in the verb's transaction, claimed and sent afterwards, once."""

from __future__ import annotations

import datetime as dt
import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q
from django.utils import timezone

from units import doorbell
from units.models import Mail

MAX_ATTEMPTS = 12
LONGEST_WAIT = dt.timedelta(hours=4)
# A sender that has not reported back after this long has died; its mail is tried again.
CLAIM_LASTS = dt.timedelta(minutes=10)


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
    waiting = Q(state=Mail.State.WAITING, next_try_at__lte=now)
    abandoned = Q(state=Mail.State.SENDING, claimed_at__lt=now - CLAIM_LASTS)
    return list(
        Mail.objects.filter(waiting | abandoned)
        .order_by("next_try_at", "id")
        .values_list("id", flat=True)[:limit]
    )


def deliver(mail_id: int) -> bool:
    """Claim one mail, send it, mark it; say whether this call sent it.

    A crash between the server's 250 and our commit sends it once more after ten minutes, with the
    same Message-ID, so that the recipient's system can tell.
    """
    now = timezone.now()
    claimable = Q(state=Mail.State.WAITING) | Q(state=Mail.State.SENDING, claimed_at__lt=now - CLAIM_LASTS)
    claimed = Mail.objects.filter(claimable, pk=mail_id).update(
        state=Mail.State.SENDING, claimed_at=now, n_attempts=F("n_attempts") + 1
    )
    if not claimed:
        return False
    mail = Mail.objects.get(pk=mail_id)
    try:
        message(mail).send()
    except (smtplib.SMTPException, OSError) as error:
        _put_off(mail, error)
        return False
    Mail.objects.filter(pk=mail_id).update(state=Mail.State.SENT, sent_at=timezone.now(), error="")
    return True


def message(mail: Mail) -> EmailMultiAlternatives:
    """Return the mail as Django sends it: text and HTML, with a Message-ID that depends on the row alone."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2]
    built = EmailMultiAlternatives(
        mail.subject, mail.text, to=[mail.address], headers={"Message-ID": f"<portal.{mail.pk}@{domain}>"}
    )
    built.attach_alternative(mail.html, "text/html")
    return built


def _put_off(mail: Mail, error: Exception) -> None:
    """Plan the next try with growing pauses; a 5xx or the twelfth failure is the last."""
    is_final = _is_permanent(error) or mail.n_attempts >= MAX_ATTEMPTS
    pause = min(dt.timedelta(minutes=2**mail.n_attempts), LONGEST_WAIT)
    Mail.objects.filter(pk=mail.pk).update(
        state=Mail.State.FAILED if is_final else Mail.State.WAITING,
        next_try_at=timezone.now() + pause,
        error=f"{type(error).__name__}: {error}"[:500],
    )


def _is_permanent(error: Exception) -> bool:
    """Say whether the server refused for good: a 5xx for the sender, the data or every recipient."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500
