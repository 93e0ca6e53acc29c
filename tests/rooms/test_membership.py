"""Joining, leaving and coming back; charters that change; rooms by request."""

import io

import pytest
from django.core.management import CommandError, call_command

from forum.chat import history
from forum.errors import Refused
from forum.rooms import membership
from forum.rooms.models import Membership, Room
from tests.support.cast import say, sign_in

pytestmark = pytest.mark.django_db


def join(who, handle_name=""):
    return membership.join(
        who,
        "first-days",
        handle_name=handle_name or who.handles.get().name,
        charter_version=1,
        shows_presence=False,
    )


@pytest.fixture
def by_request(first_days):
    Room.objects.filter(pk=first_days.pk).update(join_mode=Room.Join.REQUEST)
    return first_days


def test_who_leaves_reads_nothing_more_and_what_they_said_stays(client, ana, ben, first_days):
    message = say(ana, first_days, "day four")
    membership.leave(ana, "first-days")
    sign_in(client, ana)
    assert client.get("/rooms/first-days/talk/").status_code == 404
    seen = history.conversation(Membership.objects.get(account=ben))
    assert [m.pk for m in seen] == [message.pk]


def test_who_comes_back_is_the_same_member_and_finds_nothing_new_to_read(ana, ben, first_days):
    before = Membership.objects.get(account=ana)
    membership.leave(ana, "first-days")
    say(ben, first_days, "said while she was away")
    back = join(ana)
    first_days.refresh_from_db()
    assert (back.pk, back.is_active, back.read_seq) == (before.pk, True, first_days.seq)


def test_a_moderator_who_comes_back_is_a_member(mo):
    membership.leave(mo, "first-days")
    assert join(mo).role == Membership.Role.MEMBER


def test_one_can_come_back_under_another_name(ana):
    membership.leave(ana, "first-days")
    assert join(ana, "brave-robin-20").handle.name == "brave-robin-20"


def test_leaving_twice_finds_nothing(ana):
    membership.leave(ana, "first-days")
    with pytest.raises(Refused) as refused:
        membership.leave(ana, "first-days")
    assert refused.value.code == "not_found"


def test_a_charter_that_changed_meanwhile_has_to_be_read_again(client, lee, first_days):
    sign_in(client, lee)
    Room.objects.filter(pk=first_days.pk).update(charter_version=2)
    wish = {"handle": "-", "wished": "lee", "accepts": "on", "charter_version": 1}
    answer = client.post("/rooms/first-days/join/", wish)
    assert answer.status_code == 409
    assert "has changed since you opened the page" in answer.content.decode()
    assert not Membership.objects.filter(account=lee).exists()


def test_the_charter_that_was_accepted_is_remembered(client, lee, first_days):
    sign_in(client, lee)
    Room.objects.filter(pk=first_days.pk).update(charter_version=2)
    wish = {"handle": "-", "wished": "lee", "accepts": "on", "charter_version": 2}
    assert client.post("/rooms/first-days/join/", wish).status_code == 302
    assert Membership.objects.get(account=lee).charter_accepted == 2


def test_without_accepting_the_charter_nobody_joins(client, lee, first_days):
    sign_in(client, lee)
    wish = {"handle": "-", "wished": "lee", "charter_version": 1}
    assert client.post("/rooms/first-days/join/", wish).status_code == 422
    assert not Membership.objects.filter(account=lee).exists()


def test_a_closed_room_takes_nobody_in(lee, first_days):
    Room.objects.filter(pk=first_days.pk).update(closed_on="2026-01-01")
    with pytest.raises(Refused) as refused:
        join(lee)
    assert refused.value.code == "room.closed"


def test_who_asked_waits_outside_and_is_told_so(client, lee, by_request):
    join(lee)
    sign_in(client, lee)
    assert client.get("/rooms/first-days/talk/").status_code == 404
    assert "You have asked to join as lee" in client.get("/rooms/first-days/").content.decode()


def test_who_was_not_let_in_stays_outside_and_may_ask_again(client, lee, mo, by_request):
    asked = join(lee)
    membership.answer_request(mo, "first-days", asked.pk, welcome=False)
    sign_in(client, lee)
    assert client.get("/rooms/first-days/talk/").status_code == 404
    assert join(lee).status == Membership.Status.REQUESTED


def test_who_left_a_room_by_request_has_to_ask_again(ana, by_request):
    membership.leave(ana, "first-days")
    assert join(ana).status == Membership.Status.REQUESTED


@pytest.mark.parametrize(("role", "shown"), [("member", False), ("facilitator", True)])
def test_only_who_looks_after_a_room_is_shown_who_asks(client, lee, ana, by_request, role, shown):
    join(lee)
    Membership.objects.filter(account=ana).update(role=role)
    sign_in(client, ana)
    page = client.get("/rooms/first-days/").content.decode()
    assert ("Waiting to come in" in page) is shown


def test_a_private_room_shows_its_charter_to_its_members(client, ana, first_days):
    Room.objects.filter(pk=first_days.pk).update(join_mode=Room.Join.PRIVATE)
    sign_in(client, ana)
    assert client.get("/rooms/first-days/").status_code == 200


def test_a_private_room_is_not_there_for_others(client, lee, first_days):
    Room.objects.filter(pk=first_days.pk).update(join_mode=Room.Join.PRIVATE)
    sign_in(client, lee)
    assert client.get("/rooms/first-days/").status_code == 404


def test_the_organisation_appoints_a_moderator_of_one_room(client, ana, ben, first_days):
    membership.join(ana, "grief", handle_name="ana", charter_version=1, shows_presence=False)
    call_command("appoint", "Ana", "first-days", stdout=io.StringIO())
    roles = dict(Membership.objects.filter(account=ana).values_list("room__slug", "role"))
    assert roles == {"first-days": "moderator", "grief": "member"}
    sign_in(client, ana, second_factor=True)
    assert client.get("/desk/?room=first-days").status_code == 200
    call_command("appoint", "ana", "first-days", "--role", "member", stdout=io.StringIO())
    assert client.get("/desk/").status_code == 404


def test_who_is_no_member_is_not_appointed(ana, lee, first_days):
    with pytest.raises(CommandError, match="join it first"):
        call_command("appoint", "lee", "first-days")


def test_a_closed_room_can_be_read_and_opened_again(ana, first_days):
    call_command("close_room", "first-days", stdout=io.StringIO())
    with pytest.raises(Refused, match="closed"):
        say(ana, first_days, "one more thing")
    call_command("close_room", "first-days", "--reopen", stdout=io.StringIO())
    assert say(ana, first_days, "one more thing").status == "published"
    with pytest.raises(CommandError, match="no room nowhere"):
        call_command("close_room", "nowhere")
