"""What a web process keeps while it runs: hub, postbox, the loops that screen again and erase."""

import asyncio
import logging

from django.conf import settings

from forum import db_pool
from forum.chat import announcing, sealed
from forum.chat.hub import Hub
from forum.chat.postbox import Postbox
from moderation import gate

log = logging.getLogger(__name__)

ERASE_SECONDS = 600.0

_hub: Hub | None = None
_postbox: Postbox | None = None


def hub() -> Hub:
    if _hub is None:
        raise RuntimeError("The hub of this process was not started.")
    return _hub


def postbox() -> Postbox:
    if _postbox is None:
        raise RuntimeError("The postbox of this process was not started.")
    return _postbox


def layer_fault() -> str:
    """What is wrong with the way to other processes; empty when it works."""
    return _hub.layer.fault if _hub is not None else "not started"


def figures() -> dict[str, tuple[str, float]]:
    """For /metrics: a name, what it says, and its value now."""
    if _hub is None:
        return {}
    return {
        "sockets": ("Open sockets of this process.", len(_hub.lines)),
        "rooms_live": ("Rooms with a socket in this process.", len(_hub.feeds)),
        "gaps_healed_total": ("Gaps filled from the event log.", _hub.gaps_healed),
        "slow_readers_total": ("Sockets closed for reading too slowly.", _hub.slow_readers),
        "layer_drops_total": ("Hints not given to the channel layer.", _hub.layer.dropped),
        "waiting_unscreened": ("Texts that wait for the engine.", gate.waiting_unscreened()),
    }


async def start() -> list[asyncio.Task[None]]:
    """Start everything in the running event loop; stop() ends it."""
    global _hub, _postbox
    _hub, _postbox = Hub(), Postbox()
    _hub.start()
    announcing.use(_hub)
    await db_pool.run(gate.warm_up)
    return [asyncio.create_task(_rescreening()), asyncio.create_task(_erasing())]


async def stop(tasks: list[asyncio.Task[None]]) -> None:
    global _hub, _postbox
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    announcing.use(None)
    if _hub is not None:
        await _hub.stop()
    _hub = _postbox = None


async def _rescreening() -> None:
    """Look at what was held unscreened, again and again, until the engine has answered."""
    while True:
        await asyncio.sleep(settings.RESCREEN_SECONDS)
        try:
            await db_pool.run(gate.rescreen_due)
        except Exception:
            log.exception("event=rescreening_failed")


async def _erasing() -> None:
    """Erase what was kept long enough, now and then."""
    while True:
        try:
            await db_pool.run(sealed.erase_due)
        except Exception:
            log.exception("event=erasing_failed")
        await asyncio.sleep(ERASE_SECONDS)
