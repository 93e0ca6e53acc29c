"""A real browser, and windows of it."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.support import servers
from tests.support.pages import DESKTOP, PHONE, enter, sign_in, with_cookie
from tests.support.sockets import minted

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="package")
def chromium():
    path = servers.program("chromium", "chromium-browser", "google-chrome", package="chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium, app):
    """Opens windows of separate browsers; a JavaScript error in any of them fails the test."""
    contexts, errors = [], []

    def window(size=PHONE, **options):
        context = chromium.new_context(viewport=size, base_url=app.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if "Trusted" in m.text else None)
        return page

    yield window
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def people(browse, app):
    """Windows of new members of one room, on its page."""

    def come(room, count=2, *, size=PHONE, script=None, **options):
        windows = []
        for handle, cookie in minted(app, count, room):
            page = with_cookie(browse(size, **options), app, cookie)
            page.handle = handle
            if script:
                page.add_init_script(script)
                page.goto(f"/rooms/{room}/talk/")
            elif options.get("java_script_enabled", True):
                enter(page, room)
            windows.append(page)
        return windows

    return come


@pytest.fixture
def moderator(browse, app):
    """A code works once in its 30 seconds, so the signed-in state is kept for all tests."""
    kept = Path(app.env["DATA_DIR"]) / "moderator.json"
    if kept.exists():
        return browse(DESKTOP, storage_state=str(kept))
    page = sign_in(browse(DESKTOP), "mo-demo", app)
    page.context.storage_state(path=str(kept))
    return page
