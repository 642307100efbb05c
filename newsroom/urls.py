"""Addresses, by audience. Of `<slug>-<code>` the code decides; the slug is for people."""

from __future__ import annotations

from django.urls import include, path

from newsroom.views import desk, intake, reader

reader_urls = [
    path("", reader.front, name="front"),
    path("articles/<slug:slug>/", reader.article, name="article"),
    path("claims/<slug:address>/", reader.claim, name="claim"),
    path("claims/<slug:address>/card/", reader.claim_card, name="claim-card"),
    path("sources/<slug:address>/", reader.source, name="source"),
    path("entities/<slug:address>/", reader.entity, name="entity"),
    path("method/", reader.method, name="method"),
]

# desk/
desk_urls = [
    path("articles/new/", intake.new_article, name="new-article"),
    path("articles/new/<slug:code>/", intake.original, name="original"),
    path("articles/new/<slug:code>/file/", intake.original_file, name="original-file"),
    path("articles/<slug:slug>/", desk.article, name="article"),
]

urlpatterns = [
    path("", include((reader_urls, "reader"))),
    path("desk/", include((desk_urls, "desk"))),
]
