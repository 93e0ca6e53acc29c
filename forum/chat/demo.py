"""The demo's people and their talk. Everything they say is posted like anybody's words."""

import tomllib
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forum.accounts import demo
from forum.accounts.models import Account, Handle
from forum.chat import posting
from forum.chat.models import Message
from forum.chat.posting import Post
from forum.rooms import membership
from forum.rooms.models import Membership, Room
from moderation import gate

FILE = Path(membership.__file__).parent / "seed" / "conversation.toml"
NAMESPACE = uuid.UUID("5f2d0f5e-98b1-4d52-a5a4-3f0f5c0b1f52")  # of client_ids


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A demo account; its passphrase is printed at each start."""

    sign_in_name: str
    passphrase: str
    handle: str
    is_moderator: bool = False


PEOPLE = (
    DemoPerson("ana-demo", "calm river stone lamp 21", "ana-by-the-sea"),
    DemoPerson("ben-demo", "slow green bicycle tea 34", "ben-walks-home"),
    DemoPerson("mo-demo", "bright owl kitchen map 55", "mo-moderates", is_moderator=True),
    DemoPerson("kit-demo", "soft harbour violin sun 13", "kit-moderates", is_moderator=True),
)
ROOMS_OF_MEMBERS = ("first-days", "cravings-now")


def seed_people() -> None:
    for person in PEOPLE:
        account = demo.demo_account(
            person.sign_in_name, person.passphrase, second_factor=person.is_moderator
        )
        handle = _handle(account, person.handle)
        for room in Room.objects.all():
            if person.is_moderator:
                membership.make_moderator(account, room, handle)
            elif room.slug in ROOMS_OF_MEMBERS:
                _member(account, room, handle)


def _handle(account: Account, name: str) -> Handle:
    return Handle.objects.get_or_create(
        skeleton=gate.skeleton(name), defaults={"account": account, "name": name}
    )[0]


def _member(account: Account, room: Room, handle: Handle) -> None:
    Membership.objects.get_or_create(
        account=account,
        room=room,
        defaults={"handle": handle, "charter_accepted": room.charter_version},
    )


def seed_conversation() -> list[Message]:
    """Post the invented talk; the messages that screening did not let out, to be looked at."""
    demo.check_demo()
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    kept = []
    for part in data["room"]:
        room = Room.objects.get(slug=part["slug"])
        for entry in part["messages"]:
            kept.append(_say(room, entry["who"], entry["text"]))
        for share in part.get("share", []):
            opener = _say(room, share["who"], share["text"], title=share["title"])
            kept.append(opener)
            # An opener that was held, now or at the first start, or removed since, has no replies.
            opener.refresh_from_db(fields=["status"])
            is_out = opener.status == Message.Status.PUBLISHED
            for reply in share["replies"] if is_out else ():
                kept.append(_say(room, reply["who"], reply["text"], share=opener))
    return [message for message in kept if message.status != Message.Status.PUBLISHED]


def _say(
    room: Room, who: str, text: str, *, title: str = "", share: Message | None = None
) -> Message:
    account = demo.demo_account(f"{who}-demo", uuid.uuid4().hex, second_factor=False)
    _member(account, room, _handle(account, who))
    # A second run finds the first one's messages by these ids.
    wanted: dict[str, Any] = {"title": title} if title else {}
    if share is not None:
        wanted["share_id"] = share.share_id
    client_id = uuid.uuid5(NAMESPACE, f"{room.slug}/{who}/{text}")
    return posting.post(Post(account.pk, room.slug, text, client_id, **wanted))
