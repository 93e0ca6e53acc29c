"""Not reading somebody any more: a mute is for oneself, a block works both ways."""

from collections.abc import Sequence

from django.db import transaction

from forum.accounts import revocation
from forum.accounts.models import Account, Handle, HandleMute
from forum.errors import Refused, not_found


def mute(account: Account, handle: Handle, *, by: Handle, room_id: int, block: bool) -> None:
    """Nobody is told. By handle, since the other handles of the same person are not known: neither
    theirs, nor, when they are blocked, those of the account beside `by`, its handle in the room."""
    if handle.account_id == account.pk:
        raise Refused("mute.self", "That is your own name.", status=422)
    with transaction.atomic():
        HandleMute.objects.update_or_create(
            account=account,
            handle=handle,
            defaults={"is_block": block, "by_handle": by, "room_id": room_id},
        )
        _tell(account, handle)


def unmute(account: Account, name: str) -> None:
    row = (
        HandleMute.objects.select_related("handle")
        .filter(account=account, handle__name=name)
        .first()
    )
    if row is None:
        raise not_found()
    with transaction.atomic():
        row.delete()
        _tell(account, row.handle)


def mutes_of(account: Account) -> Sequence[HandleMute]:
    return list(account.mutes.select_related("handle").order_by("handle__name"))


def _tell(account: Account, handle: Handle) -> None:
    """What both of them read changes at once, in every window. In order, as posts lock them."""
    for account_id in sorted({account.pk, handle.account_id or account.pk}):
        revocation.access_changed(account_id)
