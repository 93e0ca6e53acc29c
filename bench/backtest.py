"""How long a backtest takes, beside reading the same rows and nothing else, in one run.

    .venv/bin/python -m bench.backtest [MESSAGES]

Fills a database of its own with screenings of our own samples, over and over.
"""

import itertools
import os
import sys
import tempfile
import time
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forum.settings")
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="handrail-bench-")

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after django.setup()
from django.utils import timezone  # noqa: E402

from moderation import backtest, screenings  # noqa: E402
from moderation.engine import policy  # noqa: E402
from moderation.engine.screener import Screener  # noqa: E402
from moderation.engine.types import Draft  # noqa: E402
from moderation.lab import rows  # noqa: E402
from moderation.models import Screening  # noqa: E402

TEXTS = 1_000


def fill(messages: int) -> None:
    drafts = [Draft(row.text) for row in rows.samples("train")[::7][:TEXTS]]
    judged = list(zip(drafts, Screener.load().screen(drafts), strict=True))
    found = []
    for number, (draft, verdict) in enumerate(itertools.islice(itertools.cycle(judged), messages)):
        row = Screening(content_kind="message", content_id=str(number), room_id=1)
        screenings.fill(row, draft, verdict)
        found.append(row)
    Screening.objects.bulk_create(found, batch_size=1_000)


def main() -> None:
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    call_command("migrate", verbosity=0)
    fill(messages)
    started = time.perf_counter()
    for _ in Screening.objects.values_list(*backtest.FIELDS).iterator(backtest.CHUNK):
        pass
    reading = time.perf_counter() - started
    started = time.perf_counter()
    backtest.run(policy.load(), since=timezone.now() - timedelta(days=1))
    spent = time.perf_counter() - started
    print(f"{messages} messages: backtest {spent:.1f} s, {spent / reading:.1f} x reading them")


if __name__ == "__main__":
    main()
