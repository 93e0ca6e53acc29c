# ruff: noqa: E501 - tables
"""Hostile strings of our own, made from parts: what a text field may be fed with (X1).

Whatever runs calls `canary()` or opens a dialog; whatever loads asks for something at CANARY_HOST.
"""

from collections.abc import Iterator
from itertools import product

CANARY_HOST = "canary.invalid"
CALLS = ("canary(1)", "alert(1)", "window.canary(1)", "top['canary'](1)", "canary`1`")
ELSEWHERE = f"https://{CANARY_HOST}/x"

TAGS = (
    "<script>{}</script>", "<ScRiPt>{}</sCrIpT>", "<script src=data:,{}></script>", "<script/x>{}</script>",
    "<<script>{}//<</script>", "<script\n>{}</script\n>", "</textarea><script>{}</script>",
    "</title><script>{}</script>", "--><script>{}</script><!--", "]]><script>{}</script>",
    "<noscript><p title='</noscript><script>{}</script>'>", "<style></style><script>{}</script>",
    "<template><script>{}</script></template>", "<math><mi><script>{}</script>",
    "<svg><script>{}</script></svg>", "<svg><style><img src=x onerror={}></style></svg>",
    "<form><button formaction=javascript:{}>go</button></form>", "<iframe srcdoc='<script>{}</script>'>",
    "<object data=javascript:{}>", "<embed src=javascript:{}>", "<base href=javascript:{}//>",
    "<meta http-equiv=refresh content='0;javascript:{}'>", "<link rel=import href='data:text/html,{}'>",
    "<xmp><img src=x onerror={}></xmp>", "<a id=forms name=canary href='javascript:{}'>x</a>",
)  # fmt: skip
ELEMENTS = ("img src=x", "svg", "body", "input autofocus", "details open", "video src=x", "audio src=x",
            "marquee", "select autofocus", "iframe", "p style=animation:x", "a href=x", "math",
            "object", "textarea autofocus", "div contenteditable", "style", "isindex", "keygen autofocus",
            "x tabindex=0 autofocus")  # fmt: skip
HANDLERS = ("onerror", "onload", "onfocus", "ontoggle", "onmouseover", "onanimationstart", "onpointerenter",
            "onbegin", "onstart", "onbeforeinput", "oncontentvisibilityautostatechange")  # fmt: skip
QUOTES = ("<{} {}={}>", '<{} {}="{}">', "<{}/{}='{}'/>", "<{}\t{}\n=\n{} ", "&lt;{} {}={}&gt;")
SCHEMES = (
    "javascript:{}", "JaVaScRiPt:{}", "java\tscript:{}", "java\nscript:{}", " javascript:{}",
    "\x01javascript:{}", "javascript&colon;{}", "&#106;avascript:{}", "&#x6A;avascript&#x3a;{}",
    "javascript%3A{}", "data:text/html,<script>{}</script>", "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript:{}", "file:///etc/passwd", "blob:{}", "view-source:{}", "https:{}", "https:/x/{}",
    "//canary.invalid/{}", "https://user:pass@canary.invalid/{}", "https://canary.invalid\\@good.example/{}",
    "https://\u0441\u0430nary.invalid/{}", "https://xn--80ak6aa92e.example/{}", "feed:javascript:{}",
    "\u202ejavascript:{}", "ｊａｖａｓｃｒｉｐｔ:{}", "https://canary.invalid/%00{}",
)  # fmt: skip
LINKS = ("[x]({})", "<{}>", "[x]: {}\n\n[x]", "![x]({})", "[![x]({})](b)", "<a href='{}'>x</a>",
         "<a href={} ping={}>x</a>", "{}", "[x](<{}>)", "<img src='{}'>", "<q cite='{}'>x</q>",
         "<table background='{}'>", "<input type=image src='{}'>", "<video poster='{}'>",
         "<p style='background:url({})'>x</p>", "<svg><image href='{}'/></svg>")  # fmt: skip
STRUCTURE = (
    "# ", "> ", "- ", "1. ", "* * *", "```\n{}\n```", "`{}`", "**{}**", "_{}_", "~~{}~~", "|a|b|\n|-|-|\n|{}|",
    "    {}", "\\{}", "&{};", "[{}][]", "[^1]: {}", "$${}$$", "{{ {} }}", "{% {} %}", "${{{}}}", "#{{{}}}",
    "<% {} %>", "<?php {} ?>", "@import '{}'", "'; DROP TABLE x; -- {}", "\" onclick={} x=\"", "' or '1'='1 {}",
)  # fmt: skip
UNICODE = (
    "\u202e{}\u202c", "\u2066{}", "{}\u2069\u2069", "\u200b".join("{}"), "\ufeff{}", "{}\u0000", "\ud800{}",
    "\u0301" * 40 + "{}", "{}" + "\u20dd" * 30, "\U000e0041\U000e0042{}", "🏳️‍🌈👩‍👩‍👧‍👦{}", "ﷺ{}﷽", "\u2028{}\u2029",
    "\x08{}\x1b[31m", "ẞß{}ŉ", "𝕋𝕖𝕤𝕥{}", "\u115f\u1160\u3164{}", "\uffff{}", "İI{}ı", "Ω{}Å",
)  # fmt: skip
WORDS = ("admin", "<b>bold</b>", "canary(1)", "a" * 300, "ab " * 60, "1e400", "NaN", "None", "undefined",
         "../../etc/passwd", "%s%n%x", "=cmd|' /C calc'!A0", "𝐛𝐨𝐥𝐝")  # fmt: skip
LONG = (
    "[" * 3000, "<" * 3000, "(" * 3000, "*" * 3000, "_a" * 1500, "`" * 3000, "&#x" * 1200, "> " * 1500,
    "![](" * 900, "a@" * 1800, "http://" * 500, "1" * 3900, "w" * 3900, "-\n" * 1500, "\\" * 3000,
    "😀" * 1900, "é" * 3900, "~" * 3000, "|a" * 1500, "<!--" * 900, "&" * 3500, "a.b" * 1200,
)  # fmt: skip


def strings() -> list[str]:
    """All of them, each once, in a fixed order."""
    return list(dict.fromkeys([*_markup(), *_addresses(), *_texts(), *LONG]))


def nastiest() -> list[str]:
    """A few that break out of most contexts at once, for fields that are filled by hand."""
    return [
        f"\"'></textarea></title><script>canary(1)</script><img src={ELSEWHERE} onerror=canary(1)>",
        f"[x](javascript:canary(1)) <svg/onload=canary(1)> {{{{ 7|add:7 }}}} {ELSEWHERE}",
        "\u202e=cmd|' /C calc'!A0<b onmouseover=canary(1)>\u2066x" + "w" * 60,
    ]


def _markup() -> Iterator[str]:
    for tag, call in product(TAGS, CALLS):
        yield tag.replace("{}", call)
    for place, (element, handler) in enumerate(product(ELEMENTS, HANDLERS)):
        for shift in range(2):
            quote = QUOTES[(place + shift) % len(QUOTES)]
            yield quote.format(element, handler, CALLS[(place + shift) % len(CALLS)])


def _addresses() -> Iterator[str]:
    for place, (link, scheme) in enumerate(product(LINKS, SCHEMES)):
        yield link.replace("{}", scheme.replace("{}", CALLS[place % len(CALLS)]))
        yield link.replace("{}", scheme.replace("{}", ELSEWHERE))


def _texts() -> Iterator[str]:
    for shape, word in product((*STRUCTURE, *UNICODE), WORDS):
        yield shape.replace("{}", word) if "{}" in shape else shape + word
