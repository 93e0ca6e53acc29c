"""A room in small windows, on a phone on its side, and with large words."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.pages import DESKTOP, PHONE, message, say

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("app")]
SMALL = [(320, 568), (568, 320), (780, 360), (360, 640), (390, 780)]


@pytest.mark.parametrize(("width", "height"), SMALL)
def test_one_can_read_and_send_in_a_small_window(people, width, height):
    (ana,) = people("na-members", 1, size={"width": width, "height": height})
    for part in (ana.get_by_role("button", name="Send", exact=True), ana.locator("[name=body]"),
                 ana.get_by_role("button", name="Quick exit")):  # fmt: skip
        box = part.bounding_box()
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= width, part
        assert box["y"] >= 0, part
        assert box["y"] + box["height"] <= height, part
    assert ana.locator("[data-scroll]").bounding_box()["height"] >= 64


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_with_words_twice_as_large_nothing_of_a_room_is_cut_off(people, size):
    (ana,) = people("na-members", 1, size=size)
    ana.evaluate("document.documentElement.style.fontSize = '200%'")
    for name in ("Talk", "Shares", "Charter"):
        box = (
            ana.get_by_role("navigation", name="This room")
            .get_by_role("link", name=name)
            .bounding_box()
        )
        assert box["x"] + box["width"] <= size["width"], name
    send = ana.get_by_role("button", name="Send", exact=True)
    expect(send).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [360, 390])
def test_on_a_phone_the_signs_of_support_take_one_line(people, width):
    ana, ben = people("aa-members", size={"width": width, "height": 700})
    say(ana, "Meeting went well.")
    expect(message(ana, "went well")).to_have_attribute("data-place", re.compile("."))
    theirs = message(ben, "went well")
    expect(theirs).to_be_visible()
    tap = ana.get_by_role("button", name="Send", exact=True).bounding_box()["height"]
    assert theirs.locator(".reactions").bounding_box()["height"] < tap * 1.2
    own = message(ana, "went well")
    assert own.locator(".message__foot").bounding_box()["height"] < tap * 1.2
