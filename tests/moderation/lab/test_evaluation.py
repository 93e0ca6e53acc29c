"""The figures: compared with what they are by definition."""

import json

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from moderation.lab import calibration, evaluation, rows

RANKED = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.5, 0.9])), min_size=2)


@given(RANKED)
def test_the_area_under_roc_is_how_often_a_positive_scores_above_a_negative(ranked):
    positives = [s for t, s in ranked if t]
    negatives = [s for t, s in ranked if not t]
    if not positives or not negatives:
        return
    wins = sum((p > n) + (p == n) / 2 for p in positives for n in negatives)
    truth, scores = zip(*ranked, strict=True)
    found = evaluation.area_under_roc(truth, scores)
    assert found == pytest.approx(wins / len(positives) / len(negatives))


def test_average_precision_of_a_perfect_and_of_a_useless_order():
    assert evaluation.average_precision([True, True, False], [0.9, 0.8, 0.1]) == 1.0
    assert evaluation.average_precision([True, False, False, False], [0.5] * 4) == 0.25


def test_platt_finds_the_probabilities_that_made_the_answers():
    import numpy as np

    rng = np.random.default_rng(3)
    logits = rng.normal(size=4000) * 3
    truth = (rng.random(4000) < 1 / (1 + np.exp(-(0.7 * logits - 1)))).astype(float)
    slope, offset = calibration.platt(logits[:, None], truth)
    assert slope == pytest.approx(0.7, abs=0.06)
    assert offset == pytest.approx(-1, abs=0.12)


def test_reliability_compares_what_was_said_with_what_was_so():
    assert calibration.reliability([0.1, 0.1, 0.9, 0.9], [False, False, True, False], bins=2) == [
        (pytest.approx(0.1), 0.0, 2),
        (pytest.approx(0.9), 0.5, 2),
    ]


def test_a_file_of_rows_is_judged_by_the_command(tmp_path, capsys):
    path = tmp_path / "some.jsonl"
    lines = [{"text": "selling percs, hmu", "labels": {"dealing": 1}},
             {"text": "good morning all", "labels": {"dealing": 0}}]  # fmt: skip
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    call_command("evaluate", str(path), "--as", "dealing=sourcing")
    said = capsys.readouterr().out
    assert "sourcing" in said
    assert "harm: 1 rows, flagged 1.000" in said


@pytest.mark.parametrize("line", ["no json", '{"text": "x"}', "[]"])
def test_a_line_that_is_no_row_is_named(tmp_path, line):
    path = tmp_path / "bad.jsonl"
    path.write_text(line)
    with pytest.raises(rows.RowError, match=r"bad\.jsonl:1"):
        list(rows.read(path))


def test_a_set_that_is_not_there_is_named():
    with pytest.raises(CommandError, match="neither train"):
        call_command("evaluate", "no-such-set")
