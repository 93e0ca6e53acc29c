"""manage.py make_lead NAME"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forum.accounts import revocation
from forum.accounts.models import Account


class Command(BaseCommand):
    help = (
        "Let an account open the desk of every room. It must set up a second factor before the desk"
        " opens. With --not the right is taken back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the account's sign-in name")
        parser.add_argument("--not", action="store_true", dest="take_back")

    def handle(self, *args: Any, **options: Any) -> None:
        account = Account.objects.filter(sign_in_key=options["name"].casefold()).first()
        if account is None:
            raise CommandError("There is no account with that sign-in name.")
        account.is_lead = not options["take_back"]
        account.save(update_fields=["is_lead"])
        revocation.access_changed(account.pk)
        self.stdout.write("Done." if account.is_lead else "Taken back.")
