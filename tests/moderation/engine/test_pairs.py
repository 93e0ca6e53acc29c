"""What the engine lets through and what it catches: minimal pairs and look-alikes."""

import json

import pytest

from moderation.engine import lexicon
from moderation.engine.screener import Screener
from moderation.engine.types import Draft


@pytest.fixture(scope="module")
def engine():
    return Screener.load()


HARMLESS = [
    "after work i called my sponsor and felt calmer",
    "holy shit, 90 days, so damn proud of you",
    "I used to shoot up daily",
    "I'm not suicidal any more",
    "is it safe to stop Xanax?",
    "my sponsor said stop your meds, that nearly killed me",
    "where can I get Narcan",
    "where do I get naloxone / a meeting / Suboxone treatment",
    "fuck this disease",
    "text the helpline 741741",
    "my clinic dose is going well",
    "he was blue, we saved him last year",
    "I want to kill the craving",
    "we all relapse, come back",
    "has anyone been to a rehab near Leeds?",
    "I'm 17 months sober",
    "shared in my faith room",
    "this job is killing me",
    "I'd kill for a smoke",
    "I deleted my dealer's number",
    "my plug texted, I'm shaking",
    "I'm dead, that was so funny",
    "dying of laughter",
    "that share killed me",
    "hit me up after the meeting",
    "shoot me a message in the room",
    "ODing on coffee today",
    "I could murder a drink",
    "I threw out my last bottle years ago",
    "as a trans woman I finally feel at home in this room",
    "he called me a faggot and I still didn't drink",
    "I feel like such a loser today but I'm here",
    "my ex was an idiot and so was I",
    "don't just stop, see a doctor first",
    "I quit cold turkey and was lucky to live",
    "someone told me methadone is just trading one drug for another, is that true?",
    "day 3, sweaty and cranky, but here",
    "I took all my meds this morning like I should",
    "call 988 if it gets bad",
    "I survived my attempt ten years ago and I'm glad I did",
    "my mum died and I miss her so much",
    "I used the tools today",
    "I use the app every day",
    "I smoked a brisket today and it was great",
    "thirteenth stepping is a thing, be careful ladies",
    "I got my 90 day chip!",
    "I'm so fucking angry at myself",
    "need a new phone charger, anyone got a plug",
    "what dose did your doctor start you on?",
    "never use alone and carry naloxone",
    "I go to the meeting on 5th street every Monday",
    "my son is 17 and I'm worried about him",
    "today's reading was about acceptance",
    "I work at a hospital",
    "anyone up for the 8pm meeting tonight?",
    "it's tonight at 8, the meeting",
    "she has blue eyes and I love her",
    "I prayed to god and it helped me",
]

CAUGHT = [
    ("who can teach me to shoot up", "use_instructions"),
    ("I'm not scared any more, it's tonight", "crisis"),
    ("it's safe to stop Xanax, just do it", "misinformation"),
    ("stop your meds", "misinformation"),
    ("just stop drinking, you'll be fine", "misinformation"),
    ("nobody dies from withdrawal", "misinformation"),
    ("where can I get blues", "sourcing"),
    ("fuck you, addict", "harassment"),
    ("text me 555-0147", "personal_information"),
    ("he's blue", "overdose"),
    ("he's blue and not breathing what do i do", "overdose"),
    ("I want to kill him", "threat"),
    ("DM me, my rehab flies you free", "patient_brokering"),
    ("only Jesus keeps you sober, the rest die", "proselytising"),
    ("I want to die", "crisis"),
    ("i'm going to kill myself tonight", "crisis"),
    ("I have a bottle of pills and I'm ready to die", "crisis"),
    ("I can't do this anymore, I don't want to be here", "crisis"),
    ("I took all my pills", "overdose"),
    ("selling percs, hmu, local delivery", "sourcing"),
    ("anyone got a plug for xanax in Leeds", "sourcing"),
    ("I can sell you some of my subs", "sourcing"),
    ("you're a pathetic junkie", "harassment"),
    ("kys", "threat"),
    ("you people are a bunch of idiots", "insult"),
    ("suboxone isn't really clean", "treatment_stigma"),
    ("you're not really sober if you're on methadone", "treatment_stigma"),
    ("my email is jo.smith@example.com", "personal_information"),
    ("my number is 07911 123456", "personal_information"),
    ("his number is +1 415 555 2671", "personal_information"),
    ("add me on snap: jo.blogs22", "personal_information"),
    ("let's talk on whatsapp", "predatory_contact"),
    ("how old are you", "predatory_contact"),
    ("don't tell your sponsor", "predatory_contact"),
    ("make $500 a day with crypto, click the link in my bio", "spam"),
    ("I relapsed last night", "triggering_detail"),
    ("day one again", "triggering_detail"),
    ("f e n t for sale", "sourcing"),
    ("k1ll yourself", "threat"),
    ("I stopped drinking cold turkey yesterday after years of a bottle a day", "withdrawal_danger"),
    (
        "had a seizure last time i stopped, shaking so bad now day two without drink",
        "withdrawal_danger",
    ),
    ("all gays should die", "identity_attack"),
    ("I'm cutting myself again", "crisis"),
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_heals_passes(engine, text):
    assert engine.screen([Draft(text)])[0].action == "allow"


@pytest.mark.parametrize(("text", "label"), CAUGHT)
def test_what_harms_is_caught_under_its_name(engine, text, label):
    verdict = engine.screen([Draft(text)])[0]
    assert verdict.action != "allow"
    assert label in verdict.taken


def claims():
    return json.loads((lexicon.FOLDER / "claims.json").read_text())["claims"]


def test_the_known_wordings_of_claims_are_found(engine):
    wordings = [p for c in claims() if c["severity"] != "debatable" for p in c["phrasings"]]
    found = [v.action != "allow" for v in engine.screen([Draft(w) for w in wordings])]
    assert sum(found) / len(found) > 0.9


def test_no_look_alike_of_a_claim_is_called_false(engine):
    alike = [text for c in claims() for text in c["look_alikes"]]
    for text, verdict in zip(alike, engine.screen([Draft(t) for t in alike]), strict=True):
        assert not {"misinformation", "treatment_stigma"} & set(verdict.taken), text


def test_a_debatable_claim_is_never_called_false(engine):
    texts = [p for c in claims() if c["severity"] == "debatable" for p in c["phrasings"]]
    assert {v.action.value for v in engine.screen([Draft(t) for t in texts])} == {"allow"}
