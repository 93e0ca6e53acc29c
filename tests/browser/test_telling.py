"""What a room tells who has it open: of a limit, a text too long, who writes, and the time."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.pages import HIDDEN, enter, fill_room, message, say, stream

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("app")]
LIMIT = """
import uuid
from datetime import timedelta
from django.utils import timezone
from forum.accounts.models import Handle
from forum.chat.content_port import RoomContent
from forum.rooms.models import Room
from moderation.models import Case, Decision, Sanction
from moderation.ports import Notice
account, room = Handle.objects.get(name={handle!r}).account, Room.objects.get(slug={room!r})
case = Case.objects.create(content_kind='message', content_id=str(uuid.uuid4()), room_id=room.pk,
    severity=3, label='insult', action='hold', source='engine', due_at=timezone.now())
decision = Decision.objects.create(case=case, kind='mute', reason='attack')
Sanction.objects.create(account_id=account.pk, room_id=room.pk, kind='mute', decision=decision,
    ends_at=timezone.now() + timedelta(seconds={seconds}))
RoomContent().tell_account(account.pk, room.pk, Notice('muted', 'You were muted: an attack.'))
RoomContent().limit_changed(account.pk)
"""


def test_a_mute_leaves_its_reason_and_the_draft_and_ends_by_itself(people, app):
    room = "dharma-and-meditation"
    (ana,) = people(room, 1)
    ana.locator("[name=body]").fill("I was about to say")
    app.manage("shell", "-v", "0", "-c", LIMIT.format(handle=ana.handle, room=room, seconds=12))
    ana.reload()
    line = ana.locator("[data-limit]")
    expect(line).to_contain_text("not write before")
    expect(line.get_by_role("link", name="notices")).to_be_visible()
    expect(ana.locator("[name=body]")).to_have_value("I was about to say")
    expect(ana.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    expect(line).to_be_hidden(timeout=20_000)
    say(ana, "and now I can say it")
    expect(message(ana, "now I can say it")).to_have_attribute("data-place", re.compile("."))


def test_the_reason_of_a_mute_is_not_covered_by_what_follows(people, app):
    room = "colour-and-culture"
    (ana,) = people(room, 1)
    hear = """(frames) => { const socket = window.theSocket;
      for (const frame of frames) socket.dispatchEvent(new MessageEvent("message",
        { data: JSON.stringify(frame) })); }"""
    ana.add_init_script("""const Real = WebSocket;
      window.WebSocket = class extends Real { constructor(...all) { super(...all);
      window.theSocket = this; } }""")
    enter(ana, room)
    you = {"handle": ana.handle, "role": "member", "can_write": False,
           "until": "2100-01-01T00:00:00Z"}  # fmt: skip
    ana.evaluate(hear, [{"type": "notice", "kind": "muted", "text": "You were muted: an attack."},
                        {"type": "room.changed", "room": room, "you": you}])  # fmt: skip
    expect(ana.locator("[data-answers]")).to_contain_text("You were muted: an attack.")
    expect(ana.locator("[data-limit]")).to_contain_text("not write before")


def test_new_messages_are_said_to_those_who_hear_the_page(people):
    ana, ben = people("en-espanol")
    ana.clock.install()
    enter(ana, "en-espanol")
    fill_room(ben, 2)
    heard = ana.locator("[data-announce]")
    expect(heard).to_contain_text(f"{ben.handle}: Something longer")
    ana.clock.pause_at(ana.evaluate("Date.now()") / 1000 + 5)
    fill_room(ben, 5, "One of many.")
    expect(message(ana, "One of many. 4")).to_be_visible()
    ana.clock.run_for(3000)
    expect(heard).to_have_text("5 new messages")
    assert heard.get_attribute("aria-live") == "polite"
    ana.clock.run_for(6000)
    expect(heard).to_be_empty()
    ana.reload()
    expect(ana.locator("[data-presence]")).to_be_visible()
    expect(heard).to_be_empty()


def test_who_has_written_is_no_longer_said_to_be_typing(people):
    ana, ben = people("en-espanol")
    ben.locator("[name=body]").press_sequentially("Ya")
    expect(ana.locator("[data-typing]")).to_contain_text("is typing")
    say(ben, "Ya estoy aquí.")
    expect(message(ana, "Ya estoy")).to_be_visible()
    assert ana.locator("[data-typing]").inner_text() == ""


def test_a_text_that_is_too_long_is_kept_and_counted(people):
    (ana,) = people("en-espanol", 1)
    long = "palabra " * 501
    say(ana, long)
    expect(ana.locator(".composer .field__error")).to_contain_text(
        "4,007 characters; at most 4,000"
    )
    expect(ana.locator("[name=body]")).to_have_value(long)
    expect(stream(ana).locator(".message--pending")).to_have_count(0)
    ana.goto("/rooms/en-espanol/shares/new/")
    ana.get_by_label("Title").fill("Largo")
    ana.get_by_label("Your share").fill("palabra " * 2_001)
    ana.get_by_role("button", name="Share", exact=True).click()
    expect(ana.locator(".field__error")).to_contain_text("16,007 characters")


def test_a_page_that_the_server_does_not_understand_says_so_and_stops(people):
    script = """let made = 0; const Real = WebSocket; window.made = () => made;
      window.WebSocket = class extends Real { constructor(...all) { super(...all); made += 1; }
      send() { for (let n = 0; n < 10; n += 1) super.send("nonsense"); } }"""
    (ana,) = people("en-espanol", 1, script=script)
    expect(ana.locator("[data-state]")).to_contain_text("out of date")
    ana.evaluate(HIDDEN, "hidden")
    ana.evaluate(HIDDEN, "visible")
    assert ana.evaluate("window.made()") == 1


def test_a_message_has_its_time_in_ones_own_zone(people):
    (ana,) = people("grief", 1, timezone_id="Asia/Kathmandu")
    say(ana, "It is late here.")
    own = message(ana, "It is late")
    expect(own).to_have_attribute("data-place", re.compile("."))
    shown = own.locator("time").inner_text()
    own.locator(".message__more").click()
    expect(ana.locator(".stream time")).to_have_text(shown)
    expect(ana.locator("[data-moment]")).to_contain_text(shown.lstrip("0"))
    expect(ana.locator("[data-moment]")).not_to_contain_text("UTC")
