"""What an author is told of a decision: what happened, which guideline, by whom, what now."""

from moderation.ports import Notice

# Reason codes: what was weighed, as the author reads it after "because".
REASONS = {
    "within": "it keeps to our guidelines",
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

_HAPPENED = {
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
_TOLD_AS = {
    "release": "released",
    "release_with_note": "released",
    "remove": "removed",
    "warn": "warned",
    "mute": "muted",
    "suspend": "suspended",
    "dismiss": "upheld",
}
_APPEAL = (
    " A person decided this. If you think it is wrong, answer under Notices: another moderator"
    " looks at it."
)


def statement(
    kind: str,
    reason: str,
    *,
    content_note: str = "",
    hours: int = 0,
    message: str = "",
    removed: bool = False,
    on_appeal: bool = False,
) -> Notice | None:
    """What the author is told; None when nothing happened that concerns them."""
    happened = (_AFTER_APPEAL if on_appeal else _HAPPENED).get(kind)
    if happened is None:
        return None
    text = happened.format(why=REASONS[reason], note=content_note, lasting=lasting(hours))
    if removed:
        text += " The message was removed."
    if message.strip():
        text += f" They wrote: “{message.strip()}”"
    may_appeal = not on_appeal and not kind.startswith("release")
    return Notice(_TOLD_AS[kind], text + _APPEAL if may_appeal else text)


def lasting(hours: int) -> str:
    """A length of time as people say it."""
    count, unit = (hours // 24, "day") if hours and hours % 24 == 0 else (hours, "hour")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
