"""Addresses, by audience. Of `<slug>-<code>` the code decides; the slug is for people."""

from __future__ import annotations

from django.urls import include, path

from newsroom.views import checking, desk, reader, revising, search

reader_urls = [
    path("", reader.front, name="front"),
    path("articles/<slug:slug>/", reader.article, name="article"),
    path("articles/<slug:slug>/history/", reader.history, name="history"),
    path("articles/<slug:slug>/history/compare/", reader.compare, name="compare"),
    path("articles/<slug:slug>/history/<int:before>-<int:after>/", reader.changes, name="changes"),
    path("articles/<slug:slug>/revisions/<int:number>/", reader.revision, name="revision"),
    path("claims/<slug:address>/", reader.claim, name="claim"),
    path("claims/<slug:address>/card/", reader.claim_card, name="claim-card"),
    path("sources/<slug:address>/", reader.source, name="source"),
    path("entities/<slug:address>/", reader.entity, name="entity"),
    path("method/", reader.method, name="method"),
    path("search/", search.search, name="search"),
]

# desk/
desk_urls = [
    path("", desk.home, name="home"),
    path("articles/<slug:slug>/", desk.article, name="article"),
    path("articles/<slug:slug>/text/", revising.text, name="text"),
    path("articles/<slug:slug>/revisions/", revising.revisions, name="revisions"),
    path("articles/<slug:slug>/revisions/compare/", revising.compare, name="compare"),
    path("articles/<slug:slug>/revisions/<int:before>-<int:after>/", revising.changes, name="changes"),
    path("articles/<slug:slug>/revisions/<int:number>/", revising.revert, name="revert"),
    path("checks/", checking.checks, name="checks"),
    path("orphans/", checking.orphans, name="orphans"),
    path("annotations/<slug:code>/", checking.annotation, name="annotation"),
    path("annotations/<slug:code>/confirm/", checking.confirm, name="annotation-confirm"),
    path("annotations/<slug:code>/move/", checking.move, name="annotation-move"),
    path("annotations/<slug:code>/withdraw/", checking.withdraw, name="annotation-withdraw"),
]

urlpatterns = [
    path("", include((reader_urls, "reader"))),
    path("desk/", include((desk_urls, "desk"))),
]
