"""The checker itself: on a run in which all went well it finds nothing, and each planted violation
is found."""

import copy

import pytest

from tests.support.checker import violations

ROOM = "first-days"


def message(number, handle, **more):
    usual = {"room": ROOM, "body": f"words {number:03}", "status": "published", "action": "allow"}
    return {"id": f"m{number}", "client_id": f"c{number}", "handle": handle, **usual, **more}


def sent(number):
    return {"kind": "sent", "room": ROOM, "client_id": f"c{number}", "body": f"words {number:03}"}


def acked(number, seq, status="published"):
    return {"kind": "acked", "client_id": f"c{number}", "message_id": f"m{number}",
            "status": status, "seq": seq}  # fmt: skip


def event(number, seq):
    return {"kind": "event", "room": ROOM, "seq": seq, "type": "message.posted",
            "message_id": f"m{number}", "body_html": f"<p>words {number:03}</p>"}  # fmt: skip


def page(*numbers):
    words = "".join(f"<p>words {number:03}</p>" for number in numbers)
    return {"kind": "page", "room": ROOM, "html": words}


@pytest.fixture
def run():
    """ana posts 1, 2 and 4, each twice; ben posts 3 and listens; 4 was held."""
    dump = {
        "rooms": {ROOM: 3},
        "messages": [message(1, "ana"), message(2, "ana"), message(3, "ben"),
                     message(4, "ana", status="held", action="hold")],
        "events": [{"room": ROOM, "seq": n, "kind": "message.posted", "message": f"m{n}"}
                   for n in (1, 2, 3)],
    }  # fmt: skip
    journals = {
        "ana": [sent(1), sent(1), acked(1, 1), acked(1, 1), sent(2), sent(2), acked(2, 2),
                acked(2, 2), sent(4), acked(4, None, "held"), page(1, 2, 3, 4)],
        "ben": [{"kind": "joined", "room": ROOM, "seq": 0}, event(1, 1), sent(3), event(2, 2),
                event(3, 3), acked(3, 3), page(1, 2, 3)],
    }  # fmt: skip
    return journals, dump


def test_a_run_in_which_all_went_well_is_found_well(run):
    assert violations(*run) == []


def delete_an_event(journals, dump):
    del dump["events"][1]


def delete_a_message(journals, dump):
    del dump["messages"][1]


def double_an_event(journals, dump):
    dump["events"].append({**dump["events"][0], "seq": 4})
    dump["rooms"][ROOM] = 4
    journals["ben"].append({**event(1, 4)})


def double_a_message(journals, dump):
    dump["messages"].append({**dump["messages"][0], "id": "m9"})


def swap_two_events(journals, dump):
    first, second = dump["events"][0], dump["events"][1]
    first["message"], second["message"] = second["message"], first["message"]


def swap_two_answers(journals, dump):
    journals["ana"][2:4] = [acked(1, 2)] * 2
    journals["ana"][6:8] = [acked(2, 1)] * 2
    swap_two_events(journals, dump)


def answer_a_retry_otherwise(journals, dump):
    journals["ana"][3] = acked(1, 2)


def answer_nothing(journals, dump):
    journals["ana"].append(sent(5))


def change_the_words(journals, dump):
    dump["messages"][0]["body"] = "other words"


def hear_other_words(journals, dump):
    journals["ben"][1] = {**event(1, 1), "body_html": "<p>never said</p>"}


def hear_one_twice(journals, dump):
    journals["ben"].insert(2, event(1, 1))


def hear_two_swapped(journals, dump):
    journals["ben"][1], journals["ben"][3] = journals["ben"][3], journals["ben"][1]


def hear_one_not_at_all(journals, dump):
    del journals["ben"][3]


def hear_no_beginning(journals, dump):
    del journals["ben"][1]


def hear_no_end(journals, dump):
    del journals["ben"][4]


def show_one_held_on_a_page(journals, dump):
    journals["ben"].append(page(4))


def show_one_held_live(journals, dump):
    dump["rooms"][ROOM] = 4
    dump["events"].append({"room": ROOM, "seq": 4, "kind": "message.posted", "message": "m4"})
    journals["ben"].append(event(4, 4))


def show_what_no_gate_let_out(journals, dump):
    dump["messages"][0]["action"] = ""


PLANTED = {
    delete_an_event: {"hole", "lost", "heard what is not in the log"},
    delete_a_message: {"lost"},
    double_an_event: {"doubled"},
    double_a_message: {"doubled"},
    swap_two_events: {"lost", "heard what is not in the log"},
    swap_two_answers: {"reordered", "heard what is not in the log"},
    answer_a_retry_otherwise: {"answers differ"},
    answer_nothing: {"never answered"},
    change_the_words: {"changed", "heard other words"},
    hear_other_words: {"heard other words"},
    hear_one_twice: {"heard again or late"},
    hear_two_swapped: {"missed", "heard again or late"},
    hear_no_beginning: {"missed"},
    hear_one_not_at_all: {"missed"},
    hear_no_end: {"left behind"},
    show_one_held_on_a_page: {"shown"},
    show_one_held_live: {"shown"},
    show_what_no_gate_let_out: {"shown"},
}


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_each_planted_violation_is_found(run, plant):
    journals, dump = copy.deepcopy(run)
    plant(journals, dump)
    kinds = {fault.partition(":")[0] for fault in violations(journals, dump)}
    assert PLANTED[plant] <= kinds
