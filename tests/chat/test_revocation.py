"""A2: what one may no longer do ends for open sockets too, within two seconds, whichever process
took the right away. The changes here come from a process of their own that can tell nobody."""

import asyncio
import time

import pytest

from tests.support.sockets import connected, minted

pytestmark = pytest.mark.xdist_group("app")
SOON = 2.5  # seconds; the look at rights comes every second

START = """
from django.utils import timezone
from forum.accounts import account as accounts, revocation
from forum.accounts.models import Account, AccountSession, Handle
from forum.rooms import membership
from forum.rooms.models import Membership, Room
handle = Handle.objects.get(name={handle!r})
account = handle.account
"""
CLOSES = {
    "session ended": ("AccountSession.objects.filter(account_id=account.pk).delete()", 4401),
    "every session ended": ("accounts.end_sessions(account)", 4401),
    "account closed": (
        "Account.objects.filter(pk=account.pk).update(is_active=False);"
        "revocation.access_changed(account.pk)",
        4403,
    ),
}
MUTE = """
import uuid
from moderation.models import Case, Decision, Sanction
room = Room.objects.get(slug='first-days')
case = Case.objects.create(content_kind='message', content_id=str(uuid.uuid4()), room_id=room.pk,
    severity=3, label='insult', action='hold', source='engine', due_at=timezone.now())
decision = Decision.objects.create(case=case, kind='mute', reason='attack')
Sanction.objects.create(account_id=account.pk, room_id={room}, kind={kind!r}, decision=decision,
    ends_at=timezone.now() + timezone.timedelta(hours=1))
revocation.access_changed(account.pk)
"""


def change(app, handle, code):
    app.manage("shell", "-v", "0", "-c", START.format(handle=handle) + code)


@pytest.fixture(scope="module")
def members(app):
    return iter(minted(app, 12))


@pytest.mark.parametrize("what", CLOSES)
async def test_the_socket_of_somebody_signed_out_is_closed(app, members, what):
    handle, cookie = next(members)
    code, close_code = CLOSES[what]
    async with connected(app, cookie) as socket:
        await asyncio.to_thread(change, app, handle, code)
        start = time.monotonic()
        async with asyncio.timeout(SOON):
            await socket.connection.wait_closed()
    assert socket.connection.close_code == close_code
    assert time.monotonic() - start < SOON


@pytest.mark.parametrize(("kind", "room"), [("mute", "room.pk"), ("suspension", "None")])
async def test_who_is_muted_is_told_at_once_and_can_not_write(app, members, kind, room):
    handle, cookie = next(members)
    async with connected(app, cookie) as socket:
        code = MUTE.format(handle=handle, kind=kind, room=room)
        await asyncio.to_thread(change, app, handle, code)
        assert (await socket.post("let me say this"))["code"] == f"limit.{kind}"
        async with asyncio.timeout(SOON):
            assert (await socket.hear("room.changed"))["you"]["can_write"] is False


async def test_who_lost_the_room_hears_nothing_more_of_it(app, members):
    (handle, cookie), (_, other) = next(members), next(members)
    async with connected(app, cookie) as hers, connected(app, other) as his:
        await asyncio.to_thread(change, app, handle, "membership.leave(account, 'first-days')")
        async with asyncio.timeout(SOON):
            await hers.hear("room.left")
        await his.post("said after she had left")
        await hers.hears_nothing("message.posted")
        assert (await hers.post("am I still here?"))["code"] == "not_found"


async def test_a_retry_by_plain_http_gets_the_same_answer(app, members):
    """R6 over the other way in: the form that the page would post."""
    import re
    import urllib.error
    import urllib.parse
    import urllib.request
    import uuid

    _, cookie = next(members)
    client_id = str(uuid.uuid4())
    async with connected(app, cookie) as socket:
        first = await socket.post("said over the socket first", client_id)

    def by_form(body):
        page = urllib.request.Request(f"{app.url}/rooms/first-days/talk/")
        page.add_header("Cookie", cookie)
        with urllib.request.urlopen(page) as answer:
            token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', answer.read().decode())[1]
            csrf = re.search(r"csrftoken=(\w+)", str(answer.headers.get_all("Set-Cookie")))[1]
        data = {"body": body, "client_id": client_id, "csrfmiddlewaretoken": token}
        request = urllib.request.Request(
            f"{app.url}/rooms/first-days/messages/", urllib.parse.urlencode(data).encode()
        )
        request.add_header("Cookie", f"{cookie}; csrftoken={csrf}")
        request.add_header("Accept", "application/json")
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.read().decode()

    same = await asyncio.to_thread(by_form, "said over the socket first")
    other = await asyncio.to_thread(by_form, "said otherwise by form")
    assert first["message_id"] in same
    assert "client_id.reused" in other
