"""What readers see is what was screened: marks change how words look, not which words they are."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.chat import rendering
from moderation import gate

PARTS = (
    "sell", "ing", "oxy", "a.com", "http://a.com/x%41", "www.b.org", "me@a.com", "7. ", "- ",
    "> ", "# ", "*", "**", "***", "_", "__", "~~", "`", "```", "\\", "&#73;", "&amp;", "&",
    "<b>", "[", "](", ")", "]()", ' "t")', "<http://a.com>", "[a.com](http://a.com)", "![", "!",
    "(mailto:x)", "\u200b", "\u00ad", "é", "e\u0301", "г", "ｓ", " ", "  ", "\n", "\n\n",
    "    ", "\t", "1", "|",
)  # fmt: skip


class _Text(HTMLParser):
    """The text of a page; the host that is set after a link's words is ours, not the author's."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.text += "\n" if tag in ("p", "br", "li", "blockquote", "pre") else ""

    def handle_data(self, data):
        self.text += data


def shown(text):
    page = _Text()
    page.feed(re.sub(r"</a> \([a-z0-9.:-]+\)", "</a> ", rendering.render(text)))
    return page.text


def words(text):
    return re.findall(r"[^\W_]+", gate.without_disguise(text))


CHARACTERS = st.characters(exclude_categories=("Cc", "Cs"))  # those are gone when a text is stored


@settings(deadline=None, max_examples=300)  # a busy machine is no fault
@given(st.lists(st.sampled_from(PARTS) | CHARACTERS, max_size=16).map("".join))
def test_the_words_shown_are_among_the_words_screened_and_in_their_order(text):
    screened = iter(words(text))
    assert all(word in screened for word in words(shown(text)))


@pytest.mark.parametrize(
    "text",
    [
        "&#73; am selling oxy",
        "&amp;lt;b&gt;",
        "I am se**lli**ng o**xy**",
        "\\selling o\\xy",
        "[sell](mailto:x)ing",
        "[sell]()ing",
        "[sell](https://a.example)ing",
        "`sell`ing",
        "sell\u200b**ing**",
        "selling\n```to nobody\noxy\n```",
        '[a.example](https://a.example "not for sale")',
        "[x](https://evil&#46;example)",
    ],
)
def test_what_marks_would_turn_into_other_words_is_shown_as_typed(text):
    assert shown(text).split() == text.split()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**Day four**: *still* here", "<p><strong>Day four</strong>: <em>still</em> here</p>"),
        ("(~~no~~) yes", "<p>(<s>no</s>) yes</p>"),
        ("ask `git blame`, me@a.example", "<p>ask <code>git blame</code>, me@a.example</p>"),
    ],
)
def test_whole_words_may_be_marked(text, html):
    assert rendering.render(text) == html


def test_a_bare_address_is_shown_as_typed_not_decoded():
    assert shown("http://a.example/%73%65%6c%6c") == "\nhttp://a.example/%73%65%6c%6c"
