"""manage.py serve_demo"""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from forum.accounts import demo as accounts_demo
from forum.accounts.models import Account
from forum.chat import demo
from forum.management import serving

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = (
        "Set up everything on this machine (database, static files, rooms, demo people) and serve."
        " Harmless to run again. `make run` calls it; PORT chooses the port."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        port = settings.PORT
        serving.check_port(HOST, port)
        accounts_demo.check_demo()
        call_command("migrate", interactive=False, verbosity=0)
        self._collect_static()
        call_command("seed", stdout=self.stdout, stderr=self.stderr)
        self._print_sign_ins(port)
        serving.serve(HOST, port)

    def _collect_static(self) -> None:
        """Only when a file is newer than the last collection: it takes seconds."""
        newest = max(
            storage.get_modified_time(path).timestamp()
            for finder in get_finders()
            for path, storage in finder.list([])
        )
        manifest = settings.STATIC_ROOT / "staticfiles.json"
        if not manifest.exists() or manifest.stat().st_mtime < newest:
            call_command("collectstatic", interactive=False, verbosity=0)

    def _print_sign_ins(self, port: int) -> None:
        self.stdout.write(f"\nHandrail: http://{HOST}:{port}\n\nDemo sign-ins:")
        for person in demo.PEOPLE:
            kind = "moderator" if person.is_moderator else "member"
            self.stdout.write(f"  {person.sign_in_name:<9} {person.passphrase:<27} {kind}")
        account = Account.objects.get(sign_in_key="mo-demo")
        code = accounts_demo.current_code(account)
        self.stdout.write(
            "\nModerators are also asked for a code. It changes every 30 seconds; now it is"
            f" {code} for mo-demo, later:\n  .venv/bin/python manage.py demo_code mo-demo\n"
        )
        self.stdout.flush()
