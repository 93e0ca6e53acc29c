"""manage.py verify_audit"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moderation import audit
from moderation.models import AuditEntry


class Command(BaseCommand):
    help = (
        "Check that no entry of the audit log was changed, removed, inserted or moved. Prints the"
        " head; publish it somewhere else now and then, and give it with --head later: only then is"
        " a log found out whose end was cut off. Ends with status 1 where the chain is broken."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", help="a digest that was published earlier")

    def handle(self, *args: Any, **options: Any) -> None:
        entries = AuditEntry.objects.order_by("number")
        if broken := audit.first_break(entries.iterator(), head=options["head"]):
            raise CommandError(f"Broken at entry {broken.number}: {broken.problem}.")
        last = entries.last()
        self.stdout.write(f"{last.number if last else 0} entries, all true.")
        self.stdout.write(f"head {last.digest if last else audit.GENESIS}")
