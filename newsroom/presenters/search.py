"""What readers find: hits of every kind, marked, a few of each or one kind page by page.

Only rows that a reader may open, by words that a reader may see there. The number of queries is the same
whatever is found.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from newsroom.models import (
    Article,
    Claim,
    ClaimWording,
    Document,
    Entity,
    EntityAlias,
    Evidence,
    Revision,
    Source,
)
from newsroom.models.search_entries import lang_of_name
from newsroom.models.searchable import SearchedQuerySet
from newsroom.text.hits import Passage, marked, passage
from newsroom.text.queries import Query, parse

from .ratings import Badge, Ratings

#: Hits of each kind where all kinds are shown, and on a page of one kind.
IN_SHORT, ON_A_PAGE = 4, 20
#: So many hits of a kind are counted and can be turned to; who has more of them adds a word.
COUNTED = 100
#: Characters that are looked at.
LONGEST = 400
#: Claims that are named under the document that is evidence for them.
CLAIMS_IN_SHORT = 3

LABELS: dict[str, str | Promise] = {
    "articles": gettext_lazy("Articles"),
    "claims": gettext_lazy("Claims"),
    "evidence": gettext_lazy("Evidence"),
    "sources": gettext_lazy("Sources"),
    "entities": gettext_lazy("Names and topics"),
}


@dataclass(frozen=True, slots=True)
class Link:
    words: str
    lang: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One hit. What is marked in `title` or in the passages under it is why it was found."""

    title: Passage
    lang: str
    url: str
    passages: tuple[tuple[str, Passage], ...] = ()
    meta: tuple[str, ...] = ()
    badge: Badge | None = None
    #: The hit is a page of somebody else.
    is_outside: bool = False
    evidence_for: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    number: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Section:
    kind: str
    label: str
    number: str
    lines: tuple[Line, ...]
    #: All hits of the kind, if these are some of them.
    url: str
    pages: Page | None
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    typed: str
    kind: str
    message: str
    #: What a screen reader says when the hits have changed.
    announcement: str
    tabs: tuple[Tab, ...]
    sections: tuple[Section, ...]
    #: Where nothing was found: whether a rated claim says it in other words.
    checked_url: str = ""


def search_page(
    typed: str, *, kind: str = "", number: str = "1", as_you_type: bool = False, at: datetime, demo: bool
) -> SearchPage:
    """Whatever is typed; a kind that is none shows all, a page number that is none the first page."""
    kind = kind if kind in LABELS else ""
    shown = _without_controls(typed)
    search = _Search(shown[:LONGEST], kind, as_you_type, at=at, demo=demo)
    if not search.query:
        message = _nothing_to_look_for(search.query) if search.typed else ""
        return SearchPage(search.typed, kind, message, message, (), ())
    keys = {name: search.keys(name) for name in LABELS if kind in ("", name)}
    found = [len(some) for some in keys.values()]
    message = "" if any(found) else _("Nothing found for “%(words)s”.") % {"words": search.typed}
    if search.query.shortened or len(shown) > LONGEST:
        message += " " + _("That was long: only its first words were looked for.")
    return SearchPage(
        typed=search.typed,
        kind=kind,
        message=message.strip(),
        announcement=f"{_in_words(found)} {message}".strip() if any(found) else message,
        tabs=tuple(search.tabs(keys)) if kind or any(found) else (),
        sections=tuple(search.section(name, some, number) for name, some in keys.items() if some),
        checked_url="" if any(found) else f"{reverse('reader:checked')}?{urlencode({'q': search.typed})}",
    )


def found_keys(
    typed: str, *, kinds: Iterable[str], at: datetime, demo: bool
) -> tuple[str, dict[str, list[int]]]:
    """What was looked for, and the keys of what it finds of these kinds, as many as are counted."""
    search = _Search(_without_controls(typed)[:LONGEST], "", False, at=at, demo=demo)
    if not search.query:
        return search.typed, {}
    return search.typed, {kind: search.keys(kind)[:COUNTED] for kind in kinds}


def _without_controls(typed: str) -> str:
    """What can be shown of it: a control character is a blank."""
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in typed)


def _nothing_to_look_for(query: Query) -> str:
    if query.without or query.without_phrases:
        return _("These are only words to leave out: write one that you look for, too.")
    return _("There is no word in that: write at least one.")


def _number(count: int) -> str:
    return f"{COUNTED}+" if count > COUNTED else str(count)


def _in_words(counts: list[int]) -> str:
    total = sum(min(count, COUNTED) for count in counts)
    if any(count > COUNTED for count in counts):
        return _("More than %(number)s results.") % {"number": total}
    return ngettext("%(number)s result.", "%(number)s results.", total) % {"number": total}


class _Search:
    """One query, what it finds of each kind, and the addresses that lead on from it."""

    def __init__(self, typed: str, kind: str, as_you_type: bool, *, at: datetime, demo: bool) -> None:
        self.typed, self.kind, self.as_you_type = typed.strip(), kind, as_you_type
        self.at, self.demo = at, demo
        self.query: Query = parse(typed, as_you_type=as_you_type)

    def hits(self, kind: str) -> SearchedQuerySet:
        match kind:
            case "articles":
                return Article.objects.published(at=self.at).search_shown(self.query, demo=self.demo)
            case "claims":
                return Claim.objects.public(at=self.at).search(self.query)
            case "evidence":
                return Document.objects.public(at=self.at).search_shown(self.query, at=self.at)
            case "sources":
                return Source.objects.met(at=self.at).search(self.query)
            case _:
                return Entity.objects.met(at=self.at).search(self.query)

    def keys(self, kind: str) -> list[int]:
        """Those of the hits that are counted, in their order, and one more if there are more than that."""
        return self.hits(kind).first_keys(COUNTED + 1)

    def tabs(self, keys: dict[str, list[int]]) -> Iterable[Tab]:
        yield Tab(_("All"), self.url(""), "", not self.kind)
        for name, label in LABELS.items():
            yield Tab(
                str(label),
                self.url(name),
                _number(len(keys[name])) if name in keys else "",
                self.kind == name,
            )

    def section(self, kind: str, keys: list[int], number: str) -> Section:
        label, said = str(LABELS[kind]), _number(len(keys))
        if not self.kind:
            more = self.url(kind) if len(keys) > IN_SHORT else ""
            return Section(kind, label, said, self.lines(kind, keys[:IN_SHORT]), more, None, "", "")
        page = Paginator(keys[:COUNTED], ON_A_PAGE).get_page(number)
        return Section(
            kind=kind,
            label=label,
            number=said,
            lines=self.lines(kind, page.object_list),
            url="",
            pages=page if page.has_other_pages() else None,
            previous_url=self.url(kind, page.previous_page_number()) if page.has_previous() else "",
            next_url=self.url(kind, page.next_page_number()) if page.has_next() else "",
        )

    def lines(self, kind: str, keys: list[int]) -> tuple[Line, ...]:
        model, lines_of = {
            "articles": (Article, self._articles),
            "claims": (Claim, self._claims),
            "evidence": (Document, self._evidence),
            "sources": (Source, self._sources),
            "entities": (Entity, self._entities),
        }[kind]
        rows = model.objects.in_bulk(keys)
        return tuple(lines_of([rows[key] for key in keys]))

    def url(self, kind: str, number: int = 1) -> str:
        said = {"q": self.typed, "kind": kind, "page": number if number > 1 else ""}
        said["typing"] = "1" if self.as_you_type else ""
        return f"{reverse('reader:search')}?{urlencode({key: value for key, value in said.items() if value})}"

    # Lines

    def _articles(self, articles: list[Article]) -> Iterable[Line]:
        texts = dict(Revision.objects.filter(current_of__in=articles).values_list("current_of", "text"))
        for article in articles:
            under = []
            if article.standfirst:
                under.append(article.standfirst)
            if article.shows_in_full(demo=self.demo):
                under.append(texts[article.pk])
            yield Line(
                title=marked(article.headline, self.query, article.lang),
                lang=article.lang,
                url=article.get_absolute_url(),
                passages=self._with_hits((text, article.lang) for text in under),
                meta=tuple(filter(None, (article.byline, article.publisher, article.date_in_words))),
            )

    def _claims(self, claims: list[Claim]) -> Iterable[Line]:
        known = Ratings.load()
        standing = known.current_of(claim.pk for claim in claims)
        wordings = defaultdict(list)
        for wording in ClaimWording.objects.filter(claim__in=claims).order_by("lang"):
            wordings[wording.claim_id].append((wording.text, wording.lang))
        for claim in claims:
            title = marked(claim.text, self.query, claim.lang)
            yield Line(
                title=title,
                lang=claim.lang,
                url=claim.get_absolute_url(),
                passages=() if title.has_hits else self._with_hits(wordings[claim.pk]),
                meta=(claim.get_kind_display(),) if claim.is_subjective else (),
                badge=known.badge(standing.get(claim.pk)),
            )

    def _evidence(self, documents: list[Document]) -> Iterable[Line]:
        items = defaultdict(list)
        shown = Evidence.objects.for_readers(at=self.at).filter(document__in=documents)
        for item in shown.select_related("claim").order_by("document", "-claim", "ordinal"):
            items[item.document_id].append(item)
        for document in documents:
            claims = {item.claim_id: item.claim for item in items[document.pk]}
            yield Line(
                title=marked(document.title, self.query, document.lang),
                lang=document.lang,
                url=document.url or next(iter(claims.values())).get_absolute_url(),
                is_outside=bool(document.url),
                passages=self._with_hits(
                    (quotation, document.lang)
                    for quotation in dict.fromkeys(item.quotation for item in items[document.pk])
                )[:1],
                meta=tuple(
                    filter(None, (document.publisher, document.get_kind_display(), document.date_in_words))
                ),
                evidence_for=tuple(
                    Link(claim.text, claim.lang, claim.get_absolute_url())
                    for claim in list(claims.values())[:CLAIMS_IN_SHORT]
                ),
            )

    def _sources(self, sources: list[Source]) -> Iterable[Line]:
        for source in sources:
            yield Line(
                title=marked(source.name, self.query, lang_of_name(source)),
                lang=source.lang,
                url=source.get_absolute_url(),
                passages=self._beginning(source.description, source.lang),
                meta=(source.get_kind_display(),),
            )

    def _entities(self, entities: list[Entity]) -> Iterable[Line]:
        aliases = defaultdict(list)
        for alias in EntityAlias.objects.filter(entity__in=entities).select_related("entity"):
            aliases[alias.entity_id].append((alias.name, alias.lang or alias.entity.lang))
        for entity in entities:
            lang = lang_of_name(entity)
            title = marked(entity.name, self.query, lang)
            names = () if title.has_hits else self._with_hits(aliases[entity.pk])[:1]
            yield Line(
                title=title,
                lang=entity.lang,
                url=entity.get_absolute_url(),
                passages=(*names, *self._beginning(entity.description, entity.lang)),
                meta=(entity.get_kind_display(),),
            )

    def _with_hits(self, texts: Iterable[tuple[str, str]]) -> tuple[tuple[str, Passage], ...]:
        found = ((lang, passage(text, self.query, lang)) for text, lang in texts)
        return tuple((lang, piece) for lang, piece in found if piece.has_hits)

    def _beginning(self, text: str, lang: str) -> tuple[tuple[str, Passage], ...]:
        """What is said of it, whether or not it was found by that."""
        return ((lang, passage(text, self.query, lang)),) if text else ()
