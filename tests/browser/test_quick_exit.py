"""The quick exit: gone at once, and no way back shows anything of the person who left."""

import pytest
from playwright.sync_api import expect

from tests.support.pages import enter, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("app")]
TALK = "/rooms/first-days/talk/"
AT_ONCE = """
() => new Promise((done) => {
  const started = performance.now();
  new MutationObserver(() => requestAnimationFrame(() => done(performance.now() - started)))
    .observe(document.body, { childList: true });
  for (let n = 0; n < 3; n += 1) {
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  }
})
"""


@pytest.fixture
def ana(browse):
    return enter(sign_in(browse(), "ana-demo"))


def press_escape(page):
    for _ in range(3):
        page.keyboard.press("Escape")


def expect_neutral(page):
    expect(page.get_by_role("heading", name="Units of length")).to_be_visible()
    expect(page).to_have_title("Unit converter")
    assert page.url.endswith("/exit/")
    assert "Handrail" not in page.locator("body").inner_text()


def expect_arrived(page):
    """The drawn page has given its place to the real one, which has no icon."""
    expect_neutral(page)
    expect(page.locator("link")).to_have_count(0)


def expect_signed_out(page):
    assert "/talk/" not in page.url.split("?")[0]
    expect(page.locator(".top__nav")).to_contain_text("Sign in")
    assert "ana-by-the-sea" not in page.content()


def test_every_step_back_after_the_quick_exit_meets_somebody_signed_out(ana):
    press_escape(ana)
    expect_arrived(ana)
    steps = 0
    ana.go_back()
    while ana.url != "about:blank":
        expect_signed_out(ana)
        ana.go_back()
        steps += 1
    assert steps == 2  # the rooms and the sign-in page; the room itself is no longer in the list


def test_one_is_gone_within_a_fifth_of_a_second(ana):
    assert ana.evaluate(AT_ONCE) < 200


def test_the_quick_exit_works_without_a_network_and_holds_afterwards(ana):
    ana.context.set_offline(True)
    press_escape(ana)
    expect_neutral(ana)
    assert ana.evaluate("sessionStorage.length") == 0
    later = ana.context.new_page()
    ana.close()
    ana.context.set_offline(False)
    later.goto(TALK)
    expect_signed_out(later)


def test_the_button_does_the_same_as_the_key(ana):
    ana.get_by_role("button", name="Quick exit").click()
    expect_arrived(ana)
    ana.goto(TALK)
    expect_signed_out(ana)


def test_another_window_of_the_same_browser_is_signed_out_too(ana):
    other = enter(ana.context.new_page())
    press_escape(ana)
    expect(other.locator("[data-state]")).to_contain_text("You are signed out")


def test_without_javascript_the_way_back_ends_at_the_sign_in_page(browse):
    page = sign_in(browse(java_script_enabled=False), "ana-demo")
    page.goto(TALK)
    page.get_by_role("button", name="Quick exit").click()
    expect_neutral(page)
    page.go_back()
    expect_signed_out(page)
