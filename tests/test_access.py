"""Who gets what from every page: generated from the URL patterns, so that a new page without an
expectation fails here (A1); and what hostile text becomes on every page (X1)."""

import uuid

import pytest
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from forum.chat.models import Message
from forum.rooms.models import Membership, Room
from moderation.models import Case
from tests.support.cast import say, sign_in

pytestmark = pytest.mark.django_db

# For each page: the answer to a stranger, to somebody signed in who is no member of the room, to a
# member, to a moderator without and with a second factor. "in" sends to the sign-in page; "2fa" to
# the second factor; numbers are statuses. A page that only takes posts answers 405 to a look.
OPEN = (200,) * 5
MINE = ("in", 200, 200, 200, 200)
ROOM = ("in", 404, 200, 200, 200)
POST = ("in", 405, 405, 405, 405)
DESK = ("in", 404, 404, "2fa", 200)
EXPECTED = {
    "home": OPEN,
    "quick_exit": OPEN,
    "healthz": OPEN,
    "readyz": (503,) * 5,  # a test client starts no hub
    "metrics": OPEN,  # from this machine
    "care:help": OPEN,
    "care:report_line": (405,) * 5,
    "care:choose_country": (405,) * 5,
    "accounts:sign_up": (200, 302, 302, 302, 302),
    "accounts:settings": MINE,
    "accounts:recovery_key": ("in", 302, 302, 302, 302),
    "accounts:recovery_key_file": ("in", 404, 404, 404, 404),
    "accounts:new_recovery_key": POST,
    "accounts:recover": OPEN,
    "accounts:passphrase": POST,
    "accounts:end_session": POST,
    "accounts:unmute": POST,
    "account_login": (200, 302, 302, 302, 302),
    "account_logout": (302, 200, 200, 200, 200),
    "account_inactive": OPEN,
    "account_reauthenticate": ("in", 200, 200, 200, 200),
    "mfa_index": MINE,
    "mfa_authenticate": (302, 302, 302, 302, 302),
    "mfa_reauthenticate": ("in", "any", "any", "any", "any"),
    "mfa_activate_totp": ("in", "any", "any", "any", "any"),
    "mfa_deactivate_totp": ("in", "any", "any", "any", "any"),
    "mfa_view_recovery_codes": ("in", "any", "any", "any", "any"),
    "mfa_generate_recovery_codes": ("in", "any", "any", "any", "any"),
    "mfa_download_recovery_codes": ("in", "any", "any", "any", "any"),
    "rooms:catalogue": OPEN,
    "rooms:charter": OPEN,
    "rooms:join": ("in", 200, 302, 302, 302),
    "rooms:leave": POST,
    "rooms:answer_request": POST,
    "chat:room": ROOM,
    "chat:send": POST,
    "chat:read": POST,
    "chat:events": ROOM,
    "chat:history": ROOM,
    "chat:shares": ROOM,
    "chat:new_share": ROOM,
    "chat:share": ROOM,
    "chat:message": ROOM,
    "chat:edit": POST,
    "chat:delete": POST,
    "chat:report": POST,
    "chat:react": POST,
    "chat:mute": POST,
    "chat:notices": MINE,
    "chat:appeal": POST,
    "desk:queue": DESK,
    "desk:case": DESK,
    "desk:claim": (405,) * 5,
}
WHO = ("stranger", "lee", "ana", "mo without", "mo")


def names(patterns, prefix=""):
    for entry in patterns:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}"
        elif isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from names(entry.url_patterns, inner)


ALL = sorted(set(names(get_resolver().url_patterns)))


def test_every_page_has_an_expectation_and_no_expectation_is_stale():
    assert set(ALL) == set(EXPECTED)


@pytest.fixture
def address(ana, first_days):
    """An address for each page, in the room, on a message by ana."""
    opener = say(ana, first_days, "It began in spring.", title="My first week")
    case = Case.objects.create(
        content_kind="message", content_id=str(opener.pk), room_id=first_days.pk,
        author_id=ana.pk, severity=3, label="insult", action="hold", source="engine",
        due_at=opener.sent_at,
    )  # fmt: skip
    values = {"slug": "first-days", "message_id": opener.pk, "share_id": opener.share_id}

    def of(name):
        pattern = {**values, "pk": case.pk}
        for keys in ((), ("slug",), ("slug", "message_id"), ("slug", "share_id"), ("pk",),
                     ("slug", "pk")):  # fmt: skip
            try:
                found = reverse(name, kwargs={key: pattern[key] for key in keys})
            except NoReverseMatch:
                continue
            if name == "chat:history":
                return f"{found}?before=99,{uuid.uuid4()}"
            return found
        raise AssertionError(f"no address for {name}")

    return of


def signed_in(client, who, lee, ana, mo):
    if who == "stranger":
        return client
    account = {"lee": lee, "ana": ana}.get(who, mo)
    return sign_in(client, account, second_factor=who == "mo")


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", ALL)
def test_a_page_answers_everybody_as_expected(name, who, address, client, lee, ana, mo):
    wanted = EXPECTED[name][WHO.index(who)]
    answer = signed_in(client, who, lee, ana, mo).get(address(name))
    if wanted == "in":
        assert answer.status_code == 302
        assert answer.url.startswith("/account/sign-in/")
    elif wanted == "2fa":
        assert answer.status_code == 302
        assert "/account/2fa/" in answer.url
    elif wanted == "any":  # depends on the person's second factor; never an error
        assert answer.status_code in (200, 302, 404)
    else:
        assert answer.status_code == wanted


def test_a_page_of_a_room_one_is_not_in_looks_like_a_page_that_is_not_there(client, lee, address):
    sign_in(client, lee)
    closed, missing = client.get(address("chat:room")), client.get("/rooms/no-such-room/talk/")
    assert closed.status_code == missing.status_code == 404
    assert _plain(closed) == _plain(missing)


def _plain(answer):
    import re

    return re.sub(r'nonce="[^"]*"', "", answer.content.decode())


@pytest.mark.parametrize("how", ["edit", "delete", "report", "react", "mute"])
def test_no_post_reaches_a_message_from_outside_its_room(client, lee, address, how):
    sign_in(client, lee)
    data = {"body": "x", "reason": "attack", "kind": "hug"}
    assert client.post(address(f"chat:{how}"), data).status_code == 404


@pytest.mark.parametrize("kind", ["release", "remove"])
def test_no_member_decides_a_case(client, ana, address, kind):
    sign_in(client, ana, second_factor=True)
    answer = client.post(address("desk:case"), {"kind": kind, "reason": "within"})
    assert answer.status_code == 404


def test_a_moderator_of_another_room_sees_nothing_of_this_one(client, lee, address):
    other = Room.objects.get(slug="grief")
    Membership.objects.create(
        room=other, account=lee, handle=lee.handles.get(), role=Membership.Role.MODERATOR
    )
    sign_in(client, lee, second_factor=True)
    assert client.get(address("desk:case")).status_code == 404
    assert b"possible insult</a>" not in client.get(address("desk:queue")).content


# --- hostile text (X1) ---------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt&#58;alert(1))",
    "<a href='data:text/html,x'>x</a>",
    "![x](https://evil.example/x.png)",
    "<svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "{{ 7|add:7 }} {% debug %}",
    "`<b>` **<i>x</i>** [<script>](https://a.example/<script>)",
    "</li></ol></main><form action=//evil.example>",
    "\u202ertl\u202c and \u2066isolates\u2069",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("page", ["chat:room", "chat:share", "chat:message", "desk:case"])
def test_hostile_text_is_harmless_on_every_page(client, ana, mo, address, text, page):
    where = address(page)
    Message.objects.update(body=text, body_html=_rendered(text))
    sign_in(client, mo, second_factor=True)
    body = client.get(where).content.decode()
    for danger in DANGERS:
        assert danger not in body


DANGERS = (
    "<script>alert",
    "onerror=alert(1)>",
    "<svg/onload",
    'javascript:alert(1)"',
    'src="https://evil',
    "<form action=//",
    '<a href="data:',
)


def _rendered(text):
    from forum.chat import rendering

    return rendering.render(text.replace("\u202e", "").replace("\u202c", ""))


@pytest.mark.parametrize("text", HOSTILE)
def test_rendered_text_stays_the_same_when_it_is_sanitized_again(text):
    from forum.chat import rendering

    once = rendering.render(text)
    assert rendering.sanitize(once) == once


def test_every_page_is_sent_with_its_protecting_headers(client, address):
    answer = client.get("/")
    assert "require-trusted-types-for 'script'" in answer["Content-Security-Policy"]
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
