"""What each row teaches: a target in [0, 1] for some heads, nothing for those it doesn't know.

The public sets say little about recovery; what they do say, and how far it is believed, is written
here. Weights are relative to a row of our own samples.
"""

from collections.abc import Callable, Mapping

from moderation.engine.heads import HARM, HEADS
from moderation.lab.rows import Row

Targets = Mapping[str, float]

_ATTACKS = ("insult", "harassment", "identity_attack", "threat", "sexual")
_RECOVERY = tuple(
    h for h in HEADS if h not in (HARM, "toxicity", "obscene", *_ATTACKS, "relapse", "advice")
)
_LEVELS = {"amber": 1, "red": 2, "crisis": 3}
_CRISIS = ("crisis_amber", "crisis_red", "crisis_now")
# An attack may well be several kinds of attack, whether our sample says so or not.
_VAGUE = {"harassment", "insult", "threat", "identity_attack", "toxicity", "sexual"}


def own(row: Row) -> Targets:
    """Our own samples know every head, but for what was not asked of them."""
    found = dict.fromkeys(HEADS, 0.0)
    for label in row.labels:
        if label in found:
            found[label] = 1.0
    found[HARM] = float(any(row.labels.values()))
    for place, head in enumerate(_CRISIS, 1):
        found[head] = float("crisis" in row.labels and _LEVELS.get(row.level, 2) >= place)
    found["sourcing_offer"] = float(row.family.startswith("sourcing/offer"))
    found["others_information"] = float(row.family.startswith("personal_information/other"))
    found["relapse"] = float(row.family == "ordinary/relapse")
    found["advice"] = float(row.stance == "advice")
    return {head: value for head, value in found.items() if head not in _unknown_of(row)}


def _unknown_of(row: Row) -> set[str]:
    unknown = {"obscene"}
    if _VAGUE & set(row.labels):
        unknown |= {head for head in _VAGUE if head not in row.labels}
    if not {"misinformation", "treatment_stigma"} & set(row.labels):
        unknown.add("advice")
    if {"crisis", "overdose", "withdrawal_danger", "triggering_detail"} & set(row.labels):
        unknown.add("relapse")
    if "personal_information" in row.labels and not row.family.startswith("personal_information"):
        unknown.add("others_information")
    if row.set == "drugs" and "sourcing" in row.labels and "/" not in row.family:
        unknown.add("sourcing_offer")
    return unknown


def _harmless() -> dict[str, float]:
    return dict.fromkeys((HARM, *_RECOVERY, *_ATTACKS, "toxicity"), 0.0)


def _olid(row: Row) -> Targets:
    offensive = row.labels["offensive"]
    if not offensive:
        return dict.fromkeys(("toxicity", *_ATTACKS), 0.0)
    found = {HARM: 0.9, "toxicity": 0.95, "insult": 0.8 if row.labels.get("at_person") else 0.4}
    return found | ({"identity_attack": 0.5} if row.labels.get("at_group") else {})


def _davidson(row: Row) -> Targets:
    if row.labels["hate"]:
        return {HARM: 0.97, "toxicity": 1.0, "identity_attack": 0.9, "obscene": 0.6}
    if row.labels["offensive"]:
        return {"toxicity": 0.8, "obscene": 0.95, "identity_attack": 0.1}
    return dict.fromkeys(("toxicity", "obscene", *_ATTACKS), 0.0)


def _hate(row: Row) -> Targets:
    return {HARM: 0.95, "identity_attack": 0.95, "toxicity": 0.95} if row.labels["hate"] else {
        "identity_attack": 0.02, "toxicity": 0.1, "threat": 0.02
    }  # fmt: skip


def _toxic(row: Row) -> Targets:
    return {HARM: 0.95, "toxicity": 0.97} if row.labels.get("toxic") else dict.fromkeys(
        ("toxicity", *_ATTACKS, "spam", "crisis_amber", "crisis_red", "sourcing"), 0.0
    )  # fmt: skip


def _templates(row: Row) -> Targets:
    return {"toxicity": 1.0} if row.labels["toxic"] else {"toxicity": 0.0, "identity_attack": 0.0}


def _emotions(row: Row) -> Targets:
    """Ordinary talk. Anger and contempt may be an attack, and grief may be despair: not known."""
    found = _harmless()
    if {"anger", "annoyance", "disgust", "disapproval"} & set(row.labels):
        for head in (HARM, "toxicity", *_ATTACKS):
            found.pop(head)
    if {"sadness", "grief", "remorse", "fear", "nervousness"} & set(row.labels):
        for head in (HARM, *_CRISIS):
            found.pop(head, None)
    return found


def _suicidal(row: Row) -> Targets:
    if row.labels.get("suicidal"):
        return {HARM: 0.95, "crisis_amber": 0.97, "crisis_red": 0.85, "toxicity": 0.02}
    return {"crisis_amber": 0.65, "crisis_red": 0.2, "crisis_now": 0.02, "toxicity": 0.02}


def _risk(row: Row) -> Targets:
    levels = {
        "supportive": (0.03, 0.01, 0.0), "uninformative": (0.03, 0.01, 0.0),
        "indicator": (0.5, 0.1, 0.01), "ideation": (0.97, 0.9, 0.2),
        "behavior": (0.9, 0.7, 0.3), "attempt": (0.9, 0.7, 0.4),
    }  # fmt: skip
    name = next((label for label, on in row.labels.items() if on and label in levels), "")
    return dict(zip(_CRISIS, levels[name], strict=True)) if name else {}


def _stress(row: Row) -> Targets:
    return {"crisis_red": 0.05, "crisis_now": 0.0, "toxicity": 0.02, "spam": 0.0, "overdose": 0.0,
            "sourcing": 0.0}  # fmt: skip


def _spam(row: Row) -> Targets:
    spam = float(row.labels["spam"])
    return {HARM: 1.0, "spam": spam} if spam else {
        HARM: 0.0, "spam": 0.0, "sourcing": 0.0, "crisis_red": 0.0
    }  # fmt: skip


# name: (targets of a row, weight, most rows taken)
PUBLIC: Mapping[str, tuple[Callable[[Row], Targets], float, int]] = {
    "olid": (_olid, 0.7, 9_000),
    "davidson": (_davidson, 0.5, 4_000),
    "ethos": (_hate, 0.6, 1_000),
    "stormfront": (_hate, 0.7, 5_000),
    "fox_news": (_hate, 0.5, 1_100),
    "toxic_spans": (_toxic, 0.6, 6_000),
    "wiki_context": (_toxic, 0.6, 6_000),
    "identity_templates": (_templates, 0.3, 1_500),
    "goemotions": (_emotions, 0.6, 9_000),
    "sdcnl": (_suicidal, 0.5, 1_400),
    "cssrs_posts": (_risk, 0.5, 1_600),
    "dreaddit": (_stress, 0.4, 2_000),
    "sms_spam": (_spam, 0.6, 3_000),
    "youtube_spam": (_spam, 0.6, 1_200),
}
