"""manage.py moderation_worker"""

import logging
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error as DatabaseError

from moderation import gate

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Screen again, and again, what could not be screened when it was written. Several of these,"
        " and the web processes, share the work. Ends cleanly on Ctrl-C or TERM."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{gate.rescreen_due()} screened.")
            return
        ending = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ending.set())
        while not ending.wait(settings.RESCREEN_SECONDS):
            try:
                gate.rescreen_due()
            except DatabaseError:
                log.exception("event=rescreening_failed")
