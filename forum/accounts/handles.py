"""Public names: what a handle may look like, suggesting some, and giving one out for ever."""

import re
import unicodedata
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from forum.accounts import reserved, suggestions, unfit
from forum.accounts.models import Account, Handle
from forum.errors import Refused
from moderation import gate

SHORTEST, LONGEST = 3, 32
MOST_HANDLES = 12
_SHAPE = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")

# The letters of each alphabet that a name may be written in, the whole of it in one. What is left
# out (hooked and small capital Latin, Lisu, Coptic, Cherokee, ...) is drawn like what is in.
_LATIN = "A-Za-zÀ-ÖØ-öø-ķĹ-ŉŌ-ſ"
_HAN_AND_KANA = "一-鿿㐀-䶿々ぁ-ゖァ-ヺー"
_ALPHABETS = (_LATIN, "Ά-ώ", "Ѐ-џҐґ", "ؠ-يٱ-ۓ", "א-ת", "ऄ-हक़-ॡ", _HAN_AND_KANA, "가-힣")
_OF_ONE_ALPHABET = tuple(re.compile(f"[{letters}0-9_-]+") for letters in _ALPHABETS)

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

    One sentence answers for "taken", "reserved", "your sign-in name" and "once used": a difference
    would tell what exists. Other people's sign-in names are not looked at: a refusal would be a way
    to find them, and a handle that happens to be one tells nobody that it is.
    """
    name = unicodedata.normalize("NFKC", name).strip()
    _check_shape(name)
    if reserved.is_reserved(name) or is_somebodys_handle(name) or _is_own_sign_in(name, account):
        raise _taken()
    _check_kind(name)
    return name


def claim_handle(account: Account, name: str) -> Handle:
    """Give the name to the account. It is nobody else's ever after."""
    if account.handles.count() >= MOST_HANDLES:  # first: who may have none may not ask for names
        raise Refused(
            "handle.too_many",
            f"You have {MOST_HANDLES} names already. Please use one of them here.",
        )
    name = check_handle(name, account)
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
    if not any(letters.fullmatch(name) for letters in _OF_ONE_ALPHABET):
        raise Refused(
            "handle.mixed",
            "Use the plain letters of one alphabet only, not a mixture, and digits from 0 to 9.",
            status=422,
        )


def _is_own_sign_in(name: str, account: Account) -> bool:
    """The sign-in name is private: its owner may not make it public by mistake."""
    return gate.skeleton(account.sign_in_name) == gate.skeleton(name)


def _check_kind(name: str) -> None:
    """A handle is seen by everybody, so it is screened like any other text; no answer, no name."""
    words = re.sub(r"[-_]+", " ", name)
    drafts = [name, words, re.sub(r"\d+", " ", words).strip()]
    verdicts = gate.screen([gate.Draft(text) for text in drafts if text])
    if any(gate.is_unscreened(verdict) for verdict in verdicts):
        raise Refused(
            "handle.unchecked",
            "We can't check new names just now. Please try again in a minute, or use one that you"
            " have.",
            status=503,
        )
    fine = (gate.Action.ALLOW, gate.Action.SUPPORT)
    if unfit.is_unfit(name) or any(verdict.action not in fine for verdict in verdicts):
        raise Refused(
            "handle.not_here",
            "That name could hurt or mislead somebody here. Please choose another one.",
            status=422,
        )
