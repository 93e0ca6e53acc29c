"""Which pages may open a socket: those of this site."""

from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import OriginValidator, WebsocketDenier


class SameOrigin(OriginValidator):  # type: ignore[misc] # channels is not typed
    """Refuses also an Origin that is no address; Channels' own check fails on one."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        check = super().__call__ if _is_address(scope) else WebsocketDenier()
        await check(scope, receive, send)


def _is_address(scope: Any) -> bool:
    origins = [value.decode("latin-1") for key, value in scope["headers"] if key == b"origin"]
    try:
        return all(urlsplit(origin).port != 0 for origin in origins)
    except ValueError:
        return False
