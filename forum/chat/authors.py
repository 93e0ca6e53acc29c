"""Who is about to write: membership, standing, limits and recent history, fetched in a few queries
for a whole batch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from forum.accounts.models import Account, Handle
from forum.care import cards
from forum.chat import texts
from forum.chat.models import Message
from forum.errors import Refused, not_found
from forum.rooms import access
from forum.rooms.models import Membership, Room
from moderation import gate
from moderation.gate import Draft, Earlier, Limit, Standing

HISTORY = timedelta(minutes=10)
NUDGES_KEPT = timedelta(days=1)
REGULAR_POSTS = 5
TRUSTED_POSTS = 200
NEW_DAYS = 7

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Question:
    """A text that its author was asked about and has not sent on purpose yet."""

    room_id: int
    client_id: UUID
    digest: str


@dataclass(frozen=True, slots=True)
class Written:
    """Something that an author wrote lately; no words are left when they took it back."""

    body: str
    digest: str
    seconds_ago: float

    def beside(self, text: str) -> Earlier:
        """As the same text again if it was that when it was sent, whatever became of it."""
        is_same = self.digest == texts.digest(text)
        return Earlier(text if is_same else self.body, self.seconds_ago)


@dataclass(frozen=True, slots=True)
class Author:
    """One account in one room, ready to write; everything that screening wants to know."""

    membership_id: int
    account_id: int
    room_id: int
    room_slug: str
    preset: str
    handle: Handle
    role: str
    standing: Standing
    access_version: int
    country: str | None
    exempt: bool
    history: tuple[Written, ...] = ()
    questions: frozenset[Question] = frozenset()

    @property
    def key(self) -> Key:
        return self.account_id, self.room_slug

    def draft(self, text: str, *, nudged: bool = False) -> Draft:
        return Draft(
            text,
            preset=self.preset,
            standing=self.standing,
            history=tuple(written.beside(text) for written in self.history),
            nudged=nudged,
            exempt_from_flooding=self.exempt,
        )

    def was_asked(self, about: UUID | None, digest: str) -> bool:
        """Whether the author was asked about these very words, in this room, and has not answered:
        other words are another question."""
        return about is not None and Question(self.room_id, about, digest) in self.questions

    def support_cards(self, names: Sequence[str]) -> list[dict[str, Any]]:
        return [cards.card(name, self.country).as_frame() for name in names]


def author_of(account_id: int, room_slug: str, *, now: datetime) -> Author:
    """The same for one; Refused when the account may not write there."""
    found = authors_of({(account_id, room_slug)}, now=now)[account_id, room_slug]
    if isinstance(found, Refused):
        raise found
    return found


def authors_of(keys: set[Key], *, now: datetime) -> dict[Key, Author | Refused]:
    """For each account and room slug who they are there, or why they may not write."""
    found: dict[Key, Author | Refused] = {key: not_found() for key in keys}
    if not keys:
        return found
    members = _memberships(keys)
    ids = {member.account_id for member in members}
    # After the access versions that came with the members: a limit that began since `now` was taken
    # is in force, and its version would not be looked at again.
    limits = gate.limits_on(ids, now=max(now, timezone.now()))
    history, questions = _recent(ids, now)
    for member in members:
        key = (member.account_id, member.room.slug)
        if key not in keys:
            continue
        found[key] = refusal_of(member, limits) or _author(
            member, now, history[member.account_id], questions[member.account_id]
        )
    return found


def changed_since(members: Sequence[Author], rooms: Mapping[int, Room]) -> dict[Key, Refused]:
    """Those who may no longer write, looked at again under the lock of their rooms.

    Their accounts are locked as well, in order: a mute, which counts the access version up, has to
    wait until these words are out, or is seen here.
    """
    rows = Account.objects.filter(pk__in={a.account_id for a in members}).order_by("pk")
    versions = dict(rows.select_for_update(no_key=True).values_list("pk", "access_version"))
    suspects = [
        a
        for a in members
        if versions.get(a.account_id) != a.access_version or rooms[a.room_id].is_closed
    ]
    # Not before the locks: a mute that began while we waited must be seen to have begun.
    again = authors_of({a.key for a in suspects}, now=timezone.now())
    return {key: answer for key, answer in again.items() if isinstance(answer, Refused)}


def refusal_of(member: Membership, limits: Iterable[Limit]) -> Refused | None:
    """Why this active member may not write now, in words for them; None when they may."""
    if member.room.is_closed:
        return Refused(access.CLOSED.code, access.CLOSED.detail)
    limit = gate.limit_on(limits, member.account_id, member.room_id)
    if limit is None:
        return None
    return Refused(f"limit.{limit.kind}", _words(limit))


def _words(limit: Limit) -> str:
    until = limit.ends_at.strftime("%d %B, %H:%M UTC")
    if limit.room_id is None:
        return (
            f"Your account can read but not write until {until}. Your notices say why, and help"
            " pages stay open to you."
        )
    return (
        f"You can read here but not write until {until}. Your notices say why. Other rooms are"
        " not affected."
    )


def _memberships(keys: set[Key]) -> list[Membership]:
    rows = Membership.objects.select_related("room", "handle", "account").filter(
        account_id__in={account for account, _ in keys},
        room__slug__in={slug for _, slug in keys},
        status=Membership.Status.ACTIVE,
        account__is_active=True,
    )
    return list(rows)


def _recent(
    account_ids: set[int], now: datetime
) -> tuple[dict[int, list[Written]], dict[int, set[Question]]]:
    """What these accounts wrote lately (for flooding), and about what they were asked once. The
    words of an answered question are gone: they stand in the message that answered it."""
    history: dict[int, list[Written]] = defaultdict(list)
    questions: dict[int, set[Question]] = defaultdict(set)
    rows = Message.objects.filter(
        account_id__in=account_ids, account__for_load_tests=False, sent_at__gt=now - NUDGES_KEPT
    ).only("account_id", "room_id", "client_id", "sent_digest", "status", "sent_at", "body")
    for row in rows.order_by("-sent_at")[:500]:
        if row.status != Message.Status.NUDGED:
            if row.sent_at > now - HISTORY:
                written = Written(row.body, row.sent_digest, (now - row.sent_at).total_seconds())
                history[row.account_id or 0].append(written)
        elif row.body:
            question = Question(row.room_id, row.client_id, row.sent_digest)
            questions[row.account_id or 0].add(question)
    return history, questions


def _author(
    member: Membership, now: datetime, history: Sequence[Written], questions: Iterable[Question]
) -> Author:
    return Author(
        membership_id=member.pk,
        account_id=member.account_id,
        room_id=member.room_id,
        room_slug=member.room.slug,
        preset=member.room.preset,
        handle=member.handle,
        role=member.role,
        standing=standing_of(member, now),
        access_version=member.account.access_version,
        country=member.account.country or None,
        exempt=member.account.for_load_tests,
        history=tuple(history),
        questions=frozenset(questions),
    )


def standing_of(member: Membership, now: datetime) -> Standing:
    """New for the first week or the first few posts; trusted when known for long or on duty."""
    if member.role != Membership.Role.MEMBER or member.posts >= TRUSTED_POSTS:
        return Standing.TRUSTED
    is_young = now.date() - member.joined_on < timedelta(days=NEW_DAYS)
    return Standing.NEW if is_young or member.posts < REGULAR_POSTS else Standing.REGULAR
