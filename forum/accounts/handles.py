"""Public names: what a handle may look like, suggesting some, and giving one out for ever."""

import re
import unicodedata
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from forum.accounts import reserved, suggestions
from forum.accounts.models import Account, Handle
from forum.errors import Refused
from moderation import gate

SHORTEST, LONGEST = 3, 32
MOST_HANDLES = 12
_SHAPE = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")

TAKEN = Refused(
    "handle.taken", "That name can't be had. Choose another one, or take a suggestion.", status=422
)


def suggest(count: int = 3) -> list[str]:
    """Friendly names that are free at this moment."""
    found: list[str] = []
    while len(found) < count:
        wanted = {suggestions.name() for _ in range(count * 2)}
        keys = {gate.skeleton(name): name for name in wanted}
        used = set(Handle.objects.filter(skeleton__in=keys).values_list("skeleton", flat=True))
        found += [name for key, name in keys.items() if key not in used]
    return found[:count]


def check_handle(name: str, account: Account) -> str:
    """The name as it will be kept; Refused when it may not be used.

    One sentence answers for "taken", "reserved", "somebody's sign-in name" and "once used": the
    difference would tell what exists.
    """
    name = unicodedata.normalize("NFKC", name).strip()
    _check_shape(name)
    if reserved.is_reserved(name) or is_somebodys_handle(name) or _is_sign_in(name):
        raise _taken()
    _check_kind(name)
    return name


def claim_handle(account: Account, name: str) -> Handle:
    """Give the name to the account. It is nobody else's ever after."""
    name = check_handle(name, account)
    if account.handles.count() >= MOST_HANDLES:
        raise Refused(
            "handle.too_many",
            f"You have {MOST_HANDLES} names already. Please use one of them here.",
        )
    try:
        with transaction.atomic():
            return Handle.objects.create(account=account, name=name, skeleton=gate.skeleton(name))
    except IntegrityError as error:
        raise _taken() from error


def own_handles(account: Account) -> Sequence[Handle]:
    return list(account.handles.order_by("pk"))


def is_somebodys_handle(name: str) -> bool:
    """Whether a name could be taken for a public name that is, or was, in use."""
    return Handle.objects.filter(skeleton=gate.skeleton(name)).exists()


def _taken() -> Refused:
    return Refused(TAKEN.code, TAKEN.detail, status=TAKEN.status)


def _check_shape(name: str) -> None:
    if not SHORTEST <= len(name) <= LONGEST or not _SHAPE.fullmatch(name):
        raise Refused(
            "handle.shape",
            f"A name has {SHORTEST} to {LONGEST} letters, digits, - or _, with a letter or digit"
            " first and last, and no spaces.",
            status=422,
        )
    scripts = {_script(character) for character in name} - {"COMMON"}
    if len(scripts) > 1:
        raise Refused(
            "handle.mixed", "Use the letters of one alphabet only, not a mixture.", status=422
        )


def _script(character: str) -> str:
    """The script of a letter, by the first word of its Unicode name; digits, - and _ are common."""
    if not character.isalpha():
        return "COMMON"
    return unicodedata.name(character, "UNKNOWN").split()[0]


def _is_sign_in(name: str) -> bool:
    """The sign-in name is private: also its owner may not make it public by mistake."""
    keys = {name.casefold(), gate.skeleton(name)}
    return Account.objects.filter(sign_in_key__in=keys).exists()


def _check_kind(name: str) -> None:
    """A handle is seen by everybody, so it is screened like any other text; no answer, no name."""
    words = re.sub(r"[-_]+", " ", name)
    for verdict in gate.screen([gate.Draft(name), gate.Draft(words)]):
        if gate.is_unscreened(verdict):
            raise Refused(
                "handle.unchecked",
                "We can't check new names just now. Please try again in a minute, or use one that"
                " you have.",
                status=503,
            )
        if verdict.action not in (gate.Action.ALLOW, gate.Action.SUPPORT):
            raise Refused(
                "handle.not_here",
                "That name could hurt or mislead somebody here. Please choose another one.",
                status=422,
            )
