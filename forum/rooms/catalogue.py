"""Reads for the catalogue: which rooms there are, and which are one's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from forum.accounts.models import Account
from forum.rooms.models import Membership, Room
from moderation import gate

APPROACHES = {
    "any": "All paths",
    "twelve-step": "Twelve steps",
    "self-empowering": "Self-empowering",
    "secular": "Secular",
    "faith": "Faith or spiritual practice",
    "medication-friendly": "Medication-friendly",
    "harm-reduction": "Harm reduction",
}
AUDIENCES = {
    "everyone": "Everyone",
    "newcomers": "New to recovery",
    "women": "Women",
    "lgbtq": "LGBTQ+",
    "young-adults": "Young adults",
    "people-of-colour": "People of colour",
    "spanish-speaking": "En español",
    "families": "Families and friends",
    "dual-recovery": "Mental health and recovery",
}
TOPICS = {
    "alcohol": "Alcohol",
    "drugs": "Drugs",
    "cravings": "Cravings",
    "first-days": "First days",
    "mental-health": "Mental health",
    "medication": "Medication",
    "relationships": "Relationships",
    "grief": "Grief",
    "daily-life": "Daily life",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for; an empty word is "any"."""

    approach: str = ""
    audience: str = ""
    topic: str = ""


def rooms(wish: Wish) -> list[Room]:
    """The rooms that fit, in the order of the catalogue. Private rooms are in no list."""
    found = Room.objects.exclude(join_mode=Room.Join.PRIVATE).order_by("position", "name")
    if wish.approach:
        found = found.filter(approach=wish.approach)
    # JSON lists are compared here: SQLite has no query for "contains", and rooms are few.
    return [
        room
        for room in found
        if (not wish.audience or wish.audience in room.audience)
        and (not wish.topic or wish.topic in room.topics)
    ]


def own_rooms(account: Account) -> Sequence[Membership]:
    rows = Membership.objects.select_related("room", "handle").filter(
        account=account, status__in=[Membership.Status.ACTIVE, Membership.Status.REQUESTED]
    )
    return list(rows.order_by("room__position"))


def membership_in(account: Account, room: Room) -> Membership | None:
    """One's own membership, also one that is only asked for."""
    return (
        Membership.objects.select_related("handle", "room")
        .filter(account=account, room=room)
        .exclude(status=Membership.Status.LEFT)
        .first()
    )


def moderates_any(account: Account) -> bool:
    """Whether there is a desk for this account to open."""
    rooms = Room.objects.all()
    if not account.is_lead:
        rooms = rooms.filter(
            memberships__account=account,
            memberships__role=Membership.Role.MODERATOR,
            memberships__status=Membership.Status.ACTIVE,
        )
    found = list(rooms.values_list("pk", flat=True))
    limits = gate.limits_on([account.pk], now=timezone.now()) if found else []
    return any(gate.limit_on(limits, account.pk, pk) is None for pk in found)


def words(keys: Sequence[str], names: Mapping[str, str]) -> list[str]:
    return [names[key] for key in keys if key in names]
