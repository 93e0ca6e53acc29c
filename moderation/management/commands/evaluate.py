"""manage.py evaluate"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moderation.engine.screener import Screener
from moderation.engine.types import LABELS
from moderation.lab import evaluation, rows
from moderation.lab.evaluation import HELD, Judged
from moderation.lab.rows import Row, RowError


class Command(BaseCommand):
    help = (
        "How good the engine is. SET is train, dev or test (our own samples) or a file of JSON"
        ' lines {"text", "labels": {name: 1 or 0}}, gzipped or not. Prints precision, recall,'
        " average precision and area under ROC by label, and, for own samples, what was flagged"
        " and held by family: of look-alikes and ordinary talk that is false alarm."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("set", metavar="SET")
        parser.add_argument("--split", help="of a file: only rows of this split")
        parser.add_argument(
            "--as", dest="label", metavar="NAME=LABEL", action="append", default=[],
            help="of a file: its label NAME means our LABEL (may be given again)",
        )  # fmt: skip
        parser.add_argument(
            "--with-model", action="store_true", help="with the trained model, not yet in force"
        )
        parser.add_argument("--misses", type=int, default=0, help="print so many wrong verdicts")

    def handle(self, *args: Any, **options: Any) -> None:
        found = self._rows(options)
        if not found:
            raise CommandError("There is no row to judge.")
        judged = evaluation.judge(Screener.load(with_model=options["with_model"]), found)
        self._print_labels(judged)
        self._print_families(judged)
        self._print_whole(judged)
        for one in [j for j in judged if _is_wrong(j)][: options["misses"]]:
            labels = ",".join(one.row.labels) or "-"
            self.stdout.write(f"{one.verdict.action}\t{one.verdict.rule}\t{labels}\t{one.row.text}")

    def _rows(self, options: dict[str, Any]) -> list[Row]:
        if options["set"] in rows.SPLITS:
            return rows.samples(options["set"])
        path = Path(options["set"])
        if not path.is_file():
            raise CommandError(f"{path} is neither train, dev, test nor a file.")
        names = dict(pair.split("=", 1) for pair in options["label"])
        try:
            found = [_renamed(row, names) for row in rows.read(path)]
        except RowError as error:
            raise CommandError(str(error)) from error
        return [row for row in found if options["split"] in (None, row.split)]

    def _print_labels(self, judged: Sequence[Judged]) -> None:
        self.stdout.write(f"{'label':<22}{'rows':>6}{'prec':>8}{'recall':>8}{'AP':>8}{'AUC':>8}")
        for f in evaluation.of_labels(judged, LABELS):
            if f.positives:
                figures = (f.precision, f.recall, f.average_precision, f.auc)
                shown = "".join(f"{'-' if x is None else f'{x:.3f}':>8}" for x in figures)
                self.stdout.write(f"{f.label:<22}{f.positives:>6}{shown}")

    def _print_families(self, judged: Sequence[Judged]) -> None:
        families = evaluation.of_families(judged)
        if families:
            self.stdout.write(f"\n{'family':<34}{'rows':>6}{'flagged':>9}{'held':>8}")
        for f in families:
            self.stdout.write(f"{f.family:<34}{f.rows:>6}{f.flagged:>9.3f}{f.held:>8.3f}")

    def _print_whole(self, judged: Sequence[Judged]) -> None:
        harm = [j for j in judged if any(j.row.labels.values())]
        rest = [j for j in judged if not any(j.row.labels.values())]
        for name, ones in (("harm", harm), ("rest", rest)):
            if ones:
                flagged = sum(j.is_flagged for j in ones) / len(ones)
                held = sum(j.verdict.action in HELD for j in ones) / len(ones)
                self.stdout.write(
                    f"\n{name}: {len(ones)} rows, flagged {flagged:.3f}, held or blocked {held:.3f}"
                )


def _renamed(row: Row, names: dict[str, str]) -> Row:
    labels = {names.get(name, name): value for name, value in row.labels.items()}
    return Row(row.text, labels, row.split, row.set, family=row.family)


def _is_wrong(one: Judged) -> bool:
    return one.is_flagged != any(one.row.labels.values())
