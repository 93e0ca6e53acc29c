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
        '{"type":"room.join","room":"\\ud800"}',
        '{"type":"room.join","room":"\\u0000"}',
        '{"type":"message.send","room":"first-days","client_id":"\\ud800","body":"hi"}',
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


async def test_a_socket_without_a_session_is_closed(app):
    async with connected(app, "sessionid=nobody", join=False) as socket:
        with pytest.raises(websockets.ConnectionClosed):
            await socket.connection.recv()
    assert socket.connection.close_code == 4401


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "{url}.evil.example", "http://[", "http://a:99999"]
)
async def test_a_socket_from_another_origin_is_refused(app, members, origin):
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(
            f"ws://127.0.0.1:{app.port}/ws/",
            additional_headers={"Cookie": members[0]},
            origin=origin.format(url=app.url),
        )
    assert refused.value.response.status_code == 403


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
