"""The desk in a browser, left open: what it says stays true, and what is grave is said."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.pages import say
from tests.support.world import HELD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("app")]
DESPAIR = "I am going to kill myself tonight, I have the pills here"


def hold_one(people):
    (ana,) = people("smart-tools", 1)
    say(ana, HELD)
    expect(ana.locator("[data-answers]")).to_contain_text("waits for a moderator")


def open_a_case(people, moderator):
    hold_one(people)
    moderator.goto("/desk/?room=smart-tools")
    moderator.get_by_role("link", name="offers or looks for drugs").last.click()


def test_a_life_at_risk_is_said_on_the_page_and_in_its_title(people, moderator):
    (ana,) = people("sos-secular", 1)
    moderator.goto("/desk/?room=sos-secular")
    say(ana, HELD)
    news = moderator.locator("[data-news]")
    expect(news).to_contain_text("1 change: show it")
    assert "life at risk" not in moderator.title()
    say(ana, DESPAIR)
    expect(news).to_contain_text("1 new case: life at risk")
    expect(moderator).to_have_title(re.compile("^1 new case: life at risk"))


def test_the_times_of_a_queue_that_stays_open_go_on(people, moderator):
    hold_one(people)
    moderator.clock.install()
    moderator.goto("/desk/?room=smart-tools")
    waiting = moderator.locator("[data-waiting]").first
    due = moderator.locator("[data-due]").first
    expect(due).to_contain_text("in ")
    moderator.clock.fast_forward("05:00:00")
    expect(waiting).to_contain_text("5 hours")
    expect(due).to_contain_text("late by")


def test_only_reasons_that_go_with_the_choice_are_offered(people, moderator):
    open_a_case(people, moderator)
    reasons = moderator.get_by_label("Reason, told to the author")
    moderator.get_by_label("Remove", exact=True).check()
    reasons.select_option("attack")
    moderator.get_by_label("Release", exact=True).check()
    expect(reasons).to_have_value("")
    expect(reasons.locator("option[value=attack]")).to_be_disabled()
    expect(reasons.locator("option[value=within]")).to_be_enabled()


def test_a_long_form_leaves_no_gap_between_the_cards_beside_it(people, moderator):
    open_a_case(people, moderator)
    moderator.get_by_label("Mute in this room").check()
    text, around = (moderator.locator(f"section[aria-labelledby={name}]").bounding_box()
                    for name in ("text", "context"))  # fmt: skip
    assert around["y"] - (text["y"] + text["height"]) < 40
