"""Names that offend or sell, by their words; what only a whole sentence tells, the gate tells."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from moderation import gate

FILE = Path(__file__).parent / "data" / "unfit.toml"

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DIVIDED = re.compile(r"[-_]+")
_DIGITS = re.compile(r"\d+")


def is_unfit(name: str) -> bool:
    """Whether a name (NFKC) has an offending word in it, or words of trade and of drugs."""
    found = {gate.skeleton(word) for word in _words(name)}
    if found & _list("offends"):
        return True
    return bool(found & _list("trades")) and bool(found & _list("drugs"))


def _words(name: str) -> set[str]:
    """The words of a name, with digits as letters that they are drawn like, and as gaps."""
    parts = [word for part in _DIVIDED.split(name) for word in (part, *_CAMEL.split(part))]
    return {word for part in parts for word in (part, *_DIGITS.split(part))} - {""}


@lru_cache(maxsize=4)
def _list(key: str) -> frozenset[str]:
    with FILE.open("rb") as file:
        words: str = tomllib.load(file)[key]
    return frozenset(gate.skeleton(word) for word in words.split())
