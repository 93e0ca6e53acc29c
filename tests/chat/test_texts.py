"""What may enter, before anything is screened or stored."""

import time

import pytest

from forum.chat import texts
from forum.errors import Refused

MARKS = "\u0301\u0323"  # a normaliser has to put each pair in its order


def seconds(text):
    times = []
    for _ in range(3):
        start = time.perf_counter()
        texts.clean(text, at_most=len(text))
        times.append(time.perf_counter() - start)
    return min(times)


@pytest.mark.parametrize("marks", [MARKS, "\u05b0\u0591", "\U0001d165\u0301", "\u302e\u0323"])
def test_a_tower_of_marks_costs_about_as_much_as_plain_text_of_its_length(marks):
    few, many = ("a" + marks * count for count in (2_000, 16_000))
    assert seconds(many) < 24 * seconds(few) + 0.005  # 64 where it grows with the square


def test_eight_marks_stay_on_a_letter_and_a_row_of_signs_is_no_tower():
    assert texts.clean("q" + "\u0323" * 60 + "!", at_most=20) == "q" + "\u0323" * 8 + "!"
    assert texts.clean("❤️" * 30, at_most=60) == "❤️" * 30


def test_marks_that_invisible_controls_part_are_counted_together():
    assert len(texts.clean("q" + ("\u0323" * 8 + "\u202e") * 4, at_most=20)) == 9


def test_letters_that_are_typed_in_parts_count_as_they_are_kept():
    assert texts.clean("\u1112\u1161\u11ab" * 10, at_most=10) == "한" * 10


def test_what_is_far_too_long_is_refused_before_anything_is_done_with_it():
    with pytest.raises(Refused) as refused:
        texts.clean("a" + MARKS * 200_000, at_most=4_000)
    assert refused.value.code == "text.too_long"
    assert "400,001" in refused.value.detail
