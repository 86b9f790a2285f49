"""Texts from outside: what is taken out, what stays, and that no form lets one past."""

from __future__ import annotations

import importlib
import pkgutil
import re
import unicodedata
from collections.abc import Iterator

import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

import portal
import reports
import units
from reports.campaigns.designs import Ask, Design, Part
from reports.records.doubts import Doubt
from reports.records.forms import ReasonField, build
from tests.hostile import FAMILY, ILLEGAL, LEGAL, OWN, naughty
from tests.personas import World
from units.texts import FORBIDDEN, tidy, tidy_line

DIRTY = "\u202e e\x07\u0301\u2066 \x85"
CLEAN = "é"
# Fields that hold no free text, each with its reason.
CHECKED_OTHERWISE = {
    "RegexField": "takes what its pattern says",
    "SlugField": "takes ASCII letters and digits",
    "EmailField": "takes an address",
    "UUIDField": "takes a number",
    "JSONField": "parsed",
}
# What a method of the form makes of it afterwards, each with its reason.
CHECKED_AFTERWARDS = {
    "OwnForm.phone": "refused unless nothing but digits is left",
    "PasskeyAddForm.name": "tidied by clean_name",
    "PasteForm.block": "cut into cells, each of which is tidied",
}
# A password is what was typed, to the last sign; a code is compared and never stored.
SECRETS = re.compile("password|code$|credential|^login$|^webhook$|^signing$")


@pytest.mark.parametrize("text", LEGAL.values(), ids=list(LEGAL))
def test_what_is_legal_stays_as_it_is(text: str) -> None:
    assert tidy(text) == text
    assert tidy_line(text) == text


@pytest.mark.parametrize("text", ILLEGAL.values(), ids=list(ILLEGAL))
def test_what_hides_is_taken_out(text: str) -> None:
    assert tidy(text) != text
    assert not FORBIDDEN.search(tidy(text))


def test_an_accent_finds_its_letter_when_what_hid_between_them_is_gone() -> None:
    assert tidy("e\x00\u0301") == "é"


@given(st.lists(st.one_of(st.text(), st.sampled_from([*OWN, FAMILY, "\u0301", "\r", "\ud800"]))))
def test_tidying_is_done_once_and_for_all(parts: list[str]) -> None:
    text = "".join(parts)
    for by in (tidy, tidy_line):
        clean = by(text)
        assert by(clean) == clean
        assert clean == unicodedata.normalize("NFC", clean)
        assert not FORBIDDEN.search(clean)
        clean.encode()


@pytest.mark.skipif(not naughty(), reason="the Big List of Naughty Strings is not beside the project")
def test_every_naughty_string_can_be_stored_and_written_to_xml_once_it_is_tidy() -> None:
    for text in naughty():
        clean = tidy(text)
        assert clean == tidy(clean)
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", clean)


def modules() -> Iterator[str]:
    """Yield the name of every module of ours, migrations left out."""
    for room in (units, reports, portal):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if "migrations" not in module.name and "management" not in module.name:
                yield module.name


def forms_of_ours() -> list[type[forms.BaseForm]]:
    """Return every form that a module of ours declares."""
    for name in modules():
        importlib.import_module(name)

    def below(kind: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    ours = ("units.", "reports.", "portal.")
    found = {f"{one.__module__}.{one.__qualname__}": one for one in below(forms.BaseForm)}
    return [one for name, one in sorted(found.items()) if name.startswith(ours)]


def untidy(fields: dict[str, forms.Field]) -> list[str]:
    """Return the text fields that let something past."""
    found = []
    for name, field in fields.items():
        is_text = isinstance(field, forms.CharField) and type(field).__name__ not in CHECKED_OTHERWISE
        if not is_text or SECRETS.search(name):
            continue
        try:
            cleaned = field.clean(DIRTY)
        except ValidationError:
            continue
        if cleaned not in (CLEAN, (CLEAN,), [CLEAN]):
            found.append(name)
    return found


def test_no_form_of_ours_lets_a_text_past() -> None:
    known = forms_of_ours()
    assert len(known) > 20
    found = {
        f"{form.__qualname__}.{name}" for form in known for name in untidy(getattr(form, "base_fields", {}))
    }
    assert found == CHECKED_AFTERWARDS.keys()


def test_no_form_of_a_record_lets_a_text_past() -> None:
    ask = Ask("result", "成果", kind="text")
    form = build(Design(parts=frozenset(part.value for part in Part), asks=(ask,)))
    fields = form.base_fields | {"reason": ReasonField(Doubt("twin", "title", {"unit": "二中"}))}
    assert {"title", "place", "speaker", "topic", "tags", "text", "value_result", "reason"} <= fields.keys()
    assert untidy(fields) == []


def test_no_form_of_the_administration_lets_a_text_past(world: World) -> None:
    request = RequestFactory().get("/")
    request.user = world.administrator
    found = {}
    for model, site in admin.site._registry.items():
        if site.has_add_permission(request):
            kinds = [site.get_form(request)]
            kinds += [inline.get_formset(request).form for inline in site.get_inline_instances(request)]
            for kind in kinds:
                found[f"{model.__name__}.{kind.__name__}"] = untidy(kind.base_fields)
    assert len(found) > 4
    assert {name: fields for name, fields in found.items() if fields} == {}
