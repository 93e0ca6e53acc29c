"""What the pages of a room show: messages by day, the unread marker, what one may do."""

from collections.abc import Sequence
from typing import Any

from forum.chat import control, history
from forum.chat.models import Message, Reaction, Share
from forum.rooms.models import Membership

KIND = Reaction.Kind
# Signs of support are words, not pictures: old phones lack the pictures, and words are read aloud.
SIGNS = (
    (KIND.HEART.value, "heart"),
    (KIND.STRENGTH.value, "strength"),
    (KIND.ME_TOO.value, "me too"),
    (KIND.THANK_YOU.value, "thank you"),
    (KIND.HUG.value, "hug"),
)


def conversation(
    member: Membership, *, share: Share | None = None, before: history.Place | None = None
) -> dict[str, Any]:
    """The newest messages (or those before a place) as a template or a script wants them."""
    found = history.conversation(
        member,
        share=share,
        before=before,
        hidden=control.hidden_from(member.account_id, member.handle_id, room_id=member.room_id),
    )
    mine = history.own_reactions(member.account_id, found)
    views = [history.view_of(message, member, mine) for message in found]
    mark(views, member)
    return {
        "talk": views,
        "more": len(found) == history.CONVERSATION_PAGE,
        "first": _place(found[:1]),
        "unread": any(view["first_unread"] for view in views),
        "signs": [list(sign) for sign in SIGNS],
    }


def _place(messages: Sequence[Message]) -> str:
    return f"{messages[0].place},{messages[0].pk}" if messages else ""


def mark(views: Sequence[dict[str, Any]], member: Membership) -> None:
    """Say where a new day begins, and where what the member has not read begins."""
    day, seen_marker = None, False
    for view in views:
        view["new_day"] = view["sent"].date() if view["sent"].date() != day else None
        day = view["sent"].date()
        unread = view["place"] > member.read_seq and not view["is_own"]
        view["first_unread"] = unread and not seen_marker and member.read_seq > 0
        seen_marker = seen_marker or unread
        view["signs"] = signs_of(view)


def signs_of(view: dict[str, Any]) -> list[dict[str, Any]]:
    counts, mine = view["reactions"], view["mine"]
    return [
        {
            "kind": kind,
            "words": words,
            "count": counts.get(kind, 0),
            "mine": kind in mine,
        }
        for kind, words in SIGNS
    ]
