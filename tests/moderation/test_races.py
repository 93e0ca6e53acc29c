"""Two at once, on the databases that the product runs on: one of them wins, nothing is doubled."""

import json
import os
import uuid

import psycopg
import pytest

from tests.support.servers import RunningApp

POSTGRES = pytest.mark.xdist_group("postgres")  # one server for all of them
RACE = "from tests.support import races; races.{}"


@pytest.fixture
def database(request, tmp_path):
    """The URL of an empty database; empty for SQLite in a file of its own."""
    if request.param == "sqlite":
        return ""
    server = request.getfixturevalue("postgres_url")
    name = f"race_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.removesuffix("postgres") + name


@pytest.fixture
def race(database, tmp_path):
    env = {**os.environ, "DATA_DIR": str(tmp_path / "var"), "PORT": "1"}  # nothing listens
    env.pop("DJANGO_SETTINGS_MODULE", None)
    if database:
        env["DATABASE_URL"] = database
    app = RunningApp(env, tmp_path / "log")
    app.manage("migrate", "-v", "0")

    def outcome(name):
        return json.loads(app.manage("shell", "-v", "0", "-c", RACE.format(name)).splitlines()[-1])

    return outcome


on_each_database = pytest.mark.parametrize(
    "database",
    ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, POSTGRES])],
    indirect=True,
)


@on_each_database
def test_of_two_moderators_who_decide_at_once_one_is_told_that_it_was_decided(race):
    assert race("two_decide()") == {
        "answers": ["case.closed", "decided"],
        "decisions": 1,
        "notices": 1,
        "logged": 1,
    }


@on_each_database
def test_workers_who_share_a_pile_answer_each_text_once(race):
    assert race("workers_rescreen()") == {
        "answered": 20,
        "published": 20,
        "events": 20,
        "notices": 20,
        "waiting": 0,
    }


@pytest.mark.parametrize(
    ("database", "how", "what"),
    [
        ("sqlite", "mute", "text"),
        ("sqlite", "mute", "edit"),
        ("sqlite", "mute", "reaction"),
        ("sqlite", "leave", "text"),
        ("sqlite", "close", "text"),
        pytest.param("postgres", "mute", "text", marks=[pytest.mark.postgres, POSTGRES]),
        pytest.param("postgres", "mute", "edit", marks=[pytest.mark.postgres, POSTGRES]),
        pytest.param("postgres", "leave", "text", marks=[pytest.mark.postgres, POSTGRES]),
    ],
    indirect=["database"],
)
def test_from_the_commit_on_that_ends_a_right_nothing_is_taken(race, how, what):
    """A2, while somebody writes without a pause."""
    told = race(f"writes_while_rights_end({how!r}, {what!r})")
    assert told == {"begun_late": 0, "taken_after": 0}


@on_each_database
def test_an_edit_and_a_decision_at_once_do_not_wait_for_each_other_for_ever(race):
    assert race("edits_while_a_moderator_decides()") == {"failed": [], "removed": 20, "open": 0}


@on_each_database
def test_of_two_texts_under_one_client_id_one_is_told_that_it_was_used(race):
    assert race("one_client_id_for_two_texts()") == {"answers": ["client_id.reused", "published"]}
