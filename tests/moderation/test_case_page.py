"""The page of a case: what it shows, where, and what it keeps to itself."""

import pytest
from django.urls import reverse
from django.utils import timezone

from forum.chat import reporting
from forum.rooms.models import Membership, Room
from moderation import cases, gate
from moderation.cases import Wish
from moderation.desk import evidence
from moderation.models import Case
from tests.support.cast import say
from tests.support.desk import SELLING, decide, page_of, queue_of

pytestmark = pytest.mark.django_db
HOSTILE = f'{SELLING} <script>alert(1)</script> "><img src=x onerror=alert(2)>'
NOTE_VEIL = "The note may be hard to read"


def test_the_evidence_is_marked_in_the_text(held, desk):
    assert "<mark>" in page_of(desk, Case.objects.get())


def test_hostile_text_is_shown_as_text(desk, ana, ben, first_days):
    say(ben, first_days, "<b>before</b>")
    say(ana, first_days, HOSTILE)
    page = page_of(desk, Case.objects.get())
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>before" not in page
    assert "&lt;script&gt;" in page


def test_hostile_notes_of_reports_are_shown_as_text(desk, ana, ben, first_days):
    message = say(ana, first_days, "hello there")
    reporting.report(
        ben.pk, "first-days", message.pk, reason="other", note="<script>alert(3)</script>"
    )
    page = page_of(desk, Case.objects.get())
    assert "<script>alert(3)" not in page
    assert "&lt;script&gt;alert(3)" in page


def test_who_reported_is_not_shown(desk, ana, ben, first_days):
    message = say(ana, first_days, "hello there")
    reporting.report(ben.pk, "first-days", message.pk, reason="other", note="see this")
    page = page_of(desk, Case.objects.get())
    assert "see this" in page
    assert "ben" not in page.split("<main")[1]


def test_text_about_life_at_risk_waits_for_a_press(desk, ana, first_days):
    say(ana, first_days, "I want to die")
    assert '<details class="veil">' in page_of(desk, Case.objects.get())


def test_ten_messages_before_are_shown_and_no_more(desk, ana, ben, first_days):
    for n in range(12):
        say(ben, first_days, f"earlier message {n:02}")
    say(ana, first_days, SELLING)
    page = page_of(desk, Case.objects.get())
    assert "earlier message 02" in page
    assert "earlier message 01" not in page


def test_the_record_is_of_this_room_only(desk, ana, first_days):
    other = Room.objects.exclude(pk=first_days.pk).first()
    Case.objects.create(
        content_kind="message", content_id="x", room_id=other.pk, author_id=ana.pk, source="engine",
        severity=3, label="harassment", due_at=timezone.now(), status="closed", outcome="warn",
    )  # fmt: skip
    say(ana, first_days, SELLING)
    assert "No earlier case" in page_of(desk, Case.objects.latest("pk"))


@pytest.mark.parametrize(
    ("spans", "shown"),
    [
        ([], "a &lt;b&gt; c"),
        ([[0, 1]], "<mark>a</mark> &lt;b&gt; c"),
        ([[2, 5], [3, 4]], "a <mark>&lt;b&gt;</mark> c"),
        ([[0, 3], [2, 5]], "<mark>a &lt;b&gt;</mark> c"),
        ([[6, 99]], "a &lt;b&gt; <mark>c</mark>"),
        ([[-3, 2], [5, 5], [4, 1]], "a &lt;b&gt; c"),
    ],
)
def test_marks_stand_where_the_evidence_is_and_nowhere_else(spans, shown):
    assert evidence.highlighted("a <b> c", [{"spans": spans}]) == shown


def test_a_report_of_something_else_is_called_so(desk, ana, ben, first_days):
    message = say(ana, first_days, "hello there")
    reporting.report(ben.pk, "first-days", message.pk, reason="other", note="see this")
    assert "Something else in First days" in page_of(desk, Case.objects.get())
    assert ">something else</a>" in queue_of(desk)


def test_what_could_not_be_screened_is_called_so(desk, ana, first_days, settings):
    from moderation import gate

    settings.MODERATION_ENGINE = "tests.support.engines.Throws.load"
    gate.runner.cache_clear()
    say(ana, first_days, "hello there")
    assert "Not yet screened in" in page_of(desk, Case.objects.get())


def test_a_closed_case_says_how_it_ended_and_waits_no_more(held, desk):
    case = Case.objects.get()
    assert "waiting for" in page_of(desk, case)
    decide(desk, case, kind="release")
    page = page_of(desk, case)
    assert "UTC</time>: release" in page
    assert "waiting for" not in page
    assert "target" not in page


def test_the_nearest_messages_are_in_sight_and_the_rest_behind_a_press(desk, ana, ben, first_days):
    for n in range(5):
        say(ben, first_days, f"earlier message {n:02}")
    say(ana, first_days, SELLING)
    page = page_of(desk, Case.objects.get())
    assert "2 earlier</summary>" in page
    assert "overflow" not in page
    assert page.index("earlier message 01") < page.index("</details>", page.index("2 earlier<"))
    assert page.index("earlier message 02") > page.index("</details>", page.index("2 earlier<"))


def test_a_published_message_can_be_opened_in_the_room(client, desk, ana, first_days):
    message = say(ana, first_days, "I want to die")
    address = reverse("chat:message", args=["first-days", message.pk])
    assert f'<a href="{address}">Open it in the room</a>' in page_of(desk, Case.objects.get())
    assert client.get(address).status_code == 200


def test_what_is_held_has_no_place_in_the_room_yet(held, desk):
    assert "Open it in the room" not in page_of(desk, Case.objects.get())


def test_a_suspension_that_another_room_decided_is_not_on_this_rooms_desk(
    ana, mo, desk, first_days
):
    """Else it would show which names of the two rooms are one person."""
    grief = Room.objects.get(slug="grief")
    for who in (ana, mo):
        Membership.objects.create(room=grief, account=who, handle=who.handles.get(), posts=50,
                                  role=Membership.objects.get(account=who).role)  # fmt: skip
    here, there = say(ana, first_days, SELLING), say(ana, grief, f"{SELLING}, anybody?")
    case_here, case_there = (Case.objects.get(content_id=m.pk) for m in (here, there))
    wish = Wish("suspend", "selling", hours=5, also_remove=True)
    cases.decide(case_there.pk, mo.pk, wish, now=timezone.now())
    assert "Suspension until" in page_of(desk, case_there)
    assert "Suspension until" not in page_of(desk, case_here)


@pytest.mark.parametrize(
    ("note", "waits"),
    [("he is rude", False), ("You should kill yourself", True), (SELLING, True)],
)
def test_a_note_that_the_engine_flags_waits_for_a_press(desk, ana, ben, first_days, note, waits):
    message = say(ana, first_days, "good morning")
    reporting.report(ben.pk, "first-days", message.pk, reason="attack", note=note)
    assert (NOTE_VEIL in page_of(desk, Case.objects.get())) is waits


def test_a_note_that_could_not_be_screened_waits_for_a_press(desk, ana, ben, first_days, settings):
    message = say(ana, first_days, "good morning")
    settings.MODERATION_ENGINE = "tests.support.engines.Throws.load"
    gate.runner.cache_clear()
    reporting.report(ben.pk, "first-days", message.pk, reason="attack", note="he is rude")
    assert NOTE_VEIL in page_of(desk, Case.objects.get())
