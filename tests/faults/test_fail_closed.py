"""F1: every way to write x every fault behind the gate. Nobody reads what was not screened, its
author is told at once, and the desk knows. The frames of the socket are in
test_fail_closed_frames.py."""

import time
import uuid
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from forum.chat.models import Message
from forum.rooms.models import Membership
from moderation import gate
from moderation.models import Case
from tests.access.asking import FILLED_IN, address_of, cookies_of
from tests.access.expected import EXPECTED
from tests.support import engines, world

pytestmark = pytest.mark.django_db
TOLD_WITHIN = 1.0  # seconds


# --- every way to write --------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """A form with words in it, who sends it, and what becomes of them while nothing can be
    screened: "held" for later, "refused" for now, or "kept" for the few whom they are meant for."""

    page: str
    fields: Callable[[str], dict[str, str]]
    then: str
    role: str = "member"
    about: str = "open"
    words: str = "a quiet day, known by {}"


WAYS = {
    "a message": Way("chat:send", lambda w: {"body": w}, "held"),
    "a reply": Way("chat:send", lambda w: {"body": w, "share": "{share}"}, "held"),
    "a share": Way("chat:new_share", lambda w: {"body": w}, "held"),
    "the title of a share": Way("chat:new_share", lambda w: {"title": w}, "held"),
    "new words": Way("chat:edit", lambda w: {"body": w}, "refused", about="own"),
    "a handle": Way("rooms:join", lambda w: {"wished": w}, "refused", "outsider", "open",
                    "robin-{}"),
    # For the desk alone.
    "a report": Way("chat:report", lambda w: {"note": w}, "kept", about="other"),
    "a moderator's note": Way("desk:case", lambda w: {"note": w}, "kept", "moderator 2fa"),
    # For the author of the case alone, from somebody on duty.
    "a moderator's words": Way("desk:case", lambda w: {"message": w}, "kept", "moderator 2fa"),
    # For the operator alone.
    "a broken line": Way("care:report_line", lambda w: {"note": w}, "kept", "stranger", "-"),
    # For oneself alone.
    "a sign-in name": Way("accounts:sign_up", lambda w: {"sign_in_name": w}, "kept", "stranger",
                          "-", "night-{}"),
}  # fmt: skip
NO_WORDS_IN = {
    "quick_exit": "nothing is sent but the wish to leave",
    "care:choose_country": "one of a list",
    "chat:read": "a number",
    "accounts:recovery_key": "a part of one's key",
    "accounts:new_recovery_key": "one's passphrase",
    "accounts:recover": "secrets",
    "accounts:passphrase": "one's passphrase",
    "accounts:end_session": "which session",
    "accounts:unmute": "a name from a list",
    "account_login": "secrets",
    "account_logout": "nothing",
    "account_reauthenticate": "one's passphrase",
    "mfa_authenticate": "a code",
    "mfa_reauthenticate": "a code",
    "mfa_activate_totp": "a code",
    "mfa_deactivate_totp": "nothing",
    "mfa_generate_recovery_codes": "nothing",
    "mfa_download_recovery_codes": "nothing",
    "rooms:leave": "nothing",
    "rooms:answer_request": "yes or no",
    "chat:delete": "nothing",
    "chat:react": "a sign from a list",
    "chat:mute": "one of two words",
    "chat:appeal": "nothing",
    "desk:claim": "one of three words",
}


def test_every_page_that_takes_something_is_a_way_to_write_or_says_why_not():
    takes = {name for name, methods in EXPECTED.items() if "*" not in methods["POST"]}
    assert takes == {way.page for way in WAYS.values()} | set(NO_WORDS_IN)


# --- every fault ---------------------------------------------------------------------------------


@contextmanager
def engine(settings, name):
    settings.MODERATION_ENGINE = f"tests.support.engines.{name}.load"
    settings.GATE_DEADLINE = 0.5 if name == "Hangs" else 5.0
    gate.runner.cache_clear()
    engines.Hangs.released.clear()
    try:
        yield
    finally:
        engines.Hangs.released.set()


@contextmanager
def busy(settings):
    """Somebody's text hangs; the next one finds the only thread taken."""
    with engine(settings, "Hangs"):
        settings.GATE_DEADLINE = 0.01
        gate.screen([gate.Draft("hello")])
        settings.GATE_DEADLINE = 0.5
        yield


@contextmanager
def read_only(settings):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            yield
        finally:
            cursor.execute("PRAGMA query_only = OFF")


FAULTS = {
    "a detector throws": lambda settings: engine(settings, "Throws"),
    "it hangs": lambda settings: engine(settings, "Hangs"),
    "it is busy": busy,
    "too few answers": lambda settings: engine(settings, "Short"),
    "a score that is no number": lambda settings: engine(settings, "NotANumber"),
    "a label that nobody knows": lambda settings: engine(settings, "UnknownLabel"),
    "an action that nobody knows": lambda settings: engine(settings, "UnknownAction"),
    "no verdicts": lambda settings: engine(settings, "NoVerdicts"),
    "it can not be loaded": lambda settings: engine(settings, "CannotLoad"),
    "it is not there": lambda settings: engine(settings, "NoSuchEngine"),
    "its policy is wrong": lambda settings: engine(settings, "PolicyInvalid"),
    "its data is missing": lambda settings: engine(settings, "DataMissing"),
}


# --- writing, and reading everywhere -------------------------------------------------------------


@pytest.fixture(scope="module")
def browser(of):
    """A window of somebody who was signed in before anything went wrong."""
    cookies = {role: cookies_of(role, of) for role in world.ROLES}

    def opened(role):
        client = Client(raise_request_exception=False)
        client.cookies.load(cookies[role])
        return client

    return opened


def write(of, browser, way: Way) -> tuple[str, object, float]:
    """The words, the answer, and how long it took."""
    words = way.words.format(world.letters_of(uuid.uuid4()))
    fields = {"client_id": str(uuid.uuid4()), **FILLED_IN.get(way.page, {}), **way.fields(words)}
    if "share" in fields:
        fields["share"] = of.share_id("other")
    client = browser(way.role)
    address = address_of(way.page, way.about, way.role, of)
    began = time.monotonic()
    with transaction.atomic():  # a view that fails must not break the test's own transaction
        answer = client.post(address, fields)
    return words, answer, time.monotonic() - began


READ_BY = {
    "facilitator": ("chat:room", "chat:events", "chat:history", "chat:shares", "chat:new_share",
                    "rooms:charter", "rooms:catalogue", "chat:notices", "accounts:settings"),
    "moderator elsewhere 2fa": ("desk:queue", "chat:notices", "rooms:catalogue"),
    "stranger": ("home", "care:help", "rooms:charter", "rooms:catalogue"),
}  # fmt: skip
A_PLACE = {"rooms:charter": "open", "chat:room": "open", "chat:events": "open",
           "chat:history": "open", "chat:shares": "open", "chat:new_share": "open"}  # fmt: skip


def read_everywhere(of, browser, role: str) -> str:
    """All that this reader can get, as one text."""
    client = browser(role)
    pages = [address_of(name, A_PLACE.get(name, "-"), role, of) for name in READ_BY[role]]
    if role == "facilitator":
        newest = Message.objects.latest("pk")
        pages += [address_of("chat:share", "other", role, of),
                  reverse("chat:message", args=[world.HERE, newest.pk]),
                  address_of("chat:message", "own", "member", of)]  # fmt: skip
        if newest.share_id:
            pages.append(reverse("chat:share", args=[world.HERE, newest.share_id]))
    return "\n".join(client.get(page).content.decode() for page in pages)


def assert_nobody_reads(of, browser, words: str) -> None:
    for role in READ_BY:
        assert words not in read_everywhere(of, browser, role), role


@pytest.fixture(autouse=True)
def _normal_engine_again(settings):
    yield
    gate.runner.cache_clear()


def test_in_good_times_the_words_of_a_message_are_read(of, browser, settings):
    """So that the tests below can't pass because they look for the wrong thing."""
    settings.GATE_DEADLINE = 5.0
    for name in ("a message", "a reply", "a share", "the title of a share", "new words"):
        words, _, _ = write(of, browser, WAYS[name])
        assert words in read_everywhere(of, browser, "facilitator"), name


# What is kept for the few is not screened, so that the kind of fault makes no difference to it.
CELLS = [
    (name, fault)
    for name, way in WAYS.items()
    for fault in (FAULTS if way.then != "kept" else ("a detector throws", "it hangs"))
]


@pytest.mark.parametrize(("name", "fault"), CELLS)
def test_nobody_reads_what_could_not_be_screened(of, browser, settings, name, fault):
    way = WAYS[name]
    with FAULTS[fault](settings):
        words, answer, _ = write(of, browser, way)
        _CHECKS[way.then](of, answer, words)
        assert_nobody_reads(of, browser, words)


def _held(of, answer, words) -> None:
    message = Message.objects.latest("pk")
    assert (answer.status_code, message.status, message.seq) == (200, "held", None)
    assert "We could not check your message just now" in answer.content.decode()
    case = Case.objects.get(content_id=str(message.pk))
    assert (case.source, case.status) == ("unscreened", "open")
    assert gate.engine_fault()


def _refused(of, answer, words) -> None:
    assert answer.status_code == 503
    assert "check" in answer.content.decode()
    assert not Message.objects.filter(body__contains=words).exists()
    assert not Membership.objects.filter(handle__name=words).exists()


def _kept(of, answer, words) -> None:
    assert answer.status_code == 302


_CHECKS = {"held": _held, "refused": _refused, "kept": _kept}


@pytest.mark.parametrize("name", WAYS)
def test_with_a_read_only_database_nothing_is_kept_and_nobody_reads_it(of, browser, settings, name):
    settings.GATE_DEADLINE = 5.0
    before = Message.objects.count()
    with read_only(settings):
        words, answer, _ = write(of, browser, WAYS[name])
    assert answer.status_code >= 500
    assert Message.objects.count() == before
    assert_nobody_reads(of, browser, words)


@pytest.mark.parametrize("name", [name for name, way in WAYS.items() if way.then != "kept"])
def test_the_author_is_told_within_a_second_when_the_engine_hangs(of, browser, settings, name):
    took = []
    for _ in range(3):  # a busy machine may need a second try
        with engine(settings, "Hangs"):
            took.append(write(of, browser, WAYS[name])[2])
        if took[-1] <= TOLD_WITHIN:
            return
    pytest.fail(f"told after {took} seconds")
