"""Phrase rules: data files that say which wording means what, checked when they are loaded."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from moderation.engine.types import LABELS, CrisisLevel, Reading

FOLDER = Path(__file__).parent / "data"
LONGEST_SENTENCE = 300  # characters looked at on each side of a match
MOST_MATCHES = 8  # of one rule in one text
_KEYS = {"label", "score", "match", "any", "unless", "with", "evidence", "level", "facts", "claim"}
_MACRO = re.compile(r"\{([a-zA-Z_][a-zA-Z_0-9]*)\}")
_END = re.compile(r"[.!?;\n]+")


class LexiconError(ValueError):
    """A data file can't be used; the message names the file, the entry and what to change."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One rule. `any` are words of which the text must have one before `match` is tried at all;
    `unless` and `required` are looked for in the sentence around the match."""

    label: str
    score: float
    match: re.Pattern[str]
    any: frozenset[str]
    evidence: str
    unless: re.Pattern[str] | None = None
    required: re.Pattern[str] | None = None
    level: CrisisLevel | None = None
    claim: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


def load(name: str, macros: Mapping[str, str]) -> list[Phrase]:
    """The rules of data/phrases/NAME.toml."""
    path = FOLDER / "phrases" / f"{name}.toml"
    data = read_toml(path)
    own = dict(macros)
    for key, value in data.get("macros", {}).items():
        own[key] = _expanded(value, own, path)
    rules = data.get("phrase", [])
    if not rules:
        raise LexiconError(f"{path.name}: has no [[phrase]] entry.")
    return [_phrase(rule, own, f"{path.name}, phrase {n}") for n, rule in enumerate(rules, 1)]


def macros() -> dict[str, str]:
    """The shared word lists of data/words.toml, each as an alternation."""
    path = FOLDER / "words.toml"
    found: dict[str, str] = {}
    for name, words in read_toml(path).items():
        found[name] = _expanded(words, found, path) if "(?" in words else _alternation(words)
    return found


def read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{path.name}: {error}") from error


def _alternation(words: str) -> str:
    entries = sorted((w.replace("_", r"[\s-]+") for w in words.split()), key=len, reverse=True)
    return f"(?:{'|'.join(entries)})"


def _expanded(pattern: str, known: Mapping[str, str], where: object) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] not in known:
            raise LexiconError(f"{where}: there is no word list {match[1]!r}.")
        return known[match[1]]

    return _MACRO.sub(value, pattern)


def _phrase(rule: Mapping[str, Any], known: Mapping[str, str], where: str) -> Phrase:
    if unknown := set(rule) - _KEYS:
        raise LexiconError(f"{where}: unknown key {sorted(unknown)[0]!r}.")
    if rule["label"] not in LABELS:
        raise LexiconError(f"{where}: unknown label {rule['label']!r}.")
    if not 0 < rule["score"] <= 1:
        raise LexiconError(f"{where}: the score must be above 0 and at most 1.")
    if not rule.get("any"):
        raise LexiconError(f"{where}: name at least one word in 'any'.")
    return Phrase(
        label=rule["label"],
        score=rule["score"],
        match=_pattern(rule["match"], known, where),
        any=frozenset(rule["any"].split()),
        evidence=rule["evidence"],
        unless=_optional(rule, "unless", known, where),
        required=_optional(rule, "with", known, where),
        level=CrisisLevel(rule["level"]) if "level" in rule else None,
        claim=rule.get("claim"),
        facts=rule.get("facts", {}),
    )


def _optional(
    rule: Mapping[str, Any], key: str, known: Mapping[str, str], where: str
) -> re.Pattern[str] | None:
    return _pattern(rule[key], known, f"{where}, {key}") if key in rule else None


def _pattern(text: str, known: Mapping[str, str], where: str) -> re.Pattern[str]:
    """A pattern whose spaces stand for any gap between words."""
    expanded = _expanded(text.strip().replace("\n", ""), known, where)
    spaced = re.sub(r" +", r"\\W{1,6}", expanded)
    try:
        return re.compile(spaced)
    except re.error as error:
        raise LexiconError(f"{where}: {error}: {spaced[:80]}") from error


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence begins and ends (with its mark) that text[start:end] stands in."""
    window = text[max(0, start - LONGEST_SENTENCE) : start]
    begin = start - len(window)
    for mark in _END.finditer(window):
        begin = start - len(window) + mark.end()
    closing = _END.search(text, end, end + LONGEST_SENTENCE)
    return begin, closing.end() if closing else min(len(text), end + LONGEST_SENTENCE)


def matches(phrase: Phrase, reading: Reading) -> Iterator[re.Match[str]]:
    """Where the phrase stands in the text, without the places that mean something else."""
    text = reading.folded
    for count, match in enumerate(phrase.match.finditer(text)):
        if count >= MOST_MATCHES:
            return
        begin, end = sentence_around(text, match.start(), match.end())
        if phrase.required is not None and not phrase.required.search(text, begin, end):
            continue
        if phrase.unless is None or not phrase.unless.search(text, begin, end):
            yield match
