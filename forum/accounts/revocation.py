"""Tells whoever holds open connections that an account may now do more, or less, than before."""

from collections.abc import Callable

from django.db.models import F

from forum.accounts.models import Account

Told = Callable[[int], None]

_listeners: list[Told] = []


def on_change(listener: Told) -> None:
    """Register who is told; it must itself wait for the commit."""
    if listener not in _listeners:
        _listeners.append(listener)


def access_changed(account_id: int) -> None:
    """Count the access version up, in the caller's transaction, and tell the listeners."""
    Account.objects.filter(pk=account_id).update(access_version=F("access_version") + 1)
    for listener in _listeners:
        listener(account_id)
