"""A room in a real browser: what is read is marked, what is new is shown in its place, in small
windows and large."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.pages import (
    DESKTOP,
    HIDDEN,
    OLD_PHONE,
    PHONE,
    enter,
    fill_room,
    message,
    say,
    stream,
)

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("app")]
HELD = "who's selling percs? need to cop today"
SCROLLER = "document.querySelector('[data-scroll]')"
MANY = """
import uuid
from forum.accounts.models import Handle
from forum.chat import posting
account = Handle.objects.get(name={handle!r}).account_id
posting.post_all([posting.Post(account, {room!r}, f'Day {{n}} and still here.', uuid.uuid4())
    for n in range(52)])
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
