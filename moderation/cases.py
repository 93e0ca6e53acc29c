"""What moderators do with a case: claim it, decide it. Each decision is one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from moderation import audit, filing, ports
from moderation.models import Case, Decision, Sanction
from moderation.ports import CONTENT_NOTES, ContentRef, Notice
from moderation.refusals import DeskRefused

LONGEST_MUTE = timedelta(days=7)
LONGEST_SUSPENSION = timedelta(days=30)  # what lasts longer takes two people

# Reason codes: what the author is told was weighed.
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

KINDS = {
    "release": "Release",
    "release_with_note": "Release behind a content note",
    "remove": "Remove",
    "warn": "Warn the author",
    "mute": "Mute in this room",
    "suspend": "Suspend everywhere",
    "dismiss": "Close: nothing to do",
}


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


def queue(room_ids: Sequence[int]) -> QuerySet[Case]:
    """Open cases of these rooms: the gravest first, then what is due first."""
    rows = Case.objects.filter(status=Case.Status.OPEN, room_id__in=room_ids)
    return rows.order_by("severity", "due_at", "pk")


def claim(case_id: int, moderator_id: int, *, now: datetime) -> Case:
    """Take the case for a while, so that two people don't work on one."""
    with transaction.atomic():
        case = _locked(case_id, moderator_id)
        if is_claimed_by_other(case, moderator_id, now):
            raise DeskRefused(
                "case.claimed", "Somebody else has this case. Take another one, or take it over."
            )
        _set_claim(case, moderator_id, now)
    return case


def take_over(case_id: int, moderator_id: int, *, now: datetime) -> Case:
    with transaction.atomic():
        case = _locked(case_id, moderator_id)
        audit.append(
            "case.taken_over",
            actor_id=moderator_id,
            subject=f"case:{case_id}",
            before=case.claimed_by_id,
        )
        _set_claim(case, moderator_id, now)
    return case


def release_claim(case_id: int, moderator_id: int) -> None:
    with transaction.atomic():
        case = _locked(case_id, moderator_id)
        if case.claimed_by_id == moderator_id:
            case.claimed_by, case.claimed_until = None, None
            case.save(update_fields=["claimed_by", "claimed_until"])
            filing.tell_desk("desk.case_changed", case)


def is_claimed_by_other(case: Case, moderator_id: int, now: datetime) -> bool:
    running = case.claimed_until is not None and case.claimed_until > now
    return running and case.claimed_by_id not in (None, moderator_id)


def _set_claim(case: Case, moderator_id: int, now: datetime) -> None:
    case.claimed_by_id = moderator_id
    case.claimed_until = now + timedelta(seconds=settings.CLAIM_SECONDS)
    case.save(update_fields=["claimed_by", "claimed_until"])
    filing.tell_desk("desk.case_changed", case)


def decide(case_id: int, moderator_id: int, wish: Wish, *, now: datetime) -> Decision:
    """Do what was decided, log it, tell the author, close the case.

    Raises DeskRefused: unknown or foreign case, already decided, one's own text, a wish that lacks
    something.
    """
    _check_wish(wish)
    with transaction.atomic():
        case = _locked(case_id, moderator_id)
        if is_claimed_by_other(case, moderator_id, now):
            raise DeskRefused(
                "case.claimed", "Somebody else is working on this case. Take it over first."
            )
        decision = Decision.objects.create(
            case=case,
            moderator_id=moderator_id,
            kind=wish.kind,
            reason=wish.reason,
            note=wish.note,
            at=now,
        )
        _ACTS[wish.kind](case, decision, wish)
        if wish.also_remove:
            ports.owner().remove(_ref(case))
        _finish(case, decision, now)
        _log(case, decision, wish)
        if wish.kind != "dismiss":
            ports.owner().tell_author(_ref(case), Notice(_TOLD_AS[wish.kind], words_for(wish)))
    return decision


def _locked(case_id: int, moderator_id: int) -> Case:
    """The open case, locked, if this moderator may work on it."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None or case.room_id not in ports.owner().rooms_moderated_by(moderator_id):
        raise DeskRefused("not_found", "There is no such case.", status=404)
    if case.author_id == moderator_id:
        raise DeskRefused(
            "case.own", "This is about your own text: another moderator decides.", status=403
        )
    if case.source == Case.Source.APPEAL and _decided_before(case, moderator_id):
        raise DeskRefused(
            "case.own_decision",
            "You decided this before: another moderator looks at it.",
            status=403,
        )
    if case.status != Case.Status.OPEN:
        raise DeskRefused("case.closed", f"This case was decided already: {case.outcome}.")
    return case


def _decided_before(case: Case, moderator_id: int) -> bool:
    return Decision.objects.filter(
        case__content_kind=case.content_kind,
        case__content_id=case.content_id,
        moderator_id=moderator_id,
    ).exists()


def _check_wish(wish: Wish) -> None:
    if wish.kind not in KINDS:
        raise DeskRefused("wish.kind", "Choose what to do.", status=422)
    if wish.reason not in REASONS:
        raise DeskRefused("wish.reason", "Choose a reason.", status=422)
    if wish.reason == "other" and not wish.message.strip():
        raise DeskRefused("wish.message", "Write to the author what the reason is.", status=422)
    if wish.kind == "release_with_note" and wish.content_note not in CONTENT_NOTES:
        raise DeskRefused("wish.content_note", "Choose a content note.", status=422)
    longest = {"mute": LONGEST_MUTE, "suspend": LONGEST_SUSPENSION}.get(wish.kind)
    if longest and not timedelta() < timedelta(hours=wish.hours) <= longest:
        hours = int(longest.total_seconds() // 3600)
        raise DeskRefused("wish.hours", f"Choose a time from 1 to {hours} hours.", status=422)


def _ref(case: Case) -> ContentRef:
    return ContentRef(case.content_kind, case.content_id)


def _release(case: Case, decision: Decision, wish: Wish) -> None:
    if not ports.owner().release(_ref(case), verdict=None):
        raise DeskRefused("case.not_held", "This message is not held: close the case instead.")


def _release_with_note(case: Case, decision: Decision, wish: Wish) -> None:
    owner = ports.owner()
    if not owner.release(_ref(case), verdict=None, note=wish.content_note):
        owner.add_note(_ref(case), wish.content_note)


def _remove(case: Case, decision: Decision, wish: Wish) -> None:
    ports.owner().remove(_ref(case))


def _nothing(case: Case, decision: Decision, wish: Wish) -> None:
    """A warning changes no content, and neither does closing."""


def _mute(case: Case, decision: Decision, wish: Wish) -> None:
    _limit(case, decision, wish, Sanction.Kind.MUTE, room_id=case.room_id)


def _suspend(case: Case, decision: Decision, wish: Wish) -> None:
    _limit(case, decision, wish, Sanction.Kind.SUSPENSION, room_id=None)


def _limit(case: Case, decision: Decision, wish: Wish, kind: str, *, room_id: int | None) -> None:
    if case.author_id is None:
        raise DeskRefused("case.no_author", "The account behind this text is gone.")
    Sanction.objects.create(
        account_id=case.author_id,
        room_id=room_id,
        kind=kind,
        decision=decision,
        starts_at=decision.at,
        ends_at=decision.at + timedelta(hours=wish.hours),
    )
    ports.owner().limit_changed(case.author_id)


_ACTS: Mapping[str, Callable[[Case, Decision, Wish], None]] = {
    "release": _release,
    "release_with_note": _release_with_note,
    "remove": _remove,
    "warn": _nothing,
    "mute": _mute,
    "suspend": _suspend,
    "dismiss": _nothing,
}
_TOLD_AS = {
    "release": "released",
    "release_with_note": "released",
    "remove": "removed",
    "warn": "warned",
    "mute": "muted",
    "suspend": "suspended",
}


def _finish(case: Case, decision: Decision, now: datetime) -> None:
    case.status, case.outcome, case.closed_at = Case.Status.CLOSED, decision.kind, now
    case.claimed_by, case.claimed_until = None, None
    case.save(update_fields=["status", "outcome", "closed_at", "claimed_by", "claimed_until"])
    filing.tell_desk("desk.case_closed", case)


def _log(case: Case, decision: Decision, wish: Wish) -> None:
    audit.append(
        f"case.{wish.kind}",
        actor_id=decision.moderator_id,
        subject=f"case:{case.pk}",
        decision=decision.pk,
        reason=wish.reason,
        hours=wish.hours,
        content_note=wish.content_note,
        also_removed=wish.also_remove,
    )


_FIRST = {
    "release": "A moderator read your message and released it: {why}. It is out now, in its place.",
    "release_with_note": "A moderator read your message. It is in the room behind the content note"
    " “{note}”: {why}.",
    "remove": "A moderator removed your message: {why}. You are still welcome here.",
    "warn": "A moderator asks you to take care with messages like this one: {why}.",
    "mute": "A moderator has paused your writing in this room for {hours} hours: {why}. You can"
    " read along, and other rooms are open to you.",
    "suspend": "A moderator has paused your writing everywhere for {hours} hours: {why}. You can"
    " read along, and the help pages are open to you.",
}
_APPEAL = (
    " A person decided this. If you think it is wrong, answer under Notices: another moderator"
    " looks at it."
)


def words_for(wish: Wish) -> str:
    """What the author is told: what happened, why, what now."""
    text = _FIRST[wish.kind].format(
        why=REASONS[wish.reason], note=wish.content_note, hours=wish.hours
    )
    if wish.also_remove:
        text += " The message was removed."
    if wish.message.strip():
        text += f" They wrote: “{wish.message.strip()}”"
    return text if wish.kind.startswith("release") else text + _APPEAL


def record_of(case: Case) -> Sequence[Case]:
    """Earlier cases about the same author in the same room, newest first; no other room's."""
    if case.author_id is None:
        return []
    rows = Case.objects.filter(Q(author_id=case.author_id, room_id=case.room_id)).exclude(
        pk=case.pk
    )
    return list(rows.prefetch_related("decisions").order_by("-opened_at")[:20])


def sanctions_on(case: Case) -> Sequence[Sanction]:
    """What limits the author in this room now, or everywhere."""
    if case.author_id is None:
        return []
    now = timezone.now()
    rows = Sanction.objects.filter(
        Q(room_id=case.room_id) | Q(room_id__isnull=True),
        account_id=case.author_id,
        lifted_at__isnull=True,
        ends_at__gt=now,
    )
    return list(rows.order_by("ends_at"))
