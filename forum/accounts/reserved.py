"""Names that would pass for the people who run the place, for a profession, or for a fellowship."""

import re
from functools import lru_cache

from moderation import gate

# Not as a whole name; inside a longer one they are ordinary words.
WHOLE = (
    "aa alanon anonymous bot care contact everyone founder handrailteam help here host lead na"
    " nobody null operator owner root safety security system undefined you"
).split()
# Not as one part of a name either, such as mod-anna, DrSmith or night-crew7.
PARTS = (
    "assistant clinician counsellor counselor crew crisis dr doc lifering medic mod mods moderates"
    " moderating moderation operators organiser organizer paramedic physician psychiatrist"
    " psychologist staff support sysop team"
).split()
# Long and rare enough to be found also where nothing divides the name.
ANYWHERE = (
    "admin alcoholicsanonymous crisisline doctor facilitator handrail helpdesk helpline"
    " moderator narcoticsanonymous nurse official police smartrecovery supportteam therapist"
).split()
ORDINARY = "badminton nursery nurseries".split()  # that hold one of those by accident

_DIVIDED = re.compile(r"[-_]+")
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_EDGE_DIGITS = re.compile(r"^\d+|\d+$")
_DIGITS = re.compile(r"\d+")


def is_reserved(name: str) -> bool:
    """Whether a name (NFKC) is, or has in it, a word that would mislead about who somebody is."""
    whole = {_key(name), _key(_EDGE_DIGITS.sub("", name))}
    if _without_plurals(whole) & _keys(tuple(WHOLE + PARTS + ANYWHERE)):
        return True
    if _without_plurals({_key(part) for part in _parts(name)}) & _keys(tuple(PARTS + ANYWHERE)):
        return True
    run_together = _key(name)
    for word in _keys(tuple(ORDINARY)):
        run_together = run_together.replace(word, "")
    return any(word in run_together for word in _keys(tuple(ANYWHERE)))


def _parts(name: str) -> set[str]:
    """The words of a name: between - and _, at capital letters, at digits; also without these."""
    divided = [word for part in _DIVIDED.split(name) for word in (part, *_CAMEL.split(part))]
    bare = [_EDGE_DIGITS.sub("", word) for word in divided]
    between_digits = [word for part in divided for word in _DIGITS.split(part)]
    return {*divided, *bare, *between_digits} - {""}


def _without_plurals(keys: set[str]) -> set[str]:
    return keys | {key.removesuffix("s") for key in keys}


def _key(word: str) -> str:
    return gate.skeleton(word)


@lru_cache(maxsize=8)
def _keys(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(gate.skeleton(word) for word in words)
