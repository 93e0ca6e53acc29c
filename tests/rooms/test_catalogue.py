"""What the catalogue, a charter and the form to join say of a room."""

import re

import pytest

from forum.rooms import charters
from forum.rooms.models import Room
from tests.support.cast import sign_in

pytestmark = pytest.mark.django_db
NOT_AFFILIATED = "not affiliated with or endorsed by Alcoholics Anonymous"


def card_of(page, slug):
    """The part of the catalogue about one room."""
    cards = page.content.decode().split('<li class="card">')
    return next(card for card in cards if f'/rooms/{slug}/"' in card)


def parts_in(language, page):
    """The texts of elements that say which language they are in."""
    pattern = rf'<(\w+)[^>]* lang="{language}"[^>]*>(.*?)</\1>'
    return [text for _, text in re.findall(pattern, page.content.decode(), re.DOTALL)]


@pytest.mark.parametrize("path", ["/rooms/aa-members/", "/rooms/aa-members/join/"])
def test_where_a_fellowship_is_named_it_says_independent(client, lee, first_days, path):
    text = sign_in(client, lee).get(path).content.decode()
    before_the_charter = text.split("<dl", 1)[0]
    assert NOT_AFFILIATED in before_the_charter


def test_the_card_of_a_room_says_that_it_is_independent(client, first_days):
    page = client.get("/rooms/")
    assert NOT_AFFILIATED in card_of(page, "aa-members")
    assert "independent" not in card_of(page, "first-days")


def test_the_card_of_a_room_names_its_topics(client, first_days):
    assert ">Grief<" in card_of(client.get("/rooms/"), "grief")


def test_a_topic_narrows_the_catalogue_to_rooms_that_have_it(client, first_days):
    page = client.get("/rooms/?topic=grief").content.decode()
    fitting = [room for room in Room.objects.all() if "grief" in room.topics]
    assert page.count('<li class="card">') == len(fitting)


def test_a_spanish_charter_is_spanish_throughout(client, first_days):
    page = client.get("/rooms/en-espanol/")
    (charter,) = [part for part in parts_in("es", page) if "<dt" in part]
    assert "Qué puedes esperar" in charter
    assert not any(words in charter for words in charters.HEADINGS["en"].values())


def test_where_headings_are_not_translated_they_say_that_they_are_english(client, first_days):
    Room.objects.filter(slug="grief").update(language="cy")
    text = client.get("/rooms/grief/").content.decode()
    assert '<dt lang="en">What you can expect</dt>' in text


@pytest.mark.parametrize("language", charters.HEADINGS)
def test_every_section_of_a_charter_has_a_heading(language):
    assert tuple(charters.HEADINGS[language]) == charters.ORDER
