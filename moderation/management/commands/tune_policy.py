"""manage.py tune_policy"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moderation.engine import policy
from moderation.engine.screener import Screener
from moderation.lab import evaluation, rows, thresholds
from moderation.lab.rows import Row, RowError
from moderation.lab.thresholds import Price

ORDINARY_MOST = 3_000
CALM = {"anger", "annoyance", "disgust", "disapproval"}  # what calm talk has none of


class Command(BaseCommand):
    help = (
        "Choose on dev where each rule of the policy takes the trained model's word, for the price"
        " of --lookalikes, --ordinary and --held (shares of what must pass), and print it. --data"
        " is the folder of public sets: the calm part of goemotions' dev is ordinary talk, too."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        price = Price()
        parser.add_argument("--data", type=Path, help="a folder of NAME.jsonl.gz")
        parser.add_argument("--lookalikes", type=float, default=price.lookalikes)
        parser.add_argument("--ordinary", type=float, default=price.ordinary)
        parser.add_argument("--held", type=float, default=price.ordinary_held)
        parser.add_argument("--write", action="store_true", help="put them into policy.toml")

    def handle(self, *args: Any, **options: Any) -> None:
        rules = policy.load()
        found = [*rows.samples("dev"), *self._calm(options["data"])]
        judged = evaluation.judge(Screener.load(thresholds.without(rules), with_model=True), found)
        price = Price(options["lookalikes"], options["ordinary"], options["held"])
        chosen = thresholds.choose(judged, rules, price)
        for name, line in chosen.thresholds.items():
            self.stdout.write(f"{name:<32}{line:.3f}")
        self.stdout.write(
            f"\nof dev: harm flagged {chosen.harm_found:.3f}, look-alikes flagged"
            f" {chosen.lookalikes_flagged:.3f}, ordinary flagged {chosen.ordinary_flagged:.4f},"
            f" held {chosen.ordinary_held:.4f}"
        )
        if options["write"]:
            thresholds.write(policy.FILE, chosen.thresholds)
            policy.load()

    def _calm(self, folder: Path | None) -> list[Row]:
        if folder is None:
            return []
        try:
            public = rows.public(folder)
        except RowError as error:
            raise CommandError(str(error)) from error
        dev = [row for row in public.get("goemotions", ()) if row.split == "dev"]
        return [row for row in dev if not CALM & set(row.labels)][:ORDINARY_MOST]
