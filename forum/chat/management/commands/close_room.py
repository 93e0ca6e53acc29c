"""manage.py close_room ROOM"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forum.chat import closing
from forum.errors import Refused


class Command(BaseCommand):
    help = (
        "Close a room: what was said can still be read, nobody can write in it or join it. Those"
        " who are in it are told at once. With --reopen it is open again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("room", help="its address, for example first-days")
        parser.add_argument("--reopen", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        change = closing.reopen if options["reopen"] else closing.close
        try:
            room = change(options["room"])
        except Refused as error:
            raise CommandError(f"There is no room {options['room']}.") from error
        self.stdout.write(f"{room.name} is {'closed' if room.is_closed else 'open'}.")
