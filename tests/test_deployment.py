"""What the deployment files promise."""

import io
import logging
import os
import re
import stat
import subprocess
import sys

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from forum.chat.models import Message
from tests.support.servers import BASE

SERVICES = yaml.safe_load((BASE / "docker-compose.yml").read_text())["services"]
OURS = ("web", "worker")


def test_there_are_the_five_services():
    assert set(SERVICES) == {"web", "worker", "redis", "postgres", "caddy"}


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_says_whether_it_is_well(name):
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", set(SERVICES) - {"caddy"})
def test_only_the_proxy_can_be_reached_from_outside(name):
    assert "ports" not in SERVICES[name]


@pytest.mark.parametrize("name", OURS)
def test_our_containers_can_write_to_their_data_only(name):
    assert SERVICES[name]["read_only"] is True


@pytest.mark.parametrize("name", OURS)
def test_secrets_come_from_files(name):
    given = SERVICES[name]["environment"]
    assert all(f"{key}_FILE" in given for key in ("SECRET_KEY", "FIELD_KEY", "PREFIX_KEY"))


def test_the_image_runs_as_nobody_in_particular():
    assert "\nUSER handrail\n" in (BASE / "Dockerfile").read_text()


@pytest.mark.parametrize("name", ["base", "dev"])
def test_every_locked_package_has_its_hashes_and_no_address(name):
    lock = (BASE / "requirements" / f"{name}.txt").read_text()
    packages = re.findall(r"^[\w.\[\],-]+==.*?(?=^[\w]|\Z)", lock, re.MULTILINE | re.DOTALL)
    assert packages
    assert all("--hash=sha256:" in package for package in packages)
    assert "http" not in lock.replace("httptools", "").replace("httpx", "").replace("httpcore", "")


def test_every_setting_of_the_environment_is_documented():
    code = (BASE / "forum" / "settings.py").read_text()
    names = set(re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', code))
    text = (BASE / "docs" / "operation.md").read_text()
    assert names
    assert [name for name in names if f"`{name}`" not in text] == []


def run(*args, **env):
    whole = {**os.environ, **env}
    return subprocess.run(
        [sys.executable, "manage.py", *args], cwd=BASE, env=whole, capture_output=True, text=True,
        check=False, input=env.get("INPUT"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"HANDRAIL_ENV": "staging"}, "HANDRAIL_ENV"),
        ({"HANDRAIL_ENV": "production", "ORIGINS": "http://a.example"}, "ORIGINS"),
        ({"ORIGINS": "https://*.example"}, "ORIGINS"),
        ({"HANDRAIL_ENV": "production", "ORIGINS": "https://a.example"}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"PORT": "http"}, "PORT"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(env, named):
    done = run("check", **env)
    assert done.returncode != 0
    assert named in done.stderr


def test_keys_that_were_made_here_can_be_read_by_us_only(tmp_path):
    assert run("check", DATA_DIR=str(tmp_path)).returncode == 0
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()}
    assert modes == {0o600}


def test_a_port_in_use_is_said_before_anything_else(tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("serve_demo", DATA_DIR=str(tmp_path), PORT=port, ORIGINS="http://a.example")
    assert done.returncode == 1
    assert "in use" in done.stderr
    assert not list(tmp_path.glob("*.sqlite3"))


@pytest.mark.django_db
def test_seeding_prints_no_line_for_each_message(caplog):
    call_command("seed", stdout=io.StringIO())
    assert Message.objects.count() > 50
    assert [line for line in caplog.messages if "event=posted" in line] == []
    logging.getLogger("forum").info("heard again")
    assert "heard again" in caplog.messages


def test_screen_names_the_line_that_it_can_not_read():
    done = run("screen", INPUT='{"text": "hello"}\n{"words": 1}\n')
    assert '"action": "allow"' in done.stdout
    assert "Line 2" in done.stderr


def test_no_path_of_a_machine_is_committed():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=BASE, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    needles = ("/" + "work/", "/" + "root/")
    for name in filter(None, listed.stdout.decode().split("\0")):
        content = (BASE / name).read_bytes().decode("utf-8", "ignore")
        assert not any(needle in content for needle in needles), name


@pytest.mark.parametrize(
    ("peer", "seen"), [("172.18.0.4", "198.51.100.7"), ("203.0.113.9", "203.0.113.9")]
)
async def test_forwarding_headers_are_believed_from_the_proxys_network_only(peer, seen):
    clients = []

    async def app(scope, receive, send):
        clients.append(scope["client"][0])

    headers = [(b"x-forwarded-for", b"198.51.100.7")]
    scope = {"type": "http", "scheme": "http", "client": (peer, 1), "headers": headers}
    await ProxyHeadersMiddleware(app, settings.PROXY_ADDRESSES)(scope, None, None)
    assert clients == [seen]
