"""The door between the forum and moderation: everything a member writes passes here first.

screen() gives a verdict on each draft and never lets an unscreened text through: when the engine
fails, hangs or is missing, the verdict is "hold". The other functions keep what was decided, inside
the caller's transaction, so that no message is visible without its verdict.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from moderation import filing, rescreening, sanctions, screenings
from moderation.engine.text import skeleton, without_disguise
from moderation.engine.types import (
    Action,
    Correction,
    CrisisLevel,
    Draft,
    Earlier,
    Reason,
    Standing,
    Verdict,
)
from moderation.filing import REMOVE_OWN, REPORT_REASONS, Filing
from moderation.models import Case
from moderation.ports import ContentRef
from moderation.runner import EngineDown, Runner, Screens
from moderation.sanctions import Limit, limit_on
from moderation.screenings import UNSCREENED, Screened, is_unscreened
from moderation.statements import OPEN_TO_APPEAL

__all__ = [
    "NO_VERDICT",
    "OPEN_TO_APPEAL",
    "REMOVE_OWN",
    "REPORT_REASONS",
    "Action",
    "ContentRef",
    "Correction",
    "CrisisLevel",
    "Draft",
    "Earlier",
    "Filing",
    "Limit",
    "Reason",
    "Screened",
    "Standing",
    "Verdict",
    "appeal",
    "content_changed",
    "engine_fault",
    "engine_version",
    "file_case",
    "is_unscreened",
    "keep",
    "limit_on",
    "limits_on",
    "lock_case",
    "looks_asked_for",
    "open_cases",
    "report",
    "rescreen_due",
    "screen",
    "skeleton",
    "waiting_unscreened",
    "warm_up",
    "without_disguise",
]

log = logging.getLogger(__name__)


NO_VERDICT = Verdict(action=Action.ALLOW, rule="report", policy="none")


@lru_cache(maxsize=1)
def runner() -> Runner:
    """The one runner of this process, around the engine that settings.MODERATION_ENGINE names."""
    return Runner(_load_engine, deadline=settings.GATE_DEADLINE)


def screen(drafts: Sequence[Draft]) -> list[Verdict]:
    """One verdict for each draft, in order. Never raises for the engine: it fails closed.

    When the engine chokes on a batch each draft is tried alone, so that one poisonous text can't
    hold everybody else's.
    """
    if not drafts:
        return []
    try:
        return runner().screen(drafts)
    except EngineDown as down:
        log.warning("event=gate_closed reason=%r drafts=%s", str(down), len(drafts))
        if len(drafts) == 1 or not down.by_a_text:
            return [UNSCREENED] * len(drafts)
    return [screen([draft])[0] for draft in drafts]


def keep(items: Iterable[Screened]) -> list[UUID]:
    """Store the verdicts with their content, in the caller's transaction; ids in order."""
    return screenings.keep(items)


def file_case(case: Filing) -> None:
    """Open the case that a verdict asks for, in the caller's transaction."""
    filing.file_verdict(case)


def lock_case(ref: ContentRef) -> None:
    """Before an edit locks its room: take the case of these words, in the desk's order of locks."""
    filing.lock_case(ref)


def report(case: Filing, *, reporter_id: int, reason: str, note: str) -> None:
    """Pass a member's report to the desk. `reason` is a key of REPORT_REASONS, or REMOVE_OWN when
    an author asks for help with their own words. The note is screened like any text, with another
    end: no report is refused for it, but at the desk it waits for a press."""
    is_plain = not note or screen([Draft(note)])[0].action == Action.ALLOW
    filing.file_report(
        case, reporter_id=reporter_id, reason=reason, note=note, is_blurred=not is_plain
    )


def content_changed(ref: ContentRef) -> None:
    """Tell the desk, after commit, that an author changed or took back words that have a case."""
    filing.content_changed(ref)


def appeal(ref: ContentRef, author_id: int) -> bool:
    """Ask for another moderator's look at a decision; False when there is nothing to look at."""
    return filing.file_appeal(ref, author_id) is not None


def looks_asked_for(refs: Sequence[ContentRef], author_id: int) -> dict[ContentRef, list[datetime]]:
    """When an author asked for a person's look at each of these contents, oldest first."""
    return filing.looks_asked_for(refs, author_id)


def limits_on(account_ids: Iterable[int], *, now: datetime) -> list[Limit]:
    """The sanctions in force on these accounts; limit_on() picks the one that matters."""
    return sanctions.in_force(account_ids, now=now)


def open_cases(room_ids: Iterable[int]) -> int:
    """How many cases wait in these rooms."""
    return Case.objects.filter(room_id__in=list(room_ids), status=Case.Status.OPEN).count()


def rescreen_due() -> int:
    """Screen again what was held unscreened; how many texts got an answer."""
    return rescreening.rescreen_due(screen)


def waiting_unscreened() -> int:
    return rescreening.waiting()


def warm_up() -> None:
    """Load the engine before the first member writes; a fault is logged and held against texts."""
    screen([Draft("hello")])


def engine_fault() -> str:
    """What is wrong with the engine now, in a few words; empty when it answers."""
    return runner().fault


def engine_version() -> str:
    return runner().version


def _load_engine() -> Screens:
    owner, _, method = settings.MODERATION_ENGINE.rpartition(".")
    engine: Screens = getattr(import_string(owner), method)()
    return engine
