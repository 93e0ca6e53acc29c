"""The one named pool of threads in which asynchronous code uses the database.

Django's own bridge runs every ORM call of a process in a single thread, so that one slow query
stalls every socket; here a few threads share the work and each await has a deadline.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import close_old_connections

P = ParamSpec("P")
R = TypeVar("R")

_pool: ThreadPoolExecutor | None = None


def _threads() -> ThreadPoolExecutor:
    global _pool
    if _pool is None:
        _pool = ThreadPoolExecutor(settings.DB_THREADS, thread_name_prefix="db")
    return _pool


def _in_thread(call: Callable[[], R]) -> R:
    close_old_connections()
    try:
        return call()
    finally:
        close_old_connections()


async def run(
    call: Callable[P, R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """The result of call(...) in a thread of the pool; TimeoutError after settings.DB_DEADLINE.

    A call that is past its deadline may still commit: callers must be safe to repeat.
    """
    loop = asyncio.get_running_loop()
    work = loop.run_in_executor(_threads(), partial(_in_thread, partial(call, *args, **kwargs)))
    return await asyncio.wait_for(work, settings.DB_DEADLINE)
