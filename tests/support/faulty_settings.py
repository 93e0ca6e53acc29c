"""The product's settings with an engine that fails when a text asks for it, for a server."""

import os

from forum.settings import *  # noqa: F403 - settings are names
from forum.settings import DATABASES

MODERATION_ENGINE = "tests.support.engines.ByWords.load"
if os.environ.get("READ_ONLY") == "1":
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA query_only=ON;"
