"""The recovery key: shown, let go, then asked for; and nobody joins a room without it."""

import re

import pytest

from forum.accounts import account as accounts
from forum.accounts import noting
from forum.accounts.models import Account
from tests.support.cast import PASSPHRASE, sign_in

pytestmark = pytest.mark.django_db
KEY = "/account/key/"
JOIN = "/rooms/grief/join/"
GOOD = "nine slow tulips 44"


@pytest.fixture
def newcomer(client, first_days):
    """Somebody who has just signed up and looks at their key."""
    form = {"sign_in_name": "night-train", "passphrase": GOOD, "is_adult": "1", "understands": "1"}
    client.post("/join/", form)
    return client


def page(client):
    return client.get(KEY).content.decode()


def groups_on(text):
    return re.findall(r"<code>(\w{4})</code>", text)


def asked_on(text):
    return int(re.search(r"Group (\d) of your key", text).group(1))


def note(client):
    """Go on to the question; the whole key and the group that is asked for."""
    key = groups_on(page(client))
    client.post(KEY, {"noted": "1"})
    return key, key[asked_on(page(client)) - 1]


def test_the_key_is_asked_for_only_where_it_can_not_be_read(newcomer):
    shown = page(newcomer)
    assert len(groups_on(shown)) == 8
    assert "of your key" not in shown
    key, _ = note(newcomer)
    assert [group for group in key if group in page(newcomer)] == []


def test_a_key_that_was_let_go_is_nowhere_any_more(newcomer):
    note(newcomer)
    assert newcomer.get(f"{KEY}file/").status_code == 404
    newcomer.post(KEY, {"noted": "1"})
    assert groups_on(page(newcomer)) == []


def test_the_right_group_confirms_the_key_and_a_wrong_one_does_not(newcomer):
    _, group = note(newcomer)
    wrong = newcomer.post(KEY, {"part": "2222"})
    assert (wrong.status_code, Account.objects.get().recovery_confirmed) == (422, False)
    right = newcomer.post(KEY, {"part": f" {group.lower()} "})
    assert (right.url, Account.objects.get().recovery_confirmed) == ("/rooms/", True)


def test_nobody_joins_a_room_before_the_key_is_confirmed_and_then_goes_on_there(newcomer):
    sent = newcomer.get(JOIN)
    assert sent.url.startswith(KEY)
    newcomer.get(sent.url)
    _, group = note(newcomer)
    assert newcomer.post(KEY, {"part": group}).url == JOIN
    assert newcomer.get(JOIN).status_code == 200


def test_a_post_joins_no_room_either_before_the_key_is_confirmed(newcomer):
    form = {"handle": "-", "wished": "night-owl", "accepts": "1", "charter_version": "1"}
    assert newcomer.post(JOIN, form).url.startswith(KEY)
    assert not Account.objects.get().memberships.exists()


def test_somebody_whose_key_is_lost_makes_a_new_one_with_the_passphrase(client, lee):
    Account.objects.update(recovery_confirmed=False)
    sign_in(client, lee)
    assert "make a new one" in page(client)
    client.post(f"{KEY}new/", {"passphrase": PASSPHRASE})
    assert len(groups_on(page(client))) == 8


def test_after_recovery_with_a_second_factor_the_new_key_is_asked_for_too(client, lee):
    session = client.session
    key = accounts.renew_recovery_key(lee)
    noting.ask(session, lee, key)
    session.save()
    client.post("/account/sign-in/", {"login": "lee-signs-in", "password": PASSPHRASE})
    assert asked_on(page(client)) == accounts.asked_group(key)


def test_the_question_about_one_account_is_not_put_to_another(client, ana, lee):
    Account.objects.update(recovery_confirmed=False)
    session = sign_in(client, ana).session
    noting.ask(session, lee, accounts.new_recovery_key())
    session.save()
    assert "of your key" not in page(client)
