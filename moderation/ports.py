"""What moderation asks of whoever owns the content. The owner registers itself at start-up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from moderation.engine.types import Draft, Verdict

# Behind which topics a message may be put; the reader presses to see it.
CONTENT_NOTES = (
    "talk of use",
    "suicide or self-harm",
    "overdose or death",
    "violence or abuse",
    "sexual violence",
    "eating and weight",
    "pregnancy or child loss",
    "medical detail or withdrawal",
    "gambling amounts",
    "prison or police",
    "racism or hate told",
    "religion",
    "grief",
)


@dataclass(frozen=True, slots=True)
class ContentRef:
    """Points at one piece of content: kind ("message") and the owner's id of it."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Content:
    """One piece of content as the desk sees it."""

    ref: ContentRef
    room_id: int
    author_id: int | None
    handle: str
    text: str
    title: str
    sent_at: datetime
    status: str
    content_note: str
    removed_by: str  # "author", "moderator", or empty
    address: str  # its page in the product, for members of the room


@dataclass(frozen=True, slots=True)
class RoomCard:
    """What the desk needs to know of a room."""

    id: int
    slug: str
    name: str
    preset: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What the author is told: a kind ("released", "removed", "warned", ...) and the words."""

    kind: str
    text: str


class ContentOwner(Protocol):
    """Every method that changes something runs inside the caller's transaction."""

    def content(self, ref: ContentRef) -> Content | None:
        """The content, or None when it is gone."""
        ...

    def earlier_words(self, ref: ContentRef) -> Sequence[tuple[str, str]]:
        """Titles and texts that others could read before the author changed them or took them back,
        oldest first, as long as they may be brought before a moderator."""
        ...

    def draft(self, ref: ContentRef) -> Draft | None:
        """The content as the engine wants it, to be screened again; None when it is gone."""
        ...

    def context(self, ref: ContentRef, *, before: int, after: int) -> Sequence[Content]:
        """What stands around it in its conversation, oldest first, itself included."""
        ...

    def release(self, ref: ContentRef, *, verdict: Verdict | None, note: str = "") -> bool:
        """Let everybody see it, in its original place; False when there was nothing to release."""
        ...

    def remove(self, ref: ContentRef) -> bool:
        """Take it away from everybody; False when it was gone already."""
        ...

    def add_note(self, ref: ContentRef, note: str) -> bool:
        """Put a published content behind a content note."""
        ...

    def tell_author(self, ref: ContentRef, notice: Notice) -> None: ...

    def tell_account(self, account_id: int, room_id: int | None, notice: Notice) -> None: ...

    def limit_changed(self, account_id: int) -> None:
        """A sanction began or ended: live sockets of the account are told and re-authorised."""
        ...

    def rooms_moderated_by(self, account_id: int) -> Mapping[int, RoomCard]:
        """The rooms whose desk this account may open, by id."""
        ...

    def preset_of(self, slug: str) -> str | None:
        """The moderation preset of the room of this name; None when there is none."""
        ...

    def handle_in(self, account_id: int, room_id: int) -> str:
        """The handle under which an account is known in a room; empty when it is not in it."""
        ...

    def tell_desk(self, room_id: int, frame: Mapping[str, Any], *, author_id: int | None) -> None:
        """After commit, send a desk.* frame to moderators of the room who are watching, but to the
        author of what it is about: nobody learns from it that they were reported."""
        ...

    def mark_screened(self, ref: ContentRef, screening_id: UUID) -> None: ...


_owner: ContentOwner | None = None


def register(owner: ContentOwner) -> None:
    global _owner
    _owner = owner


def owner() -> ContentOwner:
    """The registered owner; RuntimeError when the forum has not started."""
    if _owner is None:
        raise RuntimeError("No content owner is registered with moderation.ports.")
    return _owner
