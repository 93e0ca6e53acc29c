"""Finds what a fault must never do to messages: it knows only what clients noted and a dump.

A journal is a list of notes, in order, of one client, by their "kind": "sent" (room, client_id,
body), "acked" (client_id, status, message_id, seq), "joined" (room, and the seq after which it
listens), "event" (room, seq, type, message_id, body_html) and "page" (room, html). The dump says
what the database holds: `tests/support/dump.py`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Note = Mapping[str, Any]
Journals = Mapping[str, Sequence[Note]]  # by the client's handle
GOES_OUT = {"allow", "support", "note"}


def violations(journals: Journals, dump: Mapping[str, Any]) -> list[str]:
    """Each broken promise in words that begin with its kind; an empty list when all was kept."""
    world = _World(dump)
    found = [*_log_faults(world)]
    for handle, journal in journals.items():
        found += [f"{fault} ({handle})" for fault in _faults_of_one(handle, journal, world)]
    return found


class _World:
    def __init__(self, dump: Mapping[str, Any]) -> None:
        self.seqs: dict[str, int] = dump["rooms"]
        self.messages = {row["id"]: row for row in dump["messages"]}
        self.rows = list(dump["messages"])
        self.events: dict[tuple[str, int], Note] = {}
        self.in_room: dict[str, list[Note]] = defaultdict(list)
        for event in sorted(dump["events"], key=lambda e: e["seq"]):
            self.events[event["room"], event["seq"]] = event
            self.in_room[event["room"]].append(event)

    def body_of(self, message_id: str) -> str:
        row = self.messages.get(message_id)
        return row["body"] if row else "of a message that is gone"

    def may_be_seen(self, message: Note) -> bool:
        return message["status"] == "published" and message["action"] in GOES_OUT


def _log_faults(world: _World) -> Iterator[str]:
    for room, newest in world.seqs.items():
        numbers = [event["seq"] for event in world.in_room[room]]
        if numbers != list(range(1, newest + 1)):
            yield f"hole: {room} is at {newest} and has {len(numbers)} events"
    posted = [e["message"] for e in world.events.values() if e["kind"] == "message.posted"]
    for message in _twice(posted):
        yield f"doubled: message {message} was posted by two events"
    for sender in _twice((row["handle"], row["client_id"]) for row in world.rows):
        yield f"doubled: {sender} is two messages"


def _faults_of_one(handle: str, journal: Sequence[Note], world: _World) -> Iterator[str]:
    by_kind = defaultdict(list)
    for note in journal:
        by_kind[note["kind"]].append(note)
    yield from _ack_faults(by_kind["sent"], by_kind["acked"], world)
    yield from _order_faults(by_kind["sent"], by_kind["acked"])
    yield from _hearing_faults(by_kind["joined"], by_kind["event"], world)
    yield from _showing_faults(handle, [*by_kind["event"], *by_kind["page"]], world)


def _ack_faults(sent: Sequence[Note], acked: Sequence[Note], world: _World) -> Iterator[str]:
    bodies = {note["client_id"]: note for note in sent}
    first: dict[str, Note] = {}
    for note in acked:
        if _answer(first.setdefault(note["client_id"], note)) != _answer(note):
            yield f"answers differ: {note['client_id']}"
    for client_id in bodies.keys() - first.keys():
        yield f"never answered: {client_id}"
    for client_id, note in first.items():
        message = world.messages.get(note["message_id"])
        if message is None or message["client_id"] != client_id:
            yield f"lost: {client_id} was acknowledged and is not kept"
        elif message["body"] != bodies[client_id]["body"]:
            yield f"changed: {client_id} is kept with other words"
        elif note["status"] == "published":
            event = world.events.get((bodies[client_id]["room"], note["seq"]))
            if event is None or event["message"] != note["message_id"]:
                yield f"lost: {client_id} is not the event {note['seq']} that it was told to be"


def _answer(note: Note) -> tuple[Any, ...]:
    return note["message_id"], note["status"], note.get("seq")


def _order_faults(sent: Sequence[Note], acked: Sequence[Note]) -> Iterator[str]:
    """One client waits for an answer before it sends the next text to the same room."""
    seqs = {n["client_id"]: n["seq"] for n in acked if n["status"] == "published"}
    by_room = defaultdict(list)
    for client_id, room in dict.fromkeys((n["client_id"], n["room"]) for n in sent):
        if client_id in seqs:
            by_room[room].append(seqs[client_id])
    for room, numbers in by_room.items():
        if numbers != sorted(numbers):
            yield f"reordered: texts of one client in {room}"


def _hearing_faults(joined: Sequence[Note], heard: Sequence[Note], world: _World) -> Iterator[str]:
    at: dict[str, int] = {}
    for note in joined:
        at.setdefault(note["room"], note["seq"])
    for note in heard:
        room, seq = note["room"], note["seq"]
        before = at[room]
        if seq <= before:
            yield f"heard again or late: {room} {seq} after {before}"
        elif seq > before + 1:
            yield f"missed: {room} {before + 1} to {seq - 1}"
        at[room] = max(seq, before)
        logged = world.events.get((room, seq))
        if logged is None or (logged["kind"], logged["message"]) != (
            note["type"], note["message_id"]):  # fmt: skip
            yield f"heard what is not in the log: {room} {seq}"
        elif note["body_html"] and world.body_of(note["message_id"]) not in note["body_html"]:
            yield f"heard other words: {room} {seq}"
    for room, seq in at.items():
        if seq != world.seqs[room]:
            yield f"left behind: {room} at {seq} of {world.seqs[room]}"


def _showing_faults(handle: str, shown: Sequence[Note], world: _World) -> Iterator[str]:
    """Nothing is shown to others that the gate did not let out."""
    everything = "\n".join(note.get("body_html") or note.get("html") or "" for note in shown)
    for message in world.rows:
        hidden = not world.may_be_seen(message) and message["handle"] != handle
        if hidden and message["body"] and message["body"] in everything:
            yield f"shown: {message['id']}, {message['status']}"


def _twice(values: Iterable[Any]) -> list[Any]:
    seen: set[Any] = set()
    return [value for value in values if value in seen or seen.add(value)]
