"""What every format that comes in is read into: an article as it may stand, before anybody saved it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from newsroom.models import Article
from newsroom.models.identity import validate_lang
from newsroom.text import dates, document
from newsroom.text.document import Document
from newsroom.text.folding import fold

from . import language
from .unreadable import Empty, TooLong

#: Characters of HTML: what a thick book has, and no article. In any script it fits into a form (2.5 MB).
LONGEST = 750_000

DECLARED, GUESSED = "declared", "guessed"

_WEB = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Draft:
    """`html` is the allow-listed subset as `document.write` writes it. What is not known is empty.

    `lang_from` says how the language is known: declared, guessed, or not at all. `pictures` are those that
    came along, by the `src` that they have in the HTML; the others have an address of the web there.
    """

    html: str
    headline: str = ""
    standfirst: str = ""
    byline: str = ""
    lang: str = ""
    lang_from: str = ""
    date: str = ""
    publisher: str = ""
    canonical_url: str = ""
    warnings: tuple[str, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, parsed: Document, *, lang: str = "", warnings: tuple[str, ...] = (), **known: Any) -> Self:
        """A draft of a text. What is `known` of it goes where it belongs, cut to what an article can hold.

        A headline and a standfirst that are written over the text are taken from it. Raises Unreadable if
        there is no text, or too much of it.
        """
        headline = _line(known.get("headline", ""))
        if words := _first_words(parsed, "h2"):
            if not headline:
                headline = _line(words)
            if fold(words) == fold(headline):
                parsed = _without_first(parsed)
        standfirst = _line(known.get("standfirst", ""))
        if standfirst and fold(_first_words(parsed, "p")) == fold(standfirst):
            parsed = _without_first(parsed)
        html = document.write(parsed)
        if not parsed.text:
            raise Empty
        if len(html) > LONGEST:
            raise TooLong(limit=LONGEST)
        lang, lang_from, doubt = _language(lang, parsed.text)
        date = known.get("date", "")
        return cls(
            html=html,
            headline=_fitting(headline, "headline"),
            standfirst=standfirst,
            byline=_fitting(_line(known.get("byline", "")), "byline"),
            lang=lang,
            lang_from=lang_from,
            date=date if dates.is_valid(date) else "",
            publisher=_fitting(_line(known.get("publisher", "")), "publisher"),
            canonical_url=_address(known.get("canonical_url", "")),
            warnings=warnings + doubt,
            pictures=known.get("pictures", {}),
        )

    @property
    def document(self) -> Document:
        return document.parse(self.html)

    def warned(self, *warnings: str) -> Self:
        return replace(self, warnings=self.warnings + warnings)

    def to_data(self) -> dict[str, Any]:
        """For JSON, without the pictures: they are kept as files."""
        data = asdict(self)
        del data["pictures"]
        return data | {"warnings": list(self.warnings)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{**data, "warnings": tuple(data["warnings"])})


def _first_words(parsed: Document, tag: str) -> str:
    """The text of the first block if it is a `tag` and a row of its own; "" if not."""
    rows = parsed.rows()
    if not rows or len(rows[0]) > 1 or rows[0][0].tag != tag or rows[0][0].closes:
        return ""
    return parsed.text[rows[0][0].start : rows[0][0].end]


def _without_first(parsed: Document) -> Document:
    """The same without its first block, which is a row of its own. Pictures before it stay."""
    first, *others = parsed.blocks
    if others:
        others[0] = replace(others[0], opens=first.opens + others[0].opens)
        return document.parse(document.write(replace(parsed, blocks=tuple(others))))
    return Document("", (), first.opens + parsed.tail)


def _language(declared: str, text: str) -> tuple[str, str, tuple[str, ...]]:
    """The language, how it is known, and a warning if the words look like another one."""
    declared = _tag(declared)
    guessed = language.guess(text)
    if not declared:
        return guessed, GUESSED if guessed else "", ()
    if guessed and guessed != declared.partition("-")[0]:
        doubt = _("It declares its language as “%(declared)s”, but the words look like “%(guessed)s”.")
        return declared, DECLARED, (doubt % {"declared": declared, "guessed": guessed},)
    return declared, DECLARED, ()


def _tag(declared: str) -> str:
    """A BCP 47 tag with small language and capital region, or "" if it is none."""
    first, *others = declared.strip().replace("_", "-").split("-")
    parts = [first.lower(), *(part.upper() if len(part) == 2 else part for part in others)]
    tag = "-".join(parts)
    return tag if validate_lang.regex.search(tag) and len(tag) <= 35 else ""


def _line(words: Any) -> str:
    return " ".join(str(words or "").replace("\0", "").split())


def _fitting(words: str, name: str) -> str:
    limit = Article._meta.get_field(name).max_length
    return str(Truncator(words).chars(limit))


def _address(url: Any) -> str:
    limit = Article._meta.get_field("original_url").max_length
    return url if isinstance(url, str) and _WEB.fullmatch(url) and len(url) <= limit else ""
