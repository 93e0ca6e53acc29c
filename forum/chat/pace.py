"""How often one account may write and react, over whichever way."""

from forum.errors import Refused
from forum.limits import Buckets

WORDS = Buckets(burst=8, per_second=0.5)  # messages, edits, reports
SIGNS = Buckets(burst=20, per_second=2)  # reactions, typing, presence, mutes


def check(account_id: int, bucket: Buckets) -> None:
    if bucket.take(account_id):
        return
    seconds = bucket.seconds_left(account_id)
    raise Refused("slow_down", f"A little slower, please: try again in {seconds} seconds.")
