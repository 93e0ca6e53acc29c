"""manage.py screen"""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moderation import gate, ports
from moderation.gate import Draft, Verdict


class Command(BaseCommand):
    help = (
        'JSON lines in ({"text": ..., "room"?: SLUG}), verdicts out, one a line, in the same order:'
        ' {"action", "labels": {label: score}, "rule", "reasons", "spans"}. Nothing is stored.'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--preset", default="standard", help="for lines that name no room")

    def handle(self, *args: Any, **options: Any) -> None:
        unscreened = 0
        for number, line in enumerate(sys.stdin, 1):
            if line.strip():
                draft = self._draft(number, line, options["preset"])
                verdict = gate.screen([draft])[0]
                unscreened += gate.is_unscreened(verdict)
                self.stdout.write(json.dumps(_shape(verdict), ensure_ascii=False))
        if unscreened:
            fault = gate.engine_fault() or "it answers again now"
            raise CommandError(f"The engine gave no verdict on {unscreened} texts: {fault}.")

    @staticmethod
    def _draft(number: int, line: str, preset: str) -> Draft:
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise CommandError(f"Line {number} is not JSON: {error}.") from error
        if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
            raise CommandError(f'Line {number} needs a "text".')
        if room := entry.get("room"):
            found = ports.owner().preset_of(str(room))
            if found is None:
                raise CommandError(f"Line {number}: there is no room {room!r}.")
            preset = found
        return Draft(entry["text"], preset=preset)


def _shape(verdict: Verdict) -> dict[str, Any]:
    return {
        "action": verdict.action,
        "labels": dict(verdict.labels),
        "rule": verdict.rule,
        "policy": verdict.policy,
        "severity": verdict.severity,
        "reasons": [{"label": r.label, "text": r.text} for r in verdict.reasons],
        "spans": [[span.start, span.end] for span in verdict.spans],
    }
