"""Addresses of data, for other programs: they have no language. By audience."""

from __future__ import annotations

from django.urls import include, path, register_converter
from django.urls.converters import IntConverter

from newsroom.presenters.history import NUMBER
from newsroom.presenters.sitemaps import KINDS
from newsroom.views import feeds, linked_data, lists, oembed, reconciliation, sitemaps
from newsroom.views.api.describing import urls as api_urls
from newsroom.views.web_annotations import answering as web_annotations

app_name = "data"


class MapKind:
    """What there are sitemaps of."""

    regex = "|".join(KINDS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class MapNumber(IntConverter):
    regex = NUMBER


register_converter(MapKind, "map_kind")
register_converter(MapNumber, "map_number")

#: A feed for each language of the labels, which the file is named after: the query is the filter of the page.
FEEDS = {
    "articles": feeds.articles,
    "reviews": feeds.reviews,
    "claims": feeds.claims,
    "corrections": feeds.corrections,
    "search": feeds.search,
}

#: The same of one thing, beside its page.
FEEDS_OF = {
    "articles/<slug:slug>": ("article", feeds.article),
    "claims/<slug:address>": ("claim", feeds.claim),
    "sources/<slug:address>": ("source", feeds.source),
    "entities/<slug:address>": ("entity", feeds.entity),
}

urlpatterns = [
    # Linked data
    path("claimreview.json", linked_data.claim_reviews, name="claim-reviews"),
    path("articles/<slug:slug>/ninjs.json", linked_data.article_ninjs, name="article-ninjs"),
    path("articles/<slug:slug>/nif.ttl", linked_data.article_nif, name="article-nif"),
    path("claims/<slug:address>/prov.json", linked_data.claim_prov_json, name="claim-prov-json"),
    path("claims/<slug:address>/prov.ttl", linked_data.claim_prov_turtle, name="claim-prov-turtle"),
    # The list of claims as a table, with its labels in two languages
    path("claims.csv", lists.claims_table, {"lang": "it"}, name="claims-table"),
    path("claims.en.csv", lists.claims_table, {"lang": "en"}, name="claims-table-en"),
    # Feeds
    *(
        path(
            f"feeds/{name}{suffix}.atom", view, {"lang": lang}, name=f"feed-{name}{suffix.replace('.', '-')}"
        )
        for name, view in FEEDS.items()
        for lang, suffix in (("it", ""), ("en", ".en"))
    ),
    *(
        path(f"{page}/news{suffix}.atom", view, {"lang": lang}, name=f"feed-{name}{suffix.replace('.', '-')}")
        for page, (name, view) in FEEDS_OF.items()
        for lang, suffix in (("it", ""), ("en", ".en"))
    ),
    # Sitemaps
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-pages.xml", sitemaps.pages, name="sitemap-pages"),
    path("sitemap-news.xml", sitemaps.news, name="sitemap-news"),
    path("sitemaps/<map_kind:kind>-<map_number:number>.xml", sitemaps.rows, name="sitemap-rows"),
    # How pages look on others' pages
    path("oembed", oembed.answer, name="oembed"),
    # Reconciliation, 0.2 and 1.0-draft
    path("reconcile", reconciliation.service, name="reconcile"),
    path("reconcile/suggest/entity", reconciliation.suggest_entity, name="suggest-entity"),
    path("reconcile/suggest/type", reconciliation.suggest_type, name="suggest-type"),
    path("reconcile/suggest/property", reconciliation.suggest_property, name="suggest-property"),
    path("reconcile/extend/propose", reconciliation.propose, name="propose"),
    path("reconcile/preview", reconciliation.preview, name="reconcile-preview"),
    path("reconcile/1.0-draft", reconciliation.draft, name="draft"),
    path("reconcile/1.0-draft/reconcile", reconciliation.draft_match, name="draft-reconcile"),
    path("reconcile/1.0-draft/match", reconciliation.draft_match, name="draft-match"),
    path("reconcile/1.0-draft/suggest/entity", reconciliation.suggest_entity, name="draft-suggest-entity"),
    path("reconcile/1.0-draft/suggest/type", reconciliation.suggest_type, name="draft-suggest-type"),
    path(
        "reconcile/1.0-draft/suggest/property", reconciliation.suggest_property, name="draft-suggest-property"
    ),
    path("reconcile/1.0-draft/extend", reconciliation.draft_extend, name="draft-extend"),
    path("reconcile/1.0-draft/extend/propose", reconciliation.propose, name="draft-propose"),
    path("reconcile/1.0-draft/preview", reconciliation.preview, name="draft-preview"),
    # Web Annotations
    path("annotations/", web_annotations.container, name="annotations"),
    path("annotations/<uuid:uuid>", web_annotations.annotation, name="annotation"),
    path("articles/<slug:slug>/annotations/", web_annotations.article_container, name="article-annotations"),
    # The API
    path("api/v1/", include((api_urls(), "api"))),
]
