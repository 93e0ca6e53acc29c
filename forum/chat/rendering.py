"""Turns a member's text into the only HTML that is ever inserted into a page.

A subset of Markdown without HTML and images, then two independent sanitizers. Plain text, which is
most of what people write, is only escaped.
"""

import html
import re
from urllib.parse import urlsplit

import bleach
import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

ALLOWED_TAGS = frozenset(
    ("p", "br", "em", "strong", "s", "blockquote", "ul", "ol", "li", "code", "pre", "a")
)
REL = "nofollow noopener noreferrer ugc"

# Anything that Markdown or the link finder could act on.
_MARKED_UP = re.compile(r"[*_`~\[\]<>#+|\\]|^\s*(?:-|\d+[.)])\s|://|www\.|^ {4}|\.[a-z]{2,}/", re.M)
_LINKABLE = re.compile(r"[\w-]\.[a-z]{2,}\b", re.I)


def render(text: str) -> str:
    """HTML of the text. A fixed point of both sanitizers."""
    if not _MARKED_UP.search(text) and not _LINKABLE.search(text):
        return _plain(text)
    return sanitize(_markdown.render(text))


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


def _parser() -> MarkdownIt:
    parser = MarkdownIt(
        "commonmark", {"html": False, "linkify": True, "breaks": True}, renderer_cls=_Renderer
    )
    parser.enable(["strikethrough", "linkify"])
    parser.disable(["image", "html_block", "html_inline", "heading", "lheading", "hr", "reference"])
    return parser


_markdown = _parser()
