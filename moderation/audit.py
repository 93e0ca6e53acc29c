"""The audit log: append-only, each entry chained to the one before by SHA-256."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from moderation.models import AuditEntry

GENESIS = "0" * 64
APPEND_LOCK = 7_203_114  # any number that nothing else uses as a PostgreSQL advisory lock


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain stops being true, and how."""

    number: int
    problem: str


def append(kind: str, *, actor_id: int | None, subject: str, **data: Any) -> AuditEntry:
    """Add one entry; it is part of the caller's transaction. `data` holds ids, never text."""
    with transaction.atomic():
        _wait_for_turn()
        last = AuditEntry.objects.order_by("-number").first()
        entry = AuditEntry(
            number=last.number + 1 if last else 1,
            at=timezone.now(),
            actor_id=actor_id,
            kind=kind,
            subject=subject,
            data=data,
            previous=last.digest if last else GENESIS,
        )
        entry.digest = digest(entry)
        entry.save(force_insert=True)
    return entry


def digest(entry: AuditEntry) -> str:
    """SHA-256 in hexadecimal of the entry's canonical bytes (sorted JSON, UTC, no spaces)."""
    at: datetime = entry.at
    fields = [
        entry.number,
        at.isoformat(),
        entry.actor_id,
        entry.kind,
        entry.subject,
        entry.data,
        entry.previous,
    ]
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def first_break(entries: Iterable[AuditEntry], *, head: str | None = None) -> Break | None:
    """The first entry, in order, that was edited, removed, inserted or moved; None if all is true.

    `head` is a digest published earlier: if it is in no entry, the log was cut or rewritten.
    """
    number, previous, seen_head = 0, GENESIS, head is None
    for entry in entries:
        number += 1
        if entry.number != number:
            return Break(number, f"entry {number} is missing or out of order")
        if entry.previous != previous:
            return Break(number, "does not follow the entry before it")
        if entry.digest != digest(entry):
            return Break(number, "was changed after it was written")
        previous = entry.digest
        seen_head = seen_head or entry.digest == head
    return None if seen_head else Break(number + 1, "the published head is not in the log")


def _wait_for_turn() -> None:
    # SQLite's IMMEDIATE transactions take turns by themselves.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPEND_LOCK])
