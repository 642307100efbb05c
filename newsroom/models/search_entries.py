"""What is searched of each kind of row: which words, how much they weigh, which writes change them.

Only what a reader may see of a row that is public: no note of the desk, and nothing of `ConfidentialSource`.
Else a search would tell by its hits what no page says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.text.embeddings import LONGEST_NAME
from newsroom.text.stems import indexed

from .article import Article
from .claim import Claim
from .entity import Entity, EntityIdentifier
from .evidence import Document
from .searchable import SearchEntry, Watched, newest_first, shortest_first
from .source import Source


class ArticleEntry(SearchEntry):
    """An article by its headline, its standfirst, its current text."""

    row = models.OneToOneField(Article, models.CASCADE, related_name="search_entry")

    watched = (
        Watched(
            "article",
            ("headline", "standfirst", "lang", "date_latest", "published_at", "current_revision_id"),
        ),
        # Of a fixture the text may come after the article, and an erasure changes it in place.
        Watched("revision", ("text",), through="current_revision_id"),
    )

    class Meta(SearchEntry.Meta):
        verbose_name = _("search entry of an article")

    @classmethod
    def rows(cls) -> models.QuerySet:
        unread = ("current_revision__html", "current_revision__blocks")
        return super().rows().select_related("current_revision").defer(*unread)

    @classmethod
    def of(cls, row: Article) -> Self:
        day = row.date_latest or (row.published_at and row.published_at.date())
        text = row.current_revision.text if row.current_revision else ""
        return cls(
            row=row,
            place=newest_first(day, row.pk),
            title=indexed((row.headline, row.lang)),
            lead=indexed((row.standfirst, row.lang)),
            body=indexed((text, row.lang)),
        )


class ClaimEntry(SearchEntry):
    """A claim by its wording in every language that it has one in."""

    row = models.OneToOneField(Claim, models.CASCADE, related_name="search_entry")
    #: What it means to an embedding model, if the newsroom named one, and to which. It goes with the entry,
    #: which is written anew whenever its words change: so a vector is never that of other words.
    vector = models.BinaryField(null=True, editable=False)
    vector_of = models.CharField(max_length=LONGEST_NAME, blank=True, editable=False)

    weights = 1
    watched = (
        Watched("claim", ("text", "lang", "date_latest")),
        Watched("claimwording", ("text", "lang"), owner="claim_id"),
    )

    class Meta(SearchEntry.Meta):
        verbose_name = _("search entry of a claim")
        constraints = (
            models.CheckConstraint(
                name="claim_entry_vector_of_a_model",
                condition=Q(vector=None, vector_of="") | (Q(vector__isnull=False) & ~Q(vector_of="")),
            ),
        )
        indexes = (models.Index(name="claim_entry_by_vector", fields=("vector_of", "place")),)

    @classmethod
    def rows(cls) -> models.QuerySet:
        return super().rows().prefetch_related("wordings")

    @classmethod
    def without_vector(cls, of: str) -> models.QuerySet[Self]:
        """Entries that have none of this model, in no order."""
        return cls._base_manager.filter(Q(vector_of__lt=of) | Q(vector_of__gt=of))

    @classmethod
    def keep_vectors(cls, of: str, vectors: Mapping[tuple[int, str], bytes]) -> int:
        """Keeps what a model made of entries, by their place and title; how many stand there yet with these
        words. The others changed meanwhile, and have none.
        """
        with transaction.atomic(using=cls._base_manager.db):
            return sum(
                cls._base_manager.filter(place=place, title=title).update(vector=vector, vector_of=of)
                for (place, title), vector in vectors.items()
            )

    @classmethod
    def of(cls, row: Claim) -> Self:
        wordings = sorted((wording.text, wording.lang) for wording in row.wordings.all())
        return cls(
            row=row,
            place=newest_first(row.date_latest, row.pk),
            title=indexed((row.text, row.lang), *wordings),
        )


class SourceEntry(SearchEntry):
    """A source by its public name, and by what is said of it."""

    row = models.OneToOneField(Source, models.CASCADE, related_name="search_entry")

    weights = 2
    watched = (Watched("source", ("name", "description", "lang", "kind")),)

    class Meta(SearchEntry.Meta):
        verbose_name = _("search entry of a source")

    @classmethod
    def of(cls, row: Source) -> Self:
        return cls(
            row=row,
            place=shortest_first(row.name, row.pk),
            title=indexed((row.name, lang_of_name(row))),
            lead=indexed((row.description, row.lang)),
        )


class EntityEntry(SearchEntry):
    """An entity by the names it goes by and its numbers in catalogues, and by what is said of it."""

    row = models.OneToOneField(Entity, models.CASCADE, related_name="search_entry")

    weights = 2
    watched = (
        Watched("entity", ("name", "description", "lang", "kind")),
        Watched("entityalias", ("name", "lang"), owner="entity_id"),
        Watched("entityidentifier", ("scheme", "value"), owner="entity_id"),
    )

    class Meta(SearchEntry.Meta):
        verbose_name = _("search entry of an entity")

    @classmethod
    def rows(cls) -> models.QuerySet:
        return super().rows().prefetch_related("aliases", "identifiers")

    @classmethod
    def of(cls, row: Entity) -> Self:
        lang = lang_of_name(row)
        aliases = sorted((alias.name, lang and (alias.lang or lang)) for alias in row.aliases.all())
        numbers = sorted(
            (identifier.value, "")
            for identifier in row.identifiers.all()
            if identifier.scheme != EntityIdentifier.Scheme.OTHER
        )
        return cls(
            row=row,
            place=shortest_first(row.name, row.pk),
            title=indexed((row.name, lang), *aliases, *numbers),
            lead=indexed((row.description, row.lang)),
        )


class DocumentEntry(SearchEntry):
    """A document by its title, its publisher, and the words that evidence quotes of it."""

    row = models.OneToOneField(Document, models.CASCADE, related_name="search_entry")

    watched = (
        Watched("document", ("title", "publisher", "lang", "date_latest")),
        Watched("evidence", ("quotation", "withdrawn_at"), owner="document_id"),
    )

    class Meta(SearchEntry.Meta):
        verbose_name = _("search entry of a document")

    @classmethod
    def rows(cls) -> models.QuerySet:
        return super().rows().prefetch_related("evidence")

    @classmethod
    def of(cls, row: Document) -> Self:
        quotations = sorted(
            {item.quotation for item in row.evidence.all() if item.quotation and item.withdrawn_at is None}
        )
        return cls(
            row=row,
            place=newest_first(row.date_latest, row.pk),
            title=indexed((row.title, row.lang)),
            lead=indexed((row.publisher, row.lang)),
            body=indexed(*((quotation, row.lang) for quotation in quotations)),
        )


#: Every kind that is searched.
ENTRIES: tuple[type[SearchEntry], ...] = (ArticleEntry, ClaimEntry, SourceEntry, EntityEntry, DocumentEntry)


def lang_of_name(row: Source | Entity) -> str:
    """A person’s name has no stem: who looks for *rosso* does not look for Mario Rossi."""
    return "" if row.kind == "person" else row.lang
