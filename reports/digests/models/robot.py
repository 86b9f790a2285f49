"""Robots of group chats, and what they are to say."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from units.models import Account

N_SHOWN = 4


class Robot(models.Model):
    """One row = the robot of one group chat, which tells a team's week there.

    Its webhook address is a password: who knows it can post. It is shown to nobody again; `ending` holds its
    last characters, so that people can tell one from another.
    """

    class Kind(models.TextChoices):
        """The programs whose groups have robots."""

        WECOM = "wecom", _("WeCom")
        DINGTALK = "dingtalk", _("DingTalk")
        FEISHU = "feishu", _("Feishu")

    team = models.ForeignKey(
        "units.Team", on_delete=models.PROTECT, related_name="robots", verbose_name=_("team")
    )
    kind = models.CharField(_("program"), max_length=8, choices=Kind.choices)
    address = models.CharField(_("webhook address"), max_length=400, editable=False)
    secret = models.CharField(_("signing secret"), max_length=200, blank=True, editable=False)
    ending = models.CharField(_("ends in"), max_length=N_SHOWN, editable=False)
    language = models.CharField(
        _("language"), max_length=8, choices=Account.Language.choices, default=Account.Language.CHINESE
    )
    is_enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        ordering = ["team", "id"]
        verbose_name = _("group robot")
        verbose_name_plural = _("group robots")
        constraints = [
            models.UniqueConstraint(
                fields=["address"],
                name="robot_address_once",
                violation_error_message=_("This robot is known already."),
            ),
            models.CheckConstraint(
                name="robot_address_is_https",
                condition=Q(address__startswith="https://"),
                violation_error_message=_("A webhook address begins with https://."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} · {self.get_kind_display()} …{self.ending}"


class RobotMessage(models.Model):
    """One row = one message to one group; the unique key makes it once and only once."""

    class State(models.TextChoices):
        """Where the message is on its way."""

        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    key = models.CharField(_("key"), max_length=120, unique=True)
    robot = models.ForeignKey(Robot, on_delete=models.PROTECT, verbose_name=_("group robot"))
    text = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    n_attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try at"), default=timezone.now)
    error = models.CharField(_("last error"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("message to a group")
        verbose_name_plural = _("messages to groups")
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="robot_message_unsent",
                condition=Q(state__in=["waiting", "sending"]),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="robot_message_sent_has_moment",
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
                violation_error_message=_("A sent message knows when it was sent."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.robot}: {self.made_at:%Y-%m-%d}"
