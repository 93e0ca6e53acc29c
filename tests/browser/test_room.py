"""A room in a real browser: what is sent arrives, what is read is marked, what is new is shown in
its place; with sockets and without, in small windows and large."""

import re
import unicodedata

import pytest
from playwright.sync_api import expect

from tests.support.pages import DESKTOP, OLD_PHONE, PHONE, enter, message, say, stream

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("app")]
HELD = "who's selling percs? need to cop today"
SCROLLER = "document.querySelector('[data-scroll]')"
# A proxy that refuses sockets, and one that swallows the handshake.
NO_SOCKETS = """window.WebSocket = class extends EventTarget {
  static CONNECTING = 0; static OPEN = 1; readyState = 3; constructor() { super();
  setTimeout(() => this.dispatchEvent(new CloseEvent("close"))); } close() {} send() {} }"""
REFUSED_LATER = """window.WebSocket = class extends EventTarget {
  static CONNECTING = 0; static OPEN = 1; readyState = 0;
  constructor() { super(); const look = setInterval(() => { if (!window.refuse) return;
    clearInterval(look); this.readyState = 3; this.dispatchEvent(new CloseEvent("close")); }, 20); }
  close() {} send() {} }"""
HANGING = """window.WebSocket = class extends EventTarget { static CONNECTING = 0; static OPEN = 1;
  readyState = 0; close() { this.readyState = 3; } send() {} }"""
HIDDEN = """(state) => { Object.defineProperty(document, "visibilityState",
  { value: state, configurable: true }); document.dispatchEvent(new Event("visibilitychange")); }"""
MANY = """
import uuid
from forum.accounts.models import Handle
from forum.chat import posting
account = Handle.objects.get(name={handle!r}).account_id
posting.post_all([posting.Post(account, {room!r}, f'Day {{n}} and still here.', uuid.uuid4())
    for n in range(52)])
"""
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


def hide(page):
    page.evaluate(HIDDEN, "hidden")


def come_back(page):
    page.evaluate(HIDDEN, "visible")


def from_end(page):
    return page.evaluate(f"(({SCROLLER}).scrollHeight - ({SCROLLER}).scrollTop"
                         f" - ({SCROLLER}).clientHeight)")  # fmt: skip


def top_of(page, element):
    """How far an element stands below the top of the conversation."""
    return element.bounding_box()["y"] - page.locator("[data-scroll]").bounding_box()["y"]


def fill_room(page, count, words="Something longer, so that the room has more than one window."):
    for number in range(count):
        say(page, f"{words} {number}")
    expect(message(page, f"{words} {count - 1}")).to_have_attribute("data-place", re.compile("."))


# --- where sockets don't get through -----------------------------------------------------------


def test_a_message_written_before_sockets_are_given_up_is_sent(people):
    (ana,) = people("smart-tools", 1, script=REFUSED_LATER)
    say(ana, "Written in the first second.")
    expect(message(ana, "first second").locator(".tag--waits")).to_have_text("sending")
    ana.evaluate("window.refuse = true")
    (ben,) = people("smart-tools", 1)
    expect(stream(ben)).to_contain_text("Written in the first second.", timeout=20_000)
    expect(message(ana, "first second").locator(".tag--waits")).to_be_hidden()
    ana.reload()
    expect(stream(ana).locator(".message", has_text="first second")).to_have_count(1)


def test_a_handshake_that_hangs_is_given_up_after_eight_seconds(people):
    (ana,) = people("smart-tools", 1, script=HANGING)
    say(ana, "Nobody answers the door.")
    expect(ana.locator("[data-state]")).to_contain_text("every few seconds", timeout=12_000)
    expect(message(ana, "answers the door")).to_have_attribute("data-place", re.compile("."))


def test_a_sign_of_support_arrives_without_sockets(people):
    (ana,) = people("sos-secular", 1)
    (ben,) = people("sos-secular", 1, script=NO_SOCKETS)
    expect(ben.locator("[data-state]")).to_contain_text("every few seconds", timeout=15_000)
    say(ana, "One more evening.")
    message(ben, "One more evening").get_by_role("button", name="hug").click()
    hugs = message(ana, "One more evening").locator("[data-kind=hug] .reaction__count")
    expect(hugs).to_have_text("1")


def test_a_text_whose_frame_is_too_large_goes_by_form(people):
    (ana,) = people("sos-secular", 1)
    with ana.expect_request("**/rooms/sos-secular/messages/"):
        say(ana, unicodedata.normalize("NFD", "\u1ec7\u1ec7\u1ec7\u1ec7 " * 790))
    expect(stream(ana).locator(".message--pending")).to_have_count(0)
    expect(ana.locator("[name=body]")).to_have_value("")


# --- what changes while one looks -----------------------------------------------------------------


def test_a_sign_of_support_leaves_a_message_as_it_stands(people):
    ana, ben = people("lifering-sober-self")
    ana.locator("[name=content_note]").select_option("grief")
    say(ana, "My brother would be forty today.")
    veiled = stream(ben).locator(".message", has_text="Content note: grief").last
    veiled.locator("summary").click()
    veiled.get_by_role("button", name="strength").focus()
    stream(ana).locator(".message", has_text="grief").last.locator("summary").click()
    for name in ("hug", "heart"):
        veiled.get_by_role("button", name=name).press("Enter")
        expect(veiled.locator("details")).to_have_attribute("open", "")
        expect(veiled.get_by_role("button", name=name)).to_be_focused()
    expect(veiled.locator("[data-kind=heart] .reaction__count")).to_have_text("1")
    expect(veiled).to_contain_text("forty today")


def test_an_edit_leaves_an_open_note_open_and_the_focus_in_place(people):
    ana, ben = people("lifering-sober-self")
    ana.locator("[name=content_note]").select_option("religion")
    say(ana, "I prayed, and I do not know to whom.")
    veiled = stream(ben).locator(".message", has_text="Content note: religion").last
    veiled.locator("summary").click()
    stream(ana).locator(".message--own .message__more").last.click()
    ana.get_by_label("New words").fill("I prayed, and it helped.")
    ana.get_by_role("button", name="Save").click()
    expect(veiled).to_contain_text("it helped")
    expect(veiled.locator("details")).to_have_attribute("open", "")
    expect(veiled.locator("summary")).to_be_focused()


def write_share(page, room, title, text):
    page.goto(f"/rooms/{room}/shares/new/")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Your share").fill(text)
    page.get_by_role("button", name="Share", exact=True).click()
    page.wait_for_load_state()


def test_a_new_share_and_its_replies_are_live_everywhere(people):
    room = "dual-recovery"
    ana, ben, reader = people(room, 3)
    reader.goto(f"/rooms/{room}/shares/")
    reader.get_by_text("No share yet").wait_for()
    write_share(ana, room, "Two kinds of tired", "I never knew which one it was.")
    card = reader.locator("[data-shares] li", has_text="Two kinds of tired")
    expect(card).to_contain_text("0 replies")
    in_talk = message(ben, "Two kinds of tired")
    expect(in_talk.locator(".message__replies")).to_have_text("0 replies")
    card.get_by_role("link").click()
    say(reader, "It took me years, too.")
    for page in (ana, reader, ben):
        replies = message(page, "Two kinds of tired").locator(".message__replies")
        expect(replies).to_have_text("1 reply")
    reader.get_by_role("link", name="Talk").click()
    reader.wait_for_url(f"**/rooms/{room}/talk/")


def test_a_held_share_stands_in_its_authors_list_and_in_nobody_elses(people):
    room = "grief"
    ana, ben = people(room)
    write_share(ana, room, "Is anybody awake", HELD)
    for page in (ana, ben):
        page.goto(f"/rooms/{room}/shares/")
    expect(ana.locator("[data-shares] li", has_text="Is anybody awake")).to_contain_text("waits")
    expect(ben.locator("[data-shares]")).not_to_contain_text("Is anybody awake")


def test_a_held_message_keeps_its_place_and_its_tag(people, app):
    ana, ben = people("young-adults")
    say(ana, HELD)
    waiting = stream(ana).locator(".message--held")
    expect(waiting).to_contain_text("only you see it")
    say(ben, "Said after it.")
    expect(stream(ana).locator(".message").last).to_contain_text("Said after it.")
    app.manage("shell", "-v", "0", "-c", MANY.format(handle=ben.handle, room="young-adults"))
    assert HELD not in ana.request.get(ana.url).text()  # it is on an older page
    ana.reload()
    expect(message(ana, "still here")).to_be_attached()
    ana.evaluate(f"{SCROLLER}.scrollTop = 0")
    expect(waiting).to_contain_text("only you see it")
    assert not waiting.locator(".reaction").count()


# --- what one has read --------------------------------------------------------------------------


def test_a_room_opens_with_what_is_new_in_sight(people):
    room = "families"
    ana, ben = people(room)
    fill_room(ben, 6)
    expect(message(ana, "window. 5")).to_be_visible()
    ana.goto("/rooms/")
    fill_room(ben, 8, "News from the weekend, told at some length for those who were away.")
    enter(ana, room)
    unread = ana.locator("#unread")
    expect(unread).to_be_in_viewport()
    assert 0 <= top_of(ana, unread) < 100
    assert from_end(ana) > 100
    # It was not read to its end: it is still new the next time.
    enter(ana, room)
    expect(unread).to_be_in_viewport()
    ana.evaluate(f"{SCROLLER}.scrollTop = {SCROLLER}.scrollHeight")
    say(ana, "Now I have read it.")
    expect(message(ben, "have read it")).to_be_visible()
    enter(ana, room)
    expect(unread).to_have_count(0)


@pytest.mark.parametrize("size", [OLD_PHONE, PHONE, DESKTOP])
def test_the_page_of_a_room_never_scrolls_away(people, size):
    room = "families"
    ana, ben = people(room, size=size)
    fill_room(ben, 20)
    number = message(ben, "window. 3").get_attribute("id")
    for address in (f"/rooms/{room}/talk/", f"/rooms/{room}/talk/#{number}"):
        ana.goto("/rooms/")
        ana.goto(address)
        expect(ana.locator("[data-presence]")).to_be_visible()
        ana.locator(".top").hover()
        ana.mouse.wheel(0, 2_000)
        ana.evaluate("new Promise(requestAnimationFrame)")
        assert ana.evaluate("document.documentElement.scrollHeight") <= size["height"]
        expect(ana.get_by_role("button", name="Quick exit")).to_be_in_viewport(ratio=1)
    expect(ana.locator(f"#{number}")).to_be_in_viewport()


def test_who_comes_back_to_a_hidden_tab_sees_where_the_new_begins(people):
    ana, ben = people("with-medication")
    fill_room(ben, 6)
    expect(message(ana, "window. 5")).to_be_visible()
    hide(ana)
    fill_room(ben, 7, "Said while the other tab was open, and longer than one line of a phone.")
    expect(message(ana, "a phone. 6")).to_have_count(1)
    come_back(ana)
    unread = ana.locator("#unread")
    expect(unread).to_be_in_viewport()
    assert unread.evaluate("line => line.nextElementSibling.textContent").count("a phone. 0")


def test_the_newest_words_stay_in_sight_when_something_takes_their_room(people):
    (ana,) = people("with-medication", 1)
    fill_room(ana, 6)
    assert from_end(ana) < 2
    say(ana, HELD)
    expect(ana.locator("[data-answers]")).to_contain_text("waits for a moderator")
    expect(stream(ana).locator(".message--held")).to_be_in_viewport()
    assert from_end(ana) < 2
    ana.reload()
    expect(ana.locator("[data-presence]")).to_be_visible()
    expect(ana.locator("[data-presence-count]")).to_have_text(re.compile("here"))
    assert from_end(ana) < 2


def test_the_newest_words_stay_in_sight_when_the_window_is_turned(people):
    (ana,) = people("with-medication", 1)
    fill_room(ana, 6)
    for width, height in ((780, 390), (390, 780), (1280, 860), (360, 330), (390, 780)):
        ana.set_viewport_size({"width": width, "height": height})
        ana.evaluate("new Promise((done) => setTimeout(done, 100))")
        assert from_end(ana) < 2, (width, height)


def test_without_javascript_a_room_opens_at_the_newest_message(people):
    room = "harm-reduction"
    (ben,) = people(room, 1)
    fill_room(ben, 8)
    (ana,) = people(room, 1, java_script_enabled=False)
    say_plainly(ana, room, "Hello from a browser without scripts.")
    ana.goto(f"/rooms/{room}/talk/")
    expect(ana.get_by_text("without scripts")).to_be_in_viewport()
    say(ben, "And this came after it.")
    expect(message(ben, "came after it")).to_have_attribute("data-place", re.compile("."))
    ana.goto(f"/rooms/{room}/talk/")
    expect(ana.locator("#unread")).to_be_visible()
    ana.get_by_role("button", name="I have read it").click()
    expect(ana.get_by_text("came after it")).to_be_in_viewport()
    expect(ana.locator("#unread")).to_have_count(0)


def say_plainly(page, room, text):
    page.goto(f"/rooms/{room}/talk/")
    say(page, text)
    page.wait_for_load_state()


# --- what one is told ---------------------------------------------------------------------------


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
