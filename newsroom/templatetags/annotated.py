"""What an article repeats by the hundred: the runs of its text, its notes, the lines of its tables, names.

Everywhere else a template loops and includes. Here that took half of the page's time, for the engine looks
each of some two thousand values up on its own. So these few parts and no others are joined in Python, and a
rating is drawn from its template once for each badge and language.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from django.template import Library
from django.template.loader import render_to_string
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from .days import day

register = Library()


@register.simple_tag
def blocks(shown: Iterable[Any]) -> SafeString:
    """Blocks of text, each run in its elements and followed by the numbers of the notes that belong to it.

    No white space is added: every text node inside a block is canonical text.
    """
    # Safe: names of elements come from the allow-list, every value and text is escaped where it is printed.
    return mark_safe("".join(map(_block, shown)))


@register.simple_tag
def note(shown: Any) -> SafeString:
    """One margin note, as the item of a list."""
    return notes([shown])


@register.simple_tag
def notes(shown: Iterable[Any]) -> SafeString:
    """Margin notes, as the items of their list."""
    said = _NoteWords(
        language=get_language(),
        back=escape(_("back to the text")),
        of_note=escape(pgettext("of a number", "note")),
        claim=_("The claim"),
        flag=escape(pgettext("verb", "Flag")),
        attribution=escape(_("The content is not assessed.")),
        reply=escape(_("Reply")),
        unnamed=_("Who was asked, and is not named"),
    )
    # Safe: every value is escaped where it is printed.
    return mark_safe("".join(_note(note, said) for note in shown))


@register.simple_tag
def register_lines(shown: Iterable[Any], *, linked: bool) -> SafeString:
    """Notes as rows of the register; `linked` to their numbers, if those stand in the text."""
    language, in_the_text = get_language(), escape(_("in the text")) if linked else ""
    # Safe: every value is escaped where it is printed.
    return mark_safe("".join(_register_line(note, language, in_the_text) for note in shown))


@register.simple_tag
def saying_lines(shown: Iterable[Any], *, lang: str) -> SafeString:
    """Who says what, as rows of a table; `lang` is the language of the words."""
    language = get_language()
    # Safe: every value is escaped where it is printed.
    return mark_safe("".join(_saying_line(saying, lang, language) for saying in shown))


@register.simple_tag
def sayer(saying: Any) -> SafeString:
    """Who says it, and who reports that."""
    who = _link(saying.source_url, saying.source_name)
    reporter = ""
    if saying.parent:
        reported = _("as reported by %(name)s") % {"name": saying.parent}
        reporter = f' <span class="muted">{escape(reported)}</span>'
    # Safe: every value is escaped where it is printed.
    return mark_safe(who + reporter)


@register.simple_tag
def names(shown: Iterable[Any]) -> SafeString:
    """Entities, as the items of their list, with how often each is named."""
    # Safe: every value is escaped where it is printed.
    return mark_safe("".join(map(_name, shown)))


@register.simple_tag
def rating(badge: Any) -> SafeString:
    """A badge whose name leads to its meaning: for pages that print the scale."""
    return _rating(badge, get_language())


@lru_cache(maxsize=256)
def _rating(badge: Any, _language: str) -> SafeString:
    # Safe: a template has printed it; `strip` alone forgets that.
    return mark_safe(render_to_string("parts/_rating.html", {"badge": badge}).strip())


def _block(block: Any) -> str:
    parts = [_opening(tag.name, tag.attrs) for tag in block.opens]
    parts.append(_opening(block.tag, [("data-o", str(block.start)), *block.attrs]))
    for run in block.runs:
        parts += [_opening(mark.tag, _attributes(mark)) for mark in run.marks]
        parts.append(escape(run.text))
        parts += [f"</{name}>" for name in run.closing]
        parts += [_reference(note) for note in run.refs]
    parts += [f"</{name}>" for name in (block.tag, *block.closes)]
    return "".join(parts)


def _opening(name: str, attributes: Iterable[tuple[str, str]]) -> str:
    said = "".join(f' {attribute}="{escape(value)}"' for attribute, value in attributes)
    return f"<{name}{said}>"


def _attributes(mark: Any) -> list[tuple[str, str]]:
    given = (
        ("id", mark.id),
        ("class", mark.css),
        ("href", mark.href),
        ("data-a", mark.annotation),
        ("title", mark.title),
        ("data-title-lang", mark.title_lang),
    )
    return [(name, value) for name, value in given if value]


def _reference(note: Any) -> str:
    card = f' data-card="{escape(note.card_url)}"' if note.card_url else ""
    return (
        f'<a id="{note.ref_id}" class="noteref tone-{note.badge.tone}" role="doc-noteref" href="#{note.id}"'
        f' data-n="{note.number}"{card} aria-label="{escape(note.label)}"></a>'
    )


class _NoteWords(NamedTuple):
    """What every note says, in the reader's language."""

    language: str
    back: str
    of_note: str
    claim: str
    flag: str
    attribution: str
    reply: str
    unnamed: str


def _note(note: Any, said: _NoteWords) -> str:
    words = f'<span lang="{note.summary_lang}">{escape(note.summary)}</span> ' if note.summary else ""
    changed = render_to_string("parts/_changed_words.html", {"changed": note.changed}) if note.changed else ""
    if note.badge.is_attribution:
        words += f"{said.attribution} "
    replies = "".join(_reply(reply, said) for reply in note.replies)
    flag = ""
    if note.flag_url:
        flag = (
            f' <a class="note-flag" href="{escape(note.flag_url)}" rel="nofollow">{said.flag}'
            f'<span class="visually-hidden">, {said.of_note} {note.number}</span></a>'
        )
    return (
        f'<li id="{note.id}" class="note tone-{note.badge.tone}">'
        f'<p class="note-head"><a class="note-number" href="#{note.ref_id}"'
        f' aria-label="{note.number}, {said.back}">{note.number}</a>'
        f" {_rating_and_kind(note, said.language)}</p>{changed}"
        f'<p>{words}<a class="note-evidence" href="{escape(note.url)}">'
        f"{escape(note.evidence_line or said.claim)}"
        f'<span class="visually-hidden">, {said.of_note} {note.number}</span></a>{flag}</p>{replies}</li>\n'
    )


def _reply(reply: Any, said: _NoteWords) -> str:
    """Folded, for it may be long; whole, for nothing of it is left out."""
    who = escape(reply.signature or said.unnamed)
    opinion = f", {escape(reply.opinion)}" if reply.opinion else ""
    when = escape(day(localtime(reply.at)))
    return (
        f'<details class="note-reply"><summary>{said.reply}: {who}{opinion}, {when}</summary>'
        f'<blockquote lang="{reply.lang}">{linebreaks(reply.words, autoescape=True)}</blockquote></details>'
    )


def _register_line(note: Any, language: str, in_the_text: str) -> str:
    number = str(note.number)
    if in_the_text:
        number = f'<a href="#{note.ref_id}" aria-label="{number}, {in_the_text}">{number}</a>'
    return (
        f'<tr><td class="number">{number}</td><th class="words" scope="row" lang="{note.words_lang}">'
        f'<a href="{escape(note.url)}">«{escape(note.words)}»</a></th>'
        f"<td>{_link(note.claimant_url, note.claimant)}</td>"
        f'<td class="tone-{note.badge.tone}">{_rating_and_kind(note, language)}</td></tr>\n'
    )


def _rating_and_kind(note: Any, language: str) -> str:
    kind = f' <span class="kind">{escape(note.kind_label)}</span>' if note.kind_label else ""
    return f"{_rating(note.badge, language)}{kind}"


def _saying_line(saying: Any, lang: str, language: str) -> str:
    cue = f'<span class="muted">{escape(saying.cue)}</span> ' if saying.cue else ""
    words = _link(f"#{saying.mark_id}" if saying.mark_id else "", f"«{saying.content}»")
    judged = "<td></td>"
    if saying.note:
        badge = saying.note.badge
        judged = f'<td class="tone-{badge.tone}">{_rating(badge, language)}</td>'
    kind = f'<span class="muted quote-type">{escape(saying.quote_type_label)}</span>'
    return (
        f'<tr><th scope="row">{sayer(saying)} {kind}</th>'
        f'<td class="words" lang="{lang}">{cue}{words}</td>{judged}</tr>\n'
    )


def _name(entity: Any) -> str:
    lang = f' lang="{entity.lang}"'
    name = _link(entity.url, entity.name, lang) if entity.url else f"<span{lang}>{escape(entity.name)}</span>"
    return f'<li>{name} <span class="muted">{entity.times}</span></li>\n'


def _link(url: str, words: str, attributes: str = "") -> str:
    """The words, as a link if there is somewhere to go."""
    return f'<a href="{escape(url)}"{attributes}>{escape(words)}</a>' if url else escape(words)
