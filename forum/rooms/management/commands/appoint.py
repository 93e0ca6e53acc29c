"""manage.py appoint HANDLE ROOM"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forum.errors import Refused
from forum.rooms import membership
from forum.rooms.models import Membership


class Command(BaseCommand):
    help = (
        "Give a member of a room another role in it: moderator, facilitator, supporter or member."
        " Somebody who becomes a moderator must set up a second factor before the desk opens."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("handle", help="the name that others see in the room")
        parser.add_argument("room", help="its address, for example first-days")
        parser.add_argument(
            "--role", choices=Membership.Role.values, default=Membership.Role.MODERATOR
        )

    def handle(self, *args: Any, **options: Any) -> None:
        handle, slug, role = options["handle"], options["room"], options["role"]
        try:
            membership.appoint(handle, slug, Membership.Role(role))
        except Refused as error:
            raise CommandError(
                f"Nobody called {handle} is a member of {slug}: they have to join it first."
            ) from error
        self.stdout.write(f"{handle} is a {role} of {slug}.")
