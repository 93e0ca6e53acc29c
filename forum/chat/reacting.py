"""Small signs of support under a message."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from forum.chat import announcing, authors, control, log
from forum.chat.authors import Author
from forum.chat.models import Event, Message, Reaction
from forum.errors import Refused, not_found

KINDS = tuple(Reaction.Kind.values)


def set_reaction(
    account_id: int, room_slug: str, message_id: UUID, *, kind: str, on: bool
) -> Message:
    """Add or take back one's reaction. Doing it twice changes nothing and tells nobody."""
    if kind not in KINDS:
        raise Refused("reaction.unknown", "Choose one of the reactions that are shown.", status=422)
    author = authors.author_of(account_id, room_slug, now=timezone.now())
    with transaction.atomic():
        rooms = log.lock_rooms([author.room_id])
        if refusal := authors.changed_since([author], rooms).get(author.key):
            raise refusal
        message = _published(author, message_id)
        if _change(message, account_id, kind, on=on):
            message.reactions = _counts(message)
            message.save(update_fields=["reactions"])
            event = log.append_one(
                message.room_id, Event.Kind.REACTION_CHANGED, message, at=timezone.now()
            )
            announcing.after_commit([event])
    return message


def toggle(account_id: int, room_slug: str, message_id: UUID, *, kind: str) -> Message:
    """What a press without JavaScript does: there when it was not, gone when it was."""
    given = Reaction.objects.filter(message_id=message_id, account_id=account_id, kind=kind)
    return set_reaction(account_id, room_slug, message_id, kind=kind, on=not given.exists())


def _published(author: Author, message_id: UUID) -> Message:
    hidden = control.hidden_from(author.account_id, author.handle.pk, room_id=author.room_id)
    message = (
        Message.objects.select_related("handle", "share", "room")
        .filter(pk=message_id, room_id=author.room_id, status=Message.Status.PUBLISHED)
        .exclude(handle_id__in=hidden)
        .first()
    )
    if message is None:
        raise not_found()
    return message


def _change(message: Message, account_id: int, kind: str, *, on: bool) -> bool:
    if on:
        return Reaction.objects.get_or_create(message=message, account_id=account_id, kind=kind)[1]
    gone, _ = Reaction.objects.filter(message=message, account_id=account_id, kind=kind).delete()
    return gone > 0


def _counts(message: Message) -> dict[str, int]:
    kinds = list(Reaction.objects.filter(message=message).values_list("kind", flat=True))
    return {kind: kinds.count(kind) for kind in KINDS if kind in kinds}
