"""Misinformation by wording: a claim of the base, asserted as true.

A sentence is compared with the known phrasings by the rare words that they share. Sharing words is
not asserting: questions, rebuttals, reported speech and plain experience are told apart by cues.
"""

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moderation.engine.lexicon import FOLDER, LexiconError
from moderation.engine.types import Correction, Reading, Signal

FILE = FOLDER / "claims.json"
ENOUGH = 0.74  # share of a phrasing's weight that a sentence must have
LEAST_WEIGHT = 7.0  # of what is shared, so that two common words prove nothing
MOST_SENTENCES = 60
SEVERITIES = {"deadly", "harmful", "stigmatising", "debatable"}

_SENTENCE = re.compile(r"[^.!?\n;]+[.!?]*")
_TOKEN = re.compile(r"[a-z0-9][a-z0-9']*")
_STOP = frozenset(
    "a an the and or but so to of in on at for with it its it's is are was were be been being am i"
    " i'm im you your you're youre u ur he she they them his her their we us our my me this that"
    " these those there if as by from up out off do does did have has had just really very will"
    " would can could should get got go going gonna like than then too also all any some one when"
    " what who how why about into over more most much even ever only because anyway right".split()
)
_NEGATED = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|cannot|without|neither|nor)\b|n't\b"
    r"|\b(?:dont|doesnt|didnt|isnt|arent|wont|cant|shouldnt|wouldnt|aint)\b"
)
_ASKING = re.compile(
    r"\?|^\W*(?:is|are|does|do|did|can|could|should|would|will|has|have|why|how|what|who|where"
    r"|when)\b(?!\W+(?:not|never))|\b(?:wondering|anyone know|is it true|not sure (?:if|whether))\b"
)
_REBUTTED = re.compile(
    r"\b(?:myth|myths|false|untrue|nonsense|wrong|lie|lies|misinformation|not true|isn't true"
    r"|isnt true|bad advice|dangerous|please don't|please dont|do not|contrary to|debunk\w*"
    r"|stop saying|tired of hearing|sick of hearing|rubbish|nearly killed|almost killed|ended up in"
    r"|see a doctor first|talk to (?:a|your) doctor|with (?:my|a|your) (?:doctor|clinic|team))\b"
)
_REPORTED = re.compile(
    r"\b(?:said|says|told|tells|claims|claimed|heard|saying|thinks|thought|believed|believes|called"
    r"|read (?:that|somewhere)|used to (?:think|say|believe)|people (?:say|think)|they say|kept)\b"
)
_OWN_STORY = re.compile(r"\b(?:i|i've|i'd|my|mine|we|me)\b")
_ADVICE = re.compile(
    r"\b(?:you|you'll|you're|youre|your|u|ur|yourself|anyone|everyone)\b"
    r"|^\W*(?:just|don't|dont|never|stop|quit|take|skip|throw|flush|drop|drink|eat|put|give|try|get"
    r"|use|ditch|save|keep|let|wait|rely|trust|tell|walk|ride|tough)\b|\b(?:just (?:stop|quit|take"
    r"|flush|go|do|drink|skip|drop|ride)|no need|don't need|go ahead|tough it out)\b"
)
_SUFFIXES = ("ations", "ation", "ing", "edly", "ed", "ies", "es", "ly", "s", "al")


@dataclass(frozen=True, slots=True)
class Claim:
    id: str
    claim: str
    severity: str
    correction: Correction


@dataclass(frozen=True, slots=True)
class _Phrasing:
    claim: Claim
    weights: Mapping[str, float]
    total: float
    negated: bool


class Claims:
    name = "claims"
    labels: tuple[str, ...] = ("misinformation", "treatment_stigma")

    def __init__(self, path: Path = FILE) -> None:
        self._data = _read(path)
        self.claims = {entry["id"]: _claim(entry) for entry in self._data}
        wordings = [one for one in self.wordings() if one[0].severity != "debatable"]
        weight = _weights(text for _, text in wordings)
        self._by_word: dict[str, list[_Phrasing]] = defaultdict(list)
        for claim, text in wordings:
            self._index(claim, text, weight)

    def wordings(self) -> list[tuple[Claim, str]]:
        """Every known way to say each claim."""
        return [
            (self.claims[entry["id"]], text)
            for entry in self._data
            for text in [*entry["phrasings"], entry["claim"]]
        ]

    def _index(self, claim: Claim, text: str, weight: Mapping[str, float]) -> None:
        weights = {word: weight[word] for word in _content(text)}
        if not weights:
            return
        negated = bool(_NEGATED.search(text.casefold()))
        phrasing = _Phrasing(claim, weights, sum(weights.values()), negated)
        # A sentence that has enough of a phrasing has one of its two weightiest words.
        for word in sorted(weights, key=lambda w: (-weights[w], w))[:3]:
            self._by_word[word].append(phrasing)

    def detect(self, batch: Sequence[Reading]) -> list[list[Signal]]:
        return [list(self._signals(reading)) for reading in batch]

    def _signals(self, reading: Reading) -> Iterator[Signal]:
        for count, match in enumerate(_SENTENCE.finditer(reading.folded)):
            if count >= MOST_SENTENCES:
                return
            found = self._best(match[0])
            if found is None or _is_told_otherwise(match[0], found):
                continue
            phrasing, share = found
            stigma = phrasing.claim.severity == "stigmatising"
            yield Signal(
                label="treatment_stigma" if stigma else "misinformation",
                score=round(min(0.97, 0.35 + 0.6 * share), 4),
                detector=self.name,
                spans=(reading.span(match.start(), match.end()),),
                evidence=f"repeats a claim that is known to be wrong: {phrasing.claim.claim}",
                claim=phrasing.claim.id,
                facts={
                    "severity": phrasing.claim.severity,
                    "asserted": "advice" if _ADVICE.search(match[0]) else "general",
                },
            )

    def _best(self, sentence: str) -> tuple[_Phrasing, float] | None:
        words = _content(sentence)
        candidates = {id(p): p for word in words for p in self._by_word.get(word, ())}
        best: tuple[_Phrasing, float] | None = None
        for phrasing in candidates.values():
            shared = sum(w for word, w in phrasing.weights.items() if word in words)
            share = shared / phrasing.total
            if share < ENOUGH or shared < min(LEAST_WEIGHT, phrasing.total):
                continue
            if best is None or share > best[1]:
                best = phrasing, share
        return best


def _is_told_otherwise(sentence: str, found: tuple[_Phrasing, float]) -> bool:
    """Whether the sentence asks, refutes, reports or tells a story rather than asserts."""
    if _ASKING.search(sentence) or _REBUTTED.search(sentence) or _REPORTED.search(sentence):
        return True
    if bool(_NEGATED.search(sentence)) != found[0].negated:
        return True
    return bool(_OWN_STORY.search(sentence)) and not _ADVICE.search(sentence)


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["claims"]
    except (ValueError, KeyError) as error:
        raise LexiconError(f"{path.name}: {error}") from error
    for entry in entries:
        lacking = {"id", "claim", "correction", "severity", "sources", "phrasings"} - set(entry)
        if lacking or entry["severity"] not in SEVERITIES:
            name = entry.get("id", "an entry without id")
            raise LexiconError(f"{path.name}, {name}: lacks {lacking or 'a known severity'}.")
    return entries


def _claim(entry: Mapping[str, Any]) -> Claim:
    """Only sources whose address was verified are shown to members."""
    sources = [s for s in entry["sources"] if s.get("verified")] or entry["sources"]
    shown = tuple(
        (f"{s['org']}: {s['title']}", s["url"] if s.get("verified") else "") for s in sources
    )
    correction = Correction(entry["id"], entry["correction"], shown)
    return Claim(entry["id"], entry["claim"], entry["severity"], correction)


def _weights(texts: Iterable[str]) -> Mapping[str, float]:
    """Inverse document frequency of each stem over all phrasings."""
    documents = [_content(text) for text in texts]
    counts = Counter(word for words in documents for word in words)
    return {word: 1 + math.log(len(documents) / count) for word, count in counts.items()}


def _content(text: str) -> frozenset[str]:
    tokens = _TOKEN.findall(text.casefold().replace("’", "'"))
    return frozenset(_stem(t) for t in tokens if t not in _STOP)


def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word
