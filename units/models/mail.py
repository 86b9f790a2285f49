"""Mail that is owed, on its way or sent."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Mail(models.Model):
    """One row = one mail to one person; the unique key makes it once and only once."""

    class State(models.TextChoices):
        """Where the mail is on its way."""

        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        DROPPED = "dropped", _("not sent: too late")

    key = models.CharField(_("key"), max_length=120, unique=True)
    person = models.ForeignKey(
        "units.Account", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("person")
    )
    address = models.EmailField(_("address"))
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"))
    unsubscribe_url = models.URLField(_("address to unsubscribe"), max_length=400, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    n_attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Empty: good at any time. A reminder is no use after its deadline.
    good_until = models.DateTimeField(_("good until"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("next try at"), default=timezone.now)
    error = models.CharField(_("last error"), max_length=500, blank=True)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(
                fields=["next_try_at"], name="mail_unsent", condition=Q(state__in=["waiting", "sending"])
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="mail_sent_has_moment",
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
                violation_error_message=_("A sent mail knows when it was sent."),
            ),
            models.CheckConstraint(
                name="mail_key_not_empty",
                condition=~Q(key=""),
                violation_error_message=_("A mail needs a key."),
            ),
        ]

    def __str__(self) -> str:
        return self.subject
