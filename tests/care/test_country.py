"""Choosing whose lines one sees: kept for a member, and so on the cards beside their words."""

import pytest
from django.urls import reverse

from forum.accounts.models import Account
from tests.support.cast import PASSPHRASE, say, sign_in

pytestmark = pytest.mark.django_db
CHOOSE = reverse("care:choose_country")
SIGN_IN = {"login": "ana-signs-in", "password": PASSPHRASE}
DESPAIR = "I don't want to be alive any more"


def country_of(who):
    return Account.objects.get(pk=who.pk).country


def test_a_member_who_chose_a_country_gets_its_lines_beside_heavy_words(client, ana, first_days):
    page = sign_in(client, ana).post(CHOOSE, {"country": "gb"}, follow=True)
    assert 'href="tel:999"' in page.content.decode()
    card = say(ana, first_days, DESPAIR).answer["support"][0]
    assert card["emergency"] == ["999", "112"]
    assert "Shout" in {line["name"] for line in card["lines"]}


def test_a_link_of_somebody_else_does_not_change_what_an_account_keeps(client, ana):
    sign_in(client, ana).get("/help/?country=GB")
    assert country_of(ana) == ""


def test_a_choice_can_be_changed_and_taken_back_under_account(client, ana):
    sign_in(client, ana)
    answer = client.post(CHOOSE, {"country": "NZ", "next": "/account/"}, follow=True)
    assert '<option value="NZ" selected>' in answer.content.decode()
    client.post(CHOOSE, {"country": ""})
    assert country_of(ana) == ""


def test_the_way_back_after_choosing_leads_to_no_other_site(client, ana):
    answer = sign_in(client, ana).post(CHOOSE, {"country": "NZ", "next": "//evil.example/"})
    assert answer.url == "/help/"


def test_a_country_that_is_not_in_the_list_is_refused(client, ana):
    sign_in(client, ana)
    answer = client.post(CHOOSE, {"country": "XX"}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "country.unknown")
    assert country_of(ana) == ""


def test_a_script_gets_the_card_with_the_lines_of_the_country(client, ana):
    sign_in(client, ana)
    asked = {"country": "DE", "card": "crisis"}
    card = client.post(CHOOSE, asked, headers={"accept": "application/json"}).json()
    assert card["emergency"] == ["112"]
    assert card["lines"][0]["name"] == "TelefonSeelsorge"


def test_what_was_chosen_before_signing_up_or_in_is_kept_on_the_account(client, ana):
    client.cookies["country"] = "DE"
    client.post("/account/sign-in/", SIGN_IN)
    assert country_of(ana) == "DE"
    client.logout()
    client.cookies["country"] = "NZ"
    form = {"sign_in_name": "night-train", "is_adult": "1", "understands": "1"}
    client.post("/join/", {**form, "passphrase": "nine slow tulips 44"})
    assert Account.objects.get(sign_in_key="night-train").country == "NZ"


def test_on_a_shared_device_nothing_is_taken_over_from_the_browser(client, ana):
    client.cookies["country"] = "DE"
    client.post("/account/sign-in/", {**SIGN_IN, "shared_device": "on"})
    assert country_of(ana) == ""


def test_the_landing_page_names_emergency_numbers_and_prefers_no_country(client):
    text = client.get("/").content.decode()
    numbers, empty = text.index('href="tel:112"'), text.index("Choose your country")
    assert numbers < empty < text.index("Argentina")
    assert "selected" not in text


def test_the_landing_page_says_help_before_it_asks_to_join_and_that_one_stays_anonymous(client):
    text = client.get("/").content.decode()
    assert text.index("anonymous") < text.index('href="tel:112"') < text.index('href="/join/"')
