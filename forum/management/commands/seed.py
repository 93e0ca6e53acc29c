"""manage.py seed"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from forum.chat import demo
from forum.rooms import seeding


class Command(BaseCommand):
    help = (
        "Make the rooms of the catalogue that are missing and, in the demo, its people and their"
        " talk. Harmless to run again; nothing that was changed since is changed back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rooms-only", action="store_true", help="no demo people")

    def handle(self, *args: Any, **options: Any) -> None:
        made = seeding.seed_rooms()
        self.stdout.write(f"{made} new rooms.")
        if options["rooms_only"] or not settings.DEMO:
            return
        with _without_a_line_for_each_message():
            demo.seed_people()
            kept = demo.seed_conversation()
        for message in kept:
            self.stderr.write(
                f"Not published by screening: message {message.pk}, {message.status}."
            )


@contextmanager
def _without_a_line_for_each_message() -> Iterator[None]:
    """A hundred lines of log would push what serve_demo prints out of sight."""
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
