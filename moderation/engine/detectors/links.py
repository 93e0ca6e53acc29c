"""Links: how many, where to, and whether they look like advertising."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from moderation.engine.types import Reading, Signal, Standing

MANY = 3
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"')\]]{3,400}"
    r"|\b[a-z0-9-]{2,40}(?:\.[a-z0-9-]{2,40}){0,2}\.(?:com|net|org|io|me|ly|co|info|biz|xyz|shop"
    r"|online|site|top|click|link|vip|club|gg)(?:/[^\s<>\"')\]]{0,300})?\b"
)
_SHORTENERS = frozenset(
    "bit.ly tinyurl.com t.co goo.gl ow.ly is.gd buff.ly rebrand.ly cutt.ly shorturl.at rb.gy"
    " tiny.cc t.ly linktr.ee".split()
)
_CHAT_APPS = frozenset(
    "t.me telegram.me wa.me chat.whatsapp.com discord.gg discord.com snapchat.com kik.me".split()
)
_ODD_ENDINGS = (".xyz", ".top", ".click", ".vip", ".shop", ".club", ".biz", ".online", ".site")


class Links:
    name = "links"
    labels: tuple[str, ...] = ("spam", "predatory_contact")

    def __init__(self, official: frozenset[str]) -> None:
        """`official` are hosts of helplines, fellowships and health services; they always pass."""
        self._official = official

    def detect(self, batch: Sequence[Reading]) -> list[list[Signal]]:
        return [self._signals(reading) if "." in reading.plain else [] for reading in batch]

    def _signals(self, reading: Reading) -> list[Signal]:
        found = []
        foreign = []
        for match in _LINK.finditer(reading.plain):
            host = _host(match[0])
            if not host or self._is_official(host):
                continue
            foreign.append(match)
            if signal := self._one(reading, match, host):
                found.append(signal)
        if len(foreign) >= MANY:
            score = 0.9 if reading.draft.standing is Standing.NEW else 0.7
            found.append(self._signal(reading, foreign, "spam", score, "has many links"))
        return found

    def _one(self, reading: Reading, match: re.Match[str], host: str) -> Signal | None:
        if host in _CHAT_APPS:
            return self._signal(
                reading, [match], "predatory_contact", 0.85, "leads to a private chat elsewhere"
            )
        if host in _SHORTENERS or host.endswith(_ODD_ENDINGS):
            return self._signal(reading, [match], "spam", 0.85, "hides where a link leads")
        if reading.draft.standing is Standing.NEW:
            return self._signal(reading, [match], "spam", 0.6, "a newcomer's link")
        return None

    def _is_official(self, host: str) -> bool:
        parts = host.split(".")
        return any(".".join(parts[i:]) in self._official for i in range(len(parts) - 1))

    def _signal(
        self, reading: Reading, at: Sequence[re.Match[str]], label: str, score: float, why: str
    ) -> Signal:
        spans = tuple(reading.plain_span(*match.span()) for match in at[:20])
        return Signal(label, score, self.name, spans, why)


def _host(address: str) -> str:
    """The host without www; empty when it is none."""
    try:
        host = urlsplit(address if "://" in address else f"http://{address}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
