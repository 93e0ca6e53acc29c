"""Closing a room and opening it again: everybody who is in it is told at once."""

from django.db import transaction
from django.utils import timezone

from forum.chat import announcing, log
from forum.errors import not_found
from forum.rooms.models import Room


def close(slug: str) -> Room:
    """What was said can still be read; nobody can write or join."""
    return _set(slug, is_closed=True)


def reopen(slug: str) -> Room:
    return _set(slug, is_closed=False)


def _set(slug: str, *, is_closed: bool) -> Room:
    with transaction.atomic():
        room = Room.objects.select_for_update().filter(slug=slug).first()
        if room is None:
            raise not_found()
        if room.is_closed != is_closed:
            room.closed_on = timezone.localdate() if is_closed else None
            room.save(update_fields=["closed_on"])
            log.bump_access(room.pk)
            announcing.room_changed(room.pk)
    return room
