"""Turns a member's text into the only HTML that is ever inserted into a page.

A subset of Markdown without HTML and images, then two independent sanitizers. Plain text, which is
most of what people write, is only escaped.

What was screened is the text as it was typed. So marks may change how its words look but never
which words they are: where they would (half a word in bold, a hidden title), the text is shown as
typed.
"""

import html
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import bleach
import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from moderation import gate

ALLOWED_TAGS = frozenset(
    ("p", "br", "em", "strong", "s", "blockquote", "ul", "ol", "li", "code", "pre", "a")
)
REL = "nofollow noopener noreferrer ugc"

# Anything that Markdown or the link finder could act on.
_MARKED_UP = re.compile(r"[*_`~\[\]<>#+|\\]|^\s*(?:-|\d+[.)])\s|://|www\.|^ {4}|\.[a-z]{2,}/", re.M)
_LINKABLE = re.compile(r"[\w-]\.[a-z]{2,}\b", re.I)
_WORD = re.compile(r"[^\W_]+")


def render(text: str) -> str:
    """HTML of the text. A fixed point of both sanitizers."""
    if not _MARKED_UP.search(text) and not _LINKABLE.search(text):
        return _plain(text)
    tokens = _markdown.parse(text)
    if not _says_what_was_typed(tokens, text):
        return _plain(text)
    return sanitize(_markdown.renderer.render(tokens, _markdown.options, {}))


def sanitize(markup: str) -> str:
    """bleach first, then nh3, which is the sanitizer of record."""
    once = bleach.clean(markup, tags=ALLOWED_TAGS, attributes={"a": ["href"]}, strip=True)
    return nh3.clean(
        once,
        tags=set(ALLOWED_TAGS),
        attributes={"a": {"href"}, "*": set()},
        url_schemes={"http", "https"},
        url_relative="deny",
        link_rel=REL,
    ).strip()


def _plain(text: str) -> str:
    paragraphs = html.escape(text, quote=False).split("\n\n")
    lines = (part.strip("\n").replace("\n", "<br>") for part in paragraphs)
    return "".join(f"<p>{line}</p>" for line in lines if line)


# --- the words shown are the words typed ---------------------------------------------------------


def _says_what_was_typed(tokens: Sequence[Token], text: str) -> bool:
    """Whether readers see the words that were typed, whole and in their order. Of what is typed
    only the addresses of links and the numbers of lists may stay unseen."""
    typed, lower = iter(_words(text)), text.lower()
    return (
        not any(token.type == "fence" and token.info.strip() for token in tokens)
        and all(_is_plain_link(link, lower) for link in _links(tokens))
        and all(word in typed for word in _words(" ".join(_shown(tokens))))
    )


def _words(text: str) -> Sequence[str]:
    """The words of a text as screening reads them: what it takes for one word, is one."""
    return _WORD.findall(gate.without_disguise(text))


def _shown(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(
                "\n" if child.type.endswith("break") else child.content
                for child in token.children or ()
            )
        elif token.content:
            yield token.content


def _links(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from (child for child in token.children or () if child.type == "link_open")


def _is_plain_link(link: Token, lower: str) -> bool:
    """Without a title, to a host that is spelled in the text."""
    address = safe_address(str(link.attrGet("href") or ""))
    if address is None or link.attrGet("title"):
        return False
    host = urlsplit(address).hostname or ""
    return host in lower or _international(host) in lower


def _international(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


# --- links ---------------------------------------------------------------------------------------


def safe_address(address: str) -> str | None:
    """The address written anew from its parts; None unless it is http(s) with a plain host."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        return None
    try:
        ascii_host = host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    place = f"{ascii_host}:{port}" if port else ascii_host
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.scheme}://{place}{parts.path}{query}{fragment}"


class _Renderer(RendererHTML):
    """Writes links from their parsed address, followed by the host they lead to."""

    def link_open(self, tokens: list[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        address = safe_address(str(tokens[idx].attrGet("href") or ""))
        env.setdefault("links", []).append(address)
        return f'<a href="{html.escape(address)}">' if address else ""

    def link_close(self, tokens: list[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        address = env["links"].pop()
        if not address:
            return ""
        host = urlsplit(address).hostname or ""
        return "</a>" if _says_its_host(tokens, idx, host) else f"</a> ({html.escape(host)})"


def _says_its_host(tokens: list[Token], close: int, host: str) -> bool:
    label = tokens[close - 1].content.lower() if close else ""
    return host in re.split(r"[/\s]", re.sub(r"^https?://", "", label))[:1]


class _Markdown(MarkdownIt):
    """Shows the address of a bare link as it was typed, not decoded."""

    def normalizeLinkText(self, link: str) -> str:
        return link


def _parser() -> MarkdownIt:
    parser = _Markdown(
        "commonmark", {"html": False, "linkify": True, "breaks": True}, renderer_cls=_Renderer
    )
    parser.enable(["strikethrough", "linkify"])
    parser.disable(["image", "html_block", "html_inline", "heading", "lheading", "hr", "reference"])
    parser.disable(["entity", "escape"])
    assert parser.linkify is not None, "enabled above"
    parser.linkify.set({"fuzzy_email": False})
    return parser


_markdown = _parser()
