"""A2: what one may no longer do ends for open sockets too, within two seconds, whichever process
took the right away. The changes here come from a process of their own that can tell nobody."""

import asyncio
import json
import time

import pytest

from tests.support import servers
from tests.support.sockets import connected, minted

pytestmark = pytest.mark.xdist_group("app")
SOON = 2.5  # seconds; the look at rights comes every second

START = """
from django.utils import timezone
from forum.accounts import account as accounts, muting, revocation
from forum.accounts.models import Account, AccountSession, Handle
from forum.accounts.sessions import SessionStore
from forum.chat import closing
from forum.rooms import membership
from forum.rooms.models import Membership, Room
handle = Handle.objects.get(name={handle!r})
account = handle.account
"""
CLOSES = {
    "session ended": ("AccountSession.objects.filter(account_id=account.pk).delete()", 4401),
    "every session ended": ("accounts.end_sessions(account)", 4401),
    "passphrase changed elsewhere": (
        "account.set_password('seven quiet kettles 19'); account.save();"
        "accounts.change_passphrase(account, 'seven quiet kettles 19', 'seven other kettles 20',"
        " keep_session='another one')",
        4401,
    ),
    "recovered": (
        "accounts.recover(account.sign_in_name, accounts.renew_recovery_key(account),"
        " 'seven other kettles 20')",
        4401,
    ),
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
    return app.manage("shell", "-v", "0", "-c", START.format(handle=handle) + code)


@pytest.fixture(scope="module")
def members(app):
    return iter(minted(app, 32))


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
    async with connected(app, cookie) as socket, connected(app, cookie) as other:
        code = MUTE.format(handle=handle, kind=kind, room=room)
        await asyncio.to_thread(change, app, handle, code)
        assert (await other.post("let me say this"))["code"] == f"limit.{kind}"
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


async def test_who_lost_the_role_of_a_moderator_hears_no_more_of_the_desk(app, members):
    (handle, cookie), (_, other) = next(members), next(members)
    key = cookie.partition("=")[2]
    await asyncio.to_thread(change, app, handle, ON_DUTY.format(key=key, ago=0))
    async with connected(app, cookie) as hers, connected(app, other) as his:
        await hers.send(type="desk.watch")
        await hers.hear("desk.watching")
        await his.post(HELD)
        await hers.hear("desk.case_opened")
        await asyncio.to_thread(change, app, handle, OFF_DUTY)
        async with asyncio.timeout(SOON):
            assert (await hers.hear("room.changed"))["you"]["role"] == "member"
        await his.post(HELD)
        await hers.hears_nothing("desk.case_opened", "desk.case_changed")
        await hers.send(type="desk.watch")
        assert (await hers.hear("error"))["code"] == "not_found"


@pytest.mark.parametrize("what", ["it grows old", "it is turned off"])
async def test_the_desk_ends_for_an_open_socket_with_its_second_factor(app, members, what):
    (handle, cookie), (_, other) = next(members), next(members)
    ago = 12 * 3600 - 20 if what == "it grows old" else 0
    key = cookie.partition("=")[2]
    await asyncio.to_thread(change, app, handle, ON_DUTY.format(key=key, ago=ago))
    async with connected(app, cookie) as hers, connected(app, other) as his:
        await hers.send(type="desk.watch")
        await hers.hear("desk.watching")
        if not ago:
            await asyncio.to_thread(change, app, handle, NO_SECOND_FACTOR)
        async with asyncio.timeout(40):
            while json.loads(await hers.connection.recv())["type"] != "desk.ended":
                pass
        await his.post(HELD)
        await hers.hears_nothing("desk.case_opened", "desk.case_changed")
        await hers.send(type="desk.watch")
        assert (await hers.hear("error"))["code"] == "not_found"


NO_SECOND_FACTOR = """
from allauth.mfa.models import Authenticator
Authenticator.objects.filter(user_id=account.pk).delete()
"""


async def test_a_moderator_does_not_hear_at_the_desk_that_they_were_reported(app, members):
    (handle, hers), (colleague, his), (_, member) = (next(members) for _ in range(3))
    for who, cookie in ((handle, hers), (colleague, his)):
        key = cookie.partition("=")[2]
        await asyncio.to_thread(change, app, who, ON_DUTY.format(key=key, ago=0))
    async with (
        connected(app, hers) as one,
        connected(app, his) as other,
        connected(app, member) as reporter,
    ):
        for socket in (one, other):
            await socket.send(type="desk.watch")
            await socket.hear("desk.watching")
        said = await one.post("good evening to all of you")
        await reporter.send(
            type="message.report", room="first-days", message_id=said["message_id"],
            reason="pressure",
        )  # fmt: skip
        assert (await reporter.hear("ack", "error"))["type"] == "ack"
        told = await other.hear("desk.case_opened")
        assert "account" not in str(told)
        await one.hears_nothing("desk.case_opened", "desk.case_changed", "desk.case_closed")


async def test_no_socket_is_open_for_ever(app, members, tmp_path):
    env = {**app.env, "PORT": str(servers.free_port())}
    env |= {"DJANGO_SETTINGS_MODULE": "tests.support.short_lived_settings"}
    env["ORIGINS"] = f"http://127.0.0.1:{env['PORT']}"
    server = servers.RunningApp(env, tmp_path / "server.log")
    server.start()
    try:
        async with connected(server, next(members)[1]) as socket, asyncio.timeout(20):
            await socket.connection.wait_closed()
    finally:
        server.kill()
    assert socket.connection.close_code == 4410


HELD = "who's selling percs? need to cop today"
ON_DUTY = """
import time
from allauth.mfa.totp.internal import auth
Membership.objects.filter(account=account).update(role='moderator')
session = SessionStore({key!r})
session['account_authentication_methods'] = [dict(method='mfa', at=time.time() - {ago})]
session.save()
auth.TOTP.activate(account, auth.generate_totp_secret())
"""
OFF_DUTY = """
Membership.objects.filter(account=account).update(role='member')
revocation.access_changed(account.pk)
"""


async def test_in_a_room_that_was_closed_nobody_writes_any_more(app):
    (handle, cookie), (_, other) = minted(app, 2, "dharma-and-meditation")
    room = "dharma-and-meditation"
    async with connected(app, cookie, room) as hers, connected(app, other, room) as his:
        await asyncio.to_thread(change, app, handle, CLOSE_THE_ROOM)
        for socket in (hers, his):
            async with asyncio.timeout(SOON):
                assert (await socket.hear("room.changed"))["you"]["can_write"] is False
            assert (await socket.post("one more thing"))["code"] == "room.closed"


CLOSE_THE_ROOM = "closing.close('dharma-and-meditation')"


async def test_after_a_block_neither_hears_the_other(app, members):
    (blocked, his_cookie), (blocker, her_cookie) = next(members), next(members)
    code = BLOCK.format(blocked=blocked)
    async with connected(app, her_cookie) as hers, connected(app, his_cookie) as his:
        await asyncio.to_thread(change, app, blocker, code)
        async with asyncio.timeout(SOON):
            while await what_is_heard(hers, his) != "event.hidden":
                pass
            while await what_is_heard(his, hers) != "event.hidden":
                pass


BLOCK = """
room = Room.objects.get(slug='first-days')
blocked = Handle.objects.get(name={blocked!r})
muting.mute(account, blocked, by=handle, room_id=room.pk, block=True)
"""


async def what_is_heard(speaker, listener):
    """As what a new message of one reaches the other."""
    seq = (await speaker.post("can you hear me?"))["seq"]
    return (await listener.hear("event.hidden", "message.posted", seq=seq))["type"]


@pytest.mark.parametrize(
    ("kind", "code"), [("mute", "limit.mute"), ("suspend", "limit.suspension")]
)
async def test_a_decision_at_the_desk_counts_in_the_other_process_too(
    app, two, members, kind, code
):
    """The case is decided in a process of its own; the author's socket is in a second server."""
    handle, cookie = next(members)
    async with connected(two, cookie) as socket, connected(two, cookie) as other:
        await other.post(HELD)
        told = await asyncio.to_thread(change, app, handle, DECIDE.format(kind=kind))
        assert json.loads(told) == {"decided": kind}
        assert (await other.post("let me say this"))["code"] == code
        async with asyncio.timeout(SOON):
            assert (await socket.hear("room.changed"))["you"]["can_write"] is False


@pytest.mark.parametrize("what", ["session ended", "account closed"])
async def test_a_socket_in_the_other_process_is_closed_too(app, two, members, what):
    handle, cookie = next(members)
    code, close_code = CLOSES[what]
    async with connected(two, cookie) as socket:
        await asyncio.to_thread(change, app, handle, code)
        async with asyncio.timeout(SOON):
            await socket.connection.wait_closed()
    assert socket.connection.close_code == close_code


DECIDE = """
import json
from moderation import cases
from moderation.models import Case
case = Case.objects.get(author_id=account.pk)
moderator = Handle.objects.get(name='mo-moderates').account
wish = cases.Wish({kind!r}, 'attack', hours=1, also_remove=True)
cases.decide(case.pk, moderator.pk, wish, now=timezone.now())
print(json.dumps(dict(decided={kind!r})))
"""


@pytest.fixture(scope="module")
def two(app, tmp_path_factory):
    """A second server on the same database; nothing else joins it with the first."""
    env = {**app.env, "PORT": str(servers.free_port())}
    env["ORIGINS"] = f"http://127.0.0.1:{env['PORT']}"
    second = servers.RunningApp(env, tmp_path_factory.mktemp("two") / "server.log")
    second.start()
    yield second
    second.kill()


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
