"""Refuses large request bodies before anything is kept of them: there are no files to send here."""

from collections.abc import Awaitable, Callable
from typing import Any

# A share of 16,000 characters, each up to 12 bytes in a form, and the rest of its form.
MOST_BYTES = 256 * 1024
WORDS = b"That is more than can be sent at once. Please shorten it, or send it in parts.\n"

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


def limited(app: App) -> App:
    """The same application, called with whole bodies of at most MOST_BYTES only.

    A body is read before Django sees the request: Django would spool it to the disk first, whoever
    sends it.
    """

    async def wrapped(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["method"] in ("GET", "HEAD", "OPTIONS") and not _announces_a_body(scope):
            await app(scope, receive, send)
        elif (body := await _whole_body(scope, receive)) is None:
            await _refuse(send)
        else:
            await app(scope, _again(body, receive), send)

    return wrapped


def _announces_a_body(scope: dict[str, Any]) -> bool:
    return any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])


async def _whole_body(scope: dict[str, Any], receive: Receive) -> list[dict[str, Any]] | None:
    """The messages of the body, or of its end when the client went away; None when too large."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    if any(not value.isdigit() or int(value) > MOST_BYTES for value in lengths):
        return None
    found: list[dict[str, Any]] = []
    size = 0
    while True:
        message = await receive()
        found.append(message)
        size += len(message.get("body", b""))
        if size > MOST_BYTES:
            return None
        if not message.get("more_body", False):
            return found


def _again(body: list[dict[str, Any]], receive: Receive) -> Receive:
    waiting = iter(body)

    async def received() -> dict[str, Any]:
        return next(waiting, None) or await receive()

    return received


async def _refuse(send: Send) -> None:
    """And close: what is still on its way is not read."""
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(WORDS)).encode()),
        (b"connection", b"close"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'"),
        (b"referrer-policy", b"same-origin"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": WORDS})
