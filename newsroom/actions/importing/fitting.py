"""A text that came from elsewhere as it may stand here: canonical, and its tags at their places in it."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from django.utils.translation import gettext as _

from newsroom.actions.refusals import Refused
from newsroom.text import document
from newsroom.text.annotated import AnnotatedText, Misfit, Part, Tag
from newsroom.text.annotated import fitting as fitting_tags
from newsroom.text.canonical import canonical_text, is_canonical, paragraphs
from newsroom.text.document import Document


class Fitted(NamedTuple):
    text: AnnotatedText
    document: Document


def fitted(text: AnnotatedText) -> Fitted:
    """The text in canonical form. Refused, by name, if its tags do not fit it."""
    name = text.known.get("headline") or text.id
    try:
        text = fitting_tags(text)
        if not is_canonical(text.text):
            text = fitting_tags(_carried(text))
    except Misfit as misfit:
        words = _("“%(text)s”: the tag “%(tag)s” does not fit the text.")
        raise Refused(words % {"text": name[:80], "tag": misfit.tag[:80]}, code=misfit.why) from None
    if not text.text:
        raise Refused(_("“%(text)s”: the text is empty.") % {"text": name[:80]}, code="empty")
    if not text.html:
        return Fitted(text, paragraphs(text.text))
    parsed = document.parse(text.html)
    if parsed.text != text.text:
        words = _("“%(text)s”: its HTML does not have the words of its text.")
        raise Refused(words % {"text": name[:80]}, code="html")
    return Fitted(text, parsed)


def _carried(text: AnnotatedText) -> AnnotatedText:
    """The canonical text, the tags moved along. Misfit if a part has no words any more."""
    words, moved = canonical_text(
        text.text, (edge for tag in text.tags for part in tag.parts for edge in (part.start, part.end))
    )
    return replace(text, text=words, tags=tuple(_moved(tag, words, moved) for tag in text.tags))


def _moved(tag: Tag, words: str, moved: dict[int, int]) -> Tag:
    parts = []
    for part in tag.parts:
        start, end = moved[part.start], moved[part.end]
        while start < end and words[start].isspace():
            start += 1
        while start < end and words[end - 1].isspace():
            end -= 1
        parts.append(Part(start, end, part.role))
    return tag._replace(parts=tuple(parts))
