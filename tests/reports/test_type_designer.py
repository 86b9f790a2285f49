"""Types are designed in the administration: fields, limits as people write them, preview, copies."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from reports.campaigns.copying import begin_with_types, copy_type
from reports.campaigns.designing import design_of
from reports.campaigns.models import ActivityType, Campaign, Indicator
from reports.campaigns.starting_types import MODES_OF_STUDY, STARTING_TYPES
from reports.records.models import ActivityRecord
from reports.records.numbers import numbers_of, parts_of
from tests.personas import World
from tests.reports.record_forms import SignIn
from units.models import AuditEntry, Deed
from units.rules import RuleError

PREVIEW = "/admin/campaigns/activitytype/preview/"
MOST_QUERIES = 30
LIMIT = "indicators-0-"


@pytest.fixture
def admin(world: World, sign_in: SignIn) -> Client:
    """Return the administrator's browser."""
    return sign_in(world.administrator)


@pytest.fixture
def page(world: World) -> str:
    """Return the page of the type 宣讲."""
    return reverse("admin:campaigns_activitytype_change", args=[world.lecture.pk])


@pytest.fixture
def other(world: World) -> Campaign:
    """Return a second campaign without types."""
    return Campaign.objects.create(
        code="style", name="作风建设", starts_on=world.today, ends_on=world.today + dt.timedelta(days=30)
    )


def filled(response: object) -> dict[str, object]:
    """Return the fields of an admin page as its form would send them."""
    context = response.context  # type: ignore[attr-defined]
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    sent: dict[str, object] = {}
    for form in forms:
        for name, field in form.fields.items():
            value = field.prepare_value(form.get_initial_for_field(field, name))
            if value is not None and value is not False and value != "":
                sent[form.add_prefix(name)] = getattr(value, "pk", value)
    return sent


def errors_at(response: object) -> set[str]:
    """Return the names of the fields of the first indicator at which something was said."""
    formset = response.context["inline_admin_formsets"][0].formset  # type: ignore[attr-defined]
    return {name for form in formset.forms for name in form.errors}


def test_a_type_is_designed_on_one_page(world: World, admin: Client, page: str) -> None:
    sent = filled(admin.get(page)) | {
        "name": "宣讲报告",
        "modes": "集中宣讲\n\n 分众宣讲 ",
        "shows_speaker": "on",
        "n_attachments": 2,
        "needs_second_review": "on",
        "indicators-TOTAL_FORMS": 5,
        "indicators-3-code": "funds",
        "indicators-3-name": "经费",
        "indicators-3-kind": "number",
        "indicators-3-decimals": 2,
        "indicators-3-unit_of_measure": "万元",
        "indicators-3-maximum": "12.50",
        "indicators-3-soft_maximum": "9.9",
        "indicators-3-position": 3,
        "indicators-4-code": "audience",
        "indicators-4-name": "对象",
        "indicators-4-kind": "choice",
        "indicators-4-options": "教师\n学生",
        "indicators-4-decimals": 0,
        "indicators-4-position": 4,
    }
    assert admin.post(page, sent).status_code == 302
    stored = ActivityType.objects.get(pk=world.lecture.pk)
    assert (stored.name, stored.modes, stored.n_attachments) == ("宣讲报告", ["集中宣讲", "分众宣讲"], 2)
    funds, audience = stored.indicators.in_order()[3:]
    assert (funds.maximum, funds.soft_maximum, funds.minimum) == (1250, 990, 0)
    assert audience.options == ["教师", "学生"]
    assert 'value="12.50"' in admin.get(page).content.decode()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"minimum": "1.5"}, "minimum"),
        ({"maximum": "0"}, "maximum"),
        ({"maximum": "多"}, "maximum"),
        ({"maximum": "9" * 17}, "maximum"),
        ({"soft_minimum": "9", "soft_maximum": "3"}, "soft_maximum"),
        ({"name": ""}, "name"),
        ({"heads": "nobody"}, "heads"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(
    admin: Client, page: str, changed: dict[str, str], field: str
) -> None:
    sent = filled(admin.get(page)) | {LIMIT + name: value for name, value in changed.items()}
    response = admin.post(page, sent)
    assert response.status_code == 200
    assert errors_at(response) == {field}


@pytest.mark.parametrize("options", ["", "一\n一", "长" * 61])
def test_a_choice_needs_different_short_options(admin: Client, page: str, options: str) -> None:
    new = {
        "code": "audience",
        "name": "对象",
        "kind": "choice",
        "options": options,
        "decimals": 0,
        "position": 9,
    }
    sent = filled(admin.get(page)) | {"indicators-TOTAL_FORMS": 4}
    sent |= {f"indicators-3-{name}": value for name, value in new.items()}
    response = admin.post(page, sent)
    assert response.status_code == 200
    assert errors_at(response) == {"options"}


def test_files_that_are_not_taken_cannot_be_needed(admin: Client, page: str) -> None:
    sent = filled(admin.get(page)) | {"n_attachments": 2}
    del sent["shows_attachments"]
    response = admin.post(page, sent)
    assert set(response.context["adminform"].form.errors) == {"n_attachments"}


def test_code_kind_and_decimals_of_a_stored_indicator_are_fixed(admin: Client, page: str) -> None:
    sent = filled(admin.get(page)) | {LIMIT + "code": "x", LIMIT + "kind": "text", LIMIT + "decimals": 2}
    assert admin.post(page, sent).status_code == 302
    first = Indicator.objects.order_by("position")[0]
    assert (first.code, first.kind, first.decimals) == ("sessions", "number", 0)


def test_order_follows_the_positions(world: World, admin: Client, page: str) -> None:
    sent = filled(admin.get(page)) | {LIMIT + "position": 9}
    assert admin.post(page, sent).status_code == 302
    assert [ask.code for ask in design_of(world.lecture).asks] == ["onsite", "online", "sessions"]


def test_preview_shows_what_is_typed_and_stores_nothing(world: World, admin: Client, page: str) -> None:
    sent = filled(admin.get(page)) | {
        "previewed": world.lecture.pk,
        "name": "还没有保存",
        "modes": "集中宣讲\n分众宣讲",
        "shows_topic": "on",
        LIMIT + "name": "场数",
        "indicators-1-is_retired": "on",
        "indicators-2-position": 0,
        "indicators-2-maximum": "多",
    }
    n_rows = AuditEntry.objects.count()
    shown = admin.post(PREVIEW, sent)
    text = shown.content.decode()
    for word in ("还没有保存", "集中宣讲", "主题", "场数", "线上人次"):
        assert word in text
    assert "线下人次" not in text
    stored = ActivityType.objects.get(pk=world.lecture.pk)
    assert (stored.name, stored.modes, AuditEntry.objects.count()) == ("宣讲", [], n_rows)


@pytest.mark.parametrize("sent", [{}, {"previewed": "x"}, {"indicators-TOTAL_FORMS": "99999"}])
def test_preview_of_nonsense_is_an_empty_form(admin: Client, sent: dict[str, str]) -> None:
    assert admin.post(PREVIEW, sent).status_code == 200


@pytest.mark.parametrize("who", ["liaison", "reviewer", "auditor", "newcomer"])
def test_who_does_not_administer_designs_nothing(
    world: World, sign_in: SignIn, page: str, other: Campaign, who: str
) -> None:
    browser = sign_in(getattr(world, who))
    copy = reverse("admin:campaigns_activitytype_copy", args=[world.lecture.pk])
    for address in (page, copy, PREVIEW):
        assert browser.post(address, {"to": other.pk}).status_code in (302, 403)
    assert other.types.count() == 0


def test_a_missing_type_is_missing(admin: Client) -> None:
    for name in ("change", "copy"):
        assert admin.get(reverse(f"admin:campaigns_activitytype_{name}", args=[987654])).status_code == 404
    assert admin.get(PREVIEW).status_code == 405


def test_pages_stay_within_their_queries(
    world: World, admin: Client, page: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        Indicator.objects.create(activity_type=world.lecture, code=f"more{number}", name=f"更多 {number}")
    sent = filled(admin.get(page))
    with django_assert_max_num_queries(MOST_QUERIES):
        admin.get(page)
    with django_assert_max_num_queries(70):
        admin.post(PREVIEW, sent | {"previewed": world.lecture.pk})


def test_a_type_is_copied_with_what_it_asks_now(world: World, admin: Client, other: Campaign) -> None:
    world.lecture.indicators.filter(code="online").update(is_retired=True)
    address = reverse("admin:campaigns_activitytype_copy", args=[world.lecture.pk])
    assert str(other) in admin.get(address).content.decode()
    assert admin.post(address, {"to": other.pk}).status_code == 302
    copied = other.types.get()
    assert design_of(copied) == design_of(world.lecture)
    assert AuditEntry.objects.filter(
        deed=Deed.CREATE, object_id=copied.pk, actor=world.administrator
    ).exists()


def test_a_code_that_is_taken_is_named(world: World, admin: Client, other: Campaign) -> None:
    copy_type(world.lecture, to=other, actor=world.administrator)
    address = reverse("admin:campaigns_activitytype_copy", args=[world.lecture.pk])
    response = admin.post(address, {"to": other.pk})
    assert response.status_code == 422
    assert "lecture" in response.content.decode()
    assert other.types.count() == 1


@pytest.mark.parametrize("who", ["liaison", "reviewer", "auditor"])
def test_the_verbs_ask_for_themselves(world: World, other: Campaign, who: str) -> None:
    actor = getattr(world, who)
    with pytest.raises(RuleError, match="系统管理员"):
        begin_with_types(other, actor=actor)
    with pytest.raises(RuleError) as error:
        copy_type(world.lecture, to=other, actor=actor)
    assert error.value.code == "not_yours"
    with pytest.raises(RuleError) as same:
        copy_type(world.lecture, to=world.campaign, actor=None)
    assert same.value.code == "same_campaign"


def test_the_starting_types_are_those_of_the_case(world: World, other: Campaign) -> None:
    types = begin_with_types(other, actor=world.administrator)
    assert [one.name for one in types] == [
        "读书班", "集中研讨", "专题党课", "宣讲", "大学习大研讨", "调研", "参观见学、联学联建", "听课评课",
        "典型案例", "比学赶超", "主题党日", "办实事", "专题读本",
    ]  # fmt: skip
    assert [design_of(one) for one in types] == [one.design for one in STARTING_TYPES]
    assert other.types.get(code="seminar").modes == list(MODES_OF_STUDY)
    assert begin_with_types(other, actor=None) == []


@pytest.mark.parametrize(("wish", "n_types"), [({"begins_with_types": "on"}, 13), ({}, 0)])
def test_a_new_campaign_is_offered_the_starting_types(
    admin: Client, wish: dict[str, str], n_types: int
) -> None:
    address = reverse("admin:campaigns_campaign_add")
    sent = {name: value for name, value in filled(admin.get(address)).items() if name != "begins_with_types"}
    facts = {"code": "next", "name": "下一项工作", "starts_on": "2026-12-01", "ends_on": "2027-02-01"}
    assert admin.post(address, sent | facts | wish).status_code == 302
    assert Campaign.objects.get(code="next").types.count() == n_types


CHANGES = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["甲", "乙"]),
        "modes": st.sampled_from(["", "一\n二"]),
        "shows_speaker": st.sampled_from(["on", ""]),
        "indicators-0-name": st.sampled_from(["场", "场次数"]),
        "indicators-0-maximum": st.sampled_from(["1", "900"]),
        "indicators-1-is_retired": st.sampled_from(["on", ""]),
        "indicators-2-unit_of_measure": st.sampled_from(["人", ""]),
        "indicators-2-position": st.sampled_from([0, 9]),
    }
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(CHANGES, min_size=1, max_size=3))
def test_changing_a_type_never_changes_a_stored_record(
    world: World, admin: Client, page: str, changes: list[dict[str, object]]
) -> None:
    # The world outlives each example: no form asks for what an earlier one has retired.
    world.lecture.indicators.update(is_retired=False)
    record = ActivityRecord.objects.get(pk=world.approved().pk)
    stored = ActivityRecord.objects.values().get(pk=record.pk)
    shown = (numbers_of(record), parts_of(record))
    for change in changes:
        assert admin.post(page, filled(admin.get(page)) | change).status_code == 302
    assert ActivityRecord.objects.values().get(pk=record.pk) == stored
    again = ActivityRecord.objects.get(pk=record.pk)
    assert (numbers_of(again), parts_of(again)) == shown
