"""Our own samples: enough of each kind, and parts that have nothing in common."""

import re
from collections import Counter, defaultdict

import pytest

from moderation.engine.detectors.claims import Claims
from moderation.lab import rows

ALL = rows.samples()
LEAST = 150
OF_ATTACK = {"toxicity", "severe_toxicity", "obscene", "insult"}  # public sets have plenty


def test_there_are_enough_of_every_label_that_no_public_set_covers():
    counts = Counter(label for row in ALL for label in row.labels)
    wanted = {row.family.split("/")[1] for row in ALL if row.family.startswith("lookalike/")}
    assert len(wanted) > 14
    assert {label: n for label in wanted if (n := counts[label]) < LEAST} == {}


def test_there_are_enough_look_alikes_of_every_such_label():
    counts = Counter(row.family.split("/")[1] for row in ALL if row.family.startswith("lookalike/"))
    assert {label: n for label, n in counts.items() if n < LEAST} == {}


@pytest.mark.parametrize("label", ["crisis", "overdose", "withdrawal_danger", "sourcing"])
def test_the_gravest_are_there_in_spanish_too(label):
    spanish = [row for row in ALL if row.lang == "es" and label in row.labels]
    assert {row.split for row in spanish} == set(rows.SPLITS)


def test_no_scene_is_in_two_splits():
    splits = defaultdict(set)
    for row in ALL:
        splits[row.scene].add(row.split)
    assert [scene for scene, found in splits.items() if len(found) > 1] == []


def test_no_run_of_six_words_is_in_two_splits():
    splits = defaultdict(set)
    for row in ALL:
        words = re.findall(r"[\w']+", row.text.lower())
        for start in range(len(words) - 5):
            splits[tuple(words[start : start + 6])].add(row.split)
    assert [" ".join(run) for run, found in splits.items() if len(found) > 1] == []


def test_no_text_is_there_twice():
    texts = Counter(" ".join(re.findall(r"\w+", row.text.lower())) or row.text for row in ALL)
    assert [text for text, n in texts.items() if n > 1] == []


def test_every_claim_that_is_named_is_in_the_base():
    assert {row.claim for row in ALL if row.claim} <= set(Claims().claims)


def test_every_claim_that_can_be_wrong_is_asserted_and_answered():
    asserted = {row.claim for row in ALL if row.labels}
    answered = {row.claim for row in ALL if not row.labels}
    debatable = {c.id for c in Claims().claims.values() if c.severity == "debatable"}
    assert set(Claims().claims) - debatable - asserted == set()
    assert set(Claims().claims) - answered == set()


def test_telephone_numbers_are_of_the_kind_that_nobody_has():
    numbers = [n for row in ALL for n in re.findall(r"\b\d{3}[-. ]\d{3}[-. ]\d{4}\b", row.text)]
    helplines = {"1-800-662-4357", "800-273-8255", "800 911 2000"}
    assert [n for n in numbers if "555" not in n and not any(n in h for h in helplines)] == []
