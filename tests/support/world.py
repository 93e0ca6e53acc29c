"""One of everything: an account in every role, and a message, a share, a case, a request and a
notice in every state that rights depend on. The tests of access walk over all of it (A1).

ben writes what is not one's own; mo decides; wren lives in another room, which rae moderates.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from forum.accounts.models import Account, HandleMute
from forum.chat import editing
from forum.chat.models import Message, Notice
from forum.rooms import seeding
from forum.rooms.models import Membership, Room
from moderation import cases, gate
from moderation.cases import Wish
from moderation.models import Case, Decision, Sanction
from tests.support.cast import account, member, say

HERE, CLOSED, PRIVATE, ELSEWHERE = "first-days", "closed-room", "private-room", "grief"
ROOMS = {"open": HERE, "closed": CLOSED, "private": PRIVATE, "missing": "no-such-room"}

# Who asks. The same account with and without the second factor is two roles.
MEMBERS = ("member", "muted", "suspended", "facilitator", "moderator", "moderator 2fa")
OUTSIDE = ("outsider", "asked", "left", "moderator elsewhere 2fa", "lead", "lead 2fa")
NOBODY = ("stranger", "closed account")  # as good as not signed in
ROLES = (*NOBODY, *OUTSIDE, *MEMBERS)
DESKS = (("moderator 2fa", HERE), ("moderator elsewhere 2fa", ELSEWHERE))

# What is asked for. "own" is the asker's, in this room; an asker who has none there gets ben's.
MESSAGES = ("own", "own held", "other", "other held", "other removed", "other taken back",
            "other blocked", "other asked about", "in the closed room", "in the private room",
            "of another room", "missing")  # fmt: skip
SHARES = ("other", "held", "removed", "in the closed room", "of another room", "missing")
CASES = ("open", "decided", "about oneself", "of another room", "missing")
REQUESTS = ("asked here", "asked in another room", "of a member", "missing")
NOTICES = ("own", "other", "missing")

HELD = "who's selling percs? need to cop today"
BLOCKED = "selling percs, hmu, local delivery"
ASKED_ABOUT = "my number is 07911 123456"


@dataclass
class World:
    accounts: dict[str, Account] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    own: dict[str, dict[str, Message]] = field(default_factory=dict)
    shares: dict[str, Message] = field(default_factory=dict)  # the messages that open them
    cases: dict[str, int] = field(default_factory=dict)
    own_cases: dict[str, int] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    notices: dict[str, int] = field(default_factory=dict)

    def account_of(self, role: str) -> Account | None:
        return self.accounts.get(role.removesuffix(" 2fa"))

    def message_id(self, state: str, role: str) -> str:
        if state == "missing":
            return str(uuid.UUID(int=7))
        if state in ("own", "own held"):
            return str((self.own.get(role, {}).get(state) or self.messages["other"]).pk)
        return str(self.messages[state].pk)

    def share_id(self, state: str) -> str:
        return str(uuid.UUID(int=7) if state == "missing" else self.shares[state].share_id)

    def case_id(self, state: str, role: str) -> int:
        if state == "about oneself":
            return self.own_cases.get(role, self.cases["open"])
        return 10**9 if state == "missing" else self.cases[state]

    def notice_id(self, state: str, role: str) -> int:
        if state == "own":
            return self.notices.get(role, 10**9)
        return 10**9 if state == "missing" else self.notices["ben"]

    def texts(self) -> list[tuple[str, Message]]:
        """Each text as it is now, with the words by which it is known wherever it turns up."""
        mine = [message.pk for own in self.own.values() for message in own.values()]
        written = [message.pk for message in (*self.messages.values(), *self.shares.values())]
        found = Message.objects.select_related("room").filter(pk__in=[*mine, *written])
        return [(words_of(message.client_id), message) for message in found]

    def may_read(self, role: str, message: Message) -> bool:
        """Whether these words may be on any page that this role gets."""
        who, slug, status = self.account_of(role), message.room.slug, message.status
        if role in NOBODY or who is None:
            return False
        if role == "lead 2fa" or (role, slug) in DESKS:
            return status != Message.Status.NUDGED  # that was never sent
        if message.account_id == who.pk:
            return True
        return role in MEMBERS and slug != ELSEWHERE and status == Message.Status.PUBLISHED


def words_of(client_id: uuid.UUID) -> str:
    """Words that occur in one text only, and are not touched by screening or by rendering."""
    return f"known by {letters_of(client_id)}"


def letters_of(client_id: uuid.UUID) -> str:
    return client_id.hex[:12].translate(_LETTERS)


_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def build(*, exempt: bool = False) -> World:
    """`exempt` from limits of pace and flooding, for a running server."""
    seeding.seed_rooms()
    world = World()
    rooms = _rooms()
    _people(world, rooms)
    everybody = Account.objects.filter(pk__in=[made.pk for made in world.accounts.values()])
    everybody.update(for_load_tests=True)  # they write a lot at once
    _texts(world, rooms)
    everybody.update(for_load_tests=exempt)
    _decisions(world, rooms)
    _ends(world, rooms)
    return world


def _rooms() -> dict[str, Room]:
    for slug in (CLOSED, PRIVATE):
        Room.objects.create(slug=slug, name=slug, summary=f"The {slug}", approach="any",
                            charter={"purpose": "to talk"})  # fmt: skip
    Room.objects.filter(slug=PRIVATE).update(join_mode=Room.Join.PRIVATE)
    return {room.slug: room for room in Room.objects.all()}


def _people(world: World, rooms: dict[str, Room]) -> None:
    roles = Membership.Role
    special = {
        "facilitator": roles.FACILITATOR,
        "moderator": roles.MODERATOR,
        "mo": roles.MODERATOR,
    }
    for name in ("ben", "mo", "left", *(r for r in MEMBERS if not r.endswith("2fa"))):
        made = member(name, rooms[HERE], special.get(name, roles.MEMBER))
        for slug in (CLOSED, PRIVATE):
            _joined(made, rooms[slug])
        world.accounts[name] = made
    for name in ("outsider", "asked", "lead", "closed-account", "asked-there"):
        world.accounts[name.replace("closed-account", "closed account")] = account(name)
    rae = world.accounts["moderator elsewhere"] = member("rae", rooms[ELSEWHERE], roles.MODERATOR)
    auth.TOTP.activate(rae, auth.generate_totp_secret())
    RecoveryCodes.activate(rae)
    world.accounts["wren"] = member("wren", rooms[ELSEWHERE])
    Account.objects.filter(pk=world.accounts["lead"].pk).update(is_lead=True)
    for made in world.accounts.values():
        HandleMute.objects.create(account=made, handle=world.accounts["wren"].handles.get())
    for name, slug, key in (("asked", HERE, "asked here"),
                            ("asked-there", ELSEWHERE, "asked in another room")):  # fmt: skip
        asking = _joined(world.accounts[name], rooms[slug], Membership.Status.REQUESTED)
        world.requests[key] = asking.pk
    world.requests["of a member"] = Membership.objects.get(
        account=world.accounts["ben"], room=rooms[HERE]
    ).pk
    world.requests["missing"] = 10**9


def _joined(made: Account, room: Room, status: str = Membership.Status.ACTIVE) -> Membership:
    return Membership.objects.create(room=room, account=made, handle=made.handles.get(), posts=50,
                                     charter_accepted=1, status=status)  # fmt: skip


def _says(who: Account, room: Room, text: str, **more: Any) -> Message:
    client_id = uuid.uuid4()
    return say(who, room, f"{text} {words_of(client_id)}", client_id=client_id, **more)


def _texts(world: World, rooms: dict[str, Room]) -> None:
    ben, wren = world.accounts["ben"], world.accounts["wren"]
    here = rooms[HERE]
    world.messages = {
        "other": _says(ben, here, "day four"),
        "other held": _says(ben, here, HELD),
        "other removed": _says(ben, here, "what a day"),
        "other taken back": _says(ben, here, "not meant for here"),
        "other blocked": _says(ben, here, BLOCKED),
        "other asked about": _says(ben, here, ASKED_ABOUT),
        "in the closed room": _says(ben, rooms[CLOSED], "said before it closed"),
        "in the private room": _says(ben, rooms[PRIVATE], "between us"),
        "of another room": _says(wren, rooms[ELSEWHERE], "three weeks now"),
    }
    world.shares = {
        "other": _says(ben, here, "It began in spring.", title="My first week"),
        "held": _says(ben, here, HELD, title="A question"),
        "removed": _says(ben, here, "It was a long year.", title="My year"),
        "in the closed room": _says(ben, rooms[CLOSED], "It began at sea.", title="The sea"),
        "of another room": _says(wren, rooms[ELSEWHERE], "It is quiet.", title="The quiet"),
    }
    for role in ("left", *MEMBERS):
        who = world.account_of(role)
        assert who is not None, role
        world.own[role] = {"own": _says(who, here, "hello"), "own held": _says(who, here, HELD)}
    world.messages["held in another room"] = _says(wren, rooms[ELSEWHERE], HELD)


def _case_of(message: Message) -> Case:
    return Case.objects.get(content_id=str(message.pk), status=Case.Status.OPEN)


def _decisions(world: World, rooms: dict[str, Room]) -> None:
    mo, ben = world.accounts["mo"], world.accounts["ben"]
    for message in (world.messages["other removed"], world.shares["removed"]):
        case = _filed(message)
        cases.decide(case.pk, mo.pk, Wish("remove", "attack"), now=timezone.now())
        world.cases["decided"] = case.pk
    editing.delete(ben.pk, HERE, world.messages["other taken back"].pk)
    world.cases["open"] = _case_of(world.messages["other held"]).pk
    world.cases["of another room"] = _case_of(world.messages["held in another room"]).pk
    for name, own in world.own.items():
        world.own_cases[name] = _case_of(own["own held"]).pk
        _warned(world, name, own["own"], mo)
    _warned(world, "ben", world.messages["other"], mo)
    # The lead is no member and writes nothing here; a case about them could still come up.
    about_lead = _filed(world.messages["other"])
    Case.objects.filter(pk=about_lead.pk).update(author_id=world.accounts["lead"].pk)
    world.own_cases["lead"] = world.own_cases["lead 2fa"] = about_lead.pk


def _filed(message: Message) -> Case:
    return Case.objects.create(
        content_kind="message", content_id=str(message.pk), room_id=message.room_id,
        author_id=message.account_id, severity=3, label="harassment", action="allow",
        source="report", due_at=timezone.now(),
    )  # fmt: skip


def _warned(world: World, name: str, message: Message, mo: Account) -> None:
    case = _filed(message)
    cases.decide(case.pk, mo.pk, Wish("warn", "attack"), now=timezone.now())
    world.notices[name] = Notice.objects.get(message=message, kind="warned").pk


def limit(who: Account, room: Room | None, kind: str) -> Sanction:
    """Muted in a room, or suspended everywhere, for an hour."""
    where = room or Room.objects.get(slug=HERE)
    case = Case.objects.create(
        content_kind="message", content_id=str(uuid.uuid4()), room_id=where.pk, severity=3,
        label="insult", action="hold", source="engine", status=Case.Status.CLOSED,
        due_at=timezone.now(),
    )  # fmt: skip
    decision = Decision.objects.create(case=case, kind=kind, reason="attack")
    return Sanction.objects.create(
        account_id=who.pk, room_id=room.pk if room else None, kind=kind, decision=decision,
        ends_at=timezone.now() + timezone.timedelta(hours=1),
    )  # fmt: skip


def _ends(world: World, rooms: dict[str, Room]) -> None:
    """What could not be so from the start: who is limited or gone had to write before."""
    limit(world.accounts["muted"], rooms[HERE], "mute")
    limit(world.accounts["suspended"], None, "suspension")
    Account.objects.filter(pk=world.accounts["closed account"].pk).update(is_active=False)
    Membership.objects.filter(account=world.accounts["left"]).update(status=Membership.Status.LEFT)
    Room.objects.filter(slug=CLOSED).update(closed_on=timezone.localdate())
    # Nobody's unread marker moves when a page is shown: a look writes nothing.
    everybody = [made.pk for made in world.accounts.values()]
    Membership.objects.filter(account_id__in=everybody).update(read_seq=10**6)


@pytest.fixture(scope="module")
def of(django_db_setup, django_db_blocker):
    """One world for all tests of a module; each of them must undo what it changes.

    Passphrases are hashed fast here: every role sends one, many times. The engine may take its
    time: on a busy machine nothing may be held that is to be published.
    """
    eased = override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"], GATE_DEADLINE=10.0
    )
    with django_db_blocker.unblock(), eased, transaction.atomic():
        gate.runner.cache_clear()
        yield build()
        transaction.set_rollback(True)
