"""What is typed into a share is kept until it has gone out, and no longer."""

import pytest
from playwright.sync_api import expect

from tests.support.pages import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("app")]
NEW = "/rooms/first-days/shares/new/"


@pytest.fixture
def writing(browse):
    page = sign_in(browse(), "ben-demo")
    page.goto(NEW)
    return page


def share(page, title, body):
    page.get_by_label("Title").fill(title)
    page.get_by_label("Your share").fill(body)
    page.get_by_role("button", name="Share", exact=True).click()


def expect_empty(page):
    expect(page.get_by_label("Title")).to_have_value("")
    expect(page.get_by_label("Your share")).to_have_value("")


def test_a_share_that_is_out_leaves_no_draft(writing):
    share(writing, "A week", "Seven days, and the kettle is my friend.")
    expect(writing.get_by_role("heading", name="A week").first).to_be_visible()
    writing.goto(NEW)
    expect_empty(writing)


def test_a_share_that_waits_leaves_no_draft(writing):
    share(writing, "Looking", "who's selling percs? need to cop today")
    expect(writing.locator(".answer")).to_contain_text("waits for a moderator")
    expect_empty(writing)
    writing.goto(NEW)
    expect_empty(writing)


def test_a_share_that_was_not_sent_is_kept(writing):
    share(writing, "Offer", "selling percs, hmu, local delivery")
    expect(writing.locator(".answer")).to_contain_text("This was not sent")
    writing.goto(NEW)
    expect(writing.get_by_label("Your share")).to_have_value("selling percs, hmu, local delivery")


def test_a_share_whose_way_was_cut_is_kept(writing):
    writing.context.set_offline(True)
    share(writing, "In the tunnel", "Written where there is no network.")
    writing.context.set_offline(False)
    writing.goto(NEW)
    expect(writing.get_by_label("Your share")).to_have_value("Written where there is no network.")
    expect(writing.get_by_label("Title")).to_have_value("In the tunnel")
