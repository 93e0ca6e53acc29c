"""Keeps what could point at a person out of the log."""

import logging
import traceback
from types import TracebackType

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class NothingPersonal(logging.Filter):
    """Drops the request (address, cookies, form) that Django attaches to its records."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.__dict__.pop("request", None)
        record.__dict__.pop("client", None)
        return True


class PlaceOnly(logging.Formatter):
    """Writes where and of which class an error was, never its message: that may quote a text."""

    def formatException(self, ei: ExcInfo) -> str:
        lines = []
        error = ei[1]
        while error is not None:
            lines += traceback.format_tb(error.__traceback__)
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__
        return "\n".join(line.rstrip() for line in lines)
