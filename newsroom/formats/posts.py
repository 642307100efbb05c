"""What posts of a blog and items of a feed share: each is an article without tags.

Its text is read as a piece of HTML is (`html_page.py`). What an article here has no place for is taken off
and told. The id is made of the name that the post has on its own site, so what comes again is known again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from uuid import NAMESPACE_URL, uuid5

from django.utils.timezone import is_naive, localdate

from newsroom.text import document

from . import html_page
from .annotated import AnnotatedText, Losses
from .unreadable import Empty, TooLong

_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_KEPT = re.compile(r"(<pre\b.*?</pre\s*>)", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|center|dd|details|div|dl|dt|figcaption|figure|footer|form|h[1-6]|"
    r"header|hr|iframe|li|main|nav|noscript|ol|p|pre|script|section|style|table|tbody|td|tfoot|th|thead|tr|ul|"
    r"video)\b",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_SHORTCODE = re.compile(r"\[(?P<end>/?)(?P<name>[A-Za-z][\w-]*)(?P<said>(?:\s[^\[\]]*)?)\]")
#: Those of WordPress itself; of any other it is seen by its attributes, or because it is closed.
_SHORTCODES = {"audio", "caption", "embed", "gallery", "playlist", "video", "wp_caption"}


@dataclass(frozen=True, slots=True)
class Post:
    """As it stands in its file. `name` is what it is called for ever on its own site, or ""."""

    name: str
    html: str
    headline: str = ""
    standfirst: str = ""
    byline: str = ""
    publisher: str = ""
    date: str = ""
    address: str = ""
    slug: str = ""
    lang: str = ""


def text_of(post: Post, losses: Losses) -> AnnotatedText | None:
    """The article; None, and told, if there are no words in it, or more than an article can have."""
    called = post.headline or post.name
    if pictures := _PICTURE.findall(post.html):
        losses.add("pictures", pictures[0], times=len(pictures))
    try:
        draft = html_page.read_fragment(
            _PICTURE.sub("", post.html),
            headline=plain(post.headline),
            standfirst=plain(post.standfirst),
            byline=post.byline,
            publisher=post.publisher,
            date=post.date,
            canonical_url=post.address,
            lang=post.lang,
        )
        parsed = draft.document
    except Empty:
        losses.add("empty", called)
        return None
    except TooLong:
        losses.add("long", called)
        return None
    if draft.pictures:
        losses.add("pictures", called, times=len(draft.pictures))
    if html_page.has_active(post.html):
        losses.add("active", called)
    known = {
        "headline": draft.headline,
        "standfirst": draft.standfirst,
        "byline": draft.byline,
        "publisher": draft.publisher,
        "date": draft.date,
        "original_url": draft.canonical_url,
        "slug": post.slug,
    }
    return AnnotatedText(
        id=str(uuid5(NAMESPACE_URL, post.name)) if post.name else "",
        text=parsed.text,
        lang=draft.lang,
        html=document.write(parsed),
        known={name: value for name, value in known.items() if value},
    )


def plain(html: str) -> str:
    """The words of a piece of HTML, in one line."""
    return " ".join(document.parse(html).text.split()) if "<" in html or "&" in html else html.strip()


def paragraphs(source: str) -> str:
    """HTML of which blank lines are paragraphs and line ends are line breaks, as WordPress shows it."""
    if "<!-- wp:" in source:
        return source
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    written = []
    for number, piece in enumerate(_KEPT.split(source)):
        if number % 2:
            written.append(piece)
            continue
        for part in filter(None, map(str.strip, _PARAGRAPH.split(piece))):
            is_block = _BLOCK.match(part)
            written.append(part if is_block else f"<p>{part.replace(chr(10), '<br>' + chr(10))}</p>")
    return "\n".join(written)


def without_shortcodes(source: str, losses: Losses) -> str:
    """Without what only its own site knows how to fill; the words between two of them stay.

    What an editor put in brackets, as `[sic]`, is none: it has no attributes and is not closed.
    """
    closed = {found["name"] for found in _SHORTCODE.finditer(source) if found["end"]}

    def left_out(found: re.Match[str]) -> str:
        if not (found["name"] in closed or found["name"] in _SHORTCODES or "=" in found["said"]):
            return found[0]
        if not found["end"]:
            losses.add("shortcodes", found[0])
        return ""

    return _SHORTCODE.sub(left_out, source)


def day_of(written: str) -> str:
    """The day of a moment as RFC 822 or ISO 8601 writes it, where the newsroom is; "" if it is none.

    Without a time zone it is the day that is written.
    """
    written = written.strip()
    try:
        at = parsedate_to_datetime(written) if written[:1].isalpha() else _from_iso(written)
        return (at.date() if is_naive(at) else localdate(at)).isoformat()
    except (ValueError, OverflowError, IndexError, TypeError):
        return ""


def _from_iso(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        # RFC 822 without its weekday.
        return parsedate_to_datetime(written)


def day_written(written: str) -> str:
    """The day that stands at the beginning, as `2024-05-06 07:08:09`; "" if there is none."""
    try:
        return date.fromisoformat(written.strip()[:10]).isoformat()
    except ValueError:
        return ""
