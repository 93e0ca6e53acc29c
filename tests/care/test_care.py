"""Help that is reachable by everybody, and reference data that is safe to show."""

import pytest

from forum.care import cards, lines
from forum.care.models import BrokenLineReport


def test_no_line_is_shown_without_its_hours():
    assert all(line.hours for country in lines.countries() for line in country.lines)


def test_every_country_has_an_emergency_number():
    assert [c.iso for c in lines.countries() if not c.emergency] == []


@pytest.mark.parametrize("name", cards.NAMES)
@pytest.mark.parametrize("iso", ["US", "GB", None, "XX"])
def test_a_card_has_three_lines_at_most_and_says_what_to_call(name, iso):
    card = cards.card(name, iso)
    assert len(card.lines) <= lines.MOST_ON_A_CARD
    assert bool(card.emergency) == (iso in ("US", "GB"))


def test_the_overdose_card_begins_with_the_call():
    assert cards.card("overdose", "US").steps[0].startswith("Call the emergency number (911)")


@pytest.mark.django_db
def test_the_help_page_remembers_a_chosen_country_and_guesses_none(client):
    assert b"Choose your country" in client.get("/help/").content
    client.get("/help/?country=GB")
    assert b"999" in client.get("/help/").content


@pytest.mark.django_db
def test_a_broken_line_can_be_reported_and_nothing_else(client):
    name = lines.country("GB").lines[0].name
    client.post("/help/broken/", {"country": "GB", "line": name, "note": "rang out"})
    assert client.post("/help/broken/", {"country": "GB", "line": "spam"}).status_code == 422
    assert BrokenLineReport.objects.get().line == name
