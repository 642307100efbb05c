"""Addresses of data, for other programs: they have no language. By audience."""

from __future__ import annotations

from django.urls import include, path

from newsroom.views import linked_data
from newsroom.views.api.describing import urls as api_urls

app_name = "data"

urlpatterns = [
    # Linked data
    path("claimreview.json", linked_data.claim_reviews, name="claim-reviews"),
    path("articles/<slug:slug>/ninjs.json", linked_data.article_ninjs, name="article-ninjs"),
    path("articles/<slug:slug>/nif.ttl", linked_data.article_nif, name="article-nif"),
    path("claims/<slug:address>/prov.json", linked_data.claim_prov_json, name="claim-prov-json"),
    path("claims/<slug:address>/prov.ttl", linked_data.claim_prov_turtle, name="claim-prov-turtle"),
    # The API
    path("api/v1/", include((api_urls(), "api"))),
]
