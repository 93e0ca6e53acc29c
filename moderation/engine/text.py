"""Reads a text as a person would, undoing tricks of encoding and spelling, and remembers where
each character came from, so that evidence can be highlighted in the author's own words."""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, product
from pathlib import Path

from moderation.engine.types import Draft, Reading

_TABLE = Path(__file__).parent / "data" / "look_alikes.toml"
_REGIONAL = re.compile("[🇦-🇿]+")


def _look_alikes() -> dict[str, str]:
    data = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    entries = [*data["letters"].items(), *data["signs"].items()]
    found = {character: simple for simple, characters in entries for character in characters}
    for first, starts in data["rows"].items():
        for start, place in product(starts, range(26 if first.isalpha() else 9)):
            found[chr(ord(start) + place)] = chr(ord(first) + place)
    return found


_LOOK_ALIKES = _look_alikes()

_LEET = str.maketrans("013457@$!|", "oieastasil")
# A word with such a sign in it, but neither a number with a unit nor a name with a number after it.
_LEET_WORD = re.compile(
    r"(?<![\w@$!|])(?!\d{2}|[a-z]+\d{2})(?=[a-z0-9@$!|]{0,40}[a-z])"
    r"[a-z]{0,30}[0134579@$!|][a-z0134579@$!|]{0,30}(?<![!|])(?![\w@$|])"
)
_SPACED = re.compile(r"(?<![\w'])(?:[a-z0-9@$!](?:[.\-_*~]|[ ]{1,3})){2,40}[a-z0-9@$!](?![\w'])")
# A part of a word between marks of emphasis: se**lli**ng.
_MARKED = re.compile(
    r"(?<=[a-z])([*_~]{1,3})[a-z]{1,30}(\1)|(?<![a-z*_~])([*_~]{1,3})[a-z]{1,30}(\3)(?=[a-z])"
)
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_ODD = re.compile(
    r"([a-z])\1\1|[a-z][0134579@$!|]+[a-z]|[a-z][0134579@$](?!\w)|(?<![\w.])[0134579@$|][a-z]{2}"
    r"|(?<![\w'])[a-z0-9][ .\-_*~]{1,3}[a-z0-9][ .\-_*~]{1,3}[a-z0-9](?![\w'])|[a-z][*_~]+[a-z]"
)
_DOUBLES = frozenset("elos")  # letters that many words double, so that two of a run are kept
_WORD = re.compile(r"[a-z][a-z']*")
MEASURE = re.compile(r"\d+(?:mg|mcg|ml|g|x|am|pm|st|nd|rd|th|k|s)\Z")


def read(draft: Draft) -> Reading:
    plain, offsets = _plain(draft.text)
    folded, folded_offsets = plain, offsets
    if _ODD.search(plain):
        folded, folded_offsets = _folded(plain, offsets)
    words = frozenset(_WORD.findall(folded))
    return Reading(draft, plain, offsets, folded, folded_offsets, words)


def without_disguise(text: str) -> str:
    """The text as `Reading.plain` has it: look-alike and invisible characters undone."""
    return _plain(text)[0]


def _plain(text: str) -> tuple[str, Sequence[int]]:
    if text.isascii():
        return text.lower().replace("`", "'"), range(len(text) + 1)
    letters: list[str] = []
    offsets: list[int] = []
    flags = _flags(text)
    for place, character in enumerate(text):
        simple = character if place in flags else _simple(character)
        letters.append(simple)
        offsets.extend([place] * len(simple))
    offsets.append(len(text))
    return "".join(letters), offsets


def _flags(text: str) -> frozenset[int]:
    """Where regional indicators are flags of countries: when all in the text stand in twos."""
    rows = [range(*match.span()) for match in _REGIONAL.finditer(text)]
    if any(len(row) != 2 for row in rows):
        return frozenset()
    return frozenset(chain.from_iterable(rows))


@lru_cache(maxsize=4096)
def _simple(character: str) -> str:
    """One character without disguise; empty for what is not drawn at all."""
    if character in "\n\t":
        return character
    found = []
    for part in unicodedata.normalize("NFKD", _LOOK_ALIKES.get(character, character)):
        if unicodedata.category(part) in ("Cf", "Mn", "Me", "Cc", "Cn", "Co"):
            continue
        part = _LOOK_ALIKES.get(part, part).casefold()
        found.append(_LOOK_ALIKES.get(part, part))
    return "".join(found)


# --- tricks of spelling --------------------------------------------------------------------------


def _folded(plain: str, offsets: Sequence[int]) -> tuple[str, Sequence[int]]:
    """Leave out marks inside words, join spaced letters, turn leet signs into letters, shorten
    stretched runs; in this order."""
    text = list(plain)
    kept = [True] * len(text)
    for match in _MARKED.finditer(plain):
        for start, end in map(match.span, (1, 2, 3, 4)):
            kept[max(start, 0) : max(end, 0)] = [False] * (end - start)
    for match in _SPACED.finditer(plain):
        if sum(c.isalpha() for c in match[0]) >= 3 and _is_word_like(match[0]):
            for place in range(match.start() + 1, match.end()):
                kept[place] = plain[place].isalnum() or plain[place] in "@$!"
    joined, places = _squeezed(text, kept)
    joined = _LEET_WORD.sub(_without_leet, joined)
    kept = [True] * len(joined)
    for match in _STRETCHED.finditer(joined):
        left = 2 if match[1] in _DOUBLES else 1
        kept[match.start() + left : match.end()] = [False] * (len(match[0]) - left)
    folded, again = _squeezed(list(joined), kept)
    return folded, [offsets[places[place]] for place in again[:-1]] + [offsets[len(plain)]]


def _is_word_like(spaced: str) -> bool:
    """Spaced letters, not a row of numbers or an enumeration such as "a b c"."""
    letters = [c for c in spaced if c.isalnum() or c in "@$!"]
    return sum(c.isdigit() for c in letters) * 2 <= len(letters)


def _squeezed(text: list[str], kept: list[bool]) -> tuple[str, list[int]]:
    places = [place for place, keep in enumerate(kept) if keep]
    return "".join(text[place] for place in places), [*places, len(text)]


def _without_leet(match: re.Match[str]) -> str:
    word = match[0]
    return word if MEASURE.match(word) else word.translate(_LEET)


# --- names ---------------------------------------------------------------------------------------

_NAME_SHAPE = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "j": "l", "|": "l", "!": "l", "5": "s", "$": "s", "@": "a"}
)


def skeleton(text: str) -> str:
    """What a name looks like: two names with one skeleton could be taken for each other.

    After NFKC, case and look-alike letters, 0 counts as o; 1, i, j and | as l; 5 as s; rn as m; vv
    as w; separators fall away. Stricter than Unicode TS 39, since names here are only compared.
    """
    plain, _ = _plain(unicodedata.normalize("NFKC", text))
    plain = plain.translate(_NAME_SHAPE)
    plain = re.sub(r"[\s._\-']+", "", plain)
    return plain.replace("rn", "m").replace("vv", "w").replace("cl", "d")
