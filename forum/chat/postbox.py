"""Posts that wait at the same moment are screened as one batch and committed as one transaction."""

import asyncio
import logging
from collections import deque

from django.db import Error as DatabaseError

from forum import db_pool
from forum.chat import posting
from forum.chat.posting import Answer, Post
from forum.errors import Refused

log = logging.getLogger(__name__)

MOST_AT_ONCE = 64
MOST_WAITING = 2_000


def try_again() -> Refused:
    return Refused("try_again", "We could not save this just now. It is still here; we try again.")


class Postbox:
    """One batch is under way at a time; whatever arrives meanwhile is the next one.

    A post that comes alone starts at once: nobody waits for company.
    """

    def __init__(self) -> None:
        self._waiting: deque[tuple[Post, asyncio.Future[Answer]]] = deque()
        self._task: asyncio.Task[None] | None = None

    async def post(self, wanted: Post) -> Answer:
        """The stored message, or why nothing was stored (try_again: safe to send once more)."""
        if len(self._waiting) >= MOST_WAITING:
            return try_again()
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((wanted, answer))
        if self._task is None:
            self._task = asyncio.create_task(self._empty())
        return await answer

    async def _empty(self) -> None:
        try:
            while self._waiting:
                await self._one_batch()
        finally:
            self._task = None

    async def _one_batch(self) -> None:
        count = min(MOST_AT_ONCE, len(self._waiting))
        batch = [self._waiting.popleft() for _ in range(count)]
        answers = await self._answers([wanted for wanted, _ in batch])
        for (_, future), answer in zip(batch, answers, strict=True):
            if not future.done():
                future.set_result(answer)

    @staticmethod
    async def _answers(posts: list[Post]) -> list[Answer]:
        try:
            return await db_pool.run(posting.post_all, posts)
        except (DatabaseError, TimeoutError):
            log.exception("event=posts_not_stored count=%s", len(posts))
        except Exception:
            log.exception("event=posts_failed count=%s", len(posts))
        return [try_again()] * len(posts)
