"""Starting the web server the one way it is meant to run."""

import socket

import uvicorn
from django.conf import settings
from django.core.management.base import CommandError
from uvicorn.supervisors import Multiprocess

MOST_FRAME_BYTES = 16_384


def check_port(host: str, port: int) -> None:
    """CommandError when the port is taken, before anything else is done."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} on {host} is in use. Stop what runs there, or choose another one:"
                f" make run PORT={port + 1}"
            ) from error


def serve(host: str, port: int, workers: int = 1) -> None:
    """Serve until a signal comes. Several workers need Redis between them."""
    if workers > 1 and not settings.REDIS_URLS:
        raise CommandError("Several workers need REDIS_URL, so that they hear of each other.")
    config = uvicorn.Config(
        "forum.asgi:application",
        host=host,
        port=port,
        workers=workers,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=MOST_FRAME_BYTES,
        ws_per_message_deflate=False,  # a memory cost per socket, and a leak (CRIME) beside secrets
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=settings.BEHIND_PROXY,
        forwarded_allow_ips=settings.PROXY_ADDRESSES if settings.BEHIND_PROXY else None,
        timeout_graceful_shutdown=10,
    )
    if workers == 1:
        uvicorn.Server(config).run()
        return
    bound = config.bind_socket()
    Multiprocess(config, sockets=[bound]).run()
