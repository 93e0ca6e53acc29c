"""Which language a text is in, and what is done with one that nothing here can judge."""

from collections import Counter

import pytest

from moderation.engine import policy
from moderation.engine.detectors.language import Languages
from moderation.engine.text import read
from moderation.engine.types import Action, Draft, Standing
from moderation.lab import rows


@pytest.fixture(scope="module")
def languages():
    return Languages()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hoy llevo diez días y no sé qué voy a hacer mañana", "Spanish"),
        ("hoje eu não bebi e estou muito feliz com isso", "Portuguese"),
        ("je ne sais pas comment je vais passer la nuit sans boire", "French"),
        ("ich weiß nicht, wie ich das ohne Alkohol schaffen soll", "German"),
        ("non so come ho fatto ma oggi è il mio giorno più bello", "Italian"),
        ("ik weet niet wat ik vandaag moet doen zonder drank", "Dutch"),
        ("Nie wiem, jak mam dalej żyć i co mam z tym zrobić", "Polish"),
        ("jag vet inte hur jag ska klara det här utan att dricka", "Swedish"),
        ("bugün çok zor bir gün ama ben hiç içmedim", "Turkish"),
        ("я хочу умереть, помогите мне", "Russian or another language in Cyrillic letters"),
        ("لا أستطيع أن أتوقف عن الشرب", "Arabic Persian or Urdu"),
        ("我不想活了，真的很难受", "Chinese"),
        ("もうお酒をやめたいのに、やめられない", "Japanese"),
        ("오늘도 술을 마시지 않았어요", "Korean"),
    ],
)
def test_a_sentence_is_known_by_its_language(languages, text, name):
    assert languages.of(text).name == name


@pytest.mark.parametrize("text", ["", "ok", "lol lol lol lol lol lol", "v v v v v v", "??? !!! 123",
                                  "c'est la vie", "si", "que sera sera"])  # fmt: skip
def test_what_is_too_short_to_tell_is_in_no_language(languages, text):
    assert languages.of(text) is None


def test_our_own_samples_are_in_the_language_that_they_are_in(languages):
    found = Counter(
        (row.lang, getattr(languages.of(row.text), "name", "")) for row in rows.samples()
    )
    english = sum(count for (lang, _), count in found.items() if lang == "en")
    spanish = sum(count for (lang, _), count in found.items() if lang == "es")
    assert found["en", ""] >= 0.999 * english
    assert found["es", "Spanish"] > 0.7 * spanish


def verdict(languages, text, standing):
    draft = Draft(text, standing=standing)
    return policy.decide(policy.load(), draft, languages.detect([read(draft)])[0], {})


def test_what_can_not_be_judged_waits_when_its_author_is_new_and_is_told_to_the_desk(languages):
    text = "Nie wiem, jak mam dalej żyć i co mam z tym zrobić"
    new = verdict(languages, text, Standing.NEW)
    known = verdict(languages, text, Standing.REGULAR)
    assert (new.action, new.severity) == (Action.HOLD, 4)
    assert (known.action, known.severity) == (Action.ALLOW, 4)
    assert "Polish" in known.signals[0].evidence


def test_spanish_is_said_to_be_judged_in_part_and_goes_out(languages):
    found = verdict(languages, "hoy llevo diez días y no sé qué voy a hacer", Standing.NEW)
    assert (found.action, found.severity) == (Action.ALLOW, 0)
    assert found.signals[0].facts == {"assessed": "gravest"}
