"""What screening costs, beside what a message costs anyway, in one run.

    .venv/bin/python -m bench.engine [FILE ...]

Prints microseconds a message and their ratio to rendering and encoding the same message; with files
of JSON lines (text, labels; gzipped or not) also the median and the slowest hundredth alone, and
messages a second in batches. Machines are noisy: compare ratios, not microseconds.
"""

import json
import os
import statistics
import sys
import tempfile
import time
import timeit
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forum.settings")
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="handrail-bench-"))

import django

django.setup()

from forum.chat import rendering  # noqa: E402 - after django.setup()
from moderation.engine.screener import Screener  # noqa: E402
from moderation.engine.types import Action, Draft  # noqa: E402
from moderation.lab import rows  # noqa: E402

TEXTS = [
    "after work I called my sponsor and felt calmer than I expected, thank you all for being here",
    "day four. I slept five hours in a row, which has not happened since spring",
    "holy shit, 90 days, so damn proud of you!! keep going",
    "does anyone know whether the eight o'clock meeting is on tonight?",
    "my clinic changed my appointment again and I am fed up, but I did not drink over it",
]
BATCH = 10
LARGE_BATCH = 64
ROUNDS = 7
MOST = 3_000
LONGEST = 500  # characters


def microseconds(work: Callable[[], object], messages: int) -> float:
    """The median over rounds, for one message."""
    rounds = timeit.repeat(work, number=20, repeat=ROUNDS)
    return statistics.median(rounds) / 20 / messages * 1e6


def of_our_own(engine: Screener) -> None:
    batch = [Draft(TEXTS[n % len(TEXTS)]) for n in range(BATCH)]
    anyway = microseconds(
        lambda: [json.dumps({"body": rendering.render(d.text)}) for d in batch], BATCH
    )
    for name, drafts in (("alone", batch[:1]), (f"{BATCH} at once", batch)):
        cost = microseconds(lambda drafts=drafts: engine.screen(drafts), len(drafts))
        print(f"screening, {name}: {cost:.0f} µs a message, {cost / anyway:.1f} × rendering it")
    long = [Draft(" ".join(TEXTS) * 8)]
    cost = microseconds(lambda: engine.screen(long), 1)
    print(f"a share of {len(long[0].text):,} characters: {cost:.0f} µs")


def of_a_file(engine: Screener, path: Path) -> None:
    texts = [row.text for row in rows.read(path) if len(row.text) <= LONGEST][:MOST]
    drafts = [Draft(text) for text in texts]
    alone = sorted(seconds(lambda draft=draft: engine.screen([draft])) for draft in drafts)
    flagged = sum(engine.screen([draft])[0].action != Action.ALLOW for draft in drafts)
    whole = seconds(lambda: in_batches(engine, drafts))
    print(f"{len(texts)} messages of {path.name}, {flagged / len(texts):.2%} flagged")
    print(f"alone: median {alone[len(alone) // 2] * 1e3:.2f} ms, "
          f"99 of 100 within {alone[len(alone) * 99 // 100] * 1e3:.1f} ms")  # fmt: skip
    print(f"in batches of {LARGE_BATCH}: {len(texts) / whole:.0f} a second")


def in_batches(engine: Screener, drafts: Sequence[Draft]) -> None:
    for start in range(0, len(drafts), LARGE_BATCH):
        engine.screen(drafts[start : start + LARGE_BATCH])


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    loaded = Screener.load()
    of_our_own(loaded)
    for name in sys.argv[1:]:
        of_a_file(loaded, Path(name))
