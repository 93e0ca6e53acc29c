"""A1 for the socket: every frame x role x state of what it is about, on a running server."""

import uuid
from dataclasses import fields

import pytest
import websockets

from forum.chat import frames
from tests.access.expected import Row, row
from tests.support import world
from tests.support.sockets import connected
from tests.support.world import OUTSIDE, ROLES

pytestmark = pytest.mark.xdist_group("app")
CLIENTS = tuple(role for role in ROLES if role not in world.NOBODY)


def members(word: str, outside: str = "not_found", **but: str) -> Row:
    return row(dict.fromkeys(ROLES, word) | dict.fromkeys(OUTSIDE, outside), **but)


# The word is the answer (an error by its code, "quiet" for none) and what another member hears.
NOTHING = members("not_found")
LIMITED = {"muted": "limit.mute", "suspended": "limit.suspension"}
EXCLUDED = {"suspended": "limit.suspension"}
CLOSED = members("room.closed")
IN_ROOMS = ("open", "closed", "private")
NEVER_OUT = ("other held", "other blocked", "other asked about", "of another room", "missing")
GONE = ("other removed", "other taken back")


def states(answers: Row, *names: str) -> dict[str, Row]:
    return dict.fromkeys(names, answers)


def seated(word: str, **but: str) -> dict[str, Row]:
    """What needs a seat in the room."""
    here = members(word, "not_joined", **but)
    return {**states(here, *IN_ROOMS), "missing": row(dict.fromkeys(ROLES, "not_joined"))}


SENT = "message.ack message.posted"
# In this order: what takes something away comes last.
EXPECTED: dict[str, dict[str, Row]] = {
    "ping": {"-": row(dict.fromkeys(ROLES, "quiet"))},
    "room.join": {**states(members("room.joined"), *IN_ROOMS), "missing": NOTHING},
    "room.read": seated("quiet"),
    "presence": seated("quiet"),
    "typing": {
        **seated("quiet typing", suspended="quiet"),
        "open": members("quiet typing", "not_joined", muted="quiet", suspended="quiet"),
        "closed": members("quiet", "not_joined"),
    },
    "desk.watch": {
        "-": row(dict.fromkeys(ROLES, "not_found"), moderator_2fa="desk.watching",
                 lead_2fa="desk.watching", elsewhere="desk.watching"),
    },
    "message.send": {
        "open": members(SENT, **LIMITED),
        "closed": CLOSED,
        "private": members(SENT, **EXCLUDED),
        "missing": NOTHING,
        "under other": members(SENT, **LIMITED),
        **states(members("share.gone", **LIMITED), "under held", "under removed",
                 "under of another room", "under missing"),
        "under in the closed room": CLOSED,
    },
    "message.report": {
        "own": members("report.reason"),
        **states(members("ack"), "other", "other taken back"),
        **states(members("ack"), "in the closed room", "in the private room"),
        **states(NOTHING, "own held", "other removed", *NEVER_OUT),
    },
    "reaction.set": {
        **states(members("ack reaction.changed", **LIMITED), "own", "other"),
        "in the closed room": CLOSED,
        "in the private room": members("ack reaction.changed", **EXCLUDED),
        **states(members("not_found", **LIMITED), "own held", *GONE, *NEVER_OUT),
    },
    "message.edit": {
        "own": members("ack message.edited", **LIMITED),
        **states(members("not_found", **LIMITED), "own held", "other", *GONE, *NEVER_OUT),
        "in the closed room": CLOSED,
        "in the private room": members("not_found", **EXCLUDED),
    },
    "message.delete": {
        "own": members("ack message.removed"),
        "own held": members("ack"),
        **states(NOTHING, "other", *GONE, "in the closed room", "in the private room", *NEVER_OUT),
    },
    "room.leave": seated("quiet"),
}  # fmt: skip

VALUES = {"body": "one more day", "reason": "attack", "kind": "hug", "on": True, "visible": True,
          "seq": 1, "after": None, "note": "please look"}  # fmt: skip
ROOM_OF = {
    "in the closed room": world.CLOSED,
    "in the private room": world.PRIVATE,
    "under in the closed room": world.CLOSED,
}


def states_of(kind: str) -> tuple[str, ...]:
    keys = {f.name for f in fields(frames.SHAPES[kind])}
    if "message_id" in keys:
        return world.MESSAGES
    under = tuple(f"under {share}" for share in world.SHARES) if "share" in keys else ()
    return (*world.ROOMS, *under) if "room" in keys else ("-",)


def test_every_frame_and_state_has_a_row_and_no_row_is_stale():
    wanted = {(kind, state) for kind in frames.SHAPES for state in states_of(kind)}
    assert wanted == {(kind, state) for kind, rows in EXPECTED.items() for state in rows}


def cookie_of(told, role: str) -> str:
    return "; ".join(f"{name}={value}" for name, value in told["cookies"][role].items())


def frame_for(told, kind: str, state: str, role: str) -> dict:
    keys = {f.name for f in fields(frames.SHAPES[kind])}
    values = {**VALUES, "room": ROOM_OF.get(state, world.HERE)}
    if "message_id" in keys:
        values["message_id"] = told["messages"][role][state]
    else:
        values["room"] = world.ROOMS.get(state) or values["room"]
    if role == "moderator 2fa":  # the same account has reacted already
        values["kind"] = "heart"
    if state.startswith("under "):
        values["share"] = told["shares"][state.removeprefix("under ")]
    if "client_id" in keys:
        values["client_id"] = str(uuid.uuid4())
    return {"type": kind, **{key: value for key, value in values.items() if key in keys}}


async def frames_until_pong(socket) -> list[dict]:
    await socket.send(type="ping")
    heard = []
    while (frame := await socket.hear_any())["type"] != "pong":
        heard.append(frame)
    return heard


async def answers_to(socket, frame: dict) -> list[dict]:
    if frame["type"] != "ping":
        await socket.send(**frame)
    return await frames_until_pong(socket)


ANSWERS = ("ack", "message.ack", "room.joined", "desk.watching", "error")


def word_of(heard: list[dict], overheard: list[dict]) -> str:
    answers = [frame for frame in heard if frame["type"] in ANSWERS]
    word = answers[0].get("code") or answers[0]["type"] if answers else "quiet"
    news = [f["type"] for f in overheard if "seq" in f or f["type"] == "typing"]
    return " ".join([word, *news])


async def test_every_role_gets_the_answer_of_the_table(app, told):
    got, wanted = {}, {}
    async with connected(app, cookie_of(told, "member"), join=False) as witness:
        for room in (world.HERE, world.CLOSED, world.PRIVATE):
            await witness.join(room=room)
        for role in CLIENTS:
            async with connected(app, cookie_of(told, role), join=False) as socket:
                for room in world.ROOMS.values():
                    await socket.join(room=room)
                for kind, rows in EXPECTED.items():
                    for state, answers in rows.items():
                        heard = await answers_to(socket, frame_for(told, kind, state, role))
                        overheard = await frames_until_pong(witness)
                        got[kind, state, role] = word_of(heard, overheard)
                        wanted[kind, state, role] = answers[role]
    assert {cell: word for cell, word in got.items() if word != wanted[cell]} == {}


@pytest.mark.parametrize("role", world.NOBODY)
async def test_who_is_not_signed_in_or_whose_account_is_closed_gets_no_socket(app, told, role):
    async with connected(app, cookie_of(told, role), join=False) as socket:
        with pytest.raises(websockets.ConnectionClosed):
            await socket.connection.recv()
    assert socket.connection.close_code == 4401
