"""Which language a text is in, so that what nobody here could judge is said and not passed over.

Known by its letters or, in Latin ones, by the share of its words that are among the commonest of a
language. Short texts are left alone: three words are in no language for certain.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from moderation.engine.lexicon import FOLDER, LexiconError, read_toml
from moderation.engine.types import Reading, Signal

FILE = FOLDER / "languages.toml"
ENGLISH = "English"
LEAST_WORDS = 5
MOST_WORDS = 200  # of a longer text the first ones tell
LEAST_SHARE = 0.3  # of the words, among the commonest of the language
LEAST_DIFFERENT = 3  # of these, so that no single word said often decides
LEAST_LEAD = 2.0  # over English, whose words are in every talk
SCRIPT_SHARE = 0.5
LEAST_LETTERS = 8

_WORDS = {
    "all": "",
    "gravest": "in which only danger to life is recognised",
    "none": "which nothing here can assess",
}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Language:
    name: str
    assessed: str
    words: frozenset[str]
    scripts: frozenset[str]


class Languages:
    """Signals what the engine can't assess, or not in full."""

    name = "language"
    labels: tuple[str, ...] = ("not_assessed",)

    def __init__(self) -> None:
        self._all = [_language(name, entry) for name, entry in read_toml(FILE).items()]
        self._by_name = {one.name: one for one in self._all}
        self._speaking: dict[str, list[str]] = defaultdict(list)
        for one in self._all:
            for word in one.words:
                self._speaking[word].append(one.name)

    def detect(self, batch: Sequence[Reading]) -> list[list[Signal]]:
        return [list(self._signals(reading.draft.text)) for reading in batch]

    def of(self, text: str) -> Language | None:
        """The language of the text, if it is known for certain."""
        text = unicodedata.normalize("NFC", text)
        return (None if text.isascii() else self._by_script(text)) or self._by_words(text)

    def _signals(self, text: str) -> Iterator[Signal]:
        language = self.of(text)
        if language is None or language.assessed == "all":
            return
        what = _WORDS[language.assessed]
        yield Signal(
            label="not_assessed",
            score=1.0,
            detector=self.name,
            evidence=f"is in {language.name}, {what}",
            facts={"assessed": language.assessed},
        )

    def _by_script(self, text: str) -> Language | None:
        letters = [script for c in text if (script := _script(c))]
        if len(letters) < LEAST_LETTERS:
            return None
        counts = Counter(letters)
        if counts["LATIN"] > SCRIPT_SHARE * len(letters):
            return None
        shares = {one.name: sum(counts[s] for s in one.scripts) for one in self._all}
        # Japanese mixes its own letters with Chinese ones; these alone are Chinese.
        if shares.get("Japanese"):
            shares["Japanese"] += counts["CJK"]
        best = max(self._all, key=lambda one: shares[one.name])
        return best if shares[best.name] >= SCRIPT_SHARE * len(letters) else None

    def _by_words(self, text: str) -> Language | None:
        words = [word.lower().replace("’", "'") for word in _WORD.findall(text)][:MOST_WORDS]
        if len(words) < LEAST_WORDS:
            return None
        known = [name for word in words for name in self._speaking.get(word, ())]
        counts = Counter(known)
        english = counts.pop(ENGLISH, 0)
        if not counts:
            return None
        (best, count), *_ = counts.most_common(1)
        different = sum(best in self._speaking.get(word, ()) for word in set(words))
        is_sure = count >= LEAST_SHARE * len(words) and count >= LEAST_LEAD * max(1, english)
        return self._by_name[best] if is_sure and different >= LEAST_DIFFERENT else None


@lru_cache(maxsize=8192)
def _script(character: str) -> str:
    """The first word of a letter's Unicode name, which is its script; empty for other signs."""
    if not character.isalpha():
        return ""
    return unicodedata.name(character, "").partition(" ")[0]


def _language(name: str, entry: Mapping[str, str]) -> Language:
    if entry.get("assessed") not in _WORDS:
        raise LexiconError(f"languages.toml, {name}: assessed must be one of {sorted(_WORDS)}.")
    return Language(
        name.replace("_", " "),
        entry["assessed"],
        frozenset(entry.get("words", "").split()),
        frozenset(entry.get("script", "").split()),
    )
