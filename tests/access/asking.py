"""How each page is asked for, by every role and of every state: what `tests/access/expected.py`
is compared with."""

import json
import re
import sys
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.support import cast, world
from tests.support.world import World

METHODS = ("GET", "POST")


# --- the pages, from the URL patterns ------------------------------------------------------------


def patterns(entries=None, prefix: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each page's name and the names of what its address takes."""
    for entry in get_resolver().url_patterns if entries is None else entries:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", tuple(entry.pattern.converters)
        elif isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from patterns(entry.url_patterns, inner)


PAGES: dict[str, tuple[str, ...]] = {}
for _name, _keys in patterns():
    PAGES.setdefault(_name, _keys)


def states_of(name: str) -> tuple[str, ...]:
    """In which states the thing that a page is about can be."""
    app, keys = name.partition(":")[0], PAGES[name]
    families = {
        (): ("-",),
        ("slug",): tuple(world.ROOMS),
        ("slug", "message_id"): world.MESSAGES,
        ("slug", "share_id"): world.SHARES,
        ("slug", "pk"): world.REQUESTS,
        ("pk",): world.CASES if app == "desk" else world.NOTICES,
    }
    assert keys in families, f"{name} takes {keys}: say in which states that can be"
    return families[keys]


def address_of(name: str, state: str, role: str, of: World) -> str:
    keys = PAGES[name]
    values = {"slug": world.HERE}
    if keys == ("slug",):
        values["slug"] = world.ROOMS[state]
    elif state in ("in the closed room", "in the private room"):
        values["slug"] = {"in the closed room": world.CLOSED}.get(state, world.PRIVATE)
    if "message_id" in keys:
        values["message_id"] = of.message_id(state, role)
    if "share_id" in keys:
        values["share_id"] = of.share_id(state)
    if "pk" in keys:
        values["pk"] = _number(name, state, role, of)
    found = reverse(name, kwargs={key: values[key] for key in keys})
    return f"{found}?before=99,{uuid.UUID(int=2**128 - 1)}" if name == "chat:history" else found


def _number(name: str, state: str, role: str, of: World) -> int:
    if name == "rooms:answer_request":
        return of.requests[state]
    return of.case_id(state, role) if name.startswith("desk:") else of.notice_id(state, role)


NEW = "seven other kettles 20"
FILLED_IN = {
    "care:choose_country": {"country": "GB"},
    "care:report_line": {"country": "GB", "line": "Samaritans"},
    "accounts:sign_up": {"sign_in_name": "night-train-7", "passphrase": NEW, "is_adult": "on",
                         "understands": "on"},
    "accounts:recover": {"sign_in_name": "nobody-here", "recovery_key": "A" * 32,
                         "passphrase": NEW},
    "accounts:passphrase": {"old": cast.PASSPHRASE, "new": NEW},
    "accounts:new_recovery_key": {"passphrase": cast.PASSPHRASE},
    "accounts:unmute": {"handle": "wren"},
    "account_login": {"login": "ben-signs-in", "password": cast.PASSPHRASE},
    "account_reauthenticate": {"password": cast.PASSPHRASE},
    "mfa_authenticate": {"code": "000000"},
    "mfa_reauthenticate": {"code": "000000"},
    "mfa_activate_totp": {"code": "000000"},
    "rooms:join": {"handle": "-", "wished": "brave-robin-20", "accepts": "on",
                   "charter_version": 1},
    "rooms:answer_request": {"answer": "yes"},
    "chat:read": {"seq": "1"},
    "chat:send": {"body": "one more day"},
    "chat:new_share": {"title": "One more day", "body": "It went by."},
    "chat:edit": {"body": "said better"},
    "chat:report": {"reason": "attack", "note": "please look"},
    "chat:react": {"kind": "hug"},
    "chat:mute": {"how": "block"},
    "desk:case": {"kind": "release", "reason": "within"},
}  # fmt: skip


# --- asking --------------------------------------------------------------------------------------


def cookies_of(role: str, of: World) -> dict[str, str]:
    """What a browser of that role sends."""
    client = Client()
    who = of.account_of(role)
    if who is not None:
        cast.sign_in(client, who)
    if role == "moderator elsewhere 2fa":  # the one who has an authenticator app and codes
        client.post(reverse("account_reauthenticate"), {"password": cast.PASSPHRASE})
    if role.endswith("2fa"):
        cast.give_second_factor(client)
    return {name: morsel.value for name, morsel in client.cookies.items()}


def ask(cookies: dict[str, str], method: str, name: str, address: str) -> tuple[Any, bool]:
    """The answer, and whether asking changed anything. Whatever it changed is undone."""
    client, writes = Client(), []
    client.cookies.load(cookies)
    data = {"client_id": str(uuid.uuid4()), **FILLED_IN.get(name, {})}
    cast.forget_pace()

    def watch(execute, sql, params, many, context):
        if _CHANGES.match(sql):
            writes.append(sql)
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(watch):
        is_form = method == "POST"
        answer = client.post(address, data) if is_form else client.generic(method, address)
        transaction.set_rollback(True)
    return answer, bool(writes)


# Not counted: sessions, the unread marker that moves whenever a room is shown, and that allauth
# notes when recovery codes were looked at.
_CHANGES = re.compile(
    r'(?:INSERT INTO|DELETE FROM|UPDATE) "'
    r'(?!accounts_session"|rooms_membership" SET "read_seq" =|mfa_authenticator" SET)'
)


def word_for(answer: Any, wrote: bool) -> str:
    """The answer in a word: "in", "2fa" and "again" send on; "done" changed something; "away" sends
    somewhere without having changed anything; anything else is the status."""
    if answer.status_code not in (301, 302):
        return str(answer.status_code)
    for word, start in (("in", "/account/sign-in/"), ("2fa", "/account/2fa/"),
                        ("again", "/account/again/")):  # fmt: skip
        if answer.url.startswith(start) and not wrote:
            return word
    return "done" if wrote else "away"


# --- for a running server ------------------------------------------------------------------------


def tell() -> None:
    """Build the world in the database of a running server and print what a client needs of it."""
    of = world.build(exempt=True)
    told = {
        "cookies": {role: cookies_of(role, of) for role in world.ROLES},
        "addresses": {
            role: {name: {state: address_of(name, state, role, of) for state in states_of(name)}
                   for name in PAGES}
            for role in world.ROLES
        },
        "messages": {role: {state: of.message_id(state, role) for state in world.MESSAGES}
                     for role in world.ROLES},
        "shares": {state: of.share_id(state) for state in world.SHARES},
    }  # fmt: skip
    sys.stdout.write(json.dumps(told) + "\n")
