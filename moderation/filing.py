"""Opening cases: from a verdict, or from a member's report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from moderation import ports
from moderation.engine.types import Signal, Verdict
from moderation.models import Case, Decision, Evidence, Report
from moderation.ports import ContentRef
from moderation.screenings import is_unscreened

# Targets for the first human action, by severity: life at risk, grave harm, harm to the room,
# friction. Proposals of the field guide, to be shown with the actual duty hours.
TARGET = {
    1: timedelta(minutes=5),
    2: timedelta(minutes=30),
    3: timedelta(hours=4),
    4: timedelta(hours=24),
}

LEAST_SURE = 0.2  # a weaker signal of a label that was acted on says nothing more

REPORT_REASONS = {
    "worried": ("I'm worried about this person", 1, "crisis"),
    "medical": ("Dangerous medical advice", 2, "misinformation"),
    "selling": ("Selling or looking for drugs", 2, "sourcing"),
    "private": ("Shows who somebody is", 2, "personal_information"),
    "pressure": ("Unwanted private contact", 2, "predatory_contact"),
    "attack": ("Attacks or mocks somebody", 3, "harassment"),
    "spam": ("Advertising or recruiting", 3, "spam"),
    "other": ("Something else", 3, "other"),
}
# What an author asks for about their own words.
REMOVE_OWN = "remove_own"
LOOK_AGAIN = "look_again"
AUTHOR_REASONS = {
    REMOVE_OWN: ("Its author asks to have it removed", 4, "removal"),
    LOOK_AGAIN: ("Its author asks for a person to look", 4, "other"),
}
_REASONS = REPORT_REASONS | AUTHOR_REASONS
REASON_WORDS = {reason: words for reason, (words, _, _) in _REASONS.items()}
REASON_LABELS = {reason: label for reason, (_, _, label) in _REASONS.items()}


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a case comes from: the content, its room, its author, and the verdict on it."""

    ref: ContentRef
    room_id: int
    author_id: int
    verdict: Verdict


def file_verdict(filing: Filing) -> Case | None:
    """Open the case that the verdict asks for, inside the caller's transaction.

    An edited text may have an open case: that one goes on, with what the engine says now.
    """
    verdict = filing.verdict
    if verdict.severity == 0:
        return None
    same = Case.objects.select_for_update().filter(
        content_kind=filing.ref.kind, content_id=filing.ref.id, status=Case.Status.OPEN
    )
    case = same.first()
    kind = "desk.case_changed" if case else "desk.case_opened"
    case = case or _opened(filing)
    _take_in(case, verdict)
    case.save()
    _keep_words(case, _source(verdict))
    tell_desk(kind, case)
    return case


def lock_case(ref: ContentRef) -> None:
    """Take the open case of a content, if it has one, before anything else is locked: the order in
    which the desk does."""
    open_ones = Case.objects.filter(
        content_kind=ref.kind, content_id=ref.id, status=Case.Status.OPEN
    )
    list(open_ones.select_for_update().values_list("pk"))


def _source(verdict: Verdict) -> str:
    return Case.Source.UNSCREENED if is_unscreened(verdict) else Case.Source.ENGINE


def _keep_words(case: Case, source: str) -> None:
    """Keep the content's words as they are now. Its author may change them or take them back, and
    what was found in these words is marked in no others."""
    content = ports.owner().content(ContentRef(case.content_kind, case.content_id))
    if content is None or not content.text:
        return
    last = case.evidence.order_by("pk").last()
    found = case.signals if source != Case.Source.REPORT else []
    if last is not None and (last.title, last.text) == (content.title, content.text):
        last.signals = last.signals or found
        last.save(update_fields=["signals"])
        return
    Evidence.objects.create(
        case=case, source=source, title=content.title, text=content.text, signals=found
    )


def _keep_earlier_words(case: Case) -> None:
    """Keep what the reporter may have read before the author changed it or took it back."""
    known = set(case.evidence.values_list("title", "text"))
    for title, text in ports.owner().earlier_words(ContentRef(case.content_kind, case.content_id)):
        if (title, text) not in known:
            Evidence.objects.create(
                case=case, source=Evidence.EARLIER, title=title, text=text, signals=[]
            )


def _opened(filing: Filing) -> Case:
    return Case(
        content_kind=filing.ref.kind,
        content_id=filing.ref.id,
        room_id=filing.room_id,
        author_id=filing.author_id,
        source=_source(filing.verdict),
        severity=filing.verdict.severity,
        opened_at=timezone.now(),
    )


def _take_in(case: Case, verdict: Verdict) -> None:
    """What was found takes the place of what was found before; a case only gets graver."""
    case.severity = min(case.severity, verdict.severity)
    case.due_at = due(case.severity, case.opened_at)
    case.label, case.action, case.rule = main_label(verdict), verdict.action, verdict.rule
    case.policy, case.level = verdict.policy, verdict.crisis_level or ""
    case.signals = [as_data(signal) for signal in worth_reading(verdict)]


def file_report(
    filing: Filing, *, reporter_id: int, reason: str, note: str, is_blurred: bool
) -> Case:
    """Add a report to the content's open case, or open one. The gravest reason sets its place."""
    _, severity, label = _REASONS[reason]
    now = timezone.now()
    with transaction.atomic():
        case, opened = Case.objects.select_for_update().get_or_create(
            content_kind=filing.ref.kind,
            content_id=filing.ref.id,
            status=Case.Status.OPEN,
            defaults={
                "room_id": filing.room_id,
                "author_id": filing.author_id,
                "source": Case.Source.REPORT,
                "severity": severity,
                "label": label,
                "action": filing.verdict.action,
                "rule": filing.verdict.rule,
                "policy": filing.verdict.policy,
                "opened_at": now,
                "due_at": due(severity, now),
            },
        )
        Report.objects.get_or_create(
            case=case,
            reporter_id=reporter_id,
            defaults={"reason": reason, "note": note, "is_blurred": is_blurred},
        )
        if severity < case.severity:
            case.severity, case.due_at = severity, min(case.due_at, due(severity, now))
            case.save(update_fields=["severity", "due_at"])
        _keep_earlier_words(case)
        _keep_words(case, Case.Source.REPORT)
        tell_desk("desk.case_opened" if opened else "desk.case_changed", case)
    return case


def file_appeal(ref: ContentRef, author_id: int) -> Case | None:
    """Put what was decided about a text before another moderator, or, while nobody has decided yet,
    say on its case that the author asks. None when there is nothing to look at, or it was asked."""
    same = Case.objects.filter(content_kind=ref.kind, content_id=ref.id, author_id=author_id)
    with transaction.atomic():
        last = same.select_for_update().order_by("-pk").first()
        if last is None or last.source == Case.Source.APPEAL:
            return None
        if last.status == Case.Status.OPEN:
            return _asked_to_look(last)
        now = timezone.now()
        last.pk, last.source, last.status = None, Case.Source.APPEAL, Case.Status.OPEN
        last.opened_at, last.due_at = now, due(last.severity, now)
        last.closed_at, last.outcome = None, ""
        last.save(force_insert=True)
        tell_desk("desk.case_opened", last)
    return last


def _asked_to_look(case: Case) -> Case | None:
    """The block was the engine's: the first person to look at it answers."""
    if Decision.objects.filter(
        case__content_kind=case.content_kind, case__content_id=case.content_id
    ).exists():
        return None
    _, is_new = Report.objects.get_or_create(
        case=case, reporter_id=case.author_id, defaults={"reason": LOOK_AGAIN}
    )
    tell_desk("desk.case_changed", case)
    return case if is_new else None


def looks_asked_for(refs: Sequence[ContentRef], author_id: int) -> dict[ContentRef, list[datetime]]:
    """When an author asked for a person's look at each of these contents, oldest first."""
    ids = {ref.id for ref in refs}
    mine = Case.objects.filter(content_id__in=ids, author_id=author_id)
    appeals = mine.filter(source=Case.Source.APPEAL).values_list(
        "content_kind", "content_id", "opened_at"
    )
    looks = Report.objects.filter(case__in=mine, reason=LOOK_AGAIN).values_list(
        "case__content_kind", "case__content_id", "at"
    )
    found: dict[ContentRef, list[datetime]] = {ref: [] for ref in refs}
    for kind, content_id, at in sorted([*appeals, *looks], key=lambda row: row[2]):
        found.setdefault(ContentRef(kind, content_id), []).append(at)
    return found


def content_changed(ref: ContentRef) -> None:
    """The author changed or took back the words: who has the case before them is told."""
    case = Case.objects.filter(
        content_kind=ref.kind, content_id=ref.id, status=Case.Status.OPEN
    ).first()
    if case is not None:
        tell_desk("desk.case_changed", case)


def due(severity: int, now: datetime) -> datetime:
    return now + TARGET[severity]


def main_label(verdict: Verdict) -> str:
    """What the queue shows: the label of the gravest finding."""
    if verdict.taken:
        return verdict.taken[0]
    return verdict.reasons[0].label if verdict.reasons else "other"


def worth_reading(verdict: Verdict) -> list[Signal]:
    """Of what was found, what a moderator should read: what a rule acted on."""
    return [s for s in verdict.signals if s.label in verdict.taken and s.score >= LEAST_SURE]


def as_data(signal: Signal) -> dict[str, Any]:
    return {
        "label": signal.label,
        "score": round(signal.score, 4),
        "detector": signal.detector,
        "spans": [[span.start, span.end] for span in signal.spans],
        "evidence": signal.evidence,
        "level": signal.level,
        "claim": signal.claim,
    }


def tell_desk(kind: str, case: Case) -> None:
    """After commit, moderators who watch the room's desk are told; not one whom it is about."""
    frame = {
        "type": kind,
        "case": case.pk,
        "severity": case.severity,
        "label": case.label,
        "status": case.status,
        "claimed": case.claimed_by_id is not None,
    }
    ports.owner().tell_desk(case.room_id, frame, author_id=case.author_id)
