"""The audit trail."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Deed(models.TextChoices):
    """What was done."""

    SIGN_IN = "sign_in", _("signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("failed to sign in")
    SIGN_OUT = "sign_out", _("signed out")
    SESSION_END = "session_end", _("ended a session")
    PASSWORD_ASK = "password_ask", _("asked for a new password")
    PASSWORD_CHANGE = "password_change", _("changed a password")
    FACTOR = "factor", _("changed a second factor")
    CREATE = "create", _("created")
    CHANGE = "change", _("changed")
    SUBMIT = "submit", _("submitted")
    ENDORSE = "endorse", _("endorsed")
    APPROVE = "approve", _("approved")
    RETURN = "return", _("returned")
    REOPEN = "reopen", _("reopened")
    VOID = "void", _("declared void")
    ASSIGN = "assign", _("assigned")
    FILE = "file", _("filed")
    ACCEPT = "accept", _("accepted")
    SIGN = "sign", _("signed")
    EXCUSE = "excuse", _("excused")
    EXTEND = "extend", _("extended a deadline")
    ASK = "ask", _("asked for more time")
    REFUSE = "refuse", _("declined a request")
    URGE = "urge", _("urged")
    GRANT = "grant", _("granted")
    REVOKE = "revoke", _("revoked")
    HAND_OVER = "hand_over", _("handed over")
    DISABLE = "disable", _("disabled")
    ENABLE = "enable", _("enabled")
    IMPORT = "import", _("imported")
    EXPORT = "export", _("exported")
    DOWNLOAD = "download", _("downloaded")
    REPAIR = "repair", _("repaired")
    MERGE = "merge", _("merged")
    SPLIT = "split", _("split")
    REFUSED = "refused", _("was refused")
    ALERT = "alert", _("raised an alarm")
    PURGE = "purge", _("purged old rows")
    COMMAND = "command", _("ran a command at the server")


class AuditEntry(models.Model):
    """One row = one deed: when, who, what, at which unit, to which object, from which address."""

    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    # Empty: the clock did it, or nobody had signed in yet.
    actor = models.ForeignKey(
        "units.Account", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("person")
    )
    actor_name = models.CharField(_("name at that time"), max_length=150, blank=True)
    deed = models.CharField(_("deed"), max_length=16, choices=Deed.choices)
    # No constraint and DO_NOTHING: the trail outlives the unit, and no row of it is ever updated.
    unit = models.ForeignKey(
        "units.Unit",
        on_delete=models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        verbose_name=_("unit"),
    )
    object_type = models.CharField(_("kind of object"), max_length=60, blank=True)
    object_id = models.CharField(_("object number"), max_length=40, blank=True)
    object_name = models.CharField(_("object"), max_length=200, blank=True)
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=60, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_by_object"),
            models.Index(fields=["unit", "-id"], name="audit_by_unit"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
            models.Index(fields=["deed", "-id"], name="audit_by_deed"),
            models.Index(fields=["at"], name="audit_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.get_deed_display()} {self.object_name}"


class AuditSeal(models.Model):
    """One row = one link of the chain that makes tampering visible.

    It covers the audit rows behind the last seal up to `last_id`: `rows` maps each row's number to its
    digest, and `digest` covers those and the digest of the seal before.
    """

    last_id = models.BigIntegerField(_("last row"), unique=True)
    rows = models.JSONField(_("digests of the rows"))
    # Unique: two sealers at once cannot both continue the same chain.
    previous = models.CharField(_("digest of the seal before"), max_length=64, blank=True, unique=True)
    digest = models.CharField(_("digest"), max_length=64)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")

    def __str__(self) -> str:
        return f"{self.last_id}: {self.digest[:12]}"


class AuditAlert(models.Model):
    """One row = one alarm: the rule, and the audit row that set it off."""

    class Rule(models.TextChoices):
        """What is worth an auditor's look."""

        MANY_REFUSED = "many_refused", _("ten refusals to one person within five minutes")
        LARGE_EXPORT = "large_export", _("an export of more than 1,000 rows")
        NIGHT_EXPORT = "night_export", _("an export at night")

    rule = models.CharField(_("rule"), max_length=16, choices=Rule.choices)
    # No constraint and DO_NOTHING: an alarm outlives the purge of its row.
    entry = models.ForeignKey(
        AuditEntry, on_delete=models.DO_NOTHING, db_constraint=False, verbose_name=_("audit entry")
    )
    actor = models.ForeignKey(
        "units.Account", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("person")
    )
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "entry"],
                name="audit_alert_once_per_rule",
                violation_error_message=_("This rule has raised its alarm for this row already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_rule_display()}: {self.entry_id}"
