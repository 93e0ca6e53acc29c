"""What may enter: the rules at the edge, before anything is screened or stored."""

import hashlib
import re
import unicodedata
from itertools import groupby, islice

from forum.errors import Refused
from moderation.ports import CONTENT_NOTES

_CONTROLS = re.compile(r"[\x01-\x09\x0b-\x1f\x7f-\x9f]")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_BIDI_CONTROLS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
MOST_MARKS = 8  # on one letter
_MANY_MARKS = re.compile(rf"[^\x00-\x7f\w\s]{{{MOST_MARKS + 1},}}")  # as marks and signs are
# A text may shrink that much while it is cleaned: Hangul is typed in three parts a letter.
LARGEST_BEFORE = 4
_BLANK_LINES = re.compile(r"\n{4,}")


def clean(text: str, *, at_most: int) -> str:
    """The text as it is stored: NFC, no control characters, tidy line ends.

    Refused when it is empty, too long, or holds what no database stores (NUL, lone surrogates).
    """
    if _UNSTORABLE.search(text):
        raise Refused(
            "text.unreadable",
            "Your text has a character that we can't keep. It may have come from copying; please"
            " type that part again.",
            status=422,
        )
    _check_length(text, at_most, factor=LARGEST_BEFORE)
    text = _CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    # Marks are sorted by normalising, in a time that grows with the square of their number.
    text = _MANY_MARKS.sub(_with_fewer_marks, _BIDI_CONTROLS.sub("", text))
    text = _BLANK_LINES.sub("\n\n\n", unicodedata.normalize("NFC", text)).strip()
    if not any(_is_visible(character) for character in text):
        raise Refused("text.empty", "There is no text yet. Write something first.", status=422)
    _check_length(text, at_most)
    return text


def _with_fewer_marks(match: re.Match[str]) -> str:
    runs = groupby(match[0], key=lambda character: unicodedata.category(character)[0] == "M")
    return "".join("".join(islice(run, MOST_MARKS) if marks else run) for marks, run in runs)


def _check_length(text: str, at_most: int, *, factor: int = 1) -> None:
    if len(text) > at_most * factor:
        raise Refused(
            "text.too_long",
            f"Your text has {len(text):,} characters; at most {at_most:,} fit. Please shorten it or"
            " send it in two parts.",
            status=422,
        )


def _is_visible(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in ("Cf", "Mn", "Cn")


def whole(title: str, body: str) -> str:
    """A text as it is screened: the title of a share, then its body."""
    return f"{title}\n\n{body}" if title else body


def below(title: str, text: str) -> str:
    """Of a text that begins as whole() of this title does, the body alone; else nothing."""
    start = whole(title, "")
    return text.removeprefix(start) if text.startswith(start) else ""


def digest(text: str) -> str:
    """Knows a text again that is not kept."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def check_content_note(note: str) -> None:
    """A content note is one of a fixed list, so there is no text in it to screen."""
    if note and note not in CONTENT_NOTES:
        raise Refused("note.unknown", "Choose a content note from the list.", status=422)
