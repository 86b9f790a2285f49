"""Teams that look at units."""

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Team(models.Model):
    """One row = one group of people that looks at units (巡回指导组, 督导检查组, …)."""

    class Kind(models.TextChoices):
        """What the team is for."""

        PATROL = "patrol", _("patrol guidance team")
        INSPECTION = "inspection", _("inspection team")
        OBSERVATION = "observation", _("class observation team")
        TASK_FORCE = "task_force", _("task force")

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="team", editable=False)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    class Meta:
        ordering = ["kind", "name"]
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = [
            models.CheckConstraint(
                name="team_ends_after_start",
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A team ends on or after the day on which it starts."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """One row = one person in one team, with an account or without."""

    class Role(models.TextChoices):
        """What the person is in the team."""

        LEADER = "leader", _("team leader")
        EXPERT = "expert", _("expert")
        MEMBER = "member", _("member")

    # CASCADE: a membership has no meaning without its team.
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members", verbose_name=_("team"))
    account = models.ForeignKey(
        "units.Account", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=60)
    role = models.CharField(_("role"), max_length=16, choices=Role.choices, default=Role.MEMBER)

    class Meta:
        ordering = ["team", "id"]
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        constraints = [
            models.UniqueConstraint(
                fields=["team", "account"],
                name="team_member_once",
                violation_error_message=_("This person is already in the team."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class TeamUnit(models.Model):
    """One row = one unit that one team covers."""

    # CASCADE: coverage has no meaning without its team.
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="coverage", verbose_name=_("team"))
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, verbose_name=_("unit"))

    class Meta:
        ordering = ["team", "unit"]
        verbose_name = _("covered unit")
        verbose_name_plural = _("covered units")
        constraints = [
            models.UniqueConstraint(
                fields=["team", "unit"],
                name="team_unit_once",
                violation_error_message=_("The team covers this unit already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.unit)
