"""Who was muted or blocked is not there for the other, and nobody is told."""

import asyncio

import pytest
from django.urls import reverse

from forum.accounts import muting
from forum.chat import reacting
from forum.errors import Refused
from tests.support.cast import say, sign_in
from tests.support.sockets import connected, minted

BLOCK = """
from forum.accounts import muting
from forum.accounts.models import Handle
handle = Handle.objects.get(name={by!r})
muting.mute(handle.account, Handle.objects.get(name={of!r}), block={block})
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


@pytest.fixture
def address(ben, first_days):
    """Where a message by ben stands."""
    return reverse("chat:message", args=["first-days", say(ben, first_days, "good morning").pk])


@pytest.mark.django_db
@pytest.mark.parametrize("block", [False, True])
def test_a_muted_message_is_not_at_its_own_address_either(client, ana, ben, address, block):
    sign_in(client, ana)
    assert client.get(address).status_code == 200
    muting.mute(ana, ben.handles.get(), block=block)
    assert client.get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("block", "status"), [(False, 200), (True, 404)])
def test_who_is_blocked_finds_no_message_of_who_blocked_them(
    client, ana, ben, address, block, status
):
    muting.mute(ben, ana.handles.get(), block=block)
    assert sign_in(client, ana).get(address).status_code == status


def test_who_is_blocked_gives_no_sign_under_a_message_they_do_not_see(ana, ben, first_days):
    message = say(ben, first_days, "good morning")
    reacting.set_reaction(ana.pk, "first-days", message.pk, kind="hug", on=True)
    muting.mute(ben, ana.handles.get(), block=True)
    with pytest.raises(Refused) as refused:
        reacting.set_reaction(ana.pk, "first-days", message.pk, kind="heart", on=True)
    assert refused.value.code == "not_found"
