"""Joint events on pages: join from the strip, share an own record, join instead of explaining, announce."""

from __future__ import annotations

import uuid

from django.urls import reverse

from reports.records import joining
from reports.records.models import ActivityRecord, JointEvent
from tests.personas import World
from tests.reports.record_forms import CREATE, SignIn, codes, typed

NEW, JOIN = "/records/new/", "/records/join/"


def announced(world: World, **facts: object) -> JointEvent:
    """Return an event for all units, announced by the bureau, hosted by the other school."""
    given = {"activity_type": world.lecture, "host": world.other_school, "held_on": world.today}
    event = JointEvent(**(given | {"title": "全市报告会", "place": "大剧院", "is_for_all": True} | facts))
    return joining.announce(event, actor=world.administrator)


def test_a_unit_joins_from_the_strip_and_enters_its_attendances(world: World, sign_in: SignIn) -> None:
    event, client = announced(world), sign_in(world.liaison)
    assert "全市报告会" in client.get(NEW).content.decode()
    sent = {"event": event.pk, "unit": world.school.pk, "key": str(uuid.uuid4())}
    answer = client.post(JOIN, sent, follow=True)
    page = answer.content.decode()
    assert 'name="value_onsite"' in page
    assert 'name="value_sessions"' not in page
    record = ActivityRecord.objects.get()
    assert client.post(JOIN, sent)["Location"] == reverse("records:record-edit", args=[record.pk])
    assert ActivityRecord.objects.count() == 1
    form = typed(world, version="1", key=str(record.key), title=record.title, place=record.place)
    assert client.post(reverse("records:record-edit", args=[record.pk]), form).status_code == 302
    record.refresh_from_db()
    assert (record.status, record.values) == ("submitted", {"onsite": 120, "online": 300})
    assert f'name="event" value="{event.pk}"' not in client.get(NEW).content.decode()
    detail = client.get(reverse("records:record-detail", args=[record.pk])).content.decode()
    assert "尚未" in detail


def test_a_foreign_or_missing_event_is_not_joined(world: World, sign_in: SignIn) -> None:
    event, client = announced(world, is_for_all=False), sign_in(world.liaison)
    for number in (event.pk, 987_654_321, "x"):
        answer = client.post(JOIN, {"event": number, "unit": world.school.pk, "key": str(uuid.uuid4())})
        assert answer["Location"] == NEW
    assert (
        sign_in(world.liaison).post(JOIN, {"event": event.pk, "unit": world.other_school.pk}).status_code
        == 404
    )
    assert not ActivityRecord.objects.exists()


def test_a_liaison_names_who_took_part(world: World, sign_in: SignIn) -> None:
    record, client = world.submitted(), sign_in(world.liaison)
    url = reverse("records:event-share", args=[record.pk])
    refused = client.post(url, {"units": "不存在的学校"}, follow=True)
    assert "不存在的学校" in refused.content.decode()
    assert not JointEvent.objects.exists()
    client.post(url, {"units": f"{world.other_school.name}\n"})
    event = JointEvent.objects.get()
    assert list(event.co_hosts.all()) == [world.other_school]
    assert "宣讲进校园" in sign_in(world.stranger).get(NEW).content.decode()
    client.post(url, {"units": world.bureau.code})
    assert event.co_hosts.count() == 2
    assert sign_in(world.stranger).post(url, {"units": ""}).status_code == 404


def test_whoever_leaves_is_asked_for_sessions_again(world: World, sign_in: SignIn) -> None:
    event, client = announced(world), sign_in(world.liaison)
    client.post(JOIN, {"event": event.pk, "unit": world.school.pk, "key": str(uuid.uuid4())})
    record = ActivityRecord.objects.get()
    client.post(reverse("records:event-leave", args=[record.pk]))
    assert (
        'name="value_sessions"'
        in client.get(reverse("records:record-edit", args=[record.pk])).content.decode()
    )


def test_the_form_offers_to_join_instead_of_explaining(world: World, sign_in: SignIn) -> None:
    foreign, client = world.foreign(), sign_in(world.liaison)
    sent = typed(world, title=foreign.title, place=foreign.place)
    page = client.post(CREATE, sent)
    assert codes(page, "reason_twin") == ["reason_due"]
    assert 'name="joins_twin"' in page.content.decode()
    again = client.post(CREATE, sent | {"joins_twin": "1", "value_onsite": ""})
    assert (codes(again, "reason_twin"), codes(again, "value_onsite")) == ([], ["required"])
    assert "checked" in again.content.decode()
    for _twice in range(2):
        assert client.post(CREATE, sent | {"joins_twin": "1"}).status_code == 302
    record = ActivityRecord.objects.get(unit=world.school)
    assert (record.status, record.is_companion) == ("submitted", True)
    assert record.values == {"onsite": 120, "online": 300}


def test_the_bureau_announces_an_event_for_all(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.administrator)
    facts = {
        "activity_type": world.lecture.pk,
        "host": world.other_school.pk,
        "held_on": world.today.isoformat(),
        "title": "全市报告会",
        "place": "",
        "is_for_all": "on",
        "is_open": "on",
    }
    assert client.post(reverse("admin:records_jointevent_add"), facts).status_code == 302
    event = JointEvent.objects.get()
    assert (event.founded_by, event.is_for_all) == (world.administrator, True)
    listed = client.get(reverse("admin:records_jointevent_changelist"))
    assert "全市报告会" in listed.content.decode()
    changed = facts | {"title": "全市宣讲报告会", "host": world.bureau.pk}
    client.post(reverse("admin:records_jointevent_change", args=[event.pk]), changed)
    event.refresh_from_db()
    assert (event.title, event.host) == ("全市宣讲报告会", world.other_school)
    assert sign_in(world.reviewer).get(reverse("admin:records_jointevent_add")).status_code == 403
