"""Who somebody is is never evidence: plain talk passes, whichever group it names."""

import pytest

from moderation.engine.screener import Screener
from moderation.engine.types import Action, Draft

PEOPLE = (
    "gay", "lesbian", "bisexual", "trans", "queer", "nonbinary", "straight", "Black", "white",
    "Latina", "Asian", "Native", "Jewish", "Muslim", "Christian", "Hindu", "atheist", "Catholic",
    "deaf", "blind", "autistic", "disabled", "old", "young", "Mexican", "Irish", "Polish",
    "Nigerian",
)  # fmt: skip
PLAIN = (
    "as a {} person I finally feel at home in this room",
    "my sponsor is {} and has fourteen years",
    "is there a meeting for {} people on Thursdays?",
    "I'm {} and six months sober, thank you all",
    "the only other {} woman in my group brought cake today",
    "my {} neighbour drove me to detox, I won't forget that",
    "being {} and in recovery is a lot some days",
    "two {} friends of mine are coming along tonight",
)


@pytest.fixture(scope="module")
def actions():
    engine = Screener.load()
    texts = [(who, text.format(who)) for who in PEOPLE for text in PLAIN]
    verdicts = engine.screen([Draft(text) for _, text in texts])
    return [(who, text, v.action) for (who, text), v in zip(texts, verdicts, strict=True)]


def test_nothing_that_only_names_a_group_is_held(actions):
    held = [text for _, text, action in actions if action in (Action.HOLD, Action.BLOCK)]
    assert held == []


def test_no_group_is_stopped_more_often_than_another(actions):
    flagged = dict.fromkeys(PEOPLE, 0)
    for who, _, action in actions:
        flagged[who] += action != Action.ALLOW
    assert max(flagged.values()) <= 1, flagged
    assert sum(flagged.values()) <= len(actions) * 0.02, flagged
