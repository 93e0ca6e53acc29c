"""Two at once, on a real database: run in a process of its own, prints what came of it as JSON.

`manage.py shell -c "from tests.support import races; races.two_decide()"`
"""

import json
import sys
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from forum.accounts.models import Account
from forum.chat import posting
from forum.chat.models import Event, Message, Notice
from forum.chat.posting import Post
from forum.rooms import seeding
from forum.rooms.models import Membership, Room
from moderation import cases, rescreening
from moderation.cases import Wish
from moderation.engine.types import Action, Draft, Verdict
from moderation.models import AuditEntry, Case, Decision
from moderation.refusals import DeskRefused
from tests.support.cast import member

FINE = Verdict(Action.ALLOW, "allow", "p")
T = TypeVar("T")
TEXTS = 20
WORKERS = 4


def fine(batch: Sequence[Draft]) -> list[Verdict]:
    return [FINE for _ in batch]


def two_decide() -> None:
    """Two moderators press at the same moment: one releases, one removes."""
    room, author = _room_with_author()
    moderators = [member(name, room, Membership.Role.MODERATOR) for name in ("mo", "kit")]
    post(author, room, "who's selling percs? need to cop today")
    case = Case.objects.get()
    wishes = [Wish("release", "within"), Wish("remove", "selling")]
    together = Barrier(2, timeout=10)

    def press(who: int) -> str:
        together.wait()
        try:
            cases.decide(case.pk, moderators[who].pk, wishes[who], now=timezone.now())
        except DeskRefused as refused:
            return refused.code
        return "decided"

    answers = at_once(press, 2)
    tell(
        answers=sorted(answers),
        decisions=Decision.objects.count(),
        notices=Notice.objects.filter(account=author).count(),
        logged=AuditEntry.objects.exclude(kind="case.viewed").count(),
    )


def workers_rescreen() -> None:
    """Several workers take from the same pile of texts; each text must be answered once."""
    room, author = _room_with_author()
    with override_settings(MODERATION_ENGINE="tests.support.engines.Throws.load"):
        for n in range(TEXTS):
            post(author, room, f"this is text number {n}")
    together = Barrier(WORKERS, timeout=10)

    def work(_: int) -> int:
        together.wait()
        return sum(rescreening.rescreen_due(fine, at_most=3) for _ in range(TEXTS))

    answered = at_once(work, WORKERS)
    tell(
        answered=sum(answered),
        published=Message.objects.filter(status="published").count(),
        events=Event.objects.count(),
        notices=Notice.objects.count(),
        waiting=rescreening.waiting(),
    )


def _room_with_author() -> tuple[Room, Account]:
    seeding.seed_rooms()
    room = Room.objects.get(slug="first-days")
    return room, member("ana", room)


def post(author: Account, room: Room, text: str) -> None:
    posting.post(Post(author.pk, room.slug, text, uuid.uuid4()))


def at_once(work: Callable[[int], T], count: int) -> list[T]:
    """What each of `count` threads came to, with a database connection of its own."""

    def and_hang_up(number: int) -> T:
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(and_hang_up, range(count)))


def tell(**outcome: object) -> None:
    sys.stdout.write(json.dumps(outcome) + "\n")
