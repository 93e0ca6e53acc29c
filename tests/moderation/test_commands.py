"""verify_audit, screen and moderation_worker, as a person at a terminal meets them."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from moderation import audit, gate
from moderation.models import AuditEntry, Screening
from tests.support.cast import say

pytestmark = pytest.mark.django_db
SELLING = "who's selling percs? need to cop today"


def run(*args, **options):
    out = io.StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def chain(db):
    for n in range(5):
        audit.append("test.entry", actor_id=None, subject=f"n:{n}", n=n)
    return AuditEntry.objects


def test_a_whole_log_is_confirmed_with_its_head(chain):
    out = run("verify_audit")
    assert "5 entries" in out
    assert chain.latest("number").digest in out


def test_an_empty_log_is_whole(db):
    assert audit.GENESIS in run("verify_audit")


def test_a_changed_entry_is_named(chain):
    chain.filter(number=3).update(kind="test.other")
    with pytest.raises(CommandError, match="entry 3"):
        run("verify_audit")


def test_an_inserted_entry_is_named(chain):
    last = chain.latest("number")
    forged = AuditEntry(
        number=6, at=last.at, actor_id=None, kind="test.forged", subject="n:9", data={},
        previous=chain.get(number=3).digest,
    )  # fmt: skip
    forged.digest = audit.digest(forged)
    forged.save(force_insert=True)
    with pytest.raises(CommandError, match="entry 6"):
        run("verify_audit")


def test_an_entry_rewritten_with_a_digest_that_fits_breaks_the_next_one(chain):
    forged = chain.get(number=3)
    forged.data = {"n": 99}
    chain.filter(number=3).update(data=forged.data, digest=audit.digest(forged))
    with pytest.raises(CommandError, match="entry 4"):
        run("verify_audit")


def test_a_log_that_was_cut_off_is_found_by_its_published_head(chain):
    head = chain.latest("number").digest
    assert head in run("verify_audit", "--head", head)
    chain.filter(number=5).delete()
    with pytest.raises(CommandError, match="head"):
        run("verify_audit", "--head", head)


@pytest.fixture
def screened(monkeypatch, first_days):
    def of(text, *args):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        return [json.loads(line) for line in run("screen", *args).splitlines()]

    return of


def test_each_line_gets_its_verdict_in_order(screened):
    lines = [{"text": "hello there"}, {"text": SELLING, "room": "first-days"}]
    first, second = screened("\n".join(map(json.dumps, lines)))
    assert (first["action"], second["action"]) == ("allow", "hold")
    assert second["labels"]["sourcing"] > 0
    assert second["spans"]
    assert second["reasons"][0]["text"]


@pytest.mark.parametrize(
    "bad", ["not json", "[]", "3", "{}", '{"text": 3}', '{"text": "x", "room": "no-such-room"}']
)
def test_a_bad_line_is_named_by_its_number(screened, bad):
    with pytest.raises(CommandError, match=r"[Ll]ine 2"):
        screened('{"text": "hello"}\n' + bad)


def test_screening_stores_nothing(screened):
    screened('{"text": "who\'s selling percs?"}')
    assert not Screening.objects.exists()


def test_the_worker_screens_what_waited(ana, first_days, settings):
    settings.MODERATION_ENGINE = "tests.support.engines.Throws.load"
    gate.runner.cache_clear()
    message = say(ana, first_days, "hello there")
    settings.MODERATION_ENGINE = "moderation.engine.screener.Screener.load"
    gate.runner.cache_clear()
    assert "1 screened" in run("moderation_worker", "--once")
    message.refresh_from_db()
    assert message.status == "published"


def test_texts_that_the_engine_could_not_screen_end_with_an_error(screened, settings):
    settings.MODERATION_ENGINE = "tests.support.engines.Throws.load"
    gate.runner.cache_clear()
    with pytest.raises(CommandError, match="no verdict on 1 text"):
        screened('{"text": "hello"}')
