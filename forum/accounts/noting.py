"""A recovery key on its way to paper: shown, let go, then asked for. Nobody sees it a second time.

It lives in the session, sealed, so that the table holds no key. Once its owner goes on, one group
of it is all that is left, to compare with what they noted.
"""

from dataclasses import dataclass

from django.contrib.sessions.backends.base import SessionBase

from forum.accounts import account as accounts
from forum.accounts.models import Account
from forum.accounts.sealed import seal, unseal
from forum.errors import Refused

KEY, QUESTION = "recovery_key", "recovery_question"


@dataclass(frozen=True, slots=True)
class Question:
    """Which group of the key its owner is asked for, from 1, and what it is."""

    account_id: int
    group: int
    letters: str


def show(session: SessionBase, key: str) -> None:
    session[KEY] = seal(key)
    session.pop(QUESTION, None)


def shown(session: SessionBase) -> str | None:
    """The key that its owner is noting down now."""
    stored = session.get(KEY)
    return unseal(stored) if stored else None


def let_go(session: SessionBase, account: Account) -> None:
    """From here on the key can't be shown any more."""
    if key := shown(session):
        del session[KEY]
        ask(session, account, key)


def ask(session: SessionBase, account: Account, key: str) -> None:
    group = accounts.asked_group(key)
    session[QUESTION] = seal(f"{account.pk} {group} {key.split('-')[group - 1]}")


def question(session: SessionBase, account: Account) -> Question | None:
    """What this account was asked and has not answered yet."""
    stored = session.get(QUESTION)
    if not stored:
        return None
    account_id, group, letters = unseal(stored).split()
    found = Question(int(account_id), int(group), letters)
    return found if found.account_id == account.pk else None


def confirm(session: SessionBase, account: Account, part: str) -> None:
    asked = question(session, account)
    if asked is None or accounts.plain_key(part) != asked.letters:
        group = f"group {asked.group}" if asked else "a group"
        raise Refused(
            "recovery.not_noted",
            f"That is not {group} of your key. Look at what you noted down.",
            status=422,
        )
    del session[QUESTION]
    account.recovery_confirmed = True
    account.save(update_fields=["recovery_confirmed"])
