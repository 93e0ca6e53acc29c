"""What every page's frame needs to know of the person; looked up only when a page uses it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from forum.accounts.models import Account

Count = Callable[[Account], int]
Question = Callable[[Account], bool]

# Upper layers say how to find out; accounts know neither notices nor rooms.
_unseen: list[Count] = []
_moderates: list[Question] = []


def use(*, unseen_notices: Count, moderates: Question) -> None:
    _unseen[:], _moderates[:] = [unseen_notices], [moderates]


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": SimpleLazyObject(lambda: _facts(request))}


def _facts(request: HttpRequest) -> dict[str, Any]:
    account = getattr(request, "user", None)
    if not isinstance(account, Account):
        return {"signed_in": False, "may_open_desk": False, "unseen_notices": 0}
    return {
        "signed_in": True,
        "may_open_desk": any(ask(account) for ask in _moderates),
        "unseen_notices": sum(count(account) for count in _unseen),
    }
