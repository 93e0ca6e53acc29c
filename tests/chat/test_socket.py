"""The socket protocol against the running product."""

import pytest
import websockets

from tests.support import servers
from tests.support.sockets import connected, minted

HELD = "who's selling percs? need to cop today"
pytestmark = pytest.mark.xdist_group("app")


@pytest.fixture(scope="module")
def members(app):
    return [cookie for _, cookie in minted(app, 4)]


async def test_what_one_says_the_other_hears(app, members):
    async with connected(app, members[0]) as hers, connected(app, members[1]) as his:
        ack = await hers.post("day four, all of it")
        event = await his.hear("message.posted", seq=ack["seq"])
    assert ack["status"] == "published"
    assert event["message"]["body_html"] == "<p>day four, all of it</p>"


async def test_a_held_message_reaches_nobody_but_its_author(app, members):
    async with connected(app, members[0]) as hers, connected(app, members[1]) as his:
        ack = await hers.post(HELD)
        await his.hears_nothing("message.posted")
    assert ack["status"] == "held"
    assert "seq" not in ack


async def test_who_comes_back_gets_what_they_missed_in_order_and_once(app, members):
    async with connected(app, members[0], join=False) as hers:
        seq = (await hers.join())["seq"]
        async with connected(app, members[1]) as his:
            sent = [(await his.post(f"missed {n}, told later"))["seq"] for n in range(60)]
    got = []
    async with connected(app, members[0], join=False) as hers:
        while True:
            page = await hers.join(after=seq)
            got += [event["seq"] for event in page["events"]]
            seq = page["seq"]
            if not page["more"]:
                break
    assert got == sent


async def test_a_retry_over_another_socket_gets_the_same_answer(app, members):
    client_id = "8f14e45f-ceea-467f-a8f0-1f1f1f1f1f1f"
    async with connected(app, members[0]) as one, connected(app, members[0]) as two:
        first = await one.post("said once", client_id)
        second = await two.post("said once", client_id)
        other = await two.post("said otherwise", client_id)
    assert first == second
    assert other["code"] == "client_id.reused"


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        '{"type":"no.such"}',
        '{"type":"room.join"}',
        '{"type":"room.join","room":1}',
        '{"type":"room.join","room":"first-days","after":-1}',
        '{"type":"room.join","room":"first-days","after":true}',
        '{"type":"room.join","room":"first-days","extra":1}',
        '{"type":"message.send","room":"first-days","client_id":"x","body":"hi"}',
        '{"type":"ping","type":"ping"}',
        '{"type":"typing","room":NaN}',
        "[" * 2000,
    ],
)
async def test_a_malformed_frame_gets_an_error_and_changes_nothing(app, members, text):
    async with connected(app, members[2], join=False) as socket:
        await socket.connection.send(text)
        assert (await socket.hear("error"))["code"] == "malformed"
        await socket.send(type="ping")
        await socket.hear("pong")


async def test_repeated_malformed_frames_close_the_socket(app, members):
    async with connected(app, members[2], join=False) as socket:
        for _ in range(10):
            await socket.connection.send("nonsense")
        await socket.connection.wait_closed()
    assert socket.connection.close_code == 4400


FRAMES = {
    "room.join": {"room": "grief", "after": None},
    "room.leave": {"room": "grief"},
    "room.read": {"room": "grief", "seq": 1},
    "message.send": {"room": "grief", "client_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
                     "body": "hello"},
    "message.edit": {"room": "grief", "message_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
                     "body": "x"},
    "message.delete": {"room": "grief", "message_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12},
    "message.report": {"room": "grief", "message_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
                       "reason": "attack"},
    "reaction.set": {"room": "grief", "message_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
                     "kind": "hug", "on": True},
    "typing": {"room": "grief"},
    "presence": {"room": "grief", "visible": True},
    "desk.watch": {},
}  # fmt: skip


def test_every_frame_that_needs_a_right_has_an_expectation():
    from forum.chat import frames

    assert set(FRAMES) | {"ping"} == set(frames.SHAPES)


@pytest.mark.parametrize("kind", FRAMES)
async def test_a_frame_about_a_room_one_is_not_in_is_refused(app, members, kind):
    async with connected(app, members[3], join=False) as socket:
        await socket.send(type=kind, **FRAMES[kind])
        assert (await socket.hear("error"))["code"] in ("not_found", "not_joined")


async def test_a_socket_without_a_session_is_closed(app):
    async with connected(app, "sessionid=nobody", join=False) as socket:
        with pytest.raises(websockets.ConnectionClosed):
            await socket.connection.recv()
    assert socket.connection.close_code == 4401


async def test_a_socket_from_another_origin_is_refused(app, members):
    with pytest.raises(websockets.InvalidStatus):
        await websockets.connect(
            f"ws://127.0.0.1:{app.port}/ws/",
            additional_headers={"Cookie": members[0]},
            origin="https://evil.example",
        )


async def test_presence_counts_people_and_shows_only_who_wants_it(app, members):
    async with connected(app, members[0]) as hers:
        await hers.send(type="presence", room="first-days", visible=True)
        await hers.hear("presence")
        async with connected(app, members[1]) as his:
            seen = await his.hear("presence")
    assert seen["count"] >= len(seen["handles"])


async def test_nothing_of_what_was_said_is_in_the_log(app, members):
    async with connected(app, members[0]) as hers:
        await hers.post("a sentence with the word xylophonist in it")
    assert "xylophonist" not in app.log()


def test_every_frame_and_close_code_is_documented():
    from forum.chat import control, frames

    text = (servers.BASE / "docs" / "protocol.md").read_text()
    codes = (control.SIGNED_OUT, control.BANNED, control.SLOW_READER, control.TOO_MANY,
             control.MALFORMED)  # fmt: skip
    for name in [*frames.SHAPES, *map(str, codes)]:
        assert f"`{name}`" in text, name


# --- two processes ------------------------------------------------------------------------------


@pytest.mark.redis
@pytest.mark.postgres
async def test_two_processes_on_redis_and_postgresql_talk_to_each_other(
    tmp_path, redis_url, postgres_url
):
    stores = {"REDIS_URL": redis_url, "DATABASE_URL": postgres_url}
    with servers.running_app(tmp_path / "one", **stores) as one:
        env = {**one.env, "PORT": str(servers.free_port())}
        two = servers.RunningApp(env, tmp_path / "two.log")
        two.start()
        try:
            cookies = [cookie for _, cookie in minted(one, 2)]
            async with connected(one, cookies[0]) as hers, connected(two, cookies[1]) as his:
                for n in range(20):
                    there, here = (hers, his) if n % 2 else (his, hers)
                    ack = await there.post(f"hello over there, number {n} of them")
                    event = await here.hear("message.posted", seq=ack["seq"])
                    assert event["message"]["id"] == ack["message_id"]
        finally:
            two.kill()


# --- a process that dies ------------------------------------------------------------------------


async def test_nothing_acknowledged_is_lost_or_doubled_when_the_process_is_killed(tmp_path):
    """R1 and R6: SIGKILL during posts of 20 clients; each retries what was not answered."""
    import asyncio
    import uuid

    with servers.running_app(tmp_path / "killed") as app:
        cookies = [cookie for _, cookie in minted(app, 20)]
        texts = {n: [(str(uuid.uuid4()), f"kept promise {n} {m}") for m in range(25)]
                 for n in range(20)}  # fmt: skip
        acked: dict[str, dict] = {}

        async def talk(n):
            try:
                async with connected(app, cookies[n]) as socket:
                    for client_id, text in texts[n]:
                        if client_id not in acked:
                            acked[client_id] = await socket.post(text, client_id)
            except (OSError, TimeoutError, websockets.WebSocketException):
                return

        talking = asyncio.gather(*(talk(n) for n in range(20)))
        while len(acked) < 150:
            await asyncio.sleep(0.01)
        app.kill()
        await talking
        before = dict(acked)
        assert len(before) < 500
        app.start()
        await asyncio.gather(*(talk(n) for n in range(20)))
        async with connected(app, cookies[0], join=False) as again:
            for client_id, answer in list(before.items())[:50]:
                n, text = next((n, t) for n in texts for c, t in texts[n] if c == client_id)
                async with connected(app, cookies[n]) as socket:
                    assert await socket.post(text, client_id) == answer
            seq, seen = 0, []
            while True:
                page = await again.join(after=seq)
                seen += page["events"]
                seq = page["seq"]
                if not page["more"]:
                    break
    assert len(acked) == 500
    assert [event["seq"] for event in seen] == list(range(1, len(seen) + 1))
    ids = [event["message"]["id"] for event in seen]
    assert len(ids) == len(set(ids))
    assert {answer["message_id"] for answer in acked.values()} <= set(ids)


async def test_many_who_come_at_once_all_stay(app):
    """The look at rights every second must not take those for strangers who came during it."""
    import asyncio

    cookies = [cookie for _, cookie in minted(app, 120)]

    async def stay(n):
        await asyncio.sleep(n / 60)
        async with connected(app, cookies[n]) as socket:
            await asyncio.sleep(2)
            await socket.send(type="ping")
            return await socket.hear("pong")

    assert len(await asyncio.gather(*(stay(n) for n in range(120)))) == 120
