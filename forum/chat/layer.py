"""The hub's way to other processes: the channel layer, kept honest by a probe to oneself.

Nothing here may hold up a message: every call has a limit, and what the layer loses the log has.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)

CALL_SECONDS = 1.0
PROBE_SECONDS = 2.0
DEAF_AFTER = 2 * PROBE_SECONDS + 0.5
MOST_WAITING = 1_000
ALL = "hub.all"

Heard = Callable[[str, Mapping[str, Any]], None]


class Layer:
    """One channel of the channel layer for the whole process, in one group per room."""

    def __init__(self, process: str, heard: Heard) -> None:
        self._process = process
        self._heard = heard
        self._layer: Any = get_channel_layer()
        self._channel = ""
        self._rooms: set[int] = set()
        self._orders: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue(MOST_WAITING)
        self._tasks: list[asyncio.Task[None]] = []
        self._heard_at = 0.0
        self.fault = "not started"
        self.dropped = 0

    def start(self) -> None:
        for work in (self._work, self._listen, self._probe):
            self._tasks.append(asyncio.create_task(work()))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(OSError):
            await self._layer.flush()

    def subscribe(self, room_id: int) -> None:
        self._rooms.add(room_id)
        self._order(lambda: self._layer.group_add(_group(room_id), self._channel))

    def unsubscribe(self, room_id: int) -> None:
        self._rooms.discard(room_id)
        self._order(lambda: self._layer.group_discard(_group(room_id), self._channel))

    def tell_room(self, room_id: int, news: dict[str, Any]) -> None:
        self._order(lambda: self._layer.group_send(_group(room_id), self._signed(news)))

    def tell_all(self, news: dict[str, Any]) -> None:
        self._order(lambda: self._layer.group_send(ALL, self._signed(news)))

    def _signed(self, news: dict[str, Any]) -> dict[str, Any]:
        return {"type": "hub.news", "process": self._process, "news": news}

    def _order(self, call: Callable[[], Awaitable[None]]) -> None:
        try:
            self._orders.put_nowait(call)
        except asyncio.QueueFull:
            self.dropped += 1  # the log has it; _renew() brings subscriptions back

    async def _work(self) -> None:
        """Do one call after the other, in order, each within its limit."""
        await self._renew()
        while True:
            call = await self._orders.get()
            try:
                await asyncio.wait_for(call(), CALL_SECONDS)
            except Exception as error:  # noqa: BLE001 - whatever the layer throws, the log has it
                self._failed(error)
                await self._renew()

    async def _listen(self) -> None:
        while True:
            channel = self._channel
            if not channel:
                await asyncio.sleep(0.05)
                continue
            try:
                message = await self._layer.receive(channel)
            except Exception as error:  # noqa: BLE001 - as above; renewing is the answer to it
                self._failed(error)
                await asyncio.sleep(CALL_SECONDS)
                continue
            self._receive(message)

    def _receive(self, message: Mapping[str, Any]) -> None:
        if message["process"] != self._process:
            self._heard(message["process"], message["news"])
        elif message["news"]["kind"] == "probe":
            self._heard_at = time.monotonic()
            self.fault = ""

    async def _probe(self) -> None:
        """Send oneself a word now and then; when it doesn't come back, subscribe anew."""
        while True:
            self.tell_all({"kind": "probe"})
            await asyncio.sleep(PROBE_SECONDS)
            if time.monotonic() - self._heard_at > DEAF_AFTER and self._channel:
                self._failed(TimeoutError("deaf"))
                self._order(self._renew)

    async def _renew(self) -> None:
        """Flush the layer and subscribe to everything again; keep trying."""
        try:
            async with asyncio.timeout(CALL_SECONDS):
                self._channel = ""
                await self._layer.flush()
                channel = await self._layer.new_channel()
                await self._layer.group_add(ALL, channel)
        except Exception as error:  # noqa: BLE001 - as above
            self._failed(error)
            await asyncio.sleep(0.2)
            return
        for room_id in list(self._rooms):
            await self._layer.group_add(_group(room_id), channel)
        self._heard_at = time.monotonic()
        self._channel = channel

    def _failed(self, error: Exception) -> None:
        if not self.fault:
            logger.warning("event=layer_failed error=%s", type(error).__name__)
        self.fault = type(error).__name__


def _group(room_id: int) -> str:
    return f"room.{room_id}"
