"""Friendly names and passphrases to start from, made of plain words."""

import secrets
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "words.toml"
PASSPHRASE_WORDS = 5


@dataclass(frozen=True, slots=True)
class Words:
    adjectives: tuple[str, ...]
    nouns: tuple[str, ...]


@lru_cache(maxsize=1)
def words() -> Words:
    with FILE.open("rb") as file:
        data = tomllib.load(file)
    return Words(tuple(data["adjectives"].split()), tuple(data["nouns"].split()))


def name() -> str:
    """For example "quiet-otter-42": about two million of them."""
    adjective, noun = secrets.choice(words().adjectives), secrets.choice(words().nouns)
    return f"{adjective}-{noun}-{secrets.randbelow(90) + 10}"


def passphrase() -> str:
    """Five words of the list and a number: over 40 bits, against a service that limits guesses."""
    every = words().adjectives + words().nouns
    chosen = [secrets.choice(every) for _ in range(PASSPHRASE_WORDS)]
    return " ".join([*chosen, str(secrets.randbelow(90) + 10)])
