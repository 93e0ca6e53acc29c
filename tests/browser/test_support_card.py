"""The support card, where it has to work: on a small phone, in a room, beside heavy words."""

import pytest
from playwright.sync_api import expect

from tests.support.pages import DESKTOP, OLD_PHONE, enter, say, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("app")]
DESPAIR = "I don't want to be alive any more"
IN_VIEW = """
(element) => {
  const box = element.getBoundingClientRect();
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height - 2);
  return box.bottom <= innerHeight && (element === at || element.contains(at));
}
"""


@pytest.fixture
def card(browse):
    """The page of somebody who never chose a country and has written something heavy."""
    page = enter(sign_in(browse(OLD_PHONE), "ben-demo"), "cravings-now")
    keep_country(page, "")
    say(page, DESPAIR)
    expect(page.locator(".support")).to_contain_text("You matter here")
    return page


def keep_country(page, iso):
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    page.request.post("/help/country/", form={"country": iso, "csrfmiddlewaretoken": token})


def is_in_view(locator):
    return locator.first.evaluate(IN_VIEW)


def choose(page, country):
    page.locator(".support").get_by_label("Your country").select_option(label=country)
    page.locator(".support").get_by_role("button", name="Show").click()


def test_without_a_country_the_emergency_number_and_the_choice_are_in_view(card):
    assert is_in_view(card.get_by_role("link", name="Call 112"))
    assert is_in_view(card.locator(".support").get_by_label("Your country"))


def test_a_country_chosen_on_the_card_brings_its_numbers_at_once_and_for_later(card):
    choose(card, "United States")
    expect(card.get_by_role("link", name="Call 911")).to_be_visible()
    assert is_in_view(card.get_by_role("link", name="Call 911"))
    assert is_in_view(card.get_by_role("link", name="Call 988"))
    card.goto("/account/")
    expect(card.get_by_label("Your country")).to_have_value("US")


def test_the_card_stays_until_it_is_closed(card):
    say(card, "I am still here.")
    card.reload()
    expect(card.locator(".support")).to_have_count(1)
    card.locator(".answer--support").get_by_role("button", name="Close").click()
    expect(card.locator(".support")).to_have_count(0)
    card.reload()
    expect(card.locator("[data-presence]")).to_be_visible()
    expect(card.locator(".support")).to_have_count(0)


def test_without_javascript_the_choice_on_the_card_leads_to_the_numbers(browse):
    page = sign_in(browse(OLD_PHONE, java_script_enabled=False), "ben-demo")
    page.goto("/rooms/cravings-now/talk/")
    keep_country(page, "")
    say(page, DESPAIR)
    choose(page, "New Zealand")
    expect(page.get_by_role("link", name="Call 111").first).to_be_visible()


def test_on_a_phone_the_landing_page_shows_an_emergency_number_without_scrolling(browse):
    page = browse(OLD_PHONE)
    page.goto("/")
    assert is_in_view(page.get_by_role("link", name="Call 112"))
    expect(page.get_by_label("Crisis lines in")).to_have_value("")


def test_on_a_desktop_the_filters_of_the_catalogue_stand_in_one_row(browse):
    page = browse(DESKTOP)
    page.goto("/rooms/")
    controls = page.locator(".filters").locator("select, button").all()
    assert len({round(control.bounding_box()["y"]) for control in controls}) == 1
