"""R1 and R6: the process is killed again and again while all write, each thing several times.

With HANDRAIL_LONG=1 as often and as much as the promise says; HANDRAIL_SEED repeats a run.
"""

import asyncio
import json
import os
import random
import time

from tests.support import servers
from tests.support.checker import violations
from tests.support.clients import Client
from tests.support.sockets import minted

LONG = os.environ.get("HANDRAIL_LONG") == "1"
SEED = int(os.environ.get("HANDRAIL_SEED", time.time_ns() % 10**6))
ROOMS = ("first-days", "grief", "smart-tools", "newcomers", "families", "lgbtq", "sos-secular",
         "cravings-now")[: 8 if LONG else 2]  # fmt: skip
CLIENTS_IN_ROOM = 5
TEXTS = 50 if LONG else 8
KILLS = 20 if LONG else 3


async def test_nothing_is_lost_doubled_reordered_or_shown_that_was_held(
    tmp_path,
):
    chance = random.Random(SEED)
    with servers.running_app(tmp_path / "killed", people=False) as app:
        clients = [
            Client(app, room, member, tmp_path, chance.randrange(10**6))
            for room in ROOMS
            for member in minted(app, CLIENTS_IN_ROOM, room)
        ]
        listening = [asyncio.create_task(client.listen()) for client in clients]
        talking = asyncio.gather(*(client.say_all(texts_of(client)) for client in clients))
        await kill_again_and_again(app, clients, chance)
        await talking
        dump = json.loads(app.manage("shell", "-v", "0", "-c", DUMP).splitlines()[-1])
        for client in clients:
            await client.caught_up_to(dump["rooms"][client.room])
            await asyncio.to_thread(client.read_the_page)
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
    journals = {client.handle: client.journal.read() for client in clients}
    for client in clients:
        client.journal.close()
    assert violations(journals, dump) == [], f"HANDRAIL_SEED={SEED}"
    statuses = [note["status"] for notes in journals.values() for note in notes
                if note["kind"] == "acked"]  # fmt: skip
    assert {"published", "held"} <= set(statuses)


DUMP = "from tests.support import dump; dump.tell()"


def texts_of(client) -> list[str]:
    """Every eighth is held."""
    ordinary = "one more quiet day {} of {}"
    held = "who's selling percs {} of {}? need to cop today"
    return [(held if n % 8 == 5 else ordinary).format(n, client.handle) for n in range(TEXTS)]


async def kill_again_and_again(app, clients, chance) -> None:
    """At points that are spread over the run: between screening, commit, answer and event."""
    everything = len(clients) * TEXTS
    for number in range(KILLS):
        wanted = everything * (number + 1) // (KILLS + 1)
        while sum(len(client.acked) for client in clients) < wanted:
            await asyncio.sleep(0.005)
        await asyncio.sleep(chance.uniform(0, 0.03))
        app.kill()
        await asyncio.to_thread(app.start)
