"""The picture of a map of claims, and its list: joined in Python, as what an article repeats by the hundred.

The room beside the claims is as wide as the window allows, so arcs are drawn in pictures that stretch, their
lines kept at their width by CSS. Arrows and marks must not stretch: they stand beside, at a share of it.
All looks are classes; nothing carries a style.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from textwrap import wrap
from typing import Any

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from lucide.templatetags.lucide import lucide

from newsroom.text.arcs import TALL

register = Library()

#: The share of the width that arcs have on the left, the claims, and arcs on the right: in hundredths.
LEFT, CLAIMS, RIGHT = 20, 58, 22
#: Characters of a rating in one line, and of one in letters of full size.
RATING, ROOMY = 21, 19
#: Of a claim's words on a narrow page, and on a wide one.
FEW_WORDS, MORE_WORDS = 26, 46
#: What stands in a claim, from its left edge, and where its lines are, from its upper one.
NUMBER_AT, ICON_AT, RATING_AT, WORDS_AT = 26, 34, 55, 206
ICON = 15

#: At which end a kind has an arrow, and what stands on the middle of its arc.
ARROWS = {
    "supports": "M0 0L8 -4V4Z",
    "part_of": "M0 0L5 -4L10 0L5 4Z",
    "updates": "M7 -4.5L0 0L7 4.5",
}
MARKS = {
    "contradicts": '<circle class="map-halo" r="7"/><path d="M-4 -4L4 4M4 -4L-4 4"/>',
    "repeats": '<circle class="map-halo" r="7"/><path d="M-4 -2H4M-4 2H4"/>',
}


@register.simple_tag
def map_picture(page: Any) -> SafeString:
    """The picture: arcs first, then the claims, as links in the order of the text."""
    height = page.drawing.height
    ordered = sorted(page.arcs, key=lambda drawn: -drawn.arc.reach)
    left = [drawn for drawn in ordered if drawn.arc.edge.left]
    right = [drawn for drawn in ordered if not drawn.arc.edge.left]
    claims = "".join(
        _claim(claim, place, top)
        for place, (claim, top) in enumerate(zip(page.drawn, page.drawing.tops, strict=True))
    )
    picture = (
        f'<svg class="map" role="group" aria-labelledby="map-title" width="100%" height="{height}">'
        f'<g aria-hidden="true">{_side(left, height, on_the_left=True)}'
        f"{_side(right, height, on_the_left=False)}</g>"
        f'<svg class="map-claims" x="{LEFT}%" width="{CLAIMS}%" height="{height}">{claims}</svg></svg>'
    )
    # Safe: every value is escaped where it is printed.
    return mark_safe(picture)


@register.simple_tag
def map_sample(kind: str) -> SafeString:
    """The line of a kind, for the legend."""
    mark = f'<g class="map-mark" transform="translate(24 8)">{MARKS[kind]}</g>' if kind in MARKS else ""
    arrow = (
        f'<path class="map-arrow" transform="translate(46 8) scale(-1 1)" d="{ARROWS[kind]}"/>'
        if kind in ARROWS
        else ""
    )
    end = 40 if kind in ("supports", "part_of") else 46
    path = f"M2 8H{end}"
    # Safe: a kind is one of a few words of ours.
    return mark_safe(
        f'<svg class="map-sample map-arc map-{kind}" width="48" height="16" aria-hidden="true">'
        f"{_line(kind, path)}{mark}{arrow}</svg>"
    )


@register.simple_tag
def map_entries(entries: Iterable[Any], article_url: str) -> SafeString:
    """Claims with their relations in words, as the items of a list."""
    language = get_language()
    # Safe: every value is escaped where it is printed.
    return mark_safe("".join(_entry(entry, article_url, language) for entry in entries))


@register.simple_tag
def map_unrelated(claims: Iterable[Any], article_url: str) -> SafeString:
    """Claims without relations, as the items of a list."""
    language = get_language()
    # Safe: every value is escaped where it is printed.
    return mark_safe(
        "".join(
            f'<li id="{claim.id}" class="map-entry">{_head(claim, article_url, language)}</li>\n'
            for claim in claims
        )
    )


# The picture


def _side(arcs: list[Any], height: int, *, on_the_left: bool) -> str:
    """All arcs of one side, then their arrows and marks."""
    box = f"-100 0 100 {height}" if on_the_left else f"0 0 100 {height}"
    # Where the claims begin, seen from this side; out from there is to the left or to the right.
    edge, out = (LEFT, -1) if on_the_left else (0, 1)
    place = f'x="0" width="{LEFT}%"' if on_the_left else f'x="{LEFT + CLAIMS}%" width="{RIGHT}%"'
    room = LEFT if on_the_left else RIGHT
    lines, ends = [], []
    for drawn in arcs:
        arc, kind = drawn.arc, drawn.kind
        ends_of = f'data-ends="{drawn.source} {drawn.target}"'
        high = abs(arc.end - arc.start) / 2
        sweep = int((arc.end > arc.start) is not on_the_left)
        path = f"M0 {arc.start:g}A{arc.reach * 100:g} {high:g} 0 0 {sweep} 0 {arc.end:g}"
        lines.append(
            f'<g class="map-arc map-{kind}" {ends_of}>{_line(kind, path)}'
            f"<title>{escape(drawn.words)}</title></g>"
        )
        if kind in ARROWS:
            ends.append(
                f'<path class="map-arrow map-{kind}" {ends_of} transform="translate(0 {arc.end:g}) '
                f'scale({out} 1)" d="{ARROWS[kind]}"/>'
            )
        if kind in MARKS:
            # A share of this side's room, written as one of the picture's.
            share = round(out * arc.mark[0] * room, 2)
            ends.append(
                f'<svg class="map-at" x="{share:g}%" y="{arc.mark[1]:g}"><g class="map-mark map-{kind}" '
                f"{ends_of}>{MARKS[kind]}</g></svg>"
            )
    start = edge if on_the_left else LEFT + CLAIMS
    return (
        f'<svg {place} height="{height}" viewBox="{box}" preserveAspectRatio="none">{"".join(lines)}</svg>'
        f'<svg class="map-at" x="{start}%">{"".join(ends)}</svg>'
    )


def _line(kind: str, path: str) -> str:
    """A line; the double one is a broad one with a narrow one of the paper's colour on it."""
    inner = f'<path class="map-inner" d="{path}"/>' if kind == "repeats" else ""
    return f'<path d="{path}"/>{inner}'


def _claim(claim: Any, place: int, top: int) -> str:
    badge = claim.badge
    lines = wrap(badge.label, RATING) or [""]
    if badge.stale:
        lines = [*lines[:1], _("To be checked again")]
    rating = "".join(
        f'<text class="map-rating" x="{RATING_AT}" y="{y}">{escape(words)}</text>'
        for words, y in zip(lines[:2], (17.5,) if len(lines) == 1 else (10.5, 20.5), strict=False)
    )
    small = " map-small" if len(lines) > 1 or len(lines[0]) > ROOMY else ""
    stale = " is-stale" if badge.stale else ""
    second = '<path class="map-under map-under-2" d="M0 23.5H9999"/>' if badge.underline == "double" else ""
    return (
        f'<a class="map-claim tone-{badge.tone} u-{badge.underline}{small}{stale}" '
        f'href="{escape(claim.url)}" aria-label="{escape(claim.label)}" data-claim="{place}">'
        f'<g transform="translate(0 {top})" aria-hidden="true">'
        f'<rect class="map-box" width="100%" height="{TALL}"/>'
        f'<path class="map-under" d="M0 {TALL - 1}H9999"/>{second}'
        f'<text class="map-number" x="{NUMBER_AT}" y="17.5">{claim.number}</text>'
        f'<g transform="translate({ICON_AT} 5.5)">{_icon(badge.icon)}</g>{rating}'
        f"{_words(claim)}<title>{escape(claim.words)}</title></g></a>"
    )


def _words(claim: Any) -> str:
    """The beginning of the words; more of them where the page is wide."""
    few = _beginning(claim.words, FEW_WORDS)
    more = _beginning(claim.words, MORE_WORDS)
    rest = more[len(few) :]
    dots = '<tspan class="map-few">…</tspan>' if rest else ""
    rest = f'<tspan class="map-more">{escape(rest)}</tspan>' if rest else ""
    end = "…" if len(more) < len(claim.words) and rest == "" else ""
    last = '<tspan class="map-more">…</tspan>' if len(more) < len(claim.words) and rest else end
    return (
        f'<text class="map-words" lang="{claim.lang}" x="{WORDS_AT}" y="17.5">'
        f"{escape(few)}{dots}{rest}{last}</text>"
    )


def _beginning(words: str, most: int) -> str:
    """Whole words, as many as fit; the first one is cut if even that does not."""
    if len(words) <= most:
        return words
    return words[: most + 1].rpartition(" ")[0] or words[:most]


@lru_cache(maxsize=64)
def _icon(name: str) -> str:
    return str(lucide(name, size=ICON, **{"class": "map-icon", "aria_hidden": "true"}))


# The list


def _entry(entry: Any, article_url: str, language: str) -> str:
    lines = "".join(_relation(line, language) for line in entry.lines)
    return (
        f'<li id="{entry.claim.id}" class="map-entry">{_head(entry.claim, article_url, language)}'
        f'<ul class="map-relations">{lines}</ul></li>\n'
    )


def _head(claim: Any, article_url: str, language: str) -> str:
    passage, in_the_text = f"{article_url}{claim.passage}", _("in the text")
    return (
        f'<p class="map-head tone-{claim.badge.tone}"><a class="map-place" href="{escape(passage)}" '
        f'aria-label="{claim.number}, {escape(in_the_text)}">{claim.number}</a> '
        f"{_badge(claim.badge, language)}</p>"
        f'<h3 lang="{claim.lang}"><a href="{escape(claim.url)}">{escape(claim.words)}</a></h3>'
    )


def _relation(line: Any, language: str) -> str:
    other = line.other
    if other.number:
        where = f'<a class="map-place" href="#{other.id}">{other.number}</a>'
        words = f'<span lang="{other.lang}">«{escape(other.words)}»</span>'
    else:
        elsewhere = _("not in this text")
        where = f'<span class="muted">{escape(elsewhere)}</span>'
        words = f'<a href="{escape(other.url)}" lang="{other.lang}">«{escape(other.words)}»</a>'
    return (
        f'<li class="map-relation"><span class="map-kind">{escape(line.label)}</span> '
        f'{where} {words} <span class="tone-{other.badge.tone}">{_badge(other.badge, language)}</span></li>'
    )


@lru_cache(maxsize=256)
def _badge(badge: Any, _language: str) -> str:
    return render_to_string("parts/_badge.html", {"badge": badge}).strip()
