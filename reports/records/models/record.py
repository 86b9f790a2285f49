"""Activity records."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.campaigns.models import Indicator
from reports.records.querysets import RecordQuerySet
from reports.records.states import Status

STATUS_CHOICES = [
    (Status.DRAFT.value, _("draft")),
    (Status.SUBMITTED.value, _("waiting for review")),
    (Status.APPROVED.value, _("approved")),
    (Status.RETURNED.value, _("returned")),
    (Status.VOID.value, _("void")),
]
DECIDED = [Status.APPROVED.value, Status.RETURNED.value]


class ActivityRecord(models.Model):
    """One row = one activity of one unit on one day, with text, values and status.

    `values` maps an indicator's code to an integer in the indicator's smallest unit, `answers` maps it to a
    choice or a text. `doubts` are the soft rules that were broken when it was last handed in, each with what
    was said; `reasons` maps each to the author's explanation. `version` rises with every change; a verb
    claims the row by it.
    """

    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="records", verbose_name=_("unit")
    )
    activity_type = models.ForeignKey(
        "campaigns.ActivityType", on_delete=models.PROTECT, verbose_name=_("activity type")
    )
    # The form that it was last written with; empty until then.
    form = models.ForeignKey(
        "campaigns.FormVersion", on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("form")
    )
    period = models.ForeignKey("campaigns.Period", on_delete=models.PROTECT, verbose_name=_("period"))
    key = models.UUIDField(_("key"), default=uuid.uuid4, editable=False)
    # The tab whose form made it: that tab may send its form again, another one meets what is stored.
    tab = models.UUIDField(_("tab"), null=True, editable=False)
    source = models.CharField(_("source"), max_length=120, blank=True, editable=False)
    # The joint event that it is part of, and the unit for which it joined, which a merger does not change.
    event = models.ForeignKey(
        "records.JointEvent",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="records",
        verbose_name=_("joint event"),
    )
    seat = models.ForeignKey(
        "units.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("joined for"),
    )
    is_hosting = models.BooleanField(_("is the host's"), default=False, editable=False)
    held_on = models.DateField(_("day"))
    title = models.CharField(_("title"), max_length=120, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    speaker = models.CharField(_("speaker"), max_length=120, blank=True)
    mode = models.CharField(_("mode"), max_length=60, blank=True)
    topic = models.CharField(_("topic"), max_length=120, blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    text = models.TextField(_("text"), max_length=5000, blank=True)
    values = models.JSONField(_("numbers"), default=dict, blank=True)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    reasons = models.JSONField(_("explanations"), default=dict, blank=True)
    doubts = models.JSONField(_("doubts"), default=list, blank=True, editable=False)
    status = models.CharField(_("status"), max_length=9, choices=STATUS_CHOICES, default=Status.DRAFT.value)
    version = models.PositiveIntegerField(_("version"), default=1)
    # Empty: loaded from a ledger of past activities.
    author = models.ForeignKey(
        "units.Account", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("author")
    )
    submitted_by = models.ForeignKey(
        "units.Account", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("submitted by")
    )
    decided_by = models.ForeignKey(
        "units.Account", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    # The first of two reviewers, of a type that asks for two; empty once the record goes back.
    endorsed_by = models.ForeignKey(
        "units.Account",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("endorsed by"),
    )
    # The colleague who is to look at it; whoever reviews the unit may decide all the same.
    assigned_to = models.ForeignKey(
        "units.Account",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("assigned to"),
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)
    # Empty: loaded from a ledger, so that nobody waited for it.
    first_submitted_at = models.DateTimeField(_("first submitted at"), null=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True)
    endorsed_at = models.DateTimeField(_("endorsed at"), null=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-id"]
        verbose_name = _("activity record")
        verbose_name_plural = _("activity records")
        permissions = [("export_activityrecord", _("Can export activity records"))]
        constraints = [
            models.CheckConstraint(
                name="record_status_known",
                condition=Q(status__in=[status.value for status in Status]),
                violation_error_message=_("A record has no such status."),
            ),
            models.CheckConstraint(
                name="record_submission_has_moment",
                condition=Q(status__in=[Status.DRAFT.value, Status.VOID.value])
                | Q(submitted_at__isnull=False),
                violation_error_message=_("A submitted record knows when it was submitted."),
            ),
            models.CheckConstraint(
                name="record_decision_has_moment",
                condition=~Q(status__in=DECIDED) | Q(decided_at__isnull=False),
                violation_error_message=_("A decided record knows when it was decided."),
            ),
            models.CheckConstraint(
                name="record_nobody_approves_own",
                condition=~Q(status=Status.APPROVED.value)
                | Q(decided_by__isnull=True)
                | Q(submitted_by__isnull=True)
                | ~Q(decided_by=models.F("submitted_by")),
                violation_error_message=_("Nobody approves what they submitted themselves."),
            ),
            models.CheckConstraint(
                name="record_two_reviewers",
                condition=Q(endorsed_by__isnull=True)
                | (
                    (Q(submitted_by__isnull=True) | ~Q(endorsed_by=models.F("submitted_by")))
                    & (
                        ~Q(status=Status.APPROVED.value)
                        | Q(decided_by__isnull=True)
                        | ~Q(endorsed_by=models.F("decided_by"))
                    )
                ),
                violation_error_message=_("The second review is another person's than the first."),
            ),
            models.CheckConstraint(
                name="record_endorsement_has_moment",
                condition=Q(endorsed_by__isnull=True, endorsed_at__isnull=True)
                | Q(endorsed_by__isnull=False, endorsed_at__isnull=False),
                violation_error_message=_("An endorsed record knows when it was endorsed."),
            ),
            models.CheckConstraint(
                name="record_version_positive",
                condition=Q(version__gte=1),
                violation_error_message=_("Versions count from 1."),
            ),
            models.UniqueConstraint(
                fields=["author", "key"],
                name="record_key_once",
                violation_error_message=_("This form was sent already."),
            ),
            models.CheckConstraint(
                name="record_event_has_seat",
                condition=Q(event__isnull=True, seat__isnull=True, is_hosting=False)
                | Q(event__isnull=False, seat__isnull=False),
                violation_error_message=_("A record joins a joint event for a unit."),
            ),
            models.UniqueConstraint(
                fields=["event", "seat"],
                name="record_event_seat_once",
                condition=~Q(status=Status.VOID.value),
                violation_error_message=_("This unit has joined the event already."),
            ),
            models.UniqueConstraint(
                fields=["event"],
                name="record_event_one_host",
                condition=Q(is_hosting=True) & ~Q(status=Status.VOID.value),
                violation_error_message=_("The event has the record of its host already."),
            ),
            models.UniqueConstraint(
                fields=["unit", "source"],
                name="record_source_once",
                condition=~Q(source=""),
                violation_error_message=_("This line of the ledger is loaded already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["submitted_at", "id"],
                name="record_waiting",
                condition=Q(status=Status.SUBMITTED.value),
            ),
            models.Index(
                fields=["assigned_to", "submitted_at", "id"],
                name="record_assigned",
                condition=Q(status=Status.SUBMITTED.value),
            ),
            models.Index(
                fields=["-decided_at", "-id"],
                name="record_approved",
                condition=Q(status=Status.APPROVED.value),
            ),
            models.Index(fields=["status", "-held_on", "-id"], name="record_by_status"),
            # The same activity in another unit's words: asked for with every submission.
            models.Index(
                fields=["held_on", "title"],
                name="record_twins",
                condition=Q(status__in=[Status.SUBMITTED.value, Status.APPROVED.value]),
            ),
            models.Index(fields=["unit", "period", "activity_type", "status"], name="record_by_cell"),
            models.Index(fields=["unit", "-held_on", "-id"], name="record_by_unit"),
            models.Index(fields=["-held_on", "-id"], name="record_by_day"),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.activity_type} {self.held_on}"

    @property
    def state(self) -> Status:
        """Return the status as the state table knows it."""
        return Status(self.status)

    @property
    def came_back(self) -> bool:
        """Say whether it was returned before it was submitted last."""
        first, last = self.first_submitted_at, self.submitted_at
        return first is not None and last is not None and first < last

    @property
    def is_explained(self) -> bool:
        """Say whether the author had to explain something."""
        return bool(self.reasons)

    @property
    def is_second_review_due(self) -> bool:
        """Say whether one reviewer has endorsed it and it waits for another."""
        return self.state is Status.SUBMITTED and self.endorsed_by_id is not None

    @property
    def is_editable(self) -> bool:
        """Say whether the unit may still change what it wrote."""
        return self.state in {Status.DRAFT, Status.RETURNED}

    @property
    def is_companion(self) -> bool:
        """Say whether what counts once stands in another record: that of the host of the same event."""
        return self.event_id is not None and not self.is_hosting

    def value_of(self, indicator: Indicator) -> Decimal | None:
        """Return one value in the indicator's unit of measure, None where nothing was entered."""
        stored = self.values.get(indicator.code)
        return None if stored is None else Decimal(stored).scaleb(-indicator.decimals)
