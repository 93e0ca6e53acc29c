"""What an author is told of a decision: what happened, which guideline, by whom, what now."""

from moderation.ports import Notice

# Reason codes: what was weighed, as the author reads it after "because".
REASONS = {
    "within": "it keeps to our guidelines",
    "asked": "you asked for it",
    "care": "it needs care rather than moderation",
    "attack": "it reads as an attack on a member",
    "danger": "following it could hurt somebody",
    "selling": "it offers or looks for drugs, treatment for money, or advertises",
    "private": "it shows who somebody is",
    "contact": "it presses somebody to meet or write outside the room",
    "detail": "its detail can wake cravings or show methods",
    "spam": "it repeats or floods the room",
    "other": "of what the moderator wrote to you",
}

# What speaks against a text; and by kind of decision the reasons that don't go with it. Nobody is
# told "it was released, because it reads as an attack".
_AGAINST = ("attack", "danger", "selling", "private", "contact", "detail", "spam")
_IN_FAVOUR = ("within", "care")
_NOT_WITH = {
    "care": _AGAINST,
    "release": _AGAINST,
    "remove": _IN_FAVOUR,
    "warn": (*_IN_FAVOUR, "asked"),
    "mute": (*_IN_FAVOUR, "asked"),
    "suspend": (*_IN_FAVOUR, "asked"),
}
_HAPPENED = {
    "care": "A moderator read your message and is glad that you wrote it. Nothing is held against"
    " you.",
    "release": "A moderator read your message and released it, because {why}. It is out now, in its"
    " place.",
    "release_with_note": "A moderator read your message. It is in the room behind the content note"
    " “{note}”, because {why}.",
    "remove": "A moderator removed your message, because {why}. You are still welcome here.",
    "warn": "A moderator asks you to take care with messages like this one, because {why}.",
    "mute": "A moderator has paused your writing in this room for {lasting}, because {why}. You can"
    " read along, and other rooms are open to you.",
    "suspend": "A moderator has paused your writing everywhere for {lasting}, because {why}. You"
    " can read along, and the help pages are open to you.",
}
_AFTER_APPEAL = {
    "release": "Another moderator looked again and took the earlier decision back, because {why}.",
    "release_with_note": "Another moderator looked again. Your message is in the room behind the"
    " content note “{note}”, because {why}.",
    "dismiss": "Another moderator looked again. The earlier decision stands, because {why}. You are"
    " still welcome here.",
}
# What is left as it was, when its author had asked for something else.
_AS_IT_WAS = {
    "look_again": (
        "refused",
        "A moderator looked at it, as you asked. It stays unsent, because {why}.",
    ),
    "remove_own": (
        "answered",
        "A moderator looked at it, as you asked. It stays where it is, because {why}.",
    ),
}
_TOLD_AS = {
    "care": "cared",
    "release": "released",
    "release_with_note": "released",
    "remove": "removed",
    "warn": "warned",
    "mute": "muted",
    "suspend": "suspended",
    "dismiss": "upheld",
}
OPEN_TO_APPEAL = ("removed", "warned", "muted", "suspended", "refused")
_APPEAL = (
    " A person decided this. If you think it is wrong, answer under Notices: another moderator"
    " looks at it."
)


def reasons_for(kind: str) -> dict[str, str]:
    """The reasons that can be given for a kind of decision, with their words."""
    return {key: words for key, words in REASONS.items() if key not in _NOT_WITH.get(kind, ())}


def statement(
    kind: str,
    reason: str,
    *,
    content_note: str = "",
    hours: int = 0,
    message: str = "",
    removed: bool = False,
    on_appeal: bool = False,
    asked: str = "",
) -> Notice | None:
    """What the author is told; None when nothing happened that concerns them. `asked` is the
    reason of the author's own report, which is answered."""
    told_as, happened = _TOLD_AS[kind], (_AFTER_APPEAL if on_appeal else _HAPPENED).get(kind)
    if kind == "dismiss" and asked and not on_appeal:
        told_as, happened = _AS_IT_WAS[asked]
    if happened is None or (kind == "care" and not message.strip()):
        return None
    why = REASONS.get(reason, "")
    text = happened.format(why=why, note=content_note, lasting=lasting(hours))
    if removed:
        text += " The message was removed."
    if message.strip():
        text += f" They wrote: “{message.strip()}”"
    may_appeal = told_as in OPEN_TO_APPEAL and not on_appeal
    return Notice(told_as, text + _APPEAL if may_appeal else text)


def lasting(hours: int) -> str:
    """A length of time as people say it."""
    count, unit = (hours // 24, "day") if hours and hours % 24 == 0 else (hours, "hour")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
