"""A member who never gives up: says each thing several times, by two sockets and by plain HTTP,
whatever the server goes through, and notes everything in a journal before acting on it."""

import asyncio
import http.client
import json
import random
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import websockets

GONE = (OSError, TimeoutError, http.client.HTTPException, websockets.WebSocketException)
PATIENCE = 60.0
MOST_TIMES = 5


class Journal:
    """Append-only, on disk line by line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a", buffering=1, encoding="utf-8")

    def note(self, kind: str, **facts: object) -> None:
        self._file.write(json.dumps({"kind": kind, **facts}) + "\n")

    def close(self) -> None:
        self._file.close()

    def read(self) -> list[dict]:
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]


class Client:
    def __init__(self, app, room: str, member: tuple[str, str], folder: Path, seed: int) -> None:
        self.app, self.room = app, room
        self.handle, self.cookie = member
        self.journal = Journal(folder / f"{self.handle}.jsonl")
        self.acked: dict[str, dict] = {}
        self.seq = 0
        self._random = random.Random(seed)
        self._csrf = ""

    @asynccontextmanager
    async def _socket(self):
        async with websockets.connect(
            f"ws://127.0.0.1:{self.app.port}/ws/", additional_headers={"Cookie": self.cookie},
            origin=self.app.url, max_size=2**22, open_timeout=5,
        ) as connection:  # fmt: skip
            yield connection

    # --- saying ----------------------------------------------------------------------------------

    async def say_all(self, texts: list[str]) -> None:
        """One after the other: the next when the last has its answer."""
        for text in texts:
            client_id = str(uuid.uuid4())
            async with asyncio.timeout(PATIENCE):
                while client_id not in self.acked:
                    await self._say(client_id, text)

    async def _say(self, client_id: str, text: str) -> None:
        ways = [self._random.choice(("one socket", "another", "http"))
                for _ in range(self._random.randint(1, MOST_TIMES))]  # fmt: skip
        for _ in ways:
            self.journal.note("sent", room=self.room, client_id=client_id, body=text)
        sending = [
            self._over_a_socket(client_id, text, ways.count(way))
            for way in ("one socket", "another")
            if way in ways
        ]
        sending += [self._by_http(client_id, text) for way in ways if way == "http"]
        answers = await asyncio.gather(*sending, return_exceptions=True)
        unexpected = [a for a in answers if isinstance(a, Exception) and not isinstance(a, GONE)]
        if unexpected:
            raise unexpected[0]
        if client_id not in self.acked:
            await asyncio.sleep(0.1)

    async def _over_a_socket(self, client_id: str, text: str, times: int) -> None:
        frame = {"type": "message.send", "room": self.room, "client_id": client_id, "body": text}
        async with self._socket() as socket, asyncio.timeout(10):
            for _ in range(times):
                await socket.send(json.dumps(frame))
            for _ in range(times):
                self._take(json.loads(await socket.recv()))

    async def _by_http(self, client_id: str, text: str) -> None:
        answer = await asyncio.to_thread(self.post, client_id, text)
        self._take(answer)

    def post(self, client_id: str, text: str) -> dict:
        """By the form of the page, with an answer as the script asks for it."""
        csrf = self.csrf()
        data = urllib.parse.urlencode({"body": text, "client_id": client_id}).encode()
        request = urllib.request.Request(f"{self.app.url}/rooms/{self.room}/messages/", data)
        request.add_header("Cookie", f"{self.cookie}; csrftoken={csrf}")
        request.add_header("X-CSRFToken", csrf)
        request.add_header("Accept", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            if error.code >= 500:
                raise
            pytest.fail(f"{error.code}: {error.read()[:300]!r}")

    def csrf(self) -> str:
        """The secret of the forms, from a page; asked for once."""
        if not self._csrf:
            with self.get(f"/rooms/{self.room}/talk/") as answer:
                cookies = str(answer.headers.get_all("Set-Cookie"))
            self._csrf = re.search(r"csrftoken=(\w+)", cookies)[1]
        return self._csrf

    def get(self, path: str):
        request = urllib.request.Request(f"{self.app.url}{path}", headers={"Cookie": self.cookie})
        return urllib.request.urlopen(request, timeout=10)

    def _take(self, answer: dict) -> None:
        if answer["type"] == "error" and answer["code"] == "try_again":
            return
        assert answer["type"] == "message.ack", answer
        facts = {key: answer.get(key) for key in ("client_id", "status", "message_id", "seq")}
        self.journal.note("acked", **facts)
        self.acked[answer["client_id"]] = facts

    # --- listening -------------------------------------------------------------------------------

    async def listen(self) -> None:
        """Until cancelled; after each break it goes on where it was."""
        self.journal.note("joined", room=self.room, seq=self.seq)
        while True:
            try:
                async with self._socket() as socket:
                    await self._follow(socket)
            except GONE:
                await asyncio.sleep(0.1)

    async def _follow(self, socket) -> None:
        await self._join(socket)
        async for text in socket:
            frame = json.loads(text)
            if frame["type"] == "room.joined":
                for event in frame["events"]:
                    self._hear(event)
                self.seq = frame["seq"]
                if frame["more"]:
                    await self._join(socket)
            elif "seq" in frame:
                self._hear(frame)

    async def _join(self, socket) -> None:
        await socket.send(json.dumps({"type": "room.join", "room": self.room, "after": self.seq}))

    def _hear(self, event: dict) -> None:
        said = event["message"]
        self.journal.note("event", room=event["room"], seq=event["seq"], type=event["type"],
                          message_id=said["id"], body_html=said["body_html"])  # fmt: skip
        self.seq = event["seq"]

    async def caught_up_to(self, seq: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while self.seq < seq:
                await asyncio.sleep(0.05)

    def read_the_page(self) -> None:
        with self.get(f"/rooms/{self.room}/talk/") as answer:
            self.journal.note("page", room=self.room, html=answer.read().decode())
