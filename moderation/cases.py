"""What moderators do with a case: claim it, decide it. Each decision is one transaction."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from moderation import audit, filing, outcomes, ports, screenings
from moderation.models import Case, Decision, Evidence, Sanction
from moderation.outcomes import HELD, KINDS, ON_APPEAL, Wish
from moderation.ports import ContentRef
from moderation.refusals import DeskRefused
from moderation.statements import statement


def queue(room_ids: Sequence[int], moderator_id: int) -> QuerySet[Case]:
    """Open cases of these rooms, none about the moderator: the gravest first, then what is due."""
    rows = Case.objects.filter(status=Case.Status.OPEN, room_id__in=room_ids)
    return rows.exclude(author_id=moderator_id).order_by("severity", "due_at", "pk")


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
    with transaction.atomic():
        case = _locked(case_id, moderator_id)
        outcomes.check_wish(
            case, wish, reported=reported(case), must_answer=bool(author_asked(case))
        )
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
        _act(case, decision, wish)
        _finish(case, decision, now)
        _log(case, decision, wish)
        _tell_author(case, wish)
    return decision


def _locked(case_id: int, moderator_id: int) -> Case:
    """The open case, locked, if this moderator may work on it."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None or case.room_id not in ports.owner().rooms_moderated_by(moderator_id):
        raise DeskRefused("not_found", "There is no such case.", status=404)
    check_not_about(case, moderator_id)
    if refusal := obstacle(case, moderator_id):
        raise refusal
    return case


def check_not_about(case: Case, moderator_id: int) -> None:
    """Nobody reads what others reported about them, nor decides on it."""
    if case.author_id == moderator_id:
        raise DeskRefused(
            "case.own", "This is about your own text: another moderator decides.", status=403
        )


def obstacle(case: Case, moderator_id: int) -> DeskRefused | None:
    """Why this moderator of the room may not decide the case; None when they may."""
    if case.status != Case.Status.OPEN:
        return DeskRefused("case.closed", f"This case was decided already: {outcome_of(case)}.")
    if case.source == Case.Source.APPEAL and _decided_before(case, moderator_id):
        return DeskRefused(
            "case.own_decision",
            "You decided this before: another moderator looks at it.",
            status=403,
        )
    return None


def outcome_of(case: Case) -> str:
    """How a case ended, in words; empty while it is open."""
    words = ON_APPEAL if case.source == Case.Source.APPEAL else KINDS
    return words.get(case.outcome, f"{case.outcome} by the engine" if case.outcome else "").lower()


def _decided_before(case: Case, moderator_id: int) -> bool:
    return Decision.objects.filter(
        case__content_kind=case.content_kind,
        case__content_id=case.content_id,
        moderator_id=moderator_id,
    ).exists()


def _ref(case: Case) -> ContentRef:
    return ContentRef(case.content_kind, case.content_id)


def _act(case: Case, decision: Decision, wish: Wish) -> None:
    """Do it. Nothing may be left held: with its case closed nobody would look at it again.

    Content before account, the order in which a post locks them.
    """
    screenings.settle(_ref(case))
    if wish.also_remove:
        _remove(case, decision, wish)
    _ACTS[wish.kind](case, decision, wish)
    content = ports.owner().content(_ref(case))
    if content is not None and content.status == HELD:
        raise DeskRefused(
            "case.still_held", "The message would still wait: release it, or remove it as well."
        )


def _release(case: Case, decision: Decision, wish: Wish) -> None:
    released = ports.owner().release(_ref(case), verdict=None)
    if case.source == Case.Source.APPEAL:
        _lift_earlier(case, decision)
    elif not released:
        raise DeskRefused("case.not_held", "This message is not held: close the case instead.")


def _release_with_note(case: Case, decision: Decision, wish: Wish) -> None:
    owner, ref, note = ports.owner(), _ref(case), wish.content_note
    if not (owner.release(ref, verdict=None, note=note) or owner.add_note(ref, note)):
        raise DeskRefused("case.gone", "The message is gone: there is nothing to put a note on.")


def _remove(case: Case, decision: Decision, wish: Wish) -> None:
    if not ports.owner().remove(_ref(case)):
        raise DeskRefused("case.gone", "The message is gone already: there is nothing to remove.")


def _nothing(case: Case, decision: Decision, wish: Wish) -> None:
    """A warning changes no content, and neither does care or closing."""


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


def _lift_earlier(case: Case, decision: Decision) -> None:
    """End what earlier decisions on the same content still limit."""
    limits = Sanction.objects.filter(
        decision__case__content_kind=case.content_kind,
        decision__case__content_id=case.content_id,
        lifted_at__isnull=True,
    )
    if limits.update(lifted_at=decision.at) and case.author_id is not None:
        ports.owner().limit_changed(case.author_id)


_ACTS: Mapping[str, Callable[[Case, Decision, Wish], None]] = {
    "care": _nothing,
    "release": _release,
    "release_with_note": _release_with_note,
    "remove": _remove,
    "warn": _nothing,
    "mute": _mute,
    "suspend": _suspend,
    "dismiss": _nothing,
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


def _tell_author(case: Case, wish: Wish) -> None:
    notice = statement(
        wish.kind,
        wish.reason,
        content_note=wish.content_note,
        hours=wish.hours,
        message=wish.message,
        removed=wish.also_remove,
        on_appeal=case.source == Case.Source.APPEAL,
        asked=author_asked(case),
    )
    if notice is not None:
        ports.owner().tell_author(_ref(case), notice)


def reported(case: Case) -> Collection[str]:
    """The reasons of the reports on a case."""
    return set(case.reports.values_list("reason", flat=True))


def author_asked(case: Case) -> str:
    """For what the author has asked and waits for an answer; empty when for nothing."""
    if case.source == Case.Source.APPEAL:
        return filing.LOOK_AGAIN
    asked = case.reports.filter(reason__in=filing.AUTHOR_REASONS).first()
    return asked.reason if asked else ""


def evidence_of(case: Case) -> Sequence[Evidence]:
    """The words as they were each time when somebody or the engine brought them here, oldest
    first; those of earlier cases about the same content too."""
    rows = Evidence.objects.filter(
        case__content_kind=case.content_kind, case__content_id=case.content_id
    )
    found = {(row.title, row.text): row for row in rows.order_by("-pk")}
    return list(found.values())[::-1]


def record_of(case: Case) -> Sequence[Case]:
    """Earlier cases about the same author in the same room, newest first; no other room's."""
    if case.author_id is None:
        return []
    rows = Case.objects.filter(Q(author_id=case.author_id, room_id=case.room_id)).exclude(
        pk=case.pk
    )
    return list(rows.prefetch_related("decisions").order_by("-opened_at")[:20])


def sanctions_on(case: Case) -> Sequence[Sanction]:
    """What limits the author now and was decided in this room. What was decided in another one says
    nothing here: it would join the author's names."""
    if case.author_id is None:
        return []
    rows = Sanction.objects.filter(
        decision__case__room_id=case.room_id,
        account_id=case.author_id,
        lifted_at__isnull=True,
        ends_at__gt=timezone.now(),
    )
    return list(rows.order_by("ends_at"))
