"""What a list of records can be narrowed down to, as a form; and the filters that a person keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlencode

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.campaigns import wording
from reports.campaigns.models import Campaign
from reports.records.models import STATUS_CHOICES, SavedFilter
from reports.records.querysets import Choice
from reports.records.words import LONGEST_WORDS
from units.models import Account, Team, TeamUnit, UnitKind
from units.rules import RuleError
from units.scope import Reach
from units.text_fields import LineText
from units.texts import tidy_line

MOST_KEPT = 20
LONGEST_NAME = 40


class RecordFilterForm(forms.Form):
    """What the list is narrowed down to; nonsense in the address narrows down to nothing chosen.

    With how far the person reaches, for those who see several units, come the lists that tell units apart.
    """

    words = LineText(
        label=gettext_lazy("Search"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Title, place, text")}),
    )
    type = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("Status"), required=False, choices=[("", _("All statuses")), *STATUS_CHOICES]
    )
    week = forms.TypedChoiceField(label=gettext_lazy("Week"), required=False, coerce=int, empty_value=None)
    kind = forms.TypedChoiceField(
        label=gettext_lazy("Kind of unit"), required=False, coerce=int, empty_value=None
    )
    team = forms.TypedChoiceField(label=gettext_lazy("Team"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Mapping[str, object] | None, *, campaign: Campaign, far: Reach | None) -> None:
        super().__init__(data)
        self._offer("status", _("All statuses"), STATUS_CHOICES)
        self._offer("type", _("All types"), campaign.types.values_list("code", "name"))
        self._offer("week", _("All weeks"), _weeks(campaign))
        if far is not None:
            reporting = UnitKind.objects.filter(is_reporting=True)
            self._offer("kind", _("All kinds"), ((kind.pk, str(kind)) for kind in reporting))
            self._offer("team", _("All teams"), _teams(far))
        else:
            del self.fields["kind"], self.fields["team"]
        self.fields["words"].widget.attrs["class"] = "form-control"

    def _offer(self, name: str, nothing: str, choices: Iterable[tuple[object, object]]) -> None:
        """Fill one list; its first line chooses nothing."""
        self.fields[name].choices = [("", nothing), *choices]  # type: ignore[attr-defined]
        self.fields[name].widget.attrs["class"] = "form-select"

    def chosen(self) -> Choice:
        """Return what was chosen."""
        self.is_valid()
        chosen = self.cleaned_data
        return Choice(
            status=chosen.get("status", ""),
            type_code=chosen.get("type", ""),
            week=chosen.get("week") or 0,
            kind=chosen.get("kind") or 0,
            team=chosen.get("team") or 0,
            words=tidy_line(chosen.get("words", "")),
        )

    def query(self) -> str:
        """Return what was chosen as an address holds it; empty where nothing was."""
        self.is_valid()
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})

    @property
    def narrows(self) -> bool:
        """Say whether anything was chosen."""
        return self.chosen() != Choice()


@transaction.atomic
def keep(name: str, query: str, *, actor: Account) -> SavedFilter:
    """Keep what the list is narrowed down to; the same name again replaces it.

    Raises: RuleError `nothing_chosen`, `name_missing`, `too_many`.
    """
    called = tidy_line(name)[:LONGEST_NAME]
    if not query:
        raise RuleError("nothing_chosen", _("Choose something above first; then it can be kept."))
    if not called:
        raise RuleError("name_missing", _("Give the filter a name."), field="name")
    own = SavedFilter.objects.filter(person=actor)
    if own.exclude(name=called).count() >= MOST_KEPT:
        message = _("You keep %(most)d filters already; drop one first.") % {"most": MOST_KEPT}
        raise RuleError("too_many", message)
    kept, _is_new = SavedFilter.objects.update_or_create(
        person=actor, name=called, defaults={"query": query[:400]}
    )
    return kept


def _teams(far: Reach) -> Iterable[tuple[int, str]]:
    """Return the teams that cover any unit within reach."""
    covering = TeamUnit.objects.filter(far.condition("unit__path"))
    return Team.objects.filter(pk__in=covering.values("team")).order_by("name").values_list("pk", "name")


def _weeks(campaign: Campaign) -> Iterator[tuple[int, str]]:
    """Yield the weeks to choose from, the latest first."""
    begun = campaign.periods.weekly().filter(starts_on__lte=campaign.today(timezone.now()))
    for week in begun.order_by("-number"):
        yield week.number, f"{week.label} · {wording.span(week.starts_on, week.ends_on)}"
