"""What the database holds, for the checker: run in a process of its own, prints JSON.

`manage.py shell -c "from tests.support import dump; dump.tell()"`
"""

import json
import sys
from typing import Any

from forum.chat.models import Event, Message
from forum.rooms.models import Room
from moderation.models import Screening


def tell() -> None:
    sys.stdout.write(json.dumps({"rooms": _rooms(), "messages": _messages(), "events": _events()}))


def _rooms() -> dict[str, int]:
    return dict(Room.objects.values_list("slug", "seq"))


def _messages() -> list[dict[str, Any]]:
    actions = {str(pk): action for pk, action in Screening.objects.values_list("pk", "action")}
    rows = Message.objects.select_related("handle", "room").order_by("pk")
    return [
        {
            "id": str(row.pk),
            "client_id": str(row.client_id),
            "handle": row.handle.name,
            "room": row.room.slug,
            "body": row.body,
            "status": row.status,
            "action": actions.get(str(row.screening_id), ""),
        }
        for row in rows
    ]


def _events() -> list[dict[str, Any]]:
    rows = Event.objects.values_list("room__slug", "seq", "kind", "message_id").order_by("pk")
    return [{"room": r, "seq": s, "kind": k, "message": str(m)} for r, s, k, m in rows]
