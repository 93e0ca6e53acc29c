"""Support cards: what somebody reads when their words are heavy."""

import json

import pytest

from forum.care import cards, lines

EVERY = [(name, iso) for name in cards.NAMES for iso in (None, *(c.iso for c in lines.countries()))]


def words(card):
    return " ".join([card.title, *card.text, *card.steps, card.before_lines])


def test_there_is_a_card_for_each_need():
    assert set(cards.NAMES) == {"crisis", "overdose", "withdrawal", "relapse", "cravings"}


def test_an_unknown_card_is_an_error():
    with pytest.raises(KeyError):
        cards.card("horoscope", "GB")


def test_no_card_has_more_than_three_lines():
    assert max(len(cards.card(name, iso).lines) for name, iso in EVERY) == 3


def test_every_line_on_a_card_has_its_hours():
    frames = [cards.card(name, iso).as_frame() for name, iso in EVERY]
    assert all(line["hours"] for frame in frames for line in frame["lines"])


@pytest.mark.parametrize("name", ["crisis", "overdose", "withdrawal"])
def test_a_card_of_danger_names_the_emergency_number_of_the_country(name):
    card = cards.card(name, "GB")
    assert card.emergency == ("999", "112")
    assert "999 or 112" in words(card)


@pytest.mark.parametrize("name", ["crisis", "overdose", "withdrawal"])
def test_without_a_country_a_card_of_danger_names_112(name):
    assert "112 works in many countries" in words(cards.card(name, None))


@pytest.mark.parametrize("name", cards.NAMES)
def test_without_a_country_a_card_says_how_to_choose_one(name):
    card = cards.card(name, None)
    assert card.lines == ()
    assert "by country" in card.before_lines


def test_a_country_can_be_chosen_on_a_card_as_long_as_there_is_none():
    assert ["GB", "United Kingdom"] in cards.card("crisis", None).as_frame()["countries"]
    assert cards.card("crisis", "GB").as_frame()["countries"] == []


def test_the_overdose_card_starts_with_the_call_and_then_naloxone():
    first, second = cards.card("overdose", "US").steps[:2]
    assert first.startswith("Call the emergency number (911)")
    assert "naloxone" in second


def test_the_overdose_card_has_five_steps_and_little_else_before_them():
    frame = cards.card("overdose", "US").as_frame()
    assert (len(frame["steps"]), len(frame["text"])) == (5, 1)


def test_the_crisis_card_offers_a_crisis_line_first():
    first = cards.card("crisis", "US").lines[0]
    assert first.kind == "suicide_crisis"


def test_the_relapse_card_offers_a_line_for_alcohol_and_drugs_first():
    assert cards.card("relapse", "US").lines[0].kind == "alcohol_drugs"


def test_the_relapse_card_warns_that_the_body_is_not_used_to_it():
    text = words(cards.card("relapse", None))
    assert "less than before, not alone" in text
    assert "naloxone" in text


@pytest.mark.parametrize("name", cards.NAMES)
def test_a_card_neither_shouts_nor_blames_nor_promises_that_somebody_watches(name):
    text = words(cards.card(name, "GB")).lower()
    bad = ("!", "commit", "attention", "failed", "clean", "addict", "we will", "watching", "family")
    assert [word for word in bad if word in text] == []


@pytest.mark.parametrize("name", cards.NAMES)
def test_no_card_leaves_a_blank_to_fill_in(name):
    assert "{" not in words(cards.card(name, "GB"))


def test_a_card_can_be_sent_as_json():
    frame = json.loads(json.dumps(cards.card("crisis", "GB").as_frame()))
    assert set(frame) == {
        "card", "title", "text", "steps", "before_lines", "emergency", "lines", "countries",
    }  # fmt: skip
    assert set(frame["lines"][0]) == {"name", "numbers", "text", "hours", "cost"}


def test_each_number_of_a_line_is_dialled_on_its_own():
    germany = next(line for line in lines.country("DE").lines if " or " in line.number)
    assert [one["tel"] for one in germany.numbers] == ["08001110111", "08001110222", "116123"]
    assert " or " not in " ".join(one["number"] for one in germany.numbers)
