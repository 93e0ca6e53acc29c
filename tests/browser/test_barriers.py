"""No page has a barrier that axe can find, nor is wider than an old phone: every page of the URL
patterns in every state in which it can be seen, phone and desktop, light and dark; and the answers
that forms give."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.access.asking import states_of
from tests.access.expected import EXPECTED
from tests.support.cast import PASSPHRASE
from tests.support.pages import (
    DESKTOP,
    OLD_PHONE,
    PASSPHRASES,
    PHONE,
    enter,
    say,
    sign_up,
)
from tests.support.world import ASKED_ABOUT, BLOCKED, HELD

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
DESPAIR = "I don't want to be alive any more"

# --- every page, from the URL patterns -----------------------------------------------------------

NOT_FOR_THE_EYE = ("healthz", "readyz", "metrics", "chat:events", "mfa_download_recovery_codes",
                   "accounts:recovery_key_file")  # fmt: skip
SEEN_BY = ("member", "moderator 2fa", "moderator elsewhere 2fa", "stranger")


def seen_by(name: str, state: str) -> str | None:
    row = EXPECTED[name]["GET"].get(state, {})
    return next((role for role in SEEN_BY if row.get(role) == "200"), None)


PAGES = [
    (name, state, role)
    for name in EXPECTED
    if name not in NOT_FOR_THE_EYE
    for state in states_of(name)
    if (role := seen_by(name, state))
]


def test_every_page_is_looked_at():
    looks = {name for name, methods in EXPECTED.items() if "*" not in methods["GET"]}
    looked_at = {name for name, _, _ in PAGES} | {name for name, _ in BY_HAND}
    assert looks - looked_at == set(NOT_FOR_THE_EYE)


@pytest.mark.parametrize(("name", "state", "role"), PAGES)
def test_no_page_has_a_barrier(told, window, name, state, role):
    page = window(role)
    page.goto(told["addresses"][role][name][state])
    if page.locator("[data-state]").count() and "/talk/" in page.url:
        expect(page.locator("[data-presence]")).to_be_visible()
    assert barriers(page) == []


# --- and what has to be done first ---------------------------------------------------------------


def the_recovery_key(window, told):
    return sign_up(window("stranger"))


def the_code_at_sign_in(window, told):
    page = window("stranger")
    page.goto("/account/sign-in/")
    page.get_by_label("Sign-in name").fill("kit-demo")
    page.get_by_label("Passphrase", exact=True).fill(PASSPHRASES["kit-demo"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code from your authenticator app").wait_for()
    return page


def setting_up_an_app(window, told):
    page = window("member")
    page.goto("/account/2fa/totp/activate/")
    page.locator("main input[type=password]").fill(PASSPHRASE)
    page.locator("main form button[type=submit]").first.click()
    page.get_by_label("Code that the app shows").wait_for()
    return page


def nothing_there(window, told):
    page = window("stranger")
    page.goto("/no-such-page/")
    return page


def not_for_oneself(window, told):
    page = window("moderator 2fa")
    page.goto(told["addresses"]["moderator 2fa"]["desk:case"]["about oneself"])
    return page


def muted(window, told):
    page = window("muted")
    page.goto("/rooms/first-days/talk/")
    return page


def answered(text, words):
    """The answer as the script shows it."""

    def visit(window, told):
        page = enter(window("facilitator"))
        say(page, text)
        expect(page.locator("[data-answers]")).to_contain_text(words)
        return page

    return visit


def answered_by_form(text, words):
    """The answer as the page shows it without a script."""

    def visit(window, told):
        page = window("facilitator")
        page.goto("/rooms/first-days/talk/")
        page.locator("[name=body]").fill(text)
        submit(page, page.locator("form:has([name=body])"))
        expect(page.locator(".answer, .support").first).to_contain_text(words)
        return page

    return visit


def refused(name, state="-", role="member", form="main form[method=post]", **fields):
    """A form that was sent with something missing."""

    def visit(window, told):
        page = window(role)
        page.goto(told["addresses"][role][name][state])
        where = page.locator(form).first
        for field, value in fields.items():
            where.locator(f"[name={field}]").first.fill(value)
        submit(page, where)
        expect(page.locator(".field__error, [role=alert]").first).to_be_visible()
        return page

    return visit


def edit_refused(window, told):
    """Of words of its own: those of the world are taken back by other tests."""
    page = enter(window("facilitator"))
    say(page, "a word to be changed for nothing")
    own = page.locator(".message--own", has_text="to be changed for nothing").last
    own.locator(".message__more").click()
    form = page.locator("form[action$='/edit/']")
    form.locator("[name=body]").fill(" ")
    submit(page, form)
    expect(page.locator(".field__error, [role=alert]").first).to_be_visible()
    return page


def submit(page, form):
    """Past the browser's own checks and our scripts."""
    with page.expect_navigation():
        form.evaluate("(form) => HTMLFormElement.prototype.submit.call(form)")


BY_HAND = {
    ("accounts:recovery_key", "just made"): the_recovery_key,
    ("mfa_authenticate", "at sign-in"): the_code_at_sign_in,
    ("mfa_activate_totp", "after the passphrase"): setting_up_an_app,
    ("404", ""): nothing_there,
    ("desk:case", "about oneself"): not_for_oneself,
    ("chat:room", "muted"): muted,
    ("chat:room", "held"): answered(HELD, "waits for a moderator"),
    ("chat:room", "blocked"): answered(BLOCKED, "This was not sent"),
    ("chat:room", "asked about"): answered(ASKED_ABOUT, "One question"),
    ("chat:room", "crisis"): answered(DESPAIR, "You matter here"),
    ("chat:room", "held, by form"): answered_by_form(HELD, "waits for a moderator"),
    ("chat:room", "blocked, by form"): answered_by_form(BLOCKED, "This was not sent"),
    ("chat:room", "asked about, by form"): answered_by_form(ASKED_ABOUT, "One question"),
    ("chat:room", "crisis, by form"): answered_by_form(DESPAIR, "You matter here"),
    ("accounts:sign_up", "refused"): refused("accounts:sign_up", role="stranger"),
    ("account_login", "refused"): refused("account_login", role="stranger", login="nobody",
                                          password="not this one"),
    ("accounts:recover", "refused"): refused("accounts:recover", role="stranger"),
    ("accounts:settings", "refused"): refused("accounts:settings",
                                              form="form[action$='/passphrase/']"),
    ("rooms:join", "refused"): refused("rooms:join", "open", "outsider"),
    ("chat:new_share", "refused"): refused("chat:new_share", "open"),
    ("chat:message", "edit refused"): edit_refused,
    ("chat:message", "report refused"): refused("chat:message", "other",
                                                form="form[action$='/report/']"),
    ("desk:case", "refused"): refused("desk:case", "open", "moderator 2fa", "[data-decision]"),
}  # fmt: skip


@pytest.mark.parametrize("state", BY_HAND, ids=" ".join)
def test_no_answer_has_a_barrier(told, window, state):
    assert barriers(BY_HAND[state](window, told)) == []


# --- looking -------------------------------------------------------------------------------------


@pytest.fixture
def window(browse, told, app):
    def opened(role):
        page = browse(PHONE)
        cookies = told["cookies"][role].items()
        page.context.add_cookies([{"name": n, "value": v, "url": app.url} for n, v in cookies])
        return page

    return opened


def barriers(page) -> list:
    found = [("phone, light", *one) for one in _violations(Axe().run(
        page, options={"runOnly": RULES}).response)]  # fmt: skip
    for size, scheme, options in ((PHONE, "dark", COLOURS), (DESKTOP, "light", COLOURS),
                                  (DESKTOP, "dark", {"runOnly": RULES})):  # fmt: skip
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        answer = page.evaluate("(options) => axe.run(document, options)", options)
        found += [(f"{size['width']} px, {scheme}", *one) for one in _violations(answer)]
    page.set_viewport_size(OLD_PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    return [*found, *([f"{width} px wide"] if width > OLD_PHONE["width"] else [])]


def _violations(answer: dict) -> list[tuple]:
    return [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in answer["violations"]]
