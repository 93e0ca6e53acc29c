"""The quick exit as the server sees it."""

import pytest
from django.test import Client

from forum.accounts.models import AccountSession
from tests.support.cast import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(ana):
    """The same person, signed in with another browser."""
    return sign_in(Client(), ana)


def test_the_first_request_after_the_exit_is_answered_as_to_a_stranger(client, ana):
    sign_in(client, ana).cookies["left"] = "1"
    answer = client.get("/rooms/first-days/talk/")
    assert answer.url.startswith("/account/sign-in/")
    assert not AccountSession.objects.exists()
    assert client.cookies["left"].value == ""


def test_leaving_ends_this_session_and_no_other(client, ana, elsewhere):
    sign_in(client, ana).post("/exit/")
    assert client.get("/account/").status_code == 302
    assert elsewhere.get("/account/").status_code == 200


def test_leaving_is_never_refused_for_a_stale_form(ana):
    browser = sign_in(Client(enforce_csrf_checks=True), ana)
    assert browser.post("/exit/").url == "/exit/"
    assert not AccountSession.objects.exists()


def test_looking_at_the_neutral_page_signs_nobody_out(client, ana):
    sign_in(client, ana).get("/exit/")
    assert client.get("/account/").status_code == 200


def test_the_neutral_page_has_the_browser_forget_what_it_kept(client):
    answer = client.get("/exit/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert b"Handrail" not in answer.content
