"""The product's settings with sockets that live for seconds, for a server."""

from forum.settings import *  # noqa: F403 - settings are names

SOCKET_SECONDS = 3
