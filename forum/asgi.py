"""Wiring: pages to Django, /ws/ to the socket, start and stop to the runtime."""

import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forum.settings")
django.setup()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - after django.setup()
from django.conf import settings  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.urls import path  # noqa: E402

from forum.body_limit import limited  # noqa: E402
from forum.chat import runtime  # noqa: E402
from forum.chat.socket import RoomsSocket  # noqa: E402
from forum.origin import SameOrigin  # noqa: E402


async def lifespan(scope: Any, receive: Any, send: Any) -> None:
    """Start the hub before the first connection, stop it after the last."""
    await receive()
    tasks = await runtime.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await runtime.stop(tasks)
    await send({"type": "lifespan.shutdown.complete"})


application = ProtocolTypeRouter(
    {
        "http": limited(get_asgi_application()),
        "websocket": SameOrigin(URLRouter([path("ws/", RoomsSocket.as_asgi())]), settings.ORIGINS),
        "lifespan": lifespan,
    }
)
