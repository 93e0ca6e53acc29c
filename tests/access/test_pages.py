"""A1: every page of the URL patterns x method x role x state of what it is about."""

import re
from dataclasses import dataclass
from functools import cache

import pytest

from tests.access.asking import METHODS, PAGES, address_of, ask, cookies_of, states_of, word_for
from tests.access.expected import EXPECTED, Row
from tests.support import world

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("everything")]
LOOKS = [name for name, methods in EXPECTED.items() if "*" not in methods["GET"]]
ACCEPTED = ("200", "done")


@dataclass(frozen=True)
class Cell:
    word: str
    page: str  # without what differs each time


@pytest.fixture(scope="module")
def cell(of):
    """What one role gets by one method from one page in one state; each is asked for once."""
    cookies = {role: cookies_of(role, of) for role in world.ROLES}

    @cache
    def asked(role: str, method: str, name: str, state: str) -> Cell:
        answer, wrote = ask(cookies[role], method, name, address_of(name, state, role, of))
        word = word_for(answer, wrote)
        if wrote and word not in ACCEPTED:
            word = f"{word}, and changed something"
        return Cell(word, _plain(answer.content.decode()))

    return asked


def _plain(page: str) -> str:
    return re.sub(r'nonce="[^"]*"|csrfmiddlewaretoken" value="[^"]*"', "", page)


def _without_the_way(page: str) -> str:
    """A room that anybody finds in the catalogue may lead to its charter; nothing else differs."""
    return re.sub(r"<p data-way>.*</p>\n", "\n", page)


def row_for(name: str, method: str, state: str) -> Row:
    rows = EXPECTED[name][method]
    return rows.get(state) or rows["*"]


def states_written(name: str, rows: dict[str, Row]) -> tuple[str, ...]:
    return states_of(name) if "*" in rows and name in PAGES else tuple(rows)


def test_every_page_method_and_state_has_a_row_and_no_row_is_stale():
    wanted = {(name, method, state) for name in PAGES for method in METHODS
              for state in states_of(name)}  # fmt: skip
    written = {
        (name, method, state)
        for name, methods in EXPECTED.items()
        for method, rows in methods.items()
        for state in states_written(name, rows)
    }
    assert sorted(wanted - written) == []
    assert sorted(written - wanted) == []


def test_every_row_has_an_answer_for_every_role():
    for name, methods in EXPECTED.items():
        for method, rows in methods.items():
            for state, row in rows.items():
                assert tuple(row) == world.ROLES, (name, method, state)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", EXPECTED)
def test_every_role_gets_the_answer_of_the_table(cell, name, method):
    # What looks at no state is asked about one of them.
    states = states_of(name)[:1] if "*" in EXPECTED[name][method] else states_of(name)
    cells = [(state, role) for state in states for role in world.ROLES]
    got = {(state, role): cell(role, method, name, state).word for state, role in cells}
    wanted = {(state, role): row_for(name, method, state)[role] for state, role in cells}
    assert {at: word for at, word in got.items() if word != wanted[at]} == {}


@pytest.mark.parametrize("name", [name for name in LOOKS if len(states_of(name)) > 1])
def test_what_is_not_for_one_looks_like_what_is_not_there(cell, name):
    for role in world.ROLES:
        answers = [cell(role, "GET", name, state) for state in states_of(name)]
        nothing = {_without_the_way(answer.page) for answer in answers if answer.word == "404"}
        assert len(nothing) <= 1, role


def test_only_a_listed_room_leads_to_its_charter(cell):
    led = [s for s in world.ROOMS if "data-way" in cell("outsider", "GET", "chat:room", s).page]
    assert led == ["open", "closed"]


@pytest.mark.parametrize("name", LOOKS)
def test_no_page_shows_words_that_are_not_for_its_reader(of, cell, name):
    texts = of.texts()
    for state in states_of(name):
        for role in world.ROLES:
            page = cell(role, "GET", name, state).page
            for message in (message for words, message in texts if words in page):
                assert of.may_read(role, message), (state, role, message.status, message.room.slug)


@pytest.mark.parametrize(
    ("role", "name", "state", "whose"),
    [
        ("member", "chat:room", "open", "other"),
        ("member", "chat:events", "open", "other"),
        ("muted", "chat:message", "own held", "own held"),
        ("moderator 2fa", "desk:case", "open", "other held"),
    ],
)
def test_the_words_are_found_where_they_may_be_read(of, cell, role, name, state, whose):
    """So that the test above can't pass because it looks for the wrong thing."""
    message = of.own[role].get(whose) or of.messages[whose]
    assert world.words_of(message.client_id) in cell(role, "GET", name, state).page


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_no_page_takes_another_method(cell, method):
    ours = [name for name in EXPECTED if not name.startswith(("account_", "mfa_"))]
    got = {(name, role): cell(role, method, name, states_of(name)[0]).word
           for name in ours for role in ("stranger", "member", "moderator 2fa")}  # fmt: skip
    assert {at: word for at, word in got.items() if word not in ("405", "in", "404")} == {}
