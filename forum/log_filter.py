"""Keeps what could point at a person out of the log."""

import logging


class NothingPersonal(logging.Filter):
    """Drops the request (address, cookies, form) that Django attaches to its records."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.__dict__.pop("request", None)
        record.__dict__.pop("client", None)
        return True
