"""The engine as a whole: disguises, evidence, policy, its contract with detectors, its speed."""

import math
import time

import pytest

from moderation.engine import policy
from moderation.engine.screener import DetectorFault, Screener
from moderation.engine.text import read, skeleton
from moderation.engine.types import LEARNED, Action, Draft, Earlier, Signal, Standing

DISGUISES = {
    "leet": lambda t: t.replace("e", "3").replace("o", "0"),
    "zero width": lambda t: "\u200b".join(t),
    "fullwidth": lambda t: "".join(chr(ord(c) + 0xFEE0) if "a" <= c <= "z" else c for c in t),
    "cyrillic": lambda t: t.translate(str.maketrans("aeopcx", "аеорсх")),
    "upper": str.upper,
    "accents": lambda t: t.replace("e", "é").replace("o", "ö"),
}
ROWS = {
    "negative circled": "🅐",
    "negative squared": "🅰",
    "regional indicators": "🇦",
    "circled": "ⓐ",
}
DISGUISES |= {
    name: lambda t, start=start: "".join(
        chr(ord(start) + ord(c) - ord("a")) if "a" <= c <= "z" else c for c in t
    )
    for name, start in ROWS.items()
}
LETTERS = {
    "lisu": ("adefiklnorstuwy", "ꓮꓓꓰꓝꓲꓗꓡꓠꓳꓣꓢꓔꓴꓪꓬ"),
    "small capitals": ("adefiklnorstuwy", "ᴀᴅᴇꜰɪᴋʟɴᴏʀꜱᴛᴜᴡʏ"),
    "hooked": ("adefiklnorstuy", "ᶏɗᶒƒᶖƙɭɲɵꞧʂƭᶙƴ"),
    "insular": ("dfgrst", "ꝺꝼᵹꞃꞩꞇ"),
    "coptic": ("aeiknoty", "ⲁⲉⲓⲕⲛⲟⲧⲩ"),
}
DISGUISES |= {
    name: lambda t, pair=pair: t.translate(str.maketrans(*pair)) for name, pair in LETTERS.items()
}
PLAIN = {"i want to die": "crisis", "go kill yourself": "threat", "fent for sale": "sourcing"}


@pytest.fixture(scope="module")
def engine():
    return Screener.load()


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("text", PLAIN)
def test_a_disguise_hides_nothing(engine, text, disguise):
    assert PLAIN[text] in engine.screen([Draft(DISGUISES[disguise](text))])[0].taken


@pytest.mark.parametrize("text", ["🅢🅔🅛🅛", "🆂🅴🅻🅻", "🇸🇪🇱🇱", "ꓢꓰꓡꓡ", "sᴇll", "🇸\u200b🇪\u200b🇱🇱"])
def test_drawn_letters_are_read_and_found_again(text):
    reading = read(Draft(f"é {text}."))
    assert reading.plain == "e sell."
    span = reading.plain_span(2, 6)
    assert reading.draft.text[span.start : span.end] == text


@pytest.mark.parametrize("flag", ["🇮🇪", "🇺🇸 🇮🇹", "so: 🇳🇴!"])
def test_the_flag_of_a_country_is_no_word(flag):
    assert read(Draft(flag)).words <= {"so"}


@pytest.mark.parametrize(
    "written",
    ["f e n t for sale", "f.e.n.t for sale", "f-3-n-t for sale", "**fe**nt for s__al__e"],
)
def test_letters_that_stand_apart_are_read_together(engine, written):
    assert "sourcing" in engine.screen([Draft(written)])[0].taken


def test_evidence_is_found_again_in_the_words_as_written(engine):
    text = "honestly: ＦＥＮＴ for sale, hmu"
    verdict = engine.screen([Draft(text)])[0]
    marked = " ".join(text[span.start : span.end] for span in verdict.spans)
    assert "ＦＥＮＴ" in marked


@pytest.mark.parametrize(
    "text",
    [
        "plain words",
        "s p a c e d out",
        "diiiie",
        "l33t w0rds",
        "Ünïcödé ﬁn",
        "a\u200bb",
        "se**lli**ng",
        "",
    ],
)
def test_offsets_stay_inside_the_text_and_in_order(text):
    reading = read(Draft(text))
    for way, offsets in (
        (reading.plain, reading.offsets),
        (reading.folded, reading.folded_offsets),
    ):
        places = list(offsets)
        assert len(places) == len(way) + 1
        assert places == sorted(places)
        assert places[-1] == len(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("quiet-otter-42", "Quiet_Otter_42"),
        ("moderator", "m0derat0r"),
        ("lilly", "1i11y"),
        ("paypal", "раураl"),
        ("modern", "modem"),
        ("wave", "vvave"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(one, other):
    assert skeleton(one) == skeleton(other)


def test_the_same_draft_gets_the_same_verdict_alone_and_in_a_batch(engine):
    drafts = [Draft(text) for text in ("hello", "i want to die", "selling percs, hmu")]
    assert engine.screen(drafts) == [engine.screen([draft])[0] for draft in drafts]


def test_a_verdict_names_its_rule_its_policy_and_its_reasons(engine):
    verdict = engine.screen([Draft("selling percs, hmu, local delivery")])[0]
    assert (verdict.action, verdict.rule) == (Action.BLOCK, "sourcing.offer")
    assert verdict.policy
    assert verdict.reasons[0].text


def test_the_gravest_action_wins_and_the_card_stays(engine):
    verdict = engine.screen([Draft("I want to die. my number is 07911 123456")])[0]
    assert (verdict.action, verdict.support, verdict.severity) == (Action.NUDGE, ("crisis",), 1)


def test_the_same_text_again_and_again_is_not_sent(engine):
    text = "please read my story on page nine"
    history = [Earlier(text, 5.0), Earlier(text, 9.0)]
    assert engine.screen([Draft(text, history=history)])[0].rule == "disruption.repeat"


def test_thanks_may_be_said_as_often_as_one_likes(engine):
    history = [Earlier("thank you", 2.0)] * 5
    assert engine.screen([Draft("thank you", history=history)])[0].action == "allow"


def test_a_newcomers_link_is_looked_at_first_and_an_official_one_is_not(engine):
    foreign = Draft("look at https://shop.example.com/x", standing=Standing.NEW)
    official = Draft("look at https://www.samhsa.gov/find-help", standing=Standing.NEW)
    assert [v.action.value for v in engine.screen([foreign, official])] == ["hold", "allow"]


@pytest.mark.parametrize("number", ["988", "116 123", "741741", "1-800-662-4357"])
def test_helplines_may_be_passed_on(engine, number):
    assert engine.screen([Draft(f"call {number} if it gets bad")])[0].action == "allow"


FILLING = "I walked today and felt good. " * 400


@pytest.mark.parametrize(
    "text",
    [
        f"{FILLING}call me on +44 7911 123456",
        f"{'1999-01-01-2 x ' * 300}{FILLING}call me on +44 7911 123456",
        f"{'1 ' * 900}+44 7911 123456",
    ],
)
def test_a_phone_number_is_found_wherever_it_stands(engine, text):
    assert "personal_information" in engine.screen([Draft(text)])[0].labels


# --- detectors that break their contract ---------------------------------------------------------


class Odd:
    name = "odd"
    labels: tuple[str, ...] = ("insult",)

    def __init__(self, answer):
        self.answer = answer

    def detect(self, batch):
        return self.answer


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [[Signal("nonsense", 0.5, "odd")]],
        [[Signal("threat", 0.5, "odd")]],
        [[Signal("insult", math.nan, "odd")]],
        [[Signal("insult", 1.5, "odd")]],
    ],
)
def test_a_detector_that_breaks_its_contract_judges_nothing(answer):
    with pytest.raises(DetectorFault):
        Screener([Odd(answer)], policy.load()).screen([Draft("hello")])


GOOD = """version = "1"
presets = ["standard"]
[[rule]]
name = "a"
label = "insult"
min = 0.5
action = "hold"
severity = 3
reason = "because"
"""


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("insult", "rudeness"), "unknown label"),
        (('"hold"', '"scold"'), "unknown action"),
        (("min = 0.5", "min = 1.5"), "min < max"),
        (("min = 0.5", ""), "needs 'min' or 'learned'"),
        (("min = 0.5", "learned = -1"), "is a probability"),
        (("severity = 3", "severity = 9"), "severity must be"),
        (('reason = "because"', ""), "lacks 'reason'"),
        (('reason = "because"', 'reason = "x"\nmood = 1'), "unknown key"),
        (('reason = "because"', 'reason = "x"\npresets = ["moon"]'), "unknown presets"),
        (('version = "1"', ""), "needs a version"),
        (("[[rule]]", "[[rule"), "Expected"),
    ],
)
def test_a_wrong_policy_is_refused_with_its_place(tmp_path, change, problem):
    path = tmp_path / "policy.toml"
    path.write_text(GOOD.replace(*change))
    with pytest.raises(policy.PolicyError, match=problem):
        policy.load(path)


def test_a_rule_that_can_never_be_reached_is_refused(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text(GOOD + GOOD[GOOD.index("[[rule]]") :].replace('"a"', '"b"'))
    with pytest.raises(policy.PolicyError, match="never reached"):
        policy.load(path)


def test_a_rule_takes_the_models_word_only_from_where_it_says(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text(GOOD.replace("min = 0.5", "min = 0.5\nlearned = 0.9"))
    rules = policy.load(path)
    for detector, score, action in (
        ("attack", 0.6, Action.HOLD),
        (LEARNED, 0.6, Action.ALLOW),
        (LEARNED, 0.9, Action.HOLD),
    ):
        signal = Signal("insult", score, detector)
        assert policy.decide(rules, Draft("x"), [signal], {}).action == action
    path.write_text(GOOD)
    deaf = policy.load(path)
    signal = Signal("insult", 1.0, LEARNED)
    assert policy.decide(deaf, Draft("x"), [signal], {}).action == Action.ALLOW


def test_a_rule_that_a_surer_one_leaves_something_to_is_kept(tmp_path):
    path = tmp_path / "policy.toml"
    rule = GOOD[GOOD.index("[[rule]]") :]
    low = rule.replace('"a"', '"b"').replace("min = 0.5", "learned = 0.5")
    path.write_text(GOOD.replace("min = 0.5", "learned = 0.9") + low)
    assert len(policy.load(path).rules) == 2
    path.write_text(GOOD.replace("min = 0.5", "learned = 0.4") + low)
    with pytest.raises(policy.PolicyError, match="never reached"):
        policy.load(path)


# --- time: ratios only ---------------------------------------------------------------------------

HOSTILE = {
    "one letter": "a",
    "spaces": " ",
    "digits": "1 ",
    "dashes": "1-",
    "i want to": "i want to ",
    "at signs": "a@",
    "dots": "a.",
    "leet": "4a",
    "phone numbers": "617 253 1000 ",
    "short numbers": "253-1000 ",
    "years": "19990101 x ",
    "postcodes": "a1 1aa ",
    "newlines": "kill\n",
    "brackets": "[at] ",
    "quit": "just stop drinking your ",
    "numbers in words": "one two ",
    "links": "http://a.com ",
    "cyrillic": "ж",
}


def seconds(engine, text):
    times = []
    for _ in range(3):
        start = time.thread_time()
        engine.screen([Draft(text)])
        times.append(time.thread_time() - start)
    return min(times)


@pytest.mark.parametrize("seed", HOSTILE)
def test_twice_the_text_costs_about_twice_the_time(engine, seed):
    half = (HOSTILE[seed] * 16_000)[:8_000]
    engine.screen([Draft(half)])
    assert seconds(engine, half * 2) < 4 * seconds(engine, half) + 0.005


def test_somebody_in_danger_is_not_told_that_they_say_it_again(engine):
    text = "i can't do this any more, i want to die tonight"
    verdict = engine.screen([Draft(text, history=[Earlier(text, 20.0)] * 3)])[0]
    assert verdict.action == Action.SUPPORT
    assert verdict.support == ("crisis",)
