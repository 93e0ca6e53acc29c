"""Pages of a room and their plain forms, and what events and answers say beside them."""

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from forum.chat import editing, events, history, joining
from forum.chat.models import Event, Message, Reaction, Share
from forum.rooms.models import Membership, Room
from moderation.models import Case, Decision, Sanction
from tests.support.cast import say, sign_in

HELD = "who's selling percs? need to cop today"
ROOM = "/rooms/first-days/"
JSON = {"HTTP_ACCEPT": "application/json"}
pytestmark = pytest.mark.django_db


def read_seq(who):
    return Membership.objects.get(account=who).read_seq


def test_looking_at_a_room_does_not_say_that_it_was_read(client, ana, ben, first_days):
    say(ben, first_days, "day four")
    sign_in(client, ana).get(f"{ROOM}talk/")
    assert read_seq(ana) == 0


@pytest.mark.parametrize(("said", "stored"), [("1", 1), ("99", 2)])
def test_what_was_read_is_said_by_form_and_never_beyond_the_newest(
    client, ana, ben, first_days, said, stored
):
    say(ben, first_days, "day four")
    say(ben, first_days, "and five")
    sign_in(client, ana).post(f"{ROOM}read/", {"seq": said})
    assert read_seq(ana) == stored


def test_a_number_that_is_none_is_refused(client, ana, first_days):
    assert sign_in(client, ana).post(f"{ROOM}read/", {"seq": "²"}).status_code == 400


def test_who_writes_by_form_has_read_what_stood_above(client, ana, ben, first_days):
    say(ben, first_days, "day four")
    form = {"body": "good for you", "client_id": "8f14e45f-ceea-467f-a8f0-1f1f1f1f1f1f"}
    sign_in(client, ana).post(f"{ROOM}messages/", form)
    assert read_seq(ana) >= 1


@pytest.mark.parametrize(("on", "left"), [("true", 1), ("false", 0)])
def test_a_sign_of_support_by_form_is_set_and_not_turned_over(
    client, ana, ben, first_days, on, left
):
    message = say(ben, first_days, "day four")
    sign_in(client, ana)
    for _ in range(2):
        answer = client.post(
            f"{ROOM}messages/{message.pk}/react/", {"kind": "hug", "on": on}, **JSON
        )
    assert answer.json()["type"] == "ack"
    assert Reaction.objects.count() == left


def test_an_answer_says_where_a_held_message_will_stand(ana, ben, first_days):
    say(ben, first_days, "day four")
    held = say(ana, first_days, HELD)
    assert events.ack(held)["place"] == held.place == 1


def test_an_event_of_a_share_says_how_many_replies_it_has(ana, ben, first_days):
    opener = say(ana, first_days, "It began in spring.", title="My first week")
    reply = say(ben, first_days, "Mine too.", share_id=opener.share_id)
    seen = [json.loads(frame.text)["share"] for frame in frames(first_days)]
    share = {"id": str(opener.share_id), "replies": 1}
    assert seen == [{**share, "title": "My first week"}, share]
    editing.delete(ben.pk, "first-days", reply.pk)
    assert json.loads(frames(first_days)[-1].text)["share"] == {**share, "replies": 0}


def frames(room):
    return history.frames_after(room.pk, room.slug, 0, at_most=9)


def test_what_is_announced_has_the_number_of_replies_that_was_just_counted(
    ana, ben, first_days, heard, django_capture_on_commit_callbacks
):
    opener = say(ana, first_days, "It began in spring.", title="My first week")
    with django_capture_on_commit_callbacks(execute=True):
        say(ben, first_days, "Mine too.", share_id=opener.share_id)
    assert [json.loads(frame.text)["share"]["replies"] for frame in heard] == [1]


@pytest.fixture
def heard():
    """The frames that a process with sockets would hand on."""
    from forum.chat import announcing

    class Ear:
        def __init__(self):
            self.frames = []

        def room_events(self, room_id, slug, frames):
            self.frames += frames

        def __getattr__(self, name):
            return lambda *_: None

    ear = Ear()
    announcing.use(ear)
    yield ear.frames
    announcing.use(None)


@pytest.mark.parametrize("after", ["²", "-1", "x", "9" * 20])
def test_a_place_in_the_log_that_is_no_number_is_refused(client, ana, first_days, after):
    page = sign_in(client, ana).get(f"{ROOM}events/", {"after": after}, **JSON)
    assert (page.status_code, page.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("by", ["author", "moderator"])
def test_the_title_of_a_share_that_is_gone_is_on_no_page(client, ana, ben, first_days, by):
    opener = say(ana, first_days, "It began in spring.", title="Zelda and me")
    with transaction.atomic():
        editing.take_away(opener, by=by)
    addresses = ["talk/", "shares/", f"shares/{opener.share_id}/", f"messages/{opener.pk}/",
                 "events/", f"history/?before=99,{opener.pk}"]  # fmt: skip
    for reader in (ana, ben):
        sign_in(client, reader)
        for address in addresses:
            for headers in ({}, JSON):
                page = client.get(f"{ROOM}{address}", **headers)
                assert page.status_code == 200
                assert "Zelda" not in page.content.decode()


def test_a_share_that_its_author_took_back_keeps_no_title_and_no_suggestion(ana, first_days):
    opener = say(ana, first_days, "my number is 07911 123456", title="Zelda")
    assert opener.answer["suggested"]
    editing.delete(ana.pk, "first-days", opener.pk)
    opener = Message.objects.get(pk=opener.pk)
    assert (opener.share.title, "suggested" in opener.answer) == ("", False)


def test_a_share_that_waits_shows_its_title_to_its_author(client, ana, first_days):
    say(ana, first_days, HELD, title="Zelda and me")
    assert "Zelda and me" in sign_in(client, ana).get(f"{ROOM}talk/").content.decode()


def test_a_removed_share_is_not_named_by_later_events(ana, first_days):
    opener = say(ana, first_days, "It began in spring.", title="My first week")
    editing.delete(ana.pk, "first-days", opener.pk)
    assert [json.loads(frame.text)["share"]["title"] for frame in frames(first_days)] == ["", ""]
    assert Event.objects.count() == 2


def test_a_limit_says_until_when(ana, first_days):
    ends_at = timezone.now() + timedelta(hours=1)
    case = Case.objects.create(
        content_kind="message", content_id="x", room_id=first_days.pk, severity=3, label="insult",
        action="hold", source="engine", due_at=ends_at,
    )  # fmt: skip
    decision = Decision.objects.create(case=case, kind="mute", reason="attack")
    Sanction.objects.create(
        account_id=ana.pk, room_id=first_days.pk, kind="mute", decision=decision, ends_at=ends_at
    )
    you = joining.seat_for(ana.pk, "first-days").you()
    assert you["can_write"] is False
    assert you["until"] == ends_at.isoformat(timespec="seconds")


def test_a_held_share_is_listed_for_its_author_only(client, ana, ben, first_days):
    say(ana, first_days, HELD, title="Is anybody awake")
    assert b"Is anybody awake" in sign_in(client, ana).get(f"{ROOM}shares/").content
    assert b"Is anybody awake" not in sign_in(client, ben).get(f"{ROOM}shares/").content


@pytest.mark.parametrize(
    ("what", "form"), [("report", {"reason": "attack"}), ("mute", {"how": "mute"})]
)
def test_who_reports_or_mutes_from_a_share_goes_on_reading_it(
    client, ana, ben, mo, first_days, what, form
):
    opener = say(mo, first_days, "It began in spring.", title="My first week")
    reply = say(ben, first_days, "Mine too.", share_id=opener.share_id)
    answer = sign_in(client, ana).post(f"{ROOM}messages/{reply.pk}/{what}/", form)
    assert answer["Location"] == Share.objects.get().get_absolute_url()


def test_who_reports_from_the_conversation_goes_back_to_it(client, ana, ben, first_days):
    message = say(ben, first_days, "day four")
    answer = sign_in(client, ana).post(f"{ROOM}messages/{message.pk}/report/", {"reason": "attack"})
    assert answer["Location"] == f"{ROOM}talk/"


def test_a_stale_form_is_refused_in_the_language_it_was_asked_in(ana, first_days):
    from django.test import Client

    strict = sign_in(Client(enforce_csrf_checks=True), ana)
    assert strict.post(f"{ROOM}messages/", {}, **JSON).json()["code"] == "stale_form"


def test_who_is_no_member_of_a_listed_room_is_led_to_its_charter(client, lee, first_days):
    sign_in(client, lee)
    page = client.get(f"{ROOM}talk/")
    assert (page.status_code, f'href="{ROOM}"' in page.content.decode()) == (404, True)
    Room.objects.filter(pk=first_days.pk).update(join_mode=Room.Join.PRIVATE)
    assert f'href="{ROOM}"' not in client.get(f"{ROOM}talk/").content.decode()
