"""X1 for frames: hostile strings in every text of every frame."""

import asyncio
import uuid
from dataclasses import fields

import pytest
import websockets

from forum.chat import frames
from tests.support import hostile
from tests.support.sockets import connected, minted

pytestmark = pytest.mark.xdist_group("app")
ROOM = "smart-tools"
FRAME_TEXTS = {"room", "body", "content_note", "reason", "note", "kind"}


def test_every_text_of_a_frame_is_fed():
    texts = {f.name for shape in frames.SHAPES.values() for f in fields(shape)
             if f.type in (str, str | None)}  # fmt: skip
    assert texts == FRAME_TEXTS


async def test_hostile_texts_in_frames_get_an_error_or_an_answer(app):
    (_, cookie), (_, other) = minted(app, 2, ROOM)
    async with connected(app, other, ROOM) as theirs, connected(app, cookie, ROOM) as socket:
        message = (await theirs.post("something to answer to"))["message_id"]
        base = {"room": ROOM, "body": "x", "message_id": message, "reason": "attack", "kind": "hug",
                "on": True, "visible": True, "seq": 1, "after": None}  # fmt: skip
        for kind, shape in frames.SHAPES.items():
            wanted = {name: base[name] for name in shape.__dataclass_fields__ if name in base}
            for field in FRAME_TEXTS & set(shape.__dataclass_fields__):
                for text in hostile.strings()[::150]:
                    client = {"client_id": str(uuid.uuid4())} if kind == "message.send" else {}
                    await socket.send(type=kind, **{**wanted, **client, field: text})
        await socket.send(type="ping")
        await socket.hear("pong")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(socket.connection.wait_closed(), 0.2)
    assert "event=socket_failed" not in app.log()
    assert socket.connection.state == websockets.State.CLOSED
