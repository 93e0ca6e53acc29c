"""manage.py backtest"""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from moderation import backtest
from moderation.engine import policy


class Command(BaseCommand):
    help = (
        "What a changed policy would have done with the messages of the last --days, from their"
        " kept signals: what would newly wait or be refused, what would newly go out, by which"
        " rule, and what moderators decided of these then. FILE has the form of"
        " moderation/engine/data/policy.toml. Changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--days", type=int, default=30)
        parser.add_argument("--at-most", type=int, help="only the newest so many messages")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        try:
            rules = policy.load(options["file"])
        except policy.PolicyError as error:
            raise CommandError(str(error)) from error
        started = time.monotonic()
        since = timezone.now() - timedelta(days=options["days"])
        outcome = backtest.run(rules, since=since, at_most=options["at_most"])
        spent = time.monotonic() - started
        self.stdout.write(
            f"policy {rules.version} on {outcome.messages} messages of the last"
            f" {options['days']} days ({spent:.1f} s)\n"
            f"newly held or refused: {outcome.newly_stopped}\n"
            f"no longer held or refused: {outcome.no_longer_stopped}"
        )
        for (old, new), change in sorted(outcome.changes.items()):
            self.stdout.write(f"\n{old} -> {new}: {change.messages}")
            for rule, count in change.by_rule.most_common():
                self.stdout.write(f"  rule {rule}: {count}")
            for decision, count in change.decided.most_common():
                self.stdout.write(f"  moderators: {decision} {count}")
