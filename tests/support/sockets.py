"""A client of the socket protocol, as a browser would be one; it always hangs up."""

import asyncio
import json
import uuid
from contextlib import asynccontextmanager

import websockets

DEADLINE = 8.0
SILENCE = 0.6


class Socket:
    def __init__(self, connection, room):
        self.connection = connection
        self.room = room
        self.seq = None

    async def send(self, **frame):
        await self.connection.send(json.dumps(frame))

    async def hear_any(self):
        async with asyncio.timeout(DEADLINE):
            return json.loads(await self.connection.recv())

    async def hear(self, *kinds, **values):
        """The next frame of one of these types (and with these values); others are skipped."""
        async with asyncio.timeout(DEADLINE):
            while True:
                frame = json.loads(await self.connection.recv())
                fits = all(frame.get(key) == value for key, value in values.items())
                if frame["type"] in kinds and fits:
                    return frame

    async def join(self, after=None, room=None):
        await self.send(type="room.join", room=room or self.room, after=after)
        return await self.hear("room.joined", "error")

    async def post(self, body, client_id=None, **more):
        client_id = client_id or str(uuid.uuid4())
        await self.send(type="message.send", room=self.room, client_id=client_id, body=body, **more)
        return await self.hear("message.ack", "error", client_id=client_id)

    async def hears_nothing(self, *kinds):
        try:
            async with asyncio.timeout(SILENCE):
                while True:
                    frame = json.loads(await self.connection.recv())
                    assert frame["type"] not in kinds, frame
        except TimeoutError:
            return


@asynccontextmanager
async def connected(app, cookie, room="first-days", *, join=True):
    async with websockets.connect(
        f"ws://127.0.0.1:{app.port}/ws/",
        additional_headers={"Cookie": cookie},
        origin=app.url,
        max_size=2**22,
    ) as connection:
        socket = Socket(connection, room)
        if join:
            await socket.join()
        yield socket


def minted(app, count, room="first-days"):
    """Signed-in members: a list of (handle, Cookie header)."""
    lines = app.manage("mint_sessions", "--count", str(count), "--room", room).splitlines()
    return [(entry["handle"], entry["cookie"]) for entry in map(json.loads, lines)]
