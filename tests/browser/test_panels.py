"""What one is told above the composer: always with its number and its Close, beside one's own
words, and never longer than it is true."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.pages import DESKTOP, PHONE, enter, message, say, sign_in, stream, with_cookie
from tests.support.world import ASKED_ABOUT, BLOCKED, HELD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("app")]
DESPAIR = "I don't want to be alive any more"
OVERDOSE = "my friend is not waking up, I think he took too much fentanyl"
UNSEEMLY = "come over to my place, I want to have sex with you"  # waits, and brings no card
SIZES = [(360, 640), (360, 330), (390, 780)]


def panels(page):
    return page.locator("[data-answers]")


def in_room(people, room, width, height):
    (page,) = people(room, 1)
    page.set_viewport_size({"width": width, "height": height})
    return page


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_one_card_at_a_time_with_number_and_close_beside_ones_own_words(people, width, height):
    page = in_room(people, "cravings-now", width, height)
    for text in (DESPAIR, OVERDOSE):
        say(page, text)
        expect(panels(page).locator(".answer--support:visible")).to_have_count(1)
        expect(message(page, text[-20:])).to_be_in_viewport(ratio=0.3)
    card = panels(page).locator(".answer--support:visible")
    expect(card).to_have_attribute("data-card", "overdose")
    for part in (card.get_by_role("link", name=re.compile("Call")).first,
                 card.get_by_role("button", name="Close")):  # fmt: skip
        expect(part).to_be_in_viewport(ratio=1)
    panels(page).evaluate("(box) => { box.scrollTop = box.scrollHeight }")
    expect(card.get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)
    card.get_by_role("button", name="Close").click()
    expect(panels(page)).to_contain_text("You matter here")


def test_what_was_told_before_folds_and_can_be_read_again(people):
    page = in_room(people, "cravings-now", 360, 640)
    say(page, DESPAIR)
    card = panels(page).locator(".answer--support:visible")
    expect(card).to_be_visible()
    say(page, UNSEEMLY)
    expect(panels(page).get_by_role("heading", name="waits for a moderator")).to_be_in_viewport()
    expect(card.get_by_role("link", name=re.compile("Call")).first).to_be_in_viewport(ratio=1)
    expect(card.locator(".answer__body")).to_be_hidden()
    card.get_by_role("button", name="Read").click()
    expect(card.locator(".answer__body")).to_be_visible()


def test_a_message_that_waits_is_gone_with_the_decision_and_so_is_its_panel(people, moderator):
    page = in_room(people, "young-adults", 390, 780)
    say(page, HELD)
    panel = panels(page).get_by_role("heading", name="waits for a moderator")
    expect(panel).to_be_visible()
    moderator.goto("/desk/?room=young-adults")
    moderator.get_by_role("link", name="offers or looks for drugs").last.click()
    decision = moderator.locator("[data-decision]")
    decision.get_by_label("Warn the author").check()
    moderator.get_by_label("Reason, told to the author").select_option("selling")
    moderator.get_by_role("button", name="Decide").click()
    expect(panels(page)).to_contain_text("asks you to take care")
    expect(panel).to_have_count(0)
    expect(stream(page).locator(".message--held")).to_have_count(0)


def test_a_message_that_waits_can_be_looked_at_and_taken_back_at_once(people):
    page = in_room(people, "young-adults", 390, 780)
    say(page, HELD)
    stream(page).locator(".message--held").get_by_role("link", name="More").click()
    page.get_by_role("button", name="Take it back").click()
    page.wait_for_load_state()
    expect(page.locator(".message--held")).to_have_count(0)


def test_who_is_asked_first_can_send_it_as_it_is(browse):
    page = enter(sign_in(browse(), "ben-demo"), "cravings-now")
    say(page, ASKED_ABOUT)
    panels(page).get_by_role("button", name="Send as it is").click()
    expect(message(page, ASKED_ABOUT)).to_have_attribute("data-place", re.compile("."))
    expect(page.locator("[name=body]")).to_have_value("")


@pytest.mark.parametrize(
    ("press", "number", "sent"),
    [
        ("Send as it is", "07911 654321", "my number is 07911 654321"),
        ("Send without the details", "07911 222333", "my number is [removed]"),
    ],
)
def test_without_javascript_one_can_answer_the_question_with_one_press(browse, press, number, sent):
    page = sign_in(browse(java_script_enabled=False), "ben-demo")
    page.goto("/rooms/cravings-now/talk/")
    say(page, f"my number is {number}")
    page.get_by_role("button", name=press).click()
    expect(page.locator(".message--own").last).to_contain_text(sent)
    expect(page.locator("[name=body]")).to_have_value("")


def test_what_was_refused_leads_to_the_notices(people):
    page = in_room(people, "young-adults", 360, 640)
    say(page, BLOCKED)
    nav = page.get_by_role("navigation", name="This room").get_by_role("link", name="Notices")
    expect(nav).to_be_in_viewport(ratio=1)
    panels(page).get_by_role("link", name="Notices").click()
    expect(page.get_by_role("button", name="Ask a moderator to look")).to_be_visible()


def test_on_a_phone_a_room_says_how_many_notices_are_new(people):
    page = in_room(people, "young-adults", 360, 640)
    say(page, BLOCKED)
    expect(panels(page)).to_contain_text("This was not sent")
    page.reload()
    nav = page.get_by_role("navigation", name="This room").get_by_role("link", name="Notices")
    expect(nav).to_have_text(re.compile(r"Notices\s+1 new"))


def test_who_was_signed_out_elsewhere_is_told_what_was_not_sent_and_where_to_sign_in(
    people, browse, app
):
    page = in_room(people, "young-adults", 390, 780)
    (cookie,) = [c for c in page.context.cookies() if c["name"] == "sessionid"]
    elsewhere = with_cookie(browse(), app, f"sessionid={cookie['value']}")
    elsewhere.goto("/account/sign-out/")
    elsewhere.locator("main").get_by_role("button").click()
    state = page.locator("[data-state]")
    expect(state).to_contain_text("signed out")
    say(page, "Words that nobody gets yet.")
    expect(message(page, "nobody gets")).to_contain_text("not sent")
    state.get_by_role("link", name="sign in").click()
    expect(page.get_by_label("Sign-in name")).to_be_visible()
    assert "next=/rooms/young-adults/talk/" in page.url.replace("%2F", "/")
    sign_in(page, "ben-demo")
    enter(page, "first-days")
    assert "Words that nobody gets" not in page.content()


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_a_content_note_says_that_it_can_be_pressed(people, size):
    ana, ben = people("grief", size=size)
    ana.locator("[name=content_note]").select_option("grief")
    say(ana, "Two years ago today.")
    summary = (
        stream(ben).locator(".message", has_text="Content note: grief").last.locator("summary")
    )
    after = "(element) => getComputedStyle(element, '::after').content"
    assert "press to show" in summary.evaluate(after)
    summary.click()
    assert "press to fold" in summary.evaluate(after)
