"""manage.py seed"""

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
        demo.seed_people()
        for message in demo.seed_conversation():
            self.stderr.write(
                f"Not published by screening: message {message.pk}, {message.status}."
            )
