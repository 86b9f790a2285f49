"""Every form that a role is shown, sent with every field of every model on top: the rest does nothing.

The forms are those that the pages hold, found by walking the addresses, so a new one is in it by itself.
What a form does with its own fields is what it does with all the others beside them, row for row; and where
a field names a unit or a person, one from elsewhere stores nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from portal.policies import Door
from tests.matrix.asking import Asker, ask, browser_of, sent, undone
from tests.matrix.cast import CAST, SITES, account_of
from tests.matrix.objects import DELETED, Things, plant
from tests.matrix.pages import WrittenForm, forms_of, rows_of
from tests.matrix.places import asked_for
from tests.personas import World
from tests.portal.test_addresses import ALL, OUR_ROOMS
from units.models import AuditEntry, Mail

ROLES = [
    "liaison",
    "head",
    "stranger",
    "reviewer",
    "leader",
    "administrator",
    "auditor",
    "several",
    "delegate",
]
OURS = [model for model in apps.get_models() if model.__module__.startswith(OUR_ROOMS)]
KEPT = [model for model in OURS if model not in {AuditEntry, Mail}]
# What differs from one time to the next: moments, first passwords, keys made by chance.
BY_CHANCE = (models.DateTimeField, models.UUIDField, models.BinaryField)
NAMES_A_ROW = re.compile(r"(^|-)(unit|parent|account|new|people|author|kind|campaign)(_id)?$")
State = dict[str, list[tuple[tuple[str, str], ...]]]
# A form that asks for a file in a process of its own takes a second; the imports have tests of their own.
SLOW = re.compile(r"/import/")


def state(known: dict[str, set[Any]]) -> State:
    """Return every row, without its own number and with those of new rows left out."""
    found: State = {}
    for model in KEPT:
        columns = [one for one in model._meta.fields if not one.primary_key and _is_steady(one)]
        rows = model._base_manager.values_list(*(one.attname for one in columns))
        found[model.__name__] = sorted(
            tuple((one.attname, _told(one, value, known)) for one, value in zip(columns, row, strict=True))
            for row in rows
        )
    return found


def _is_steady(column: models.Field[Any, Any]) -> bool:
    """Leave out chance, and what a person has typed and not sent: it does nothing until it is."""
    return not isinstance(column, BY_CHANCE) and column.name not in {"password", "sequence", "fields"}


def _told(column: models.Field[Any, Any], value: Any, known: dict[str, set[Any]]) -> str:
    """Return a value; a row that was stored just now is called so, for its number is chance."""
    target = getattr(column.related_model, "__name__", "")
    return "a new one" if target in known and value is not None and value not in known[target] else str(value)


def numbers() -> dict[str, set[Any]]:
    """Return the numbers of all rows."""
    return {model.__name__: set(model._base_manager.values_list("pk", flat=True)) for model in OURS}


def forged(form: WrittenForm, strange: dict[str, Any]) -> dict[str, Any]:
    """Return a value for every field of every model that the form does not have."""
    values: dict[str, Any] = {}
    for column in (one for model in OURS for one in model._meta.get_fields() if hasattr(one, "attname")):
        number = strange.get(getattr(column.related_model, "__name__", ""), 1) if column.is_relation else None
        value = number or _forged(column)
        values |= {column.name: value, column.attname: value}
    inner = {f"{row}{name}": value for row in rows_of(form) for name, value in values.items()}
    return {name: value for name, value in (values | inner).items() if name not in form.of_page}


def _forged(column: Any) -> str:
    if column.choices:
        return str(list(dict(column.flatchoices))[-1])
    if isinstance(column, models.BooleanField):
        return "on"
    known = {models.DateField: "2001-01-01", models.EmailField: "forged@example.org"}
    return known.get(type(column), "7" if isinstance(column, models.IntegerField) else "forged")


class Writer:
    """One role that sends forms."""

    def __init__(self, world: World, role: str) -> None:
        account = account_of(world, role)
        self.part, self.things = CAST[role], plant(world, account)
        self.browser: Asker = browser_of(account)
        self.known, self.before = numbers(), {}
        self.before = state(self.known)
        self.n_cases = 0

    def forms(self) -> Iterator[WrittenForm]:
        """Yield the forms of every page that the role is shown, each once."""
        seen: set[tuple[str, tuple[str, ...]]] = set()
        for address in ALL:
            if address.policy.door in {Door.PUBLIC, Door.CLOSED}:
                continue
            for path, _kind, site in asked_for(address, self.things):
                if site in {"missing", DELETED}:
                    continue
                told = ask(self.browser, "GET", path)
                for form in forms_of(path, told.body) if told.status == 200 else ():
                    key = (form.action, tuple(sorted(form.fields)))
                    if key not in seen and not SLOW.search(form.action):
                        seen.add(key)
                        yield form

    def after(self, action: str, data: dict[str, Any]) -> State:
        """Return what is stored once the form is sent."""
        self.n_cases += 1
        with undone() as written:
            response = sent(self.browser, "POST", action, data)
            assert response.status_code < 500, (action, data)
            return state(self.known) if written else self.before

    @property
    def strange(self) -> dict[str, Any]:
        """Return a unit, a person and a record from elsewhere; from anywhere where all is in reach."""
        site = next((one for one in SITES if not self.part.held.get(one)), SITES[-1])
        found: Things = self.things
        kinds = {"Unit": "unit", "Account": "account", "ActivityRecord": "record", "WeeklyReport": "weekly"}
        return {name: found.numbers[kind][site][0] for name, kind in kinds.items()}


@pytest.mark.parametrize("role", ROLES)
def test_c18_only_the_fields_of_a_form_count(
    world: World, role: str, record_property: Callable[[str, object], None]
) -> None:
    writer, wrong = Writer(world, role), list[str]()
    everything = all(writer.part.held.get(site) for site in SITES)
    for form in writer.forms():
        data = form.filled()
        plain = writer.after(form.action, data)
        # A form may also refuse the whole: then nothing changes at all.
        if writer.after(form.action, data | forged(form, writer.strange)) not in (plain, writer.before):
            wrong.append(f"{role}: a field that {form.action} does not have has an effect")
        for name in () if everything else filter(NAMES_A_ROW.search, form.fields):
            number = writer.strange["Account" if re.search("account|new|people|author", name) else "Unit"]
            if writer.after(form.action, data | {name: [str(number)]}) != writer.before:
                wrong.append(f"{role}: {form.action} takes {name} from elsewhere")
    record_property("cases", writer.n_cases)
    assert wrong == []
    assert writer.n_cases > 3
