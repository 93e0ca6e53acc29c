"""manage.py demo_code NAME"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from forum.accounts import demo
from forum.accounts.models import Account
from forum.errors import Refused


class Command(BaseCommand):
    help = "Print the second-factor code of a demo account, as its authenticator app would."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the account's sign-in name, e.g. mo-demo")

    def handle(self, *args: Any, **options: Any) -> None:
        account = Account.objects.filter(sign_in_key=options["name"].casefold()).first()
        if account is None:
            raise CommandError("There is no such account. Run `manage.py seed` first.")
        try:
            self.stdout.write(demo.current_code(account))
        except Refused as refused:
            raise CommandError(refused.detail) from refused
