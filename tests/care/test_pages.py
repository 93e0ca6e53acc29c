"""The help page: for everybody, signed in or not."""

import datetime

import pytest
from django.urls import reverse

from forum.care import lines, views
from forum.care.models import BrokenLineReport
from tests.support.cast import sign_in

HELP = reverse("care:help")
BROKEN = reverse("care:report_line")
REPORT = {"country": "GB", "line": "Samaritans", "note": "Rings out."}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_bucket():
    views.REPORTS._levels.clear()
    yield
    views.REPORTS._levels.clear()


def page(client, query=""):
    return client.get(HELP + query).content.decode()


def test_a_stranger_finds_the_lines_of_the_country_they_choose(client):
    text = page(client, "?country=GB")
    assert 'href="tel:999"' in text
    assert 'href="tel:116123"' in text


def test_every_line_of_every_country_stands_with_hours_and_cost(client):
    for country in lines.countries():
        text = page(client, f"?country={country.iso}")
        assert text.count("Hours: ") == text.count(" · Cost: ") == len(country.lines)


def test_the_emergency_number_stands_before_all_lines(client):
    text = page(client, "?country=US")
    assert text.index('href="tel:911"') < text.index('href="tel:988"')


def test_without_a_country_common_emergency_numbers_stand_there(client):
    text = page(client)
    assert text.index('href="tel:112"') < text.index('name="country"')
    assert "Hours: " not in text


def test_the_steps_for_an_overdose_need_no_country(client):
    assert "Give naloxone" in page(client)


def test_the_danger_of_a_sudden_stop_needs_no_country(client):
    assert "Stopping suddenly can be dangerous" in page(client)


def test_a_choice_is_remembered(client):
    page(client, "?country=de")
    assert client.cookies["country"].value == "DE"
    assert "TelefonSeelsorge" in page(client)


def test_nothing_is_remembered_of_somebody_who_chose_nothing(client):
    client.get(HELP, headers={"accept-language": "de-DE"})
    assert "country" not in client.cookies


@pytest.mark.parametrize("query", ["?country=XX", "?country=", "?country=%00", "?country=GBGB"])
def test_a_country_that_is_not_there_is_neither_shown_nor_remembered(client, query):
    assert "Hours: " not in page(client, query)
    assert "country" not in client.cookies


def test_a_wrong_choice_leaves_the_earlier_one(client):
    page(client, "?country=DE")
    assert "TelefonSeelsorge" in page(client, "?country=XX")
    assert client.cookies["country"].value == "DE"


def test_the_country_of_the_account_is_shown_when_signed_in(client, ana):
    ana.country = "NZ"
    ana.save(update_fields=["country"])
    assert "1737" in page(sign_in(client, ana))


def test_links_to_other_sites_tell_them_nothing(client):
    text = page(client, "?country=GB")
    assert text.count('href="https://') == text.count('rel="noreferrer noopener"') > 0


def test_a_broken_line_is_noted_with_the_day_and_nothing_of_the_visitor(client):
    client.post(BROKEN, REPORT)
    row = BrokenLineReport.objects.get()
    assert (row.country, row.line, row.note) == ("GB", "Samaritans", "Rings out.")
    assert type(row.on) is datetime.date
    kept = {field.name for field in BrokenLineReport._meta.fields}
    assert kept == {"id", "country", "line", "note", "on"}


def test_somebody_who_reports_a_line_is_thanked_on_the_same_page(client):
    answer = client.post(BROKEN, REPORT, follow=True)
    assert answer.redirect_chain == [(f"{HELP}?country=GB", 302)]
    assert "Somebody will check this line" in answer.content.decode()


@pytest.mark.parametrize("changed", [{"line": "Buy here"}, {"country": "XX"}, {"line": "1737"}])
def test_only_lines_that_are_shown_can_be_reported(client, changed):
    answer = client.post(BROKEN, {**REPORT, **changed}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "line.unknown")
    assert not BrokenLineReport.objects.exists()


def test_a_flood_of_reports_is_refused(client):
    while views.REPORTS.take("all"):
        pass
    answer = client.post(BROKEN, REPORT, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (429, "slow_down")
    assert not BrokenLineReport.objects.exists()


def test_a_long_note_is_cut_to_what_fits(client):
    client.post(BROKEN, {**REPORT, "note": "x\x00" * 400})
    assert BrokenLineReport.objects.get().note == "x" * 300


def test_looking_at_a_page_reports_nothing(client):
    assert client.get(BROKEN).status_code == 405
