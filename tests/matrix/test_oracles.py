"""Ways to ask the administration about what it does not show: actions, search boxes, filters, exports."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.urls import reverse

from tests.matrix.asking import Asker, ask, browser_of
from tests.matrix.cast import CAST, SITES, account_of
from tests.matrix.objects import MISSING, canary, plant
from tests.personas import World

STAFF = ["delegate", "several", "reviewer", "newcomer", "auditor"]
OURS = {"units", "records", "weekly", "campaigns", "statistics"}
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
KINDS = {
    "unit": "unit",
    "account": "account",
    "mail": "mail",
    "activityrecord": "record",
    "weeklyreport": "weekly",
}
NO_KEYS = ["abc", "1e9", "9" * 30, "-1", "'", "\x00", "１", "1;2", ""]
LOOKUPS = ["startswith", "contains", "gt", "isnull", "regex", "in"]
# Filters that the page offers, as the page writes them.
SHOWN = re.compile(r"(made_at|kind|purpose|campaign|deed|state|rule|is_\w+)__isnull")
SEED = 20261123
Noted = Callable[[str, object], None]


class Staff:
    """One of the staff, with the words that they must never read."""

    def __init__(self, world: World, role: str) -> None:
        account = account_of(world, role)
        self.part, self.things = CAST[role], plant(world, account)
        self.browser: Asker = browser_of(account)
        self.strange = [canary(site) for site in SITES if not self.part.held.get(site)]
        self.n_cases = 0

    def ask(self, method: str, path: str, data: dict[str, Any]) -> str:
        """Send one request; the answer is the portal's and shows nothing of elsewhere."""
        told = ask(self.browser, method, path, data)
        self.n_cases += 1
        assert told.status < 500, (method, path, data)
        body = told.body.decode(errors="replace")
        # The trail tells its readers of everybody, on its pages and where an alarm's row is looked for.
        if "auditentry" not in path and data.get("model_name") != "auditalert":
            assert [word for word in self.strange if word in body] == [], (method, path, data)
        if self.part.models.isdisjoint({"units.change_unit"}):
            assert told.written == set(), (method, path, data)
        return told.anonymous()

    def strangers(self, kind: str) -> list[int]:
        """Return the numbers of the objects of a kind that lie elsewhere."""
        of_kind = self.things.numbers.get(kind, {})
        sites = [site for site in SITES if not self.part.held.get(site)]
        return [number for site in sites for number in of_kind.get(site, [])]


@pytest.fixture(params=STAFF)
def staff(
    world: World, still_clock: None, request: pytest.FixtureRequest, record_property: Noted
) -> Iterator[Staff]:
    """Return one role of the staff after the other."""
    one = Staff(world, request.param)
    yield one
    record_property("cases", one.n_cases)


def page(model: type[models.Model], name: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def test_actions_reach_no_further_than_the_list(staff: Staff) -> None:
    for model in MODELS:
        names = [
            "delete_selected",
            "export_admin_action",
            *(str(one) for one in admin.site._registry[model].actions or ()),
        ]
        keys = staff.strangers(KINDS.get(model._meta.model_name or "", "")) or [MISSING]
        for name, across in itertools.product(names, ("0", "1")):
            data = {
                "action": name,
                "_selected_action": keys,
                "select_across": across,
                "index": "0",
                "post": "yes",
            }
            staff.ask("POST", page(model, "changelist"), data)


def test_search_boxes_show_what_the_list_shows(staff: Staff) -> None:
    url = reverse("admin:autocomplete")
    for model in apps.get_models():
        for field in model._meta.get_fields():
            # What leads to no other model is refused before anybody looks at the words.
            for term in ("", "canary", "中", "\x00") if field.is_relation else ("canary",):
                asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
                staff.ask("GET", url, asked | {"field_name": field.name, "term": term})


def test_a_key_that_is_none_or_a_strangers_is_no_choice(staff: Staff) -> None:
    for model in MODELS:
        for field in model._meta.fields:
            if not isinstance(field, models.ForeignKey) or field.related_model._meta.app_label not in OURS:
                continue
            for key in NO_KEYS:
                staff.ask("POST", page(model, "add"), {field.name: key})
            missing = staff.ask("POST", page(model, "add"), {field.name: MISSING})
            missing = missing.replace(str(MISSING), "KEY")
            for number in staff.strangers(KINDS.get(field.related_model._meta.model_name or "", "")):
                told = staff.ask("POST", page(model, "add"), {field.name: number})
                # The frame of each page names the person, a list its kinds, whose numbers may be the same.
                mark = re.compile(rf'(?<!data-person=)"{number}"')
                assert mark.sub('"KEY"', told) == mark.sub('"KEY"', missing), (model, field, number)


def test_windows_and_columns_are_no_oracle(staff: Staff) -> None:
    for model in MODELS:
        for column in ("password", "unit__name", "id", "pk", "email"):
            for more in ({"_to_field": column}, {"_popup": "1", "_to_field": column}):
                staff.ask("GET", page(model, "changelist"), more)
                missing = staff.ask("GET", page(model, "change", MISSING), more)
                for key in staff.strangers(KINDS.get(model._meta.model_name or "", "")):
                    assert staff.ask("GET", page(model, "change", key), more) == missing


def lookups(model: type[models.Model]) -> Iterator[str]:
    """Yield what a curious person might filter by: own columns, what they lead to, and what that leads to."""
    for field in model._meta.get_fields():
        target = field.related_model if field.is_relation else None
        inner = [one.name for one in target._meta.get_fields()] if isinstance(target, type) else []
        names = [f"{field.name}__{one}{more}" for one in inner for more in ("", "__password")]
        names = names or [field.name]
        yield from (f"{name}__{lookup}" for name in names for lookup in LOOKUPS)


def answer(staff: Staff, model: type[models.Model], lookup: str, value: str) -> str:
    """Return the list under a filter, without the filter itself."""
    told = staff.ask("GET", page(model, "changelist"), {lookup: value})
    return told.replace(f"{lookup}={value}", lookup)


@pytest.mark.usefixtures("still_clock")
@pytest.mark.parametrize("role", ["administrator", "delegate", "auditor"])
def test_a_hundred_lookups_answer_the_same_whatever_the_value(
    world: World, role: str, record_property: Noted
) -> None:
    staff = Staff(world, role)
    random = Random(SEED)
    for model in MODELS:
        if f"{model._meta.app_label}.view_{model._meta.model_name}" not in staff.part.models:
            continue
        hidden = [one for one in lookups(model) if not SHOWN.fullmatch(one)]
        for lookup in random.sample(hidden, min(100, len(hidden))):
            assert answer(staff, model, lookup, "1") == answer(staff, model, lookup, "0"), (model, lookup)
    record_property("cases", staff.n_cases)
    assert staff.n_cases >= 200


def test_exports_hold_what_the_list_shows(staff: Staff) -> None:
    for name, kind in (
        ("units_unit", "unit"),
        ("records_activityrecord", "record"),
        ("units_auditentry", ""),
    ):
        url = reverse(f"admin:{name}_export")
        keys = staff.strangers(kind)
        for file in ("csv", "xlsx"):
            for more in ({}, {"export_items": keys}, {"_selected_action": keys, "select_across": "1"}):
                staff.ask("POST", url, {"format": file, **more})
        staff.ask("GET", url, {"pk__in": ",".join(map(str, keys)), "unit": keys})
