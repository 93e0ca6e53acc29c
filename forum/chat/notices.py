"""What an account is told privately, and asking another moderator to look."""

from collections.abc import Sequence
from datetime import datetime

from forum.accounts.models import Account
from forum.chat import posting
from forum.chat.models import Message, Notice
from forum.errors import Refused, not_found
from moderation import gate

SHOWN = 50
REFUSED = "blocked"


def unseen(account: Account) -> int:
    return Notice.objects.filter(account=account, seen=False).count()


def read_all(account: Account) -> Sequence[Notice]:
    """The newest notices; they count as seen from now on."""
    rows = Notice.objects.filter(account=account).select_related("room", "message")
    found = list(rows.order_by("-pk")[:SHOWN])
    Notice.objects.filter(pk__in=[n.pk for n in found if not n.seen]).update(seen=True)
    return found


def may_appeal(notice: Notice) -> bool:
    if notice.message is None:
        return False
    if notice.kind == REFUSED:  # by the engine, and by nobody since
        return notice.message.status == Message.Status.BLOCKED
    return notice.kind in gate.OPEN_TO_APPEAL


def asked_at(account: Account, found: Sequence[Notice]) -> dict[int, datetime]:
    """By notice, when its reader answered it by asking for a person's look."""
    refs = {n.pk: posting.ref_of(n.message) for n in found if n.message is not None}
    asked = gate.looks_asked_for(list(refs.values()), account.pk) if refs else {}
    times = {
        n.pk: next((at for at in asked[refs[n.pk]] if at >= n.created_at), None)
        for n in found
        if n.pk in refs
    }
    return {pk: at for pk, at in times.items() if at is not None}


def appeal(account: Account, notice_id: int) -> None:
    """Ask for another look. To ask again about the same notice changes nothing."""
    notice = Notice.objects.select_related("message").filter(pk=notice_id, account=account).first()
    if notice is None or notice.message is None or not may_appeal(notice):
        raise not_found()
    if asked_at(account, [notice]):
        return
    if not gate.appeal(posting.ref_of(notice.message), account.pk):
        raise Refused(
            "appeal.already",
            "A moderator is looking at this already, or has decided. You find the answer here.",
            status=409,
        )
