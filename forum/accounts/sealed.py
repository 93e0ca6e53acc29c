"""Encrypts the few secrets that must be readable again, under settings.FIELD_KEY."""

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Unreadable(Exception):
    """Was sealed under another key, or was changed."""


def seal(text: str) -> str:
    return _fernet(settings.FIELD_KEY).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """The text again; raises Unreadable."""
    try:
        return _fernet(settings.FIELD_KEY).decrypt(sealed.encode("ascii")).decode()
    except InvalidToken as error:
        raise Unreadable from error


@lru_cache(maxsize=2)
def _fernet(key: str) -> Fernet:
    digest = hashlib.blake2b(key.encode(), digest_size=32, person=b"handrail field").digest()
    return Fernet(base64.urlsafe_b64encode(digest))
