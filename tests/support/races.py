"""Two at once, on a real database: run in a process of its own, prints what came of it as JSON.

`manage.py shell -c "from tests.support import races; races.two_decide()"`
"""

import json
import random
import sys
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from threading import Event as Flag
from time import sleep
from typing import TypeVar

from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from forum.accounts import revocation
from forum.accounts.models import Account
from forum.chat import closing, editing, posting, reacting, reporting
from forum.chat.models import Event, Message, Notice
from forum.chat.posting import Post
from forum.errors import Refused
from forum.rooms import membership, seeding
from forum.rooms.models import Membership, Room
from moderation import cases, rescreening
from moderation.cases import Wish
from moderation.engine.types import Action, Draft, Verdict
from moderation.models import AuditEntry, Case, Decision, Sanction
from moderation.refusals import DeskRefused
from tests.support.cast import member
from tests.support.world import limit

FINE = Verdict(Action.ALLOW, "allow", "p")
T = TypeVar("T")
TEXTS = 20
WORKERS = 4
RACES = 20
Write = Callable[[Account, Room], None]


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


def writes_while_rights_end(how: str, what: str) -> None:
    """Somebody writes without a pause while the right to do so is taken away, again and again.

    Told: how many of it were begun after the commit and taken all the same; and how many were taken
    after it whenever they were begun.
    """
    room, author = _room_with_author()
    Account.objects.filter(pk=author.pk).update(for_load_tests=True)
    post(author, room, "one more day")
    begun_late = taken_after = 0
    for _ in range(RACES):
        ended = Flag()
        both = (partial(_write_until_refused, _WRITES[what]), partial(_end, how))
        begun, seq = at_once(lambda who, at=ended, both=both: both[who](author, room, at), 2)
        begun_late += begun
        room.refresh_from_db()
        taken_after += room.seq - seq
        _BEGINS[how](author, room)
    tell(begun_late=begun_late, taken_after=taken_after)


def edits_while_a_moderator_decides() -> None:
    """An author changes their words just when a moderator removes them, again and again."""
    room, author = _room_with_author()
    Account.objects.filter(pk=author.pk).update(for_load_tests=True)
    reader, moderator = member("ben", room), member("mo", room, Membership.Role.MODERATOR)
    outcomes = []
    for n in range(RACES):
        message = post(author, room, f"day {n} of not calling my plug")
        reporting.report(reader.pk, room.slug, message.pk, reason="selling", note="")
        case = Case.objects.get(status=Case.Status.OPEN)
        both = (partial(_change, author, room, message), partial(_remove, moderator, case))
        outcomes += at_once(lambda who, both=both: both[who](), 2)
    tell(
        failed=[o for o in outcomes if o not in ("changed", "gone", "removed")],
        removed=Message.objects.filter(status=Message.Status.REMOVED).count(),
        open=Case.objects.filter(status=Case.Status.OPEN).count(),
    )


def _change(author: Account, room: Room, message: Message) -> str:
    try:
        editing.edit(author.pk, room.slug, message.pk, f"one more day, {uuid.uuid4().hex}")
    except Refused:
        return "gone"
    return "changed"


def _remove(moderator: Account, case: Case) -> str:
    cases.decide(case.pk, moderator.pk, Wish("remove", "selling"), now=timezone.now())
    return "removed"


def _write_until_refused(write: Write, author: Account, room: Room, ended: Flag) -> int:
    taken = 0
    while taken < TEXTS:
        is_late = ended.is_set()
        try:
            write(author, room)
            taken += is_late
        except Refused:
            if is_late:
                break
    return taken


def _end(how: str, author: Account, room: Room, ended: Flag) -> int:
    """The newest event at the moment when the right ended."""
    sleep(random.uniform(0, 0.03))
    with transaction.atomic():
        _ENDS[how](author, room)
        seq = Room.objects.values_list("seq", flat=True).get(pk=room.pk)
    ended.set()
    return seq


def _mute(author: Account, room: Room) -> None:
    limit(author, room, "mute")
    revocation.access_changed(author.pk)


def _unmute(author: Account, room: Room) -> None:
    Sanction.objects.update(lifted_at=timezone.now())
    revocation.access_changed(author.pk)


def _leave(author: Account, room: Room) -> None:
    membership.leave(author, room.slug)


def _come_back(author: Account, room: Room) -> None:
    Membership.objects.filter(account=author).update(status=Membership.Status.ACTIVE)
    revocation.access_changed(author.pk)


def _close(author: Account, room: Room) -> None:
    closing.close(room.slug)


def _open(author: Account, room: Room) -> None:
    closing.reopen(room.slug)


def _say(author: Account, room: Room) -> None:
    post(author, room, "one more day")


def _edit(author: Account, room: Room) -> None:
    message = Message.objects.filter(account=author).earliest("pk")
    editing.edit(author.pk, room.slug, message.pk, f"one more day, {uuid.uuid4().hex}")


def _react(author: Account, room: Room) -> None:
    message = Message.objects.filter(account=author).earliest("pk")
    reacting.toggle(author.pk, room.slug, message.pk, kind="hug")


_WRITES: dict[str, Write] = {"text": _say, "edit": _edit, "reaction": _react}
_ENDS = {"mute": _mute, "leave": _leave, "close": _close}
_BEGINS = {"mute": _unmute, "leave": _come_back, "close": _open}


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


def one_client_id_for_two_texts() -> None:
    """Two texts come at the same moment under one client_id; one of them is told so."""
    room, author = _room_with_author()
    Account.objects.filter(pk=author.pk).update(for_load_tests=True)
    together = Barrier(2, timeout=10)

    def send(who: int, client_id: uuid.UUID) -> str:
        together.wait()
        wanted = Post(author.pk, room.slug, f"this is text number {who}", client_id)
        try:
            return posting.post(wanted).status
        except Refused as refused:
            return refused.code

    tries = [sorted(at_once(partial(send, client_id=uuid.uuid4()), 2)) for _ in range(RACES)]
    tell(answers=sorted({answer for answers in tries for answer in answers}))


def _room_with_author() -> tuple[Room, Account]:
    seeding.seed_rooms()
    room = Room.objects.get(slug="first-days")
    return room, member("ana", room)


def post(author: Account, room: Room, text: str) -> Message:
    return posting.post(Post(author.pk, room.slug, text, uuid.uuid4()))


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
