"""The product as docker-compose.yml runs it: production settings, two web processes on Redis and
PostgreSQL, and a worker beside them."""

import json
import secrets
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.support import servers
from tests.support.sockets import connected

pytestmark = [pytest.mark.redis, pytest.mark.postgres, pytest.mark.xdist_group("postgres")]
ORIGIN = "https://127.0.0.1"
ROOM = "grief"
MOST_SOCKETS = 40


@pytest.fixture(scope="module")
def production(tmp_path_factory, redis_url, postgres_url):
    keys = {name: secrets.token_hex(32) for name in ("SECRET_KEY", "FIELD_KEY", "PREFIX_KEY")}
    stores = {"REDIS_URL": redis_url, "DATABASE_URL": postgres_url}
    running = servers.running_app(
        tmp_path_factory.mktemp("production"), people=False, HANDRAIL_ENV="production",
        ORIGINS=ORIGIN, WEB_WORKERS="2", **stores, **keys,
    )  # fmt: skip
    with running as app:
        app.url = ORIGIN  # what a browser says to the proxy
        yield app
        app.stop()  # gently: killed, the first process would leave the others behind


@pytest.fixture(scope="module")
def cookies(production):
    made = production.manage(
        "mint_sessions", "--allow", "--count", str(MOST_SOCKETS), "--room", ROOM
    )
    return [json.loads(line)["cookie"] for line in made.splitlines()]


def sockets_of_each_process(app) -> list[int]:
    """How many connections each of the web processes holds."""
    main = app.pid
    web = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    return [_sockets(pid) for pid in web if _sockets(pid)]


def _sockets(pid: str) -> int:
    links = [fd.readlink() for fd in Path(f"/proc/{pid}/fd").iterdir()]
    return sum(str(link).startswith("socket:") for link in links)


async def test_whoever_has_which_process_all_hear_the_same(production, cookies):
    before = sockets_of_each_process(production)
    assert len(before) == 2
    async with AsyncExitStack() as stack:
        sockets = []
        while len(sockets) < 4 or any(
            now <= then
            for now, then in zip(sockets_of_each_process(production), before, strict=True)
        ):
            assert len(sockets) < MOST_SOCKETS, "one process takes every socket"
            one = connected(production, cookies[len(sockets)], ROOM)
            sockets.append(await stack.enter_async_context(one))
        for number in range(8):
            speaker = sockets[number % len(sockets)]
            ack = await speaker.post(f"hello over there, number {number}")
            for listener in sockets:
                if listener is not speaker:
                    event = await listener.hear("message.posted", seq=ack["seq"])
                    assert event["message"]["id"] == ack["message_id"]


def test_cookies_and_headers_are_those_of_https(production, cookies):
    assert all(cookie.startswith("__Host-sessionid=") for cookie in cookies)


@pytest.fixture
def without_web(production):
    production.stop()
    yield production
    production.start()


def test_the_worker_alone_answers_for_texts_that_wait(without_web, cookies):
    without_web.manage("shell", "-v", "0", "-c", WAITING)
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "moderation_worker"], cwd=servers.BASE, env=without_web.env
    )
    try:
        servers.wait_for(lambda: waiting(without_web) == 0, "an answer of the worker")
    finally:
        worker.terminate()
        assert worker.wait(15) == 0


def waiting(app) -> int:
    return int(app.manage("shell", "-v", "0", "-c", HOW_MANY))


WAITING = """
import uuid
from django.test import override_settings
from forum.chat import posting
from forum.chat.posting import Post
from forum.rooms.models import Membership
member = Membership.objects.filter(room__slug='grief').first()
with override_settings(MODERATION_ENGINE='tests.support.engines.Throws.load'):
    posting.post(Post(member.account_id, 'grief', 'hello from below', uuid.uuid4()))
"""
HOW_MANY = "from moderation import gate; print(gate.waiting_unscreened())"
