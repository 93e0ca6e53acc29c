"""Fixtures for all tests."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.support import servers

pytest_plugins = ["tests.support.cast", "tests.support.world"]


@pytest.fixture(scope="session", autouse=True)
def static_files():
    """Pages name their static files by hash, so the files are collected as for serving."""
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory):
    with servers.redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory):
    with servers.postgres_server(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    """The product on SQLite and the in-memory layer."""
    with servers.running_app(Path(tmp_path_factory.mktemp("app"))) as running:
        yield running


@pytest.fixture(scope="session")
def told(app):
    """One of everything in the running product (tests.support.world): cookies, addresses, ids."""
    code = "from tests.access import asking; asking.tell()"
    return json.loads(app.manage("shell", "-v", "0", "-c", code).splitlines()[-1])
