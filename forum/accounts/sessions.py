"""Sessions in the database under the hash of their key (a setting names this module)."""

import hashlib
from typing import Any

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from forum.accounts.models import AccountSession


def stored_key(session_key: str) -> str:
    """What the database knows of a session key: 40 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(SessionBase):
    """Django's database sessions, but a dump of the table holds no usable key."""

    def load(self) -> dict[str, Any]:
        row = AccountSession.objects.filter(
            session_key=stored_key(self.session_key or ""), expire_date__gt=timezone.now()
        ).first()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row.session_data)

    def exists(self, session_key: str) -> bool:
        return AccountSession.objects.filter(session_key=stored_key(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined] # stubs lack it
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined] # as above
        fields = {
            "session_data": self.encode(data),
            "expire_date": self.get_expiry_date(),
            "account_id": data.get("_auth_user_id"),
        }
        key = stored_key(self._get_or_create_session_key())  # type: ignore[attr-defined] # as above
        if not must_create:
            self._update(key, fields)
            return
        try:
            with transaction.atomic():
                AccountSession.objects.create(session_key=key, **fields)
        except IntegrityError as error:
            raise CreateError from error

    @staticmethod
    def _update(key: str, fields: dict[str, Any]) -> None:
        try:
            found = AccountSession.objects.filter(session_key=key).update(**fields)
        except DatabaseError as error:
            raise UpdateError from error
        if not found:
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            AccountSession.objects.filter(session_key=stored_key(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        AccountSession.objects.filter(expire_date__lt=timezone.now()).delete()
