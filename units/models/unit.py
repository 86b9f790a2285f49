"""Units and their kinds."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from units.paths import depth
from units.querysets import UnitQuerySet


class UnitKind(models.Model):
    """One row = one kind of unit that the bureau distinguishes (直属单位, 民办高校, …)."""

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)
    is_reporting = models.BooleanField(_("files weekly reports"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("kind of unit")
        verbose_name_plural = _("kinds of unit")

    def __str__(self) -> str:
        return self.name if (get_language() or "").startswith("zh") else self.name_en


class Unit(models.Model):
    """One row = one node of the tree: the bureau, a directly affiliated unit, a school, …."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.ForeignKey(UnitKind, on_delete=models.PROTECT, verbose_name=_("kind"))
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    path = models.CharField(_("path"), max_length=180, db_index=True, editable=False, default="")
    # Derived from the name by the verbs that plant and rename.
    initials = models.CharField(
        _("pinyin initials"), max_length=200, db_index=True, editable=False, blank=True, default=""
    )
    authority = models.CharField(_("competent authority"), max_length=120, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    level = models.CharField(_("level of study"), max_length=40, blank=True)
    n_staff = models.PositiveIntegerField(_("staff"), null=True, blank=True)
    n_party_members = models.PositiveIntegerField(_("party members"), null=True, blank=True)
    n_students = models.PositiveIntegerField(_("students"), null=True, blank=True)
    counted_on = models.DateField(_("heads counted on"), null=True, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True, help_text=_("Empty: always there."))
    closed_on = models.DateField(
        _("closed on"), null=True, blank=True, help_text=_("The first day on which the unit is closed.")
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_from",
        verbose_name=_("merged into"),
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        # Grants sit on units and on nothing else; see scope.py.
        permissions = [
            ("report_unit", _("Can report for the unit")),
            ("sign_unit", _("Can sign the unit's weekly report")),
            ("review_unit", _("Can review what the unit submits")),
            ("oversee_unit", _("Can read all of the unit's")),
            ("import_unit", _("Can import units")),
            ("export_unit", _("Can export units")),
        ]
        indexes = [
            # One shelf of the tree: without it PostgreSQL walks along all paths to find 50 siblings.
            models.Index(fields=["parent", "path"], name="unit_by_parent"),
            # Few units have either day; the list of closed ones is found without reading all.
            models.Index(fields=["closed_on"], name="unit_by_closing", condition=Q(closed_on__isnull=False)),
            models.Index(fields=["opened_on"], name="unit_by_opening", condition=Q(opened_on__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="unit_closes_after_opening",
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(closed_on__gt=F("opened_on")),
                violation_error_message=_("A unit closes after the day on which it opened."),
            ),
            models.CheckConstraint(
                name="unit_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message=_("A unit cannot be its own parent."),
            ),
            models.CheckConstraint(
                name="unit_code_not_empty",
                condition=~Q(code=""),
                violation_error_message=_("A unit needs a code."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        """Return 1 for a root, 2 for its children, and so on."""
        return depth(self.path)

    @property
    def has_heads(self) -> bool:
        """Say whether any heads were counted."""
        return any(number is not None for number in (self.n_staff, self.n_party_members, self.n_students))

    def is_open_on(self, day: dt.date) -> bool:
        """Say whether the unit existed on `day`."""
        has_opened = self.opened_on is None or self.opened_on <= day
        return has_opened and (self.closed_on is None or day < self.closed_on)


class TreeChange(models.Model):
    """One row = one move of a subtree, in the order of the moves; what depends on the tree follows by it."""

    # CASCADE: a move means nothing without its unit.
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, verbose_name=_("unit"))
    from_path = models.CharField(_("from"), max_length=180)
    to_path = models.CharField(_("to"), max_length=180)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name = _("move in the tree")
        verbose_name_plural = _("moves in the tree")

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.from_path} → {self.to_path}"
