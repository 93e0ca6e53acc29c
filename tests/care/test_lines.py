"""The crisis lines as they are shown, and what makes the file unusable."""

import json
import re

import pytest

from forum.care import cards, lines
from forum.care.lines import LinesError

RAW = json.loads(lines.FILE.read_text(encoding="utf-8"))
SHOWN = [(country, line) for country in lines.countries() for line in country.lines]
LINE = {
    "name": "A line",
    "kind": "emotional",
    "number": "12 34",
    "tel": "1234",
    "text": "",
    "hours": "24/7",
    "languages": "",
    "audience": "everyone",
    "cost": "free",
    "url": "",
    "note": "to be confirmed by the operator",
    "verified": True,
    "shown_by_default": True,
}
COUNTRY = {"iso": "XX", "country": "Nowhere", "emergency": ["112"], "note": "", "lines": [LINE]}


def read(*, notes=(), country=None, **changed):
    entry = {**COUNTRY, **(country or {}), "lines": [{**LINE, **changed}]}
    return lines.read_countries([entry], lines.read_notes({"note": notes}))[0]


def test_every_country_of_the_file_can_be_chosen():
    assert len(lines.countries()) == len(RAW["countries"]) == 40


def test_every_country_has_an_emergency_number_that_can_be_dialled():
    for country in lines.countries():
        assert all(re.fullmatch(r"\d{2,5}", number) for number in country.emergency), country.iso


def test_an_emergency_number_by_text_is_told_in_words():
    france = lines.country("FR")
    assert france.emergency == ("112", "15")
    assert france.emergency_besides == ("114 (SMS, deaf)",)


def test_every_country_has_a_line():
    assert [country.iso for country in lines.countries() if not country.lines] == []


def test_no_line_is_shown_without_hours_and_cost():
    assert [line.name for _, line in SHOWN if not (line.hours and line.cost)] == []


def test_every_number_to_call_can_be_read_and_dialled():
    for country, line in SHOWN:
        assert bool(line.number) == bool(line.tel), (country.iso, line.name)
        assert re.fullmatch(r"[+*]?\d*", line.tel), (country.iso, line.name)


def test_only_lines_that_somebody_verified_are_shown():
    verified = {
        (country["iso"], line["name"])
        for country in RAW["countries"]
        for line in country["lines"]
        if line["verified"]
    }
    assert {(country.iso, line.name) for country, line in SHOWN} <= verified


def test_the_doubts_of_the_file_reach_nobody():
    texts = [f"{country.note} {line.note} {line.text} {line.hours}" for country, line in SHOWN]
    assert [text for text in texts if re.search("recalled|confirm|do not list", text, re.I)] == []


def test_countries_stand_by_name():
    names = [country.name for country in lines.countries()]
    assert names == sorted(names)


def test_a_country_is_found_in_small_letters_too():
    assert lines.country("gb") == lines.country("GB")


@pytest.mark.parametrize("iso", [None, "", "XX", "United Kingdom"])
def test_an_unknown_country_has_no_lines(iso):
    assert lines.country(iso) is None
    assert lines.card_lines(iso, lines.KINDS) == []


def test_a_card_has_one_line_of_each_kind_before_a_second_of_any():
    kinds = [line.kind for line in lines.card_lines("GB", cards.TALK)]
    assert kinds == ["suicide_crisis", "emotional", "suicide_crisis"]


def test_lines_for_everyone_come_before_those_for_some():
    names = [line.name for line in lines.country("US").of_kinds(["suicide_crisis"])]
    assert names.index("Crisis Text Line") < names.index("Veterans Crisis Line")


def test_the_order_of_the_kinds_is_the_order_of_the_lines():
    asked = ("alcohol_drugs", "suicide_crisis")
    assert [line.kind for line in lines.card_lines("MX", asked)] == list(asked)


def test_a_line_that_is_not_shown_by_default_is_left_out():
    assert read(shown_by_default=False).lines == ()


def test_a_text_number_that_nobody_confirmed_is_left_out():
    assert read(text="0477 000 000 (recalled)").lines[0].text == ""


def test_hours_that_nobody_confirmed_ask_to_be_checked():
    assert read(hours="8-20 (recalled)").lines[0].hours == "8-20 (please check)"


def test_a_note_for_members_stands_beside_its_line():
    note = {"country": "XX", "line": "A line", "text": "Press 1."}
    assert read(notes=[note]).lines[0].note == "Press 1."


def test_a_note_for_the_operator_is_not_shown():
    assert read().lines[0].note == ""


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"hours": ""}, "without its hours"),
        ({"kind": "fortune"}, "unknown kind"),
        ({"verified": False}, "nobody verified"),
        ({"tel": "", "text": ""}, "neither called nor texted"),
        ({"country": {"emergency": ["see site"]}}, "no emergency number"),
        ({"notes": [{"country": "XX", "line": "Gone", "text": "Hm."}]}, "not shown"),
    ],
)
def test_a_bad_entry_is_refused_by_name(changed, complaint):
    with pytest.raises(LinesError, match=f"^XX.*{complaint}"):
        read(**changed)
