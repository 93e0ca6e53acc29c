"""What may become of a case: the kinds of decisions, when each is offered, what it must have."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from moderation.filing import REASON_LABELS
from moderation.models import Case
from moderation.ports import CONTENT_NOTES, Content
from moderation.refusals import DeskRefused
from moderation.statements import reasons_for

LONGEST_MUTE = timedelta(days=7)
LONGEST_SUSPENSION = timedelta(days=30)  # what lasts longer takes two people

KINDS = {
    "care": "Cared for: no action against the author",
    "release": "Release",
    "release_with_note": "Release behind a content note",
    "remove": "Remove",
    "warn": "Warn the author",
    "mute": "Mute in this room",
    "suspend": "Suspend everywhere",
    "dismiss": "Close: nothing to do",
}
ON_APPEAL = {
    "release": "Take the earlier decision back",
    "release_with_note": "Release behind a content note",
    "dismiss": "The earlier decision stands",
}
AGAINST_THE_AUTHOR = ("warn", "mute", "suspend")
NOBODY_IS_TOLD = ("care", "dismiss")  # so they need no reason
HELD = "held"  # the status of a content that waits for a moderator

# Somebody may be in danger; and what makes such a case one about harm to others as well.
CARE = frozenset({"crisis", "overdose", "withdrawal_danger"})
HARMS_OTHERS = frozenset(
    {
        "threat",
        "harassment",
        "identity_attack",
        "sourcing",
        "patient_brokering",
        "predatory_contact",
        "sexual",
    }
)

# By the status of the content, what can't be done or would leave something undone.
_MAKES_NO_SENSE = {
    HELD: {"care", "dismiss"},  # it would wait for ever
    "published": {"release"},
    "blocked": {"remove"},
    "nudged": {"release", "release_with_note", "remove"},
    "removed": {"remove"},
}
_GONE = {"release", "release_with_note", "remove"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a moderator wants done. `hours` is for mute and suspend; `message` goes to the author,
    `note` to other moderators only."""

    kind: str
    reason: str
    note: str = ""
    message: str = ""
    content_note: str = ""
    hours: int = 0
    also_remove: bool = False


def offered(case: Case, content: Content | None, *, reported: Collection[str]) -> dict[str, str]:
    """The kinds that make sense for a case now, with their words. `reported` are the reasons of
    its reports."""
    if case.source == Case.Source.APPEAL:
        return ON_APPEAL
    gone = content is None or not content.text
    left_out = _GONE if gone or content is None else _MAKES_NO_SENSE[content.status]
    left_out = left_out | ({*AGAINST_THE_AUTHOR} if is_about_care(case, reported) else {"care"})
    found = {kind: words for kind, words in KINDS.items() if kind not in left_out}
    if "release" not in found and "release_with_note" in found:
        found["release_with_note"] = "Put behind a content note"
    return found


def is_about_care(case: Case, reported: Collection[str]) -> bool:
    """Whether somebody may be in danger and nobody else was harmed: that is never punished."""
    labels = {signal["label"] for signal in case.signals} | {REASON_LABELS[r] for r in reported}
    return case.label in CARE and not labels & HARMS_OTHERS


def check_wish(case: Case, wish: Wish, *, reported: Collection[str], must_answer: bool) -> None:
    """Refuse a wish that lacks something, or that this case can't have."""
    if wish.kind not in KINDS:
        raise DeskRefused("wish.kind", "Choose what to do.", status=422)
    if case.source == Case.Source.APPEAL and wish.kind not in ON_APPEAL:
        raise DeskRefused(
            "wish.appeal", "An appeal is answered: take it back, or let it stand.", status=422
        )
    if wish.kind in AGAINST_THE_AUTHOR and is_about_care(case, reported):
        raise DeskRefused(
            "wish.care", "Being in danger is never punished: care for the author.", status=422
        )
    _check_reason(wish, must_answer=must_answer)
    if wish.kind == "release_with_note" and wish.content_note not in CONTENT_NOTES:
        raise DeskRefused("wish.content_note", "Choose a content note.", status=422)
    longest = {"mute": LONGEST_MUTE, "suspend": LONGEST_SUSPENSION}.get(wish.kind)
    if longest and not timedelta() < timedelta(hours=wish.hours) <= longest:
        raise DeskRefused("wish.hours", f"Choose a time of up to {longest.days} days.", status=422)


def _check_reason(wish: Wish, *, must_answer: bool) -> None:
    if wish.kind in NOBODY_IS_TOLD and not wish.reason and not must_answer:
        return
    if wish.reason not in reasons_for(wish.kind):
        raise DeskRefused(
            "wish.reason",
            "Choose a reason that goes with what you do: the author reads it.",
            status=422,
        )
    if wish.reason == "other" and not wish.message.strip():
        raise DeskRefused("wish.message", "Write to the author what the reason is.", status=422)
