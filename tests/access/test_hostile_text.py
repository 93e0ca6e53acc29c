"""X1 for pages: what hostile text becomes on every page that shows it."""

import pytest
from django.urls import reverse

from forum.chat import rendering
from forum.chat.models import Message
from moderation.models import Case
from tests.support.cast import say, sign_in

pytestmark = pytest.mark.django_db

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


@pytest.fixture
def addresses(ana, first_days):
    """Pages that show the message which opens a share."""
    opener = say(ana, first_days, "It began in spring.", title="My first week")
    case = Case.objects.create(
        content_kind="message", content_id=str(opener.pk), room_id=first_days.pk,
        author_id=ana.pk, severity=3, label="insult", action="hold", source="engine",
        due_at=opener.sent_at,
    )  # fmt: skip
    return {
        "chat:room": reverse("chat:room", args=["first-days"]),
        "chat:share": reverse("chat:share", args=["first-days", opener.share_id]),
        "chat:message": reverse("chat:message", args=["first-days", opener.pk]),
        "desk:case": reverse("desk:case", args=[case.pk]),
    }


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("page", ["chat:room", "chat:share", "chat:message", "desk:case"])
def test_hostile_text_is_harmless_on_every_page(client, mo, addresses, text, page):
    Message.objects.update(body=text, body_html=_rendered(text))
    sign_in(client, mo, second_factor=True)
    body = client.get(addresses[page]).content.decode()
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
    return rendering.render(text.replace("\u202e", "").replace("\u202c", ""))


@pytest.mark.parametrize("text", HOSTILE)
def test_rendered_text_stays_the_same_when_it_is_sanitized_again(text):
    once = rendering.render(text)
    assert rendering.sanitize(once) == once


def test_every_page_is_sent_with_its_protecting_headers(client):
    answer = client.get("/")
    assert "require-trusted-types-for 'script'" in answer["Content-Security-Policy"]
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
