"""What a person does in a browser, as short words for tests."""

import os
import re

from playwright.sync_api import expect

from forum.chat.demo import PEOPLE
from tests.support import servers

PHONE = {"width": 390, "height": 780}
OLD_PHONE = {"width": 360, "height": 640}
DESKTOP = {"width": 1280, "height": 860}
PASSPHRASES = {person.sign_in_name: person.passphrase for person in PEOPLE}
PICTURES = servers.BASE / "docs" / "pictures"
HIDDEN = """(state) => { Object.defineProperty(document, "visibilityState",
  { value: state, configurable: true }); document.dispatchEvent(new Event("visibilitychange")); }"""
expect.set_options(timeout=8_000)


def sign_in(page, name, app=None):
    page.goto("/account/sign-in/")
    page.get_by_label("Sign-in name").fill(name)
    page.get_by_label("Passphrase", exact=True).fill(PASSPHRASES[name])
    page.get_by_role("button", name="Sign in").click()
    if app is not None:
        page.get_by_label("Code from your authenticator app").fill(
            app.manage("demo_code", name).strip()
        )
        page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/rooms/**")
    return page


def sign_up(page):
    """From the landing page to the page of the recovery key."""
    page.goto("/")
    page.get_by_role("link", name="Join in under a minute").click()
    page.get_by_label("Passphrase", exact=True).fill("nine slow tulips 44")
    page.get_by_label("I am 18 or older").check()
    page.get_by_label("I know that this is support").check()
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.get_by_role("button", name="I have noted it")).to_be_visible()
    return page


def note_key(page):
    """Go on to the question about the key; what one has noted, group by group."""
    groups = page.locator(".key code").all_inner_texts()
    page.get_by_role("button", name="I have noted it").click()
    expect(page.get_by_label(re.compile(r"Group \d of your key"))).to_be_visible()
    return groups


def with_cookie(page, app, cookie):
    """Signed in by a minted session."""
    name, _, value = cookie.partition("=")
    page.context.add_cookies([{"name": name, "value": value, "url": app.url}])
    return page


def enter(page, room="first-days"):
    page.goto(f"/rooms/{room}/talk/")
    expect(page.locator("[data-presence]")).to_be_visible()
    return page


def say(page, text):
    page.locator("[name=body]").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def fill_room(page, count, words="Something longer, so that the room has more than one window."):
    for number in range(count):
        say(page, f"{words} {number}")
    expect(message(page, f"{words} {count - 1}")).to_have_attribute("data-place", re.compile("."))


def stream(page):
    return page.locator("[data-stream]")


def message(page, text):
    """The newest message with this text."""
    return stream(page).locator(".message", has_text=text).last


def picture(page, name):
    """The README's pictures are made from the real pages, when asked for."""
    if os.environ.get("HANDRAIL_PICTURES") == "1":
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(PICTURES / name))
