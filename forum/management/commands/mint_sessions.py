"""manage.py mint_sessions"""

import json
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from forum.accounts.models import Account, AccountSession, Handle
from forum.accounts.sessions import SessionStore, stored_key
from forum.rooms.models import Membership, Room
from moderation import gate

DAYS = 1
NO_PASSWORD = "!"  # noqa: S105 - says that no password fits


class Command(BaseCommand):
    help = (
        "For load tests only: make members of a room who are signed in, and print for each a JSON"
        " line with its handle and a whole Cookie header. They are exempt from rate limits and"
        " flooding rules, and screened like everybody. Refuses outside the demo without --allow."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--count", type=int, required=True)
        parser.add_argument("--room", required=True, help="the room's slug")
        parser.add_argument("--allow", action="store_true", help="do it outside the demo too")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO and not options["allow"]:
            raise CommandError("This makes accounts that limits don't apply to. Really? --allow")
        room = Room.objects.filter(slug=options["room"]).first()
        if room is None:
            raise CommandError(f"There is no room {options['room']!r}. Run `manage.py seed` first.")
        with transaction.atomic():
            for handle, key in self._made(room, options["count"]):
                cookie = f"{settings.SESSION_COOKIE_NAME}={key}"
                self.stdout.write(json.dumps({"handle": handle, "cookie": cookie}))

    def _made(self, room: Room, count: int) -> list[tuple[str, str]]:
        batch = secrets.token_hex(4)
        names = [f"load-{batch}-{n}" for n in range(count)]
        accounts = Account.objects.bulk_create(
            Account(
                sign_in_name=n,
                sign_in_key=n,
                password=NO_PASSWORD,
                recovery_confirmed=True,  # nobody is there who could note a key
                for_load_tests=True,
            )
            for n in names
        )
        handles = Handle.objects.bulk_create(
            Handle(account=a, name=n, skeleton=f"{gate.skeleton(n)}-{n}")
            for a, n in zip(accounts, names, strict=True)
        )
        Membership.objects.bulk_create(
            Membership(room=room, account=a, handle=h, charter_accepted=room.charter_version)
            for a, h in zip(accounts, handles, strict=True)
        )
        return [(h.name, self._session(a)) for a, h in zip(accounts, handles, strict=True)]

    @staticmethod
    def _session(account: Account) -> str:
        key = secrets.token_hex(16)
        data = {
            SESSION_KEY: str(account.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: account.get_session_auth_hash(),
        }
        AccountSession.objects.create(
            session_key=stored_key(key),
            session_data=SessionStore().encode(data),
            expire_date=timezone.now() + timedelta(days=DAYS),
            account_id=account.pk,
        )
        return key
