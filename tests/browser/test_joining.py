"""Signing up and joining a room with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.support.pages import OLD_PHONE, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("app")]


@pytest.mark.parametrize("scripted", [True, False])
def test_enter_in_the_passphrase_joins_with_the_typed_name(browse, scripted):
    page = browse(java_script_enabled=scripted)
    page.goto("/join/")
    page.get_by_label("Sign-in name").fill(f"typed-by-hand-{scripted}")
    page.get_by_label("I am 18 or older").check()
    page.get_by_label("I know that this is support").check()
    page.get_by_label("Passphrase", exact=True).fill("nine slow tulips 44")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="I have noted it")).to_be_visible()
    page.goto("/account/")
    expect(page.locator("main")).to_contain_text(f"typed-by-hand-{scripted}")


def test_enter_in_another_name_joins_under_it(browse):
    page = sign_in(browse(), "ben-demo")
    page.goto("/rooms/newcomers/join/")
    page.get_by_label("I have read the charter").check()
    page.get_by_label("Another name", exact=True).fill("ben-asks-again")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rooms/newcomers/talk/")
    page.goto("/rooms/")
    expect(page.locator(".own-rooms")).to_contain_text("ben-asks-again")


@pytest.mark.parametrize("scripted", [True, False])
def test_a_name_that_is_refused_is_shown_with_its_reason_and_stays_chosen(browse, scripted):
    page = sign_in(browse(OLD_PHONE, java_script_enabled=scripted), "ben-demo")
    page.goto("/rooms/grief/join/")
    page.get_by_label("I have read the charter").check()
    page.get_by_label("Another name", exact=True).fill("no")
    page.get_by_role("button", name="Join", exact=True).last.click()
    expect(page.locator(".field__error")).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("Another name", exact=True)).to_be_focused()
    expect(page.get_by_label("Another name, which I type below")).to_be_checked()


def test_another_suggestion_is_still_one_press_away(browse):
    page = browse()
    page.goto("/join/")
    before = page.get_by_label("Sign-in name").input_value()
    page.get_by_role("button", name="Another suggestion").click()
    expect(page.get_by_label("Sign-in name")).not_to_have_value(before)
