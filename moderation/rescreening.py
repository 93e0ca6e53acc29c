"""Texts that could not be screened are looked at again until the engine has answered.

Each is a row taken by lease, so that several processes share the work and a dead one loses nothing.
"""

import logging
import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from moderation import audit, filing, ports, screenings
from moderation.engine.types import Action, Draft, Verdict
from moderation.models import Case, Screening
from moderation.ports import ContentRef, Notice

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
PAUSE = timedelta(seconds=5)  # after the first attempt in vain; doubles with each
MOST_ATTEMPTS = 5  # at a text on which the engine answers wrongly while it answers others
WORKER = f"{socket.gethostname()}:{os.getpid()}"[:64]

Screen = Callable[[Sequence[Draft]], list[Verdict]]
PROBE = Draft("hello")

RELEASED = "Your message was checked and is out now, in its place. Thank you for waiting."
STILL_HELD = "Your message was checked. {reason}"
REFUSED = "Your message was checked and was not sent. {reason}"


def rescreen_due(screen: Screen, *, at_most: int = 50) -> int:
    """Take what is due and screen it again; how many got an answer."""
    due = _take(at_most, now=timezone.now())
    answered = 0
    for number, pk in enumerate(due):
        if screenings.is_unscreened(screen([PROBE])[0]):
            _give_back(due[number:])
            break
        answered += _rescreen(screen, pk)
    return answered


def waiting() -> int:
    """How many texts wait for the engine."""
    return Screening.objects.filter(state=Screening.State.PENDING).count()


def _take(at_most: int, *, now: datetime) -> list[UUID]:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    with transaction.atomic():
        rows = Screening.objects.filter(free, state=Screening.State.PENDING).order_by("created_at")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        found = list(rows.values_list("pk", flat=True)[:at_most])
        Screening.objects.filter(pk__in=found).update(lease_until=now + LEASE, worker=WORKER)
    return found


def _give_back(pks: Sequence[UUID]) -> None:
    """The engine is down as a whole: that is no text's fault and counts as no attempt."""
    Screening.objects.filter(pk__in=pks, worker=WORKER).update(lease_until=None)


def _rescreen(screen: Screen, pk: UUID) -> bool:
    row = Screening.objects.get(pk=pk)
    ref = ContentRef(row.content_kind, row.content_id)
    draft = ports.owner().draft(ref)
    verdict = screen([draft])[0] if draft is not None else None
    if verdict is not None and screenings.is_unscreened(verdict):
        return _tried_in_vain(row)
    with transaction.atomic():
        case = _open_case(row)  # locked first, as in a moderator's decision: no deadlock with one
        row = Screening.objects.select_for_update().get(pk=pk)
        if row.state != Screening.State.PENDING:
            return False
        _keep(row, draft, verdict)
        if verdict is None:
            _close(case, "gone")
        else:
            _apply(row, case, verdict)
    log.info("event=rescreened screening=%s action=%s rule=%s", pk, row.action, row.rule)
    return True


def _tried_in_vain(row: Screening) -> bool:
    pk, pause = row.pk, PAUSE * 2**row.attempts
    Screening.objects.filter(pk=pk).update(
        attempts=F("attempts") + 1, lease_until=timezone.now() + pause
    )
    stuck = Screening.objects.filter(
        pk=pk, state=Screening.State.PENDING, attempts__gte=MOST_ATTEMPTS
    ).update(state=Screening.State.STUCK)
    if stuck:
        log.error("event=rescreening_stuck screening=%s", pk)
    return False


def _keep(row: Screening, draft: Draft | None, verdict: Verdict | None) -> None:
    row.state, row.lease_until = Screening.State.DONE, None
    row.attempts += 1
    if draft is not None and verdict is not None:
        screenings.fill(row, draft, verdict)
    row.save()


def _apply(row: Screening, case: Case | None, verdict: Verdict) -> None:
    """Do what would have been done at first; the author is told in every case."""
    owner, ref = ports.owner(), ContentRef(row.content_kind, row.content_id)
    reason = " ".join(r.text for r in verdict.reasons)
    if verdict.action in (Action.ALLOW, Action.SUPPORT, Action.NOTE):
        released = owner.release(ref, verdict=verdict)
        _close(case, "released")
        if released:
            _file(row, ref, verdict)
            owner.tell_author(ref, Notice("released", f"{RELEASED} {reason}".strip()))
    elif verdict.action == Action.BLOCK:
        owner.remove(ref)
        _close(case, "refused")
        owner.tell_author(ref, Notice("refused", REFUSED.format(reason=reason)))
    else:
        _hold(row, ref, case, verdict)
        owner.tell_author(ref, Notice("held", STILL_HELD.format(reason=reason)))


def _open_case(row: Screening) -> Case | None:
    rows = Case.objects.select_for_update().filter(
        content_kind=row.content_kind, content_id=row.content_id, status=Case.Status.OPEN
    )
    return rows.first()


def _close(case: Case | None, outcome: str) -> None:
    """The case said only "unscreened"; with reports on it it stays for a person."""
    if case is None or case.reports.exists() or case.source != Case.Source.UNSCREENED:
        return
    case.status, case.outcome, case.closed_at = Case.Status.CLOSED, outcome, timezone.now()
    case.save(update_fields=["status", "outcome", "closed_at"])
    case.evidence.all().delete()  # no person has to look: no words are kept for one
    audit.append("case.closed_by_engine", actor_id=None, subject=f"case:{case.pk}", outcome=outcome)
    filing.tell_desk("desk.case_closed", case)


def _file(row: Screening, ref: ContentRef, verdict: Verdict) -> None:
    content = ports.owner().content(ref)
    if content is not None and content.author_id is not None:
        filing.file_verdict(filing.Filing(ref, row.room_id, content.author_id, verdict))


def _hold(row: Screening, ref: ContentRef, case: Case | None, verdict: Verdict) -> None:
    """The case goes on with what the engine found; a nudge comes too late and is a hold."""
    found = replace(verdict, action=Action.HOLD, severity=verdict.severity or 4)
    if case is not None and not case.reports.exists():
        case.source, case.severity = Case.Source.ENGINE, found.severity
        case.save(update_fields=["source", "severity"])
    _file(row, ref, found)
