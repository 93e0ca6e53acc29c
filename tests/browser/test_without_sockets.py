"""A room where sockets don't get through: everything arrives, a little later."""

import re
import unicodedata

import pytest
from playwright.sync_api import expect

from tests.support.pages import message, say, stream

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("app")]
# A proxy that refuses sockets, at once or later, and one that swallows the handshake.
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
