"""Addresses of data: without a language, for other systems. Each audience by itself."""

from __future__ import annotations

from django.urls import path

from .views import linked_data

app_name = "data"

urlpatterns = [
    # Linked data
    path("claimreview.json", linked_data.claim_reviews, name="claim-reviews"),
    path("articles/<slug:slug>/ninjs.json", linked_data.article_ninjs, name="article-ninjs"),
    path("articles/<slug:slug>/nif.ttl", linked_data.article_nif, name="article-nif"),
    path("claims/<slug:address>/prov.json", linked_data.claim_prov_json, name="claim-prov-json"),
    path("claims/<slug:address>/prov.ttl", linked_data.claim_prov_turtle, name="claim-prov-turtle"),
]
