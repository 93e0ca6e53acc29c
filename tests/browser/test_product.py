"""The product in a real browser: what members and moderators do and see."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.pages import enter, note_key, picture, say, sign_in, sign_up, stream

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("app")]
HELD = "who's selling percs? need to cop today"


def test_from_the_landing_page_to_the_first_message(browse):
    page = sign_up(browse())
    noted = note_key(page)
    number = int(re.search(r"\d", page.locator("label", has_text="Group").inner_text()).group())
    page.get_by_label(re.compile(r"Group \d of your key")).fill(noted[number - 1])
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="First days").click()
    page.get_by_role("link", name="Join this room").click()
    page.get_by_label("I have read the charter").check()
    page.get_by_role("button", name="Join", exact=True).click()
    say(page, "Hello, this is my first message here.")
    message = stream(page).locator(".message[data-place]", has_text="my first message here")
    expect(message).to_have_attribute("data-place", re.compile(r"\d+"))


def test_what_one_writes_the_other_reads_at_once(browse):
    ana, ben = (enter(sign_in(browse(), f"{name}-demo")) for name in ("ana", "ben"))
    say(ana, "Made it through the evening.")
    expect(stream(ben)).to_contain_text("Made it through the evening.")
    theirs = stream(ben).locator(".message", has_text="through the evening").last
    theirs.get_by_role("button", name="strength").click()
    mine = stream(ana).locator(".message", has_text="through the evening").last
    expect(mine.locator("[data-kind=strength] .reaction__count")).to_have_text("1")


def test_held_then_released_and_published_then_removed(browse, moderator):
    ana, ben = (enter(sign_in(browse(), f"{name}-demo")) for name in ("ana", "ben"))
    moderator.goto("/desk/?room=first-days")
    say(ana, HELD)
    expect(ana.locator("[data-answers]")).to_contain_text("waits for a moderator")
    expect(stream(ben)).not_to_contain_text(HELD)
    expect(moderator.locator("[data-news]")).to_be_visible()
    moderator.get_by_role("button", name=re.compile("show")).click()
    picture(moderator, "desk.png")
    moderator.get_by_role("link", name="offers or looks for drugs").last.click()
    decide(moderator, "Release", "it keeps to our guidelines")
    expect(stream(ben)).to_contain_text(HELD)
    say(ben, "You are all a bunch of idiots, honestly")
    expect(ben.locator("[data-answers]")).to_contain_text("One question")
    ben.get_by_role("button", name="Send", exact=True).click()
    expect(stream(ana)).to_contain_text("bunch of idiots")
    moderator.goto("/desk/?room=first-days")
    moderator.get_by_role("link", name="possible insult").last.click()
    decide(moderator, "Remove", "it reads as an attack")
    expect(stream(ana)).not_to_contain_text("bunch of idiots")
    expect(stream(ana)).to_contain_text("Removed by a moderator.")
    expect(ben.locator("[data-answers]")).to_contain_text("A moderator removed your message")


def decide(page, kind, reason):
    page.locator("[data-decision]").get_by_label(kind, exact=True).check()
    page.get_by_label("Reason, told to the author").select_option(
        page.locator("option", has_text=reason).first.get_attribute("value")
    )
    page.get_by_role("button", name="Decide").click()
    page.wait_for_load_state()


def test_offline_and_back_nothing_is_lost_or_doubled(browse):
    ana, ben = (enter(sign_in(browse(), f"{name}-demo")) for name in ("ana", "ben"))
    ana.context.set_offline(True)
    say(ana, "Written in the tunnel.")
    ana.locator("[name=body]").fill("half a sentence")
    say(ben, "Said while she was away.")
    expect(stream(ana)).to_contain_text("Written in the tunnel.")
    ana.context.set_offline(False)
    expect(stream(ana)).to_contain_text("Said while she was away.", timeout=20_000)
    expect(stream(ben)).to_contain_text("Written in the tunnel.", timeout=20_000)
    expect(stream(ben).locator(".message", has_text="in the tunnel")).to_have_count(1)
    expect(stream(ana).locator(".message", has_text="in the tunnel")).to_have_count(1)
    expect(ana.locator("[name=body]")).to_have_value("half a sentence")


def test_one_is_named_among_those_who_are_here_only_when_one_wants_it(browse):
    ana, ben = (enter(sign_in(browse(), f"{name}-demo"), "cravings-now") for name in ("ana", "ben"))
    ana.locator("[data-presence] summary").click()
    ben.locator("[data-presence] summary").click()
    ana.get_by_label("Show my name here too").check()
    expect(ben.locator("[data-presence-names]")).to_contain_text("ana-by-the-sea")
    ana.get_by_label("Show my name here too").uncheck()
    expect(ben.locator("[data-presence-names]")).not_to_contain_text("ana-by-the-sea")


def test_what_is_typed_survives_a_reload(browse):
    page = enter(sign_in(browse(), "ana-demo"))
    page.locator("[name=body]").fill("not sent yet")
    page.reload()
    expect(page.locator("[name=body]")).to_have_value("not sent yet")


def test_a_despairing_message_is_answered_with_a_card(browse):
    page = enter(sign_in(browse(), "ana-demo"), "cravings-now")
    say(page, "I don't want to be alive any more")
    expect(page.locator(".support")).to_contain_text("You matter here")


def test_without_javascript_one_reads_writes_and_is_told_why_something_waits(browse):
    page = sign_in(browse(java_script_enabled=False), "ben-demo")
    page.goto("/rooms/cravings-now/talk/")
    say(page, "Sent by a plain form.")
    expect(page.locator(".stream")).to_contain_text("Sent by a plain form.")
    say(page, "selling percs, hmu, local delivery")
    expect(page.locator(".answer")).to_contain_text("This was not sent")
    expect(page.locator("[name=body]")).to_have_value("selling percs, hmu, local delivery")
    page.goto("/help/?country=GB")
    expect(page.get_by_role("link", name=re.compile("Call 999"))).to_be_visible()


def test_where_sockets_are_refused_it_works_by_plain_http(browse):
    page = sign_in(browse(), "ana-demo")
    page.add_init_script("delete window.WebSocket; window.WebSocket = class extends EventTarget {"
                         " static OPEN = 1; constructor() { super(); this.readyState = 3;"
                         " setTimeout(() => this.dispatchEvent(new CloseEvent('close'))); }"
                         " close() {} send() {} }")  # fmt: skip
    page.goto("/rooms/first-days/talk/")
    expect(page.locator("[data-state]")).to_contain_text("every few seconds", timeout=15_000)
    say(page, "Slow but here.")
    other = enter(sign_in(browse(), "ben-demo"))
    expect(stream(other)).to_contain_text("Slow but here.")


def test_the_pictures_of_the_readme(browse, moderator):
    page = enter(sign_in(browse(), "ben-demo"), "cravings-now")
    picture(page, "room.png")
    moderator.goto("/desk/")
    expect(moderator.get_by_role("heading", name="Desk")).to_be_visible()
