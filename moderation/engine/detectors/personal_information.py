"""Details that show who somebody is or where to find them: one's own, or worse, another's."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from phonenumbers import Leniency, PhoneNumberMatcher

from moderation.engine.types import Reading, Signal

REGIONS = ("US", "GB", "IE", "AU", "DE", "IN")
# Of one kind in one text. Looking takes time, so what comes after MOST_LOOKED_AT counts unseen.
MOST_LOOKED_AT = 40
MOST_FOUND = 12
MOST_MATCHED = 800  # characters for the phone matcher, which is slow on long digit soup
NEAR = 90

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w+-][\w.+-]{0,63}(?:@|\s?[\[(]\s?at\s?[\])]\s?)[\w-]{1,63}"
    r"(?:(?:\.|\s?[\[(]\s?dot\s?[\])]\s?)[\w-]{2,24}){1,3}(?![\w-])"
)
MOST_DIGITS = 40
_DIGITS = re.compile(rf"\d(?:[\s().-]{{0,2}}\d){{6,{MOST_DIGITS - 1}}}")
LONGEST_NUMBER = 24  # characters, with what is written between its digits
BESIDE = 16  # characters that the phone matcher sees on each side: a plus, a currency sign
_SHORT_NUMBER = re.compile(r"(?<![\d$£€-])\d{3}[-. ]\d{4}(?![\d-])")
_NUMBER_WORDS = re.compile(
    r"\b(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)[\s,-]{1,2}){6,14}"
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b"
)
_STREET = re.compile(
    r"\b\d{1,5}[a-z]?\s(?:[a-z.]{2,15}\s){1,3}(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr"
    r"|boulevard|blvd|court|ct|close|terrace|square|way|crescent|place)\b(?!\s(?:ago|of|to|off|a|the|i|in)\b)"
)
_UNIT = re.compile(r"\b(?:apt|apartment|unit|flat|suite)\.?\s#?\d{1,4}[a-z]?\b")
_ZIP = re.compile(r"\b[a-z]{1,2}\d[\da-z]?\s\d[a-z]{2}\b")
_NETWORK = (
    r"(?:insta(?:gram)?|ig|snap(?:chat)?|sc|tiktok|twitter|facebook|fb|discord|telegram|kik|whatsapp"
    r"|signal|reddit|linkedin|onlyfans)"
)
_HANDLE = re.compile(
    rf"\b{_NETWORK}\b(?:\s(?:is|handle|name|user|username|at|as|me))?[\s:@=-]{{1,4}}(?:@)?"
    r"(?P<name>[a-z][\w.]{2,30}[\w])(?<!\bis)|(?<![\w.])@[a-z][\w.]{3,30}\w"
)
_NOT_A_NAME = frozenset(
    "and the for but post posts story stories account accounts group groups page live video videos"
    " meeting meetings about because when that this like today again with from feed friends was is"
    " has have had are messages message reels profile profiles off until instead people after"
    " before recovery sober which where while just all every some too anyway also".split()
)
_FULL_NAME = re.compile(
    r"\b(?:my|his|her|their|your)\s(?:real|full|legal|last|actual)\sname\s(?:is|was)\s[a-z]{2,20}"
    r"(?:\s[a-z]{2,20}){0,2}|\b(?:his|her|their|your)\sname\sis\s[a-z]{2,20}\s[a-z]{2,20}\band\b"
)
_WORKPLACE = re.compile(
    r"\b(?:(?:i|he|she|they|you)\s(?:work|works|teach|teaches)\s(?:at|for)\sthe?\s?[\w' ]{2,30}?"
    r"\s(?:hospital|school|clinic|store|branch|office|bank|precinct|factory|university|college)\s"
    r"(?:in|on)\s[a-z]{3,20})"
)
_OTHERS = re.compile(
    r"\b(?:his|her|their|your|he|she|they|him|them|you)\b|\b(?:ex|sponsor|boss|dealer|husband|wife"
    r"|brother|sister|daughter|son|neighbou?r|counsell?or|roommate)(?:'s)?\b|\b@?[\w-]+'s (?:number"
    r"|address|email|insta|snap|real name)\b|\b(?:lives|works) (?:at|on|in)\b"
)
_OWN = re.compile(r"\b(?:my|me|mine|i|i'm|i live|reach me|call me|text me|add me|hit me)\b")
_HELP = re.compile(
    r"\b(?:helpline|hotline|lifeline|crisis|line|samaritans|samhsa|poison|emergency|ambulance"
    r"|meeting|zoom|passcode|room id|id|clinic|office|intergroup|warmline|talk to frank|shout"
    r"|textline|open to all|support line|nhs)\b"
)


class PersonalInformation:
    name = "personal_information"
    labels: tuple[str, ...] = ("personal_information",)

    def __init__(self, helpline_digits: frozenset[str]) -> None:
        """`helpline_digits` are numbers of helplines, digits only: anybody may pass them on."""
        self._helplines = helpline_digits

    def detect(self, batch: Sequence[Reading]) -> list[list[Signal]]:
        return [list(self._signals(reading)) for reading in batch]

    def _signals(self, reading: Reading) -> Iterator[Signal]:
        text = reading.plain
        has_digit = any(map(str.isdigit, text)) if not text.isalpha() else False
        if "@" in text or "(at)" in text or "[at]" in text or " at)" in text:
            yield from self._found(reading, _spans(_EMAIL, text), 0.96, "an e-mail address")
        if has_digit:
            yield from self._phones(reading)
            yield from self._found(reading, _spans(_STREET, text), 0.85, "a street address")
            yield from self._found(reading, _spans(_UNIT, text), 0.7, "a flat or unit number")
            yield from self._found(reading, _spans(_ZIP, text), 0.8, "a postcode")
        if "one" in text or "two" in text or "zero" in text or "five" in text:
            yield from self._found(reading, _spans(_NUMBER_WORDS, text), 0.85, "a number in words")
        yield from self._names(reading)

    def _phones(self, reading: Reading) -> Iterator[Signal]:
        text = reading.plain
        spans: set[tuple[int, int]] = set()
        left = MOST_MATCHED
        for start, end in _digit_runs(text):
            spans |= _numbers(text, start, end) if left > 0 else {(start, end)}
            left -= end - start + 2 * BESIDE
        spans |= {m.span() for m in _SHORT_NUMBER.finditer(text)}
        yield from self._found(reading, _outermost(spans), 0.93, "a phone number")

    def _is_public(self, text: str, start: int, end: int) -> bool:
        digits = re.sub(r"\D", "", text[start:end])
        if digits in self._helplines or digits[1:] in self._helplines:
            return True
        around = text[max(0, start - 40) : end + 25]
        return bool(_HELP.search(around)) and not _OWN.search(text[max(0, start - 18) : start])

    def _names(self, reading: Reading) -> Iterator[Signal]:
        text = reading.plain
        handles = (m for m in _HANDLE.finditer(text) if _is_handle(m["name"], m[0]))
        for match in islice(handles, MOST_FOUND):
            yield self._signal(reading, *match.span(), 0.86, "a name on another network")
        if "name" in reading.words:
            yield from self._found(reading, _spans(_FULL_NAME, text), 0.85, "somebody's real name")
        yield from self._found(reading, _spans(_WORKPLACE, text), 0.75, "where somebody works")

    def _found(
        self, reading: Reading, spans: Iterable[tuple[int, int]], score: float, what: str
    ) -> Iterator[Signal]:
        found = 0
        for count, (start, end) in enumerate(spans):
            if count < MOST_LOOKED_AT and self._is_public(reading.plain, start, end):
                continue
            yield self._signal(reading, start, end, score, what)
            found += 1
            if found == MOST_FOUND:
                return

    def _signal(self, reading: Reading, start: int, end: int, score: float, what: str) -> Signal:
        return Signal(
            label="personal_information",
            score=score,
            detector=self.name,
            spans=(reading.plain_span(start, end),),
            evidence=f"gives {what}",
            facts={"whose": whose(reading.plain, start, end)},
        )


def whose(text: str, start: int, end: int) -> str:
    """ "own" unless the words before speak of somebody else nearer than of oneself."""
    before = text[max(0, start - NEAR) : start]
    before = re.split(r"[.!?\n]", before)[-1] + text[start:end]
    other = max((m.end() for m in _OTHERS.finditer(before)), default=-1)
    own = max((m.end() for m in _OWN.finditer(before)), default=-1)
    return "other" if other > own else "own"


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in pattern.finditer(text))


def _digit_runs(text: str) -> Iterator[tuple[int, int]]:
    """Where phone numbers may be. A run without an end comes in parts that overlap by a number."""
    at = 0
    while match := _DIGITS.search(text, at):
        yield match.span()
        goes_on = sum(map(str.isdigit, match[0])) == MOST_DIGITS
        at = match.end() - LONGEST_NUMBER if goes_on else match.end()


def _numbers(text: str, start: int, end: int) -> set[tuple[int, int]]:
    first = max(0, start - BESIDE)
    window = text[first : end + BESIDE]
    found = set()
    for region in REGIONS:
        for number in PhoneNumberMatcher(window, region, Leniency.VALID, max_tries=40):
            found.add((first + number.start, first + number.end))
    return found


def _is_handle(name: str | None, whole: str) -> bool:
    return name is None or (name not in _NOT_A_NAME and _looks_made(name, whole))


def _looks_made(name: str, whole: str) -> bool:
    """A name with a digit, dot or underscore, or one introduced by @, : or "is"."""
    return bool(re.search(r"[\d._]", name)) or bool(re.search(r"[@:=]|\b(?:is|as|handle)\b", whole))


def _outermost(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """In order, without those that lie inside another one."""
    last = -1
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end > last:
            last = end
            yield start, end
