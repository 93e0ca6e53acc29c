"""The bounded way out to one socket: writes at once while it can, queues while it can't."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import partial
from typing import Any

MOST_FRAMES = 256
MOST_BYTES = 1 << 20

Send = Callable[[dict[str, Any]], Awaitable[None]]
SendNow = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]


class Outbox:
    """Frames on their way to one client, in order.

    `put` never waits. When the transport takes a frame at once (it nearly always does) no task is
    made and no queue is touched. Otherwise one task empties the queue; a client that leaves more
    than MOST_FRAMES or MOST_BYTES unread overflows: `on_overflow` is called once and the rest is
    dropped, since the client resumes from the log.
    """

    def __init__(self, send: SendNow, *, on_overflow: Callable[[], None]) -> None:
        self._send = send
        self._on_overflow = on_overflow
        self._waiting: deque[str] = deque()
        self._bytes = 0
        self._task: asyncio.Task[None] | None = None
        self.is_closed = False

    def put(self, text: str) -> None:
        if self.is_closed:
            return
        if self._task is None:
            self._write_now(text)
            return
        self._waiting.append(text)
        self._bytes += len(text)
        if len(self._waiting) > MOST_FRAMES or self._bytes > MOST_BYTES:
            self.close()
            self._on_overflow()

    def close(self) -> None:
        """Drop what waits. The task, if there is one, ends with the socket."""
        self.is_closed = True
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()

    def _write_now(self, text: str) -> None:
        writing = self._send({"type": "websocket.send", "text": text})
        try:
            blocked_on = writing.send(None)
        except StopIteration:
            return
        except OSError:
            self.close()  # the client is gone; the receiving side will notice and clean up
            return
        self._task = asyncio.create_task(self._drain(_Rest(writing, blocked_on)))

    async def _drain(self, rest: "_Rest") -> None:
        try:
            await rest
            while self._waiting:
                text = self._waiting.popleft()
                self._bytes -= len(text)
                await self._send({"type": "websocket.send", "text": text})
        except OSError:
            self.close()
        finally:
            self._task = None


class _Rest:
    """The rest of a coroutine that was started by hand and stopped at `blocked_on`."""

    def __init__(self, started: Coroutine[Any, Any, None], blocked_on: Any) -> None:
        self._started = started
        self._blocked_on = blocked_on

    def __await__(self) -> Generator[Any, Any, None]:
        waiting_for = self._blocked_on
        while True:
            try:
                answer = yield waiting_for
            except BaseException as error:  # noqa: BLE001 - cancellation belongs to the coroutine
                step = partial(self._started.throw, error)
            else:
                step = partial(self._started.send, answer)
            try:
                waiting_for = step()
            except StopIteration:
                return
