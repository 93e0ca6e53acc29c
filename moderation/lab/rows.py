"""Rows to learn from and to measure with: our own samples and public sets, in one shape."""

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from moderation.engine.types import LABELS

SAMPLES = Path(__file__).parent / "samples"
SPLITS = ("train", "dev", "test")
# Some public sets replaced names and links by such words; a model would learn the set by them.
_PLACEHOLDER = re.compile(r"(?:\b(?:URL|EMAIL|NUMBER)\b|@USER\b|\bRT\b|@\w+:?|https?://\S+|&\w+;)")


class RowError(ValueError):
    """A line of a set can't be used; the message names file, line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text. `labels` are 1 or 0; what is not named is not known (own samples name all
    that apply). `family` is what the text is an example of; look-alikes begin with "lookalike/"."""

    text: str
    labels: Mapping[str, int]
    split: str
    set: str
    family: str = ""
    lang: str = "en"
    level: str = ""
    stance: str = ""
    claim: str = ""
    scene: str = ""
    spans: tuple[tuple[int, int], ...] = field(default=())

    @property
    def is_own(self) -> bool:
        return bool(self.family)


def samples(*splits: str) -> list[Row]:
    """The project's own samples of these splits (all of them when none is named)."""
    wanted = splits or SPLITS
    found = [row for path in sorted(SAMPLES.glob("*.jsonl")) for row in read(path)]
    for row in found:
        if unknown := set(row.labels) - set(LABELS):
            raise RowError(f"{row.set}: unknown label {sorted(unknown)[0]!r} on {row.text[:40]!r}.")
    return [row for row in found if row.split in wanted]


def read(path: Path) -> Iterator[Row]:
    """The rows of a JSON-lines file, gzipped or not. Raises RowError."""
    name = path.name.split(".")[0]
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for number, line in enumerate(data.decode().split("\n"), 1):
        if line.strip():
            yield _row(line, name, f"{path.name}:{number}")


def public(folder: Path) -> dict[str, list[Row]]:
    """The public sets in a folder by name, with placeholders taken out of their texts."""
    found = {}
    for path in sorted(folder.glob("*.jsonl.gz")):
        rows = [row for row in read(path) if row.split in SPLITS]
        found[rows[0].set] = list(_without_placeholders(rows))
    if not found:
        raise RowError(f"{folder} holds no *.jsonl.gz file.")
    return found


def _row(line: str, name: str, where: str) -> Row:
    try:
        entry: dict[str, Any] = json.loads(line)
        text, labels = entry["text"], entry["labels"]
    except (ValueError, KeyError, TypeError) as error:
        raise RowError(f'{where}: needs JSON with "text" and "labels": {error}.') from error
    words = ("family", "lang", "level", "stance", "claim", "scene")
    return Row(
        text=str(text),
        labels={str(k): int(v) for k, v in labels.items()},
        split=entry.get("split", "test"),
        set=name,
        spans=tuple((int(a), int(b)) for a, b in entry.get("spans", ())),
        **{key: str(entry[key]) for key in words if key in entry},
    )


def _without_placeholders(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        text = " ".join(_PLACEHOLDER.sub(" ", row.text).split())
        if len(text) > 1:
            yield Row(text, row.labels, row.split, row.set)
