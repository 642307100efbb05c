"""How a review is cited: in words, as BibTeX, as CSL-JSON. Each names the version, and the address of it.

BibTeX: <https://ctan.org/pkg/bibtex>, an entry `@misc`. CSL-JSON: the Citation Style Language's input,
<https://github.com/citation-style-language/schema>, an item of type `webpage`. Reference managers read both.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

_BIBTEX_NAMES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "$": r"\$", "#": r"\#",
    "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited: a claim's rating in one of its versions. `url` is whole and names the version."""

    code: str
    version: int
    newsroom: str
    claim: str
    lang: str
    rating: str
    published_on: date
    url: str

    @property
    def title(self) -> str:
        return f"«{self.claim}»: {self.rating}"


def in_words(citation: Citation) -> str:
    """One line for a footnote, in the active language."""
    day = date_format(citation.published_on, "j F Y")
    return _("%(newsroom)s, %(title)s. Review of %(day)s, version %(version)d, %(url)s") % {
        "newsroom": citation.newsroom,
        "title": citation.title,
        "day": day.lower() if get_language() == "it" else day,
        "version": citation.version,
        "url": citation.url,
    }


def bibtex(citation: Citation) -> str:
    day = citation.published_on
    fields = {
        "author": f"{{{_escaped(citation.newsroom)}}}",
        "title": f"{{{_escaped(citation.title)}}}",
        "year": str(day.year),
        "month": str(day.month),
        "day": str(day.day),
        "note": _escaped(_("Version %(number)d") % {"number": citation.version}),
        "langid": citation.lang,
        "url": citation.url,
    }
    written = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{controluce-{citation.code}-{citation.version},\n{written}}}\n"


def csl_json(citation: Citation) -> str:
    day = citation.published_on
    item = {
        "id": f"controluce-{citation.code}-{citation.version}",
        "type": "webpage",
        "title": citation.title,
        "author": [{"literal": citation.newsroom}],
        "container-title": citation.newsroom,
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "version": str(citation.version),
        "language": citation.lang,
        "URL": citation.url,
    }
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


def _escaped(text: str) -> str:
    return "".join(_BIBTEX_NAMES.get(character, character) for character in " ".join(text.split()))
