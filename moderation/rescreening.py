"""Texts that could not be screened are looked at again until the engine has answered.

Each is a row taken by lease, so that several processes share the work and a dead one loses nothing.
"""

import logging
import os
import socket
from collections.abc import Callable, Sequence
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
    if not due:
        return 0
    if screenings.is_unscreened(screen([PROBE])[0]):
        _give_back(due)
        return 0
    return sum(_rescreen(screen, pk) for pk in due)


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
        return _tried_in_vain(pk)
    with transaction.atomic():
        row = Screening.objects.select_for_update().get(pk=pk)
        if row.state != Screening.State.PENDING:
            return False
        if verdict is None:
            _close(row, "gone")
            return True
        _keep(row, verdict)
        _apply(row, ref, verdict)
    log.info("event=rescreened screening=%s action=%s rule=%s", pk, verdict.action, verdict.rule)
    return True


def _tried_in_vain(pk: UUID) -> bool:
    Screening.objects.filter(pk=pk).update(attempts=F("attempts") + 1, lease_until=None)
    stuck = Screening.objects.filter(
        pk=pk, state=Screening.State.PENDING, attempts__gte=MOST_ATTEMPTS
    ).update(state=Screening.State.STUCK)
    if stuck:
        log.error("event=rescreening_stuck screening=%s", pk)
    return False


def _keep(row: Screening, verdict: Verdict) -> None:
    row.state, row.action, row.rule = Screening.State.DONE, verdict.action, verdict.rule
    row.policy, row.labels = verdict.policy, dict(verdict.labels)
    row.attempts += 1
    row.lease_until = None
    row.save(
        update_fields=["state", "action", "rule", "policy", "labels", "attempts", "lease_until"]
    )


def _apply(row: Screening, ref: ContentRef, verdict: Verdict) -> None:
    """Do what would have been done at first; the author is told in every case."""
    owner = ports.owner()
    reason = " ".join(r.text for r in verdict.reasons)
    if verdict.action in (Action.ALLOW, Action.SUPPORT, Action.NOTE):
        released = owner.release(ref, verdict=verdict)
        _close(row, "released")
        if verdict.severity and released:
            _refile(row, ref, verdict)
        if released:
            owner.tell_author(ref, Notice("released", f"{RELEASED} {reason}".strip()))
    elif verdict.action == Action.BLOCK:
        owner.remove(ref)
        _close(row, "refused")
        owner.tell_author(ref, Notice("refused", REFUSED.format(reason=reason)))
    else:
        _hold(row, verdict)
        owner.tell_author(ref, Notice("held", STILL_HELD.format(reason=reason)))


def _open_case(row: Screening) -> Case | None:
    return Case.objects.filter(
        content_kind=row.content_kind, content_id=row.content_id, status=Case.Status.OPEN
    ).first()


def _close(row: Screening, outcome: str) -> None:
    """The case said only "unscreened"; with reports on it it stays for a person."""
    case = _open_case(row)
    if case is None or case.reports.exists() or case.source != Case.Source.UNSCREENED:
        return
    case.status, case.outcome, case.closed_at = Case.Status.CLOSED, outcome, timezone.now()
    case.save(update_fields=["status", "outcome", "closed_at"])
    audit.append("case.closed_by_engine", actor_id=None, subject=f"case:{case.pk}", outcome=outcome)
    filing.tell_desk("desk.case_closed", case)


def _refile(row: Screening, ref: ContentRef, verdict: Verdict) -> None:
    content = ports.owner().content(ref)
    if content is not None and content.author_id is not None and _open_case(row) is None:
        filing.file_verdict(filing.Filing(ref, row.room_id, content.author_id, verdict))


def _hold(row: Screening, verdict: Verdict) -> None:
    """The case goes on with what the engine found; a nudge comes too late and is a hold."""
    case = _open_case(row)
    if case is None:
        return
    severity = verdict.severity or 4
    case.severity = min(case.severity, severity) if case.reports.exists() else severity
    case.label, case.action, case.rule = filing.main_label(verdict), Action.HOLD, verdict.rule
    case.policy, case.level = verdict.policy, verdict.crisis_level or ""
    case.signals = [filing.as_data(signal) for signal in verdict.signals]
    case.source, case.due_at = Case.Source.ENGINE, filing.due(case.severity, case.opened_at)
    case.save()
    filing.tell_desk("desk.case_changed", case)
