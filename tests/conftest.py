"""Fixtures for all tests. The settings of the tests' own process use a folder of their own."""

import os
import tempfile
from pathlib import Path

# Before Django reads its settings: keys and database of a test run are never those of the product.
_folder = tempfile.mkdtemp(prefix="handrail-tests-")
os.environ.update(DATA_DIR=_folder, HANDRAIL_ENV="demo", ORIGINS="http://testserver")
for _name in ("DATABASE_URL", "REDIS_URL"):
    os.environ.pop(_name, None)

import pytest  # noqa: E402
from django.core.management import call_command  # noqa: E402

from tests.support import servers  # noqa: E402

pytest_plugins = ["tests.support.cast"]


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
