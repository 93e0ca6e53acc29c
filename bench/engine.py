"""What screening costs, beside what a message costs anyway, in one run.

    .venv/bin/python -m bench.engine

Prints microseconds a message and their ratio to rendering and encoding the same message. Machines
are noisy: compare ratios, not microseconds.
"""

import json
import os
import statistics
import tempfile
import timeit
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forum.settings")
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="handrail-bench-"))

import django

django.setup()

from forum.chat import rendering  # noqa: E402 - after django.setup()
from moderation.engine.screener import Screener  # noqa: E402
from moderation.engine.types import Draft  # noqa: E402

TEXTS = [
    "after work I called my sponsor and felt calmer than I expected, thank you all for being here",
    "day four. I slept five hours in a row, which has not happened since spring",
    "holy shit, 90 days, so damn proud of you!! keep going",
    "does anyone know whether the eight o'clock meeting is on tonight?",
    "my clinic changed my appointment again and I am fed up, but I did not drink over it",
]
BATCH = 10
ROUNDS = 7


def microseconds(work: Callable[[], object], messages: int) -> float:
    """The median over rounds, for one message."""
    rounds = timeit.repeat(work, number=20, repeat=ROUNDS)
    return statistics.median(rounds) / 20 / messages * 1e6


def main() -> None:
    engine = Screener.load()
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


if __name__ == "__main__":
    main()
