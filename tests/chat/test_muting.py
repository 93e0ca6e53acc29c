"""Who was muted or blocked is not there for the other, and nobody is told."""

import asyncio
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from forum.accounts import muting
from forum.accounts.models import Handle, HandleMute
from forum.chat import control, reacting
from forum.errors import Refused
from forum.rooms import membership
from forum.rooms.models import Membership, Room
from moderation import gate
from tests.support.cast import say, sign_in
from tests.support.sockets import connected, minted

BLOCK = """
from forum.accounts import muting
from forum.accounts.models import Handle
from forum.rooms.models import Room
handle = Handle.objects.get(name={by!r})
room = Room.objects.get(slug="first-days")
other = Handle.objects.get(name={of!r})
muting.mute(handle.account, other, by=handle, room_id=room.pk, block={block})
"""
ROUNDS = 4  # of silence: longer than the second after which rights are looked at


def mute(app, *, by, of, block):
    app.manage("shell", "-v", "0", "-c", BLOCK.format(by=by, of=of, block=block))


@pytest.fixture(scope="module")
def members(app):
    return iter(minted(app, 10))


@pytest.mark.xdist_group("app")
async def test_at_the_moment_of_a_block_neither_side_hears_of_it(app, members):
    (ana, hers), (ben, his) = next(members), next(members)
    async with connected(app, hers) as one, connected(app, his) as other:
        await asyncio.to_thread(mute, app, by=ana, of=ben, block=True)
        for _ in range(ROUNDS):
            await one.hears_nothing("room.changed", "room.left")
            await other.hears_nothing("room.changed", "room.left")


@pytest.mark.xdist_group("app")
@pytest.mark.parametrize("block", [False, True])
async def test_typing_does_not_reach_those_who_do_not_read_each_other(app, members, block):
    (ana, hers), (ben, his), (_, third) = next(members), next(members), next(members)
    await asyncio.to_thread(mute, app, by=ana, of=ben, block=block)
    async with (
        connected(app, hers) as one,
        connected(app, his) as other,
        connected(app, third) as witness,
    ):
        for who, handle, reader, reads in ((other, ben, one, False), (one, ana, other, not block)):
            await who.send(type="typing", room="first-days")
            await witness.hear("typing", handle=handle)
            if reads:
                await reader.hear("typing", handle=handle)
            else:
                await reader.hears_nothing("typing")


@pytest.mark.xdist_group("app")
async def test_who_is_here_does_not_name_somebody_one_muted(app, members):
    (ana, hers), (ben, his) = next(members), next(members)
    await asyncio.to_thread(mute, app, by=ana, of=ben, block=False)
    async with connected(app, his) as other:
        await other.send(type="presence", room="first-days", visible=True)
        async with asyncio.timeout(8):
            while ben not in (await other.hear("presence"))["handles"]:
                pass
        async with connected(app, hers) as one:
            assert ben not in (await one.hear("presence"))["handles"]
        await other.send(type="presence", room="first-days", visible=False)


def do_mute(who, whom, room, *, block):
    """As each is called in the room."""
    by, handle = handle_in(who, room), handle_in(whom, room)
    muting.mute(who, handle, by=by, room_id=room.pk, block=block)


def handle_in(who, room):
    return Membership.objects.select_related("handle").get(account=who, room=room).handle


@pytest.fixture
def address(ben, first_days):
    """Where a message by ben stands."""
    return reverse("chat:message", args=["first-days", say(ben, first_days, "good morning").pk])


@pytest.mark.django_db
@pytest.mark.parametrize("block", [False, True])
def test_a_muted_message_is_not_at_its_own_address_either(
    client, ana, ben, first_days, address, block
):
    sign_in(client, ana)
    assert client.get(address).status_code == 200
    do_mute(ana, ben, first_days, block=block)
    assert client.get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("block", "status"), [(False, 200), (True, 404)])
def test_who_is_blocked_finds_no_message_of_who_blocked_them(
    client, ana, ben, first_days, address, block, status
):
    do_mute(ben, ana, first_days, block=block)
    assert sign_in(client, ana).get(address).status_code == status


def test_who_is_blocked_gives_no_sign_under_a_message_they_do_not_see(ana, ben, first_days):
    message = say(ben, first_days, "good morning")
    reacting.set_reaction(ana.pk, "first-days", message.pk, kind="hug", on=True)
    do_mute(ben, ana, first_days, block=True)
    with pytest.raises(Refused) as refused:
        reacting.set_reaction(ana.pk, "first-days", message.pk, kind="heart", on=True)
    assert refused.value.code == "not_found"


# --- what a block tells, and how it is got round -------------------------------------------------


@pytest.fixture
def grief(first_days):
    return Room.objects.get(slug="grief")


def also_in(who, room, name):
    """Join another room under another name, or come back to the same under a new one."""
    handle = Handle.objects.create(account=who, name=name, skeleton=gate.skeleton(name))
    Membership.objects.update_or_create(
        account=who, room=room, defaults={"handle": handle, "status": "active"}
    )


def reads(who, whom, room):
    """Whether one gets what the other says in this room."""
    hidden = control.hidden_from(who.pk, handle_in(who, room).pk, room_id=room.pk)
    return handle_in(whom, room).pk not in hidden


def test_a_block_tells_nobody_which_names_of_other_rooms_are_the_same_person(
    ana, ben, first_days, grief
):
    also_in(ana, grief, "heron")
    Membership.objects.create(account=ben, room=grief, handle=ben.handles.get())
    do_mute(ana, ben, first_days, block=True)
    assert not reads(ben, ana, first_days)
    assert reads(ben, ana, grief)


def test_a_block_does_not_silence_the_blocked_persons_names_in_other_rooms(
    ana, ben, first_days, grief
):
    Membership.objects.create(account=ana, room=grief, handle=ana.handles.get())
    also_in(ben, grief, "otter")
    do_mute(ana, ben, first_days, block=True)
    assert reads(ben, ana, grief)
    assert reads(ana, ben, grief)


def test_between_the_same_two_names_a_block_holds_in_every_room(ana, ben, first_days, grief):
    for who in (ana, ben):
        Membership.objects.create(account=who, room=grief, handle=who.handles.get())
    do_mute(ana, ben, first_days, block=True)
    assert not reads(ben, ana, grief)
    assert not reads(ana, ben, grief)


def test_a_block_is_not_got_round_by_coming_back_under_another_name(ana, ben, first_days):
    do_mute(ana, ben, first_days, block=True)
    membership.leave(ben, "first-days")
    also_in(ben, first_days, "otter")
    assert not reads(ben, ana, first_days)
    assert reads(ana, ben, first_days), "she does not learn that it is he"


def test_an_earlier_block_hides_one_name_of_the_blocker_alone(ana, ben, first_days, grief):
    also_in(ana, grief, "heron")
    Membership.objects.create(account=ben, room=grief, handle=ben.handles.get())
    HandleMute.objects.create(account=ana, handle=ben.handles.get(), is_block=True)
    import_module("forum.rooms.migrations.0002_where_blocks_were_made").place(apps, None)
    assert not reads(ben, ana, first_days)
    assert reads(ben, ana, grief)


def test_who_blocks_on_the_page_of_a_message_is_gone_for_the_other(
    client, ana, ben, first_days, address
):
    sign_in(client, ana).post(f"{address}mute/", {"how": "block"})
    assert not reads(ben, ana, first_days)
