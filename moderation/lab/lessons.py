"""The lessons of a training run: every row with its targets, our own several times over."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from moderation.engine.encoder import spelled
from moderation.engine.lexicon import FOLDER
from moderation.engine.text import read
from moderation.engine.types import Draft
from moderation.lab import targets
from moderation.lab.encoder import Lesson
from moderation.lab.rows import Row

CLAIM_TIMES = 2
TYPOS = 0.3  # share of repeats that get a slip of the keyboard
LONGEST = 700  # characters of a text that are shown; of longer ones a part from anywhere


def lessons_of(
    own: Sequence[Row],
    public: Mapping[str, Sequence[Row]],
    *,
    own_times: int,
    share: float,
    seed: int,
) -> list[Lesson]:
    """Our own samples `own_times` over and the claim base with them, and a `share` of what is taken
    of each public set."""
    rng = random.Random(seed)
    lessons = [*_own(own, rng, own_times), *_claims(rng)] if own_times else []
    for name, (of, weight, most) in targets.PUBLIC.items():
        rows = [row for row in public.get(name, ()) if row.split == "train"]
        for row in rng.sample(rows, int(share * min(most, len(rows)))):
            if found := of(row):
                lessons.append(Lesson(as_read(_part(row.text, rng)), found, weight))
    return lessons


def as_read(text: str) -> str:
    """What the engine gives the model: without tricks of encoding and spelling, signs by name."""
    return spelled(read(Draft(text)).folded)


def _own(rows: Sequence[Row], rng: random.Random, times: int) -> Iterator[Lesson]:
    claims = _wordings()
    for row in rows:
        found = targets.own(row)
        for time in range(times):
            text = _with_a_slip(row.text, rng) if time and rng.random() < TYPOS else row.text
            wordings = claims.get(row.claim)
            yield Lesson(as_read(text), found, 1.0, rng.choice(wordings) if wordings else "")


def _claims(rng: random.Random) -> Iterator[Lesson]:
    """The wordings of the claim base itself, and what it says must pass."""
    for entry in _entries():
        wordings = [as_read(text) for text in [entry["claim"], *entry["phrasings"]]]
        false = entry["severity"] != "debatable"
        stigma = entry["severity"] == "stigmatising"
        said = {"misinformation": float(false and not stigma), "treatment_stigma": float(stigma)}
        for _ in range(CLAIM_TIMES):
            for text in wordings:
                yield Lesson(text, said, 1.0, rng.choice(wordings))
            for text in entry.get("look_alikes", ()):
                passed = {"misinformation": 0.0, "treatment_stigma": 0.0}
                yield Lesson(as_read(text), passed, 1.0, rng.choice(wordings))


def _entries() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOLDER / "claims.json").read_text())["claims"]
    return found


def _wordings() -> dict[str, list[str]]:
    return {
        str(e["id"]): [as_read(text) for text in [e["claim"], *e["phrasings"]]] for e in _entries()
    }


def _part(text: str, rng: random.Random) -> str:
    if len(text) <= LONGEST:
        return text
    start = rng.randrange(len(text) - LONGEST)
    return text[start : start + LONGEST].partition(" ")[2]


def _with_a_slip(text: str, rng: random.Random) -> str:
    """One to three letters doubled, dropped, or swapped with their neighbour."""
    letters = list(text)
    for _ in range(rng.randint(1, 3)):
        places = [n for n, c in enumerate(letters[:-1]) if c.isalpha()]
        if not places:
            break
        at = rng.choice(places)
        match rng.randrange(3):
            case 0:
                letters.insert(at, letters[at])
            case 1:
                del letters[at]
            case _:
                letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)
