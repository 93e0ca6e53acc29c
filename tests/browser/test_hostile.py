"""X1: thousands of hostile strings through every text field, and the pages that show them, in a
real browser. Nothing of them runs, opens, loads, breaks the layout or ends in an error."""

import asyncio
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from django import forms

from tests.support import hostile
from tests.support.pages import OLD_PHONE, PASSPHRASES, note_key, sign_in, sign_up, with_cookie
from tests.support.sockets import connected, minted

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("app")]
ROOM = "smart-tools"
CANARY = """
window.ran = []; window.canary = () => window.ran.push(location.pathname);
document.addEventListener("securitypolicyviolation",
  (event) => window.ran.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
TOO_WIDE = """
document.documentElement.scrollWidth <= innerWidth ? null
  : [...document.querySelectorAll("main *")].map((one) => [one.getBoundingClientRect().right, one])
    .filter(([right]) => right > innerWidth).map(([, one]) => one.outerHTML.slice(0, 60)).slice(-3)
"""
ANSWERS = {"published", "held", "blocked", "nudged"}
REFUSALS = {"text.unreadable", "text.empty", "text.too_long"}


class Watch:
    """Notes whatever must not happen in a window."""

    def __init__(self, page, app):
        self.page, self.app, self.wrong = page, app, []
        page.add_init_script(CANARY)
        page.on("dialog", self._dialog)
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("popup", lambda popup: self.wrong.append(f"popup {popup.url}"))

    def _dialog(self, dialog):
        self.wrong.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _request(self, request):
        if not request.url.startswith((self.app.url, "data:")):
            self.wrong.append(f"request {request.url[:80]}")

    def _response(self, response):
        if response.status >= 500:
            self.wrong.append(f"{response.status} {response.url}")

    def look(self):
        """What is wrong on the page as it stands."""
        self.wrong += self.page.evaluate("window.ran.splice(0)")
        if wide := self.page.evaluate(TOO_WIDE):
            self.wrong.append(f"too wide: {wide} on {self.page.url}")

    def goto(self, address):
        self.page.goto(address)
        self.look()


@pytest.fixture
def watch(browse, app):
    watches = []

    def start(page=None):
        watches.append(Watch(page or browse(OLD_PHONE), app))
        return watches[-1]

    yield start
    assert "Traceback" not in app.log(), app.log().split("Traceback", 1)[1][:3000]
    for one in watches:
        one.look()
        assert not one.wrong, "\n".join(one.wrong)


def in_a_loop_of_its_own(coroutine):
    """Playwright holds the loop of this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


async def post_all(app, cookie, texts, room=ROOM, at_once=25):
    """Each text over the socket, some at once; the answers' statuses or error codes."""
    answers = []
    async with connected(app, cookie, room) as socket:
        for start in range(0, len(texts), at_once):
            few = texts[start : start + at_once]
            for text in few:
                await socket.connection.send(frame_of(room, text))
            for _ in few:
                answer = await socket.hear("message.ack", "error")
                answers.append(answer.get("status") or answer["code"])
    return answers


def frame_of(room, text):
    shape = {"type": "message.send", "room": room, "client_id": str(uuid.uuid4()), "body": text}
    try:
        return json.dumps(shape, ensure_ascii=False).encode().decode()
    except UnicodeEncodeError:  # a lone surrogate
        return json.dumps(shape)


def test_hostile_messages_are_harmless_live_and_afterwards(watch, app):
    (_, author), (_, reader) = minted(app, 2, ROOM)
    live, later = watch(), watch()
    with_cookie(live.page, app, reader)
    live.goto(f"/rooms/{ROOM}/talk/")
    answers = in_a_loop_of_its_own(post_all(app, author, hostile.strings()))
    assert set(answers) <= ANSWERS | REFUSALS
    assert answers.count("published") > len(answers) / 2
    live.page.locator("[data-jump], [data-stream]").first.wait_for(state="attached")
    last = in_a_loop_of_its_own(post_all(app, author, ["and that was the last one"]))
    assert last == ["published"]
    live.page.get_by_text("and that was the last one").wait_for(timeout=30_000)
    live.look()
    # The author sees what is held as well.
    with_cookie(later.page, app, author)
    later.goto(f"/rooms/{ROOM}/talk/")
    pages, seen = 0, 0
    while older := later.page.locator("a", has_text="Older messages").first:
        if not older.count():
            break
        seen += later.page.locator(".message").count()
        pages += 1
        later.goto(older.get_attribute("href"))
    assert pages > 20
    assert seen > len(answers) / 2


# --- every other field ---------------------------------------------------------------------------

FILL = """
([form, text]) => {
  const names = [];
  for (const field of form.elements) {
    if (["hidden", "submit", "button", "fieldset"].includes(field.type)) continue;
    if (field.type === "checkbox") field.checked = true;
    else if (field.type === "radio") field.checked ||= !form.elements[field.name].value;
    else if (field.tagName === "SELECT") field.selectedIndex = field.options.length - 1;
    else { field.removeAttribute("maxlength"); field.type === "textarea" || (field.type = "text");
           field.value = text; names.push(field.name); }
  }
  HTMLFormElement.prototype.submit.call(form);
  return names;
}
"""
STRANGER = ("/join/", "/account/sign-in/", "/account/recover/", "/help/?country=US")
MEMBER = ("/rooms/grief/join/", "/rooms/cravings-now/shares/new/", "/rooms/cravings-now/talk/",
          "/account/", "/account/again/")  # fmt: skip
SHOWN_TO_MEMBER = ("/rooms/", "/rooms/cravings-now/talk/", "/rooms/cravings-now/shares/",
                   "/notices/", "/account/")  # fmt: skip


def texts_of_forms():
    """The names of every text field that a form of ours declares."""
    from forum.accounts import forms as accounts
    from forum.chat import forms as chat
    from forum.rooms import forms as rooms
    from moderation.desk import forms as desk

    found = set()
    for module in (accounts, chat, rooms, desk):
        for form in vars(module).values():
            if isinstance(form, type) and issubclass(form, forms.Form):
                found |= {name for name, field in form.base_fields.items()
                          if type(field) is forms.CharField}  # fmt: skip
    return found


def feed(watched, address):
    """Fill every form of the page with each of the nastiest strings; the names that were filled."""
    names = set()
    watched.goto(address)
    for number in range(watched.page.locator("form:has(input, textarea)").count()):
        for text in hostile.nastiest():
            watched.goto(address)
            form = watched.page.locator("form:has(input, textarea)").nth(number)
            if not form.count() or not is_written_in(form):
                break
            with watched.page.expect_navigation():
                names |= set(watched.page.evaluate(FILL, [form.element_handle(), text]))
            watched.look()
    return names


def half_signed_in(watched, name):
    """Asked for the code of the second factor."""
    page = watched.page
    page.goto("/account/sign-in/")
    page.get_by_label("Sign-in name").fill(name)
    page.get_by_label("Passphrase", exact=True).fill(PASSPHRASES[name])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code from your authenticator app").wait_for()
    return watched


def is_written_in(form):
    kinds = form.locator("input:not([type=hidden], [type=checkbox], [type=radio]), textarea")
    return kinds.count() > 0


def test_every_text_field_takes_hostile_text_and_every_page_shows_it_harmlessly(
    watch, browse, moderator, app
):
    stranger, desk = watch(), watch(moderator)
    moderator.set_viewport_size(OLD_PHONE)
    member = watch(sign_in(browse(OLD_PHONE), "ana-demo"))
    newcomer = watch(sign_up(browse(OLD_PHONE)))
    note_key(newcomer.page)
    names = feed(newcomer, "/account/key/")
    for address in STRANGER:
        names |= feed(stranger, address)
    for address in MEMBER:
        names |= feed(member, address)
    names |= feed(half_signed_in(watch(), "kit-demo"), "/account/2fa/authenticate/")
    member.goto("/rooms/cravings-now/talk/")
    own = member.page.locator(".message--own .message__more").last.get_attribute("href")
    others = member.page.locator(".message:not(.message--own) .message__more").last
    for address in (own, others.get_attribute("href")):
        names |= feed(member, address)
    desk.goto("/desk/?room=cravings-now")
    cases = desk.page.locator("[data-case] a")
    addresses = [cases.nth(n).get_attribute("href") for n in range(min(3, cases.count()))]
    assert addresses
    for address in addresses:
        names |= feed(desk, address)
    assert texts_of_forms() - names == set()
    for address in SHOWN_TO_MEMBER:
        member.goto(address)
    for address in ("/desk/", *addresses):
        desk.goto(address)


@pytest.mark.parametrize("address", ["/help/?country={}", "/account/sign-in/?next={}",
                                     "/rooms/?topic={}&audience={}&approach={}", "/join/?next={}",
                                     "/exit/?{}", "/no/{}", "/rooms/{}/"])  # fmt: skip
def test_hostile_addresses_are_harmless(watch, address):
    watched = watch()
    for text in hostile.nastiest():
        watched.goto(address.replace("{}", quote(text, safe="")))
