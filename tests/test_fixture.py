"""The seed newsroom is the dossier, whole and honest, and can be made again."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models

from newsroom.models import (
    Annotation,
    Article,
    Attribution,
    Claim,
    ClaimRelation,
    Deed,
    Document,
    Entity,
    Evidence,
    Mention,
    RatingLevel,
    Review,
    Revision,
    Shown,
    Source,
    Target,
    User,
)

pytestmark = pytest.mark.django_db

SOURCE = settings.BASE_DIR / "fixtures" / "source"
DOSSIER = json.loads((SOURCE / "dossier.json").read_text(encoding="utf-8"))
EDITORIAL = json.loads((SOURCE / "editorial.json").read_text(encoding="utf-8"))
FIXTURE = settings.BASE_DIR / "fixtures" / "seed.json"


def claim_of(item: dict[str, Any]) -> Claim:
    return Claim.objects.get(text=item["claim_it"])


def canonical_place(span: dict[str, Any]) -> tuple[int, int, str]:
    """A span of the article file in the canonical text, where no blank lines part the paragraphs."""
    paragraph = int(span["paragraph"].removeprefix("P")) - 1 if span.get("paragraph") else None
    shift = (SOURCE / "article.txt").read_text(encoding="utf-8").count("\n\n", 0, span["start"])
    assert paragraph in (None, shift)
    return span["start"] - shift, span["end"] - shift, span["quote"]


def places(queryset: models.QuerySet[Target]) -> set[tuple[int, int, str]]:
    return set(queryset.values_list("start", "end", "exact"))


# Loaded


def test_it_can_be_loaded_over_itself() -> None:
    def everything() -> dict[str, list[dict[str, Any]]]:
        return {
            model.__name__: list(model._base_manager.order_by("pk").values())
            for model in apps.get_app_config("newsroom").get_models()
            # Whatever is written gives pages a new version.
            if model is not Shown
        }

    before = everything()
    call_command("loaddata", "seed", verbosity=0)
    assert everything() == before


def test_it_names_no_database_key() -> None:
    assert all("pk" not in row for row in json.loads(FIXTURE.read_text(encoding="utf-8")))


# The article


def test_the_article_is_the_file() -> None:
    article = Article.objects.get()
    revision = article.current_revision
    assert revision.text == (SOURCE / "article.txt").read_text(encoding="utf-8").replace("\n\n", "\n")
    assert len(revision.document.blocks) == len(DOSSIER["article"]["paragraphs"]) == 16
    assert revision.sha256 == hashlib.sha256(revision.text.encode()).hexdigest()


def test_the_article_says_where_it_comes_from() -> None:
    article = Article.objects.get()
    assert article.headline == DOSSIER["article"]["title_from_url"]
    assert article.byline == DOSSIER["article"]["byline"]["quote"] == "Di Fantasy"
    assert article.current_revision.text.endswith("\nDi Fantasy")
    assert article.original_url == DOSSIER["article"]["original_url"]
    assert (article.date, article.lang, article.rights) == ("2023-08", "it", "demo")


# Claims


def test_it_has_the_claims_of_the_dossier() -> None:
    assert Claim.objects.count() == len(DOSSIER["claims"]) == 44
    assert set(Claim.objects.values_list("text", flat=True)) == {
        item["claim_it"] for item in DOSSIER["claims"]
    }


@pytest.mark.parametrize("item", DOSSIER["claims"], ids=lambda item: item["id"])
def test_a_claim_stands_as_the_dossier_has_it(item: dict[str, Any]) -> None:
    claim = claim_of(item)
    assert list(claim.wordings.values_list("lang", "text")) == [("en", item["claim_en"])]
    assert claim.check_worthiness == item["check_worthiness"]["level"]
    targets = Target.objects.filter(annotation__appearance__claim=claim)
    assert places(targets.filter(role="content")) == {canonical_place(item)}
    assert places(targets.filter(role="hedge")) == {canonical_place(span) for span in item["markers"]}


@pytest.mark.parametrize("item", DOSSIER["claims"], ids=lambda item: item["id"])
def test_a_claim_is_rated_as_the_dossier_has_it(item: dict[str, Any]) -> None:
    review = claim_of(item).reviews.get()
    level = next(row for row in EDITORIAL["scale"]["levels"] if row["dossier"] == item["rating"]["value"])
    assert review.level.code_name == level["code"].replace("_", "-")
    assert review.level.labels.get(lang="it").label == level["labels"]["it"]["label"]
    assert review.explanation == item["rating"]["justification_it"]
    assert review.judged_words == item["quote"]
    assert (review.judges == "attribution") == (item["rating"]["target"] == "enunciato_attribuito")
    assert (review.state, review.author.username, review.approver.username) == (
        "published",
        "checker",
        "editor",
    )


@pytest.mark.parametrize("item", DOSSIER["claims"], ids=lambda item: item["id"])
def test_a_claim_has_the_evidence_of_the_dossier(item: dict[str, Any]) -> None:
    checked = {
        "known, page not opened": "known",
        "address seen, page not opened": "address",
        "excerpt read": "excerpt",
        "repository history read": "repository",
    }
    found = Counter(
        claim_of(item).evidence.values_list("document__url", "document__title", "stance", "checked")
    )
    titles = EDITORIAL["document_titles"]
    assert found == Counter(
        (
            link["url"] or "",
            titles.get(link["evidence"], link["title"]),
            link["stance"],
            checked[link["checked"]],
        )
        for link in item["evidence"]
    )


def test_every_rating_of_the_scale_is_a_level() -> None:
    assert RatingLevel.objects.count() == len(DOSSIER["scales"]["rating"]) == 7
    assert Counter(Review.objects.values_list("level__position", flat=True)).total() == 44


def test_every_review_has_a_summary_written_for_it() -> None:
    summaries = dict(Review.objects.values_list("summary", "explanation"))
    assert len(summaries) == 44
    for summary, explanation in summaries.items():
        assert 0 < len(summary) <= 160
        assert not explanation.startswith(summary.rstrip("….")[:40])
        assert not summary.endswith("…")
        assert summary in EDITORIAL["summaries"].values()


def test_a_rated_opinion_or_prediction_names_the_facts() -> None:
    rated = Review.objects.filter(claim__kind__in=["opinion", "prediction"], judges="content").exclude(
        level__is_opinion=True
    )
    assert rated.exists()
    assert not rated.filter(facts_judged="").exists()


# Evidence


def test_it_has_the_documents_and_links_of_the_dossier() -> None:
    assert Document.objects.count() == len(DOSSIER["evidence"]) == 60
    assert Evidence.objects.count() == sum(len(item["evidence"]) for item in DOSSIER["claims"]) == 127
    assert Document.objects.filter(url="").count() == 2
    assert Document.objects.filter(evidence=None).count() == 1


def test_nothing_is_said_to_be_checked_further_than_it_was() -> None:
    assert not Evidence.objects.filter(checked="whole").exists()
    assert Evidence.objects.filter(checked__in=["known", "address"]).exists()


def test_imprecise_dates_are_kept_as_imprecise() -> None:
    day = re.compile(r"\d{4}-\d{2}-\d{2}")
    imprecise = {item["id"]: item for item in DOSSIER["evidence"] if not day.fullmatch(item["date"] or "")}
    assert imprecise.keys() == set(EDITORIAL["imprecise_dates"])
    assert len(imprecise) == 29
    for key, item in imprecise.items():
        title = EDITORIAL["document_titles"].get(key, item["title"])
        document = Document.objects.get(title=title, url=item["url"] or "")
        assert document.date == EDITORIAL["dates"][key]
        # A day that the desk made out keeps the words of the dossier beside it.
        assert not day.fullmatch(document.date) or document.date_note == item["date"]


# Entities, sources, attributions, relations


def test_it_has_the_entities_and_mentions_of_the_dossier() -> None:
    entities = DOSSIER["entities"]
    assert Entity.objects.count() == len(entities) == 39
    numbers = Counter(Mention.objects.values_list("form", flat=True))
    assert numbers["name"] == sum(len(item["mentions"]) for item in entities) == 103
    assert numbers["nested"] == sum(len(item["nested_mentions"]) for item in entities) == 12
    spans = Annotation.objects.filter(mentions__form="coreference").distinct()
    assert spans.count() == len(DOSSIER["coreference"]) == 28


@pytest.mark.parametrize("item", DOSSIER["entities"], ids=lambda item: item["id"])
def test_an_entity_is_named_where_the_dossier_has_it(item: dict[str, Any]) -> None:
    entity = Entity.objects.get(name=item["name"], description=item["description_it"])
    assert set(entity.aliases.values_list("name", flat=True)) == set(item["aliases"])
    assert list(entity.identifiers.values_list("value", flat=True)) == [
        qid for qid in [item["wikidata"]] if qid
    ]
    for form, spans in (("name", item["mentions"]), ("nested", item["nested_mentions"])):
        targets = Target.objects.filter(annotation__mentions__entity=entity, annotation__mentions__form=form)
        assert places(targets) == {canonical_place(span) for span in spans}


@pytest.mark.parametrize("item", DOSSIER["coreference"], ids=lambda item: item["id"])
def test_other_words_lead_to_their_entities(item: dict[str, Any]) -> None:
    start, end, words = canonical_place(item)
    targets = Target.objects.filter(
        start=start, end=end, exact=words, annotation__mentions__form="coreference"
    )
    names = {row["id"]: row["name"] for row in DOSSIER["entities"]}
    found = targets.values_list("annotation__mentions__entity__name", flat=True)
    assert sorted(found, key=str) == sorted([names[key] for key in item["entities"]] or [None], key=str)


def test_it_has_the_sources_and_relations_of_the_dossier() -> None:
    assert Source.objects.count() == len(DOSSIER["sources"]) == 10
    assert ClaimRelation.objects.count() == len(DOSSIER["relations"]) == 39
    texts = {item["id"]: item["claim_it"] for item in DOSSIER["claims"]}
    assert set(ClaimRelation.objects.values_list("source__text", "target__text", "kind")) == {
        (texts[item["source"]], texts[item["target"]], item["type"]) for item in DOSSIER["relations"]
    }


def test_it_has_the_attributions_of_the_dossier() -> None:
    attributed = [item for item in DOSSIER["claims"] if item["attribution"]["source_mention"]]
    assert Attribution.objects.count() == len(attributed) == 8
    for item in attributed:
        attribution = Attribution.objects.get(claim__text=item["claim_it"])
        given = item["attribution"]
        spans = {"content": item, "source": given["source_mention"], "cue": given["cue_words"]}
        for role, span in spans.items():
            targets = attribution.annotation.targets.filter(role=role)
            assert places(targets) == ({canonical_place(span)} if span else set())


def test_the_sources_that_the_article_does_not_name_are_for_the_desk() -> None:
    hidden = {item["id"] for item in DOSSIER["sources"] if not item["attributed_claims"]}
    assert Source.objects.filter(desk_only=True).count() == len(hidden) == 4
    assert Source.objects.filter(name="Analytics India Magazine (AIM)", desk_only=True).exists()


def test_the_pseudonym_has_no_page_as_source_or_entity() -> None:
    entity = Entity.objects.get(name="Fantasy")
    assert not entity.has_page
    assert [source.has_page for source in entity.sources.all()] == [False]


def test_every_quotation_stands_at_its_offsets() -> None:
    targets = list(Target.objects.select_related("revision"))
    assert len(targets) > 44 + 103 + 12 + 28
    for target in targets:
        text = target.revision.text
        assert text[target.start : target.end] == target.exact
        assert text[: target.start].endswith(target.prefix)
        assert text[target.end :].startswith(target.suffix)
        assert len(target.prefix) == min(32, target.start)


# People and their deeds


def test_nobody_can_sign_in_before_the_demo_gives_passwords() -> None:
    assert {user.username for user in User.objects.all()} == {"reporter", "checker", "editor"}
    for user in User.objects.all():
        assert user.is_staff and not user.is_superuser
        assert not user.has_usable_password()


def test_the_log_tells_how_it_was_made() -> None:
    verbs = Counter(Deed.objects.values_list("verb", flat=True))
    assert verbs["claim.tag"] == verbs["review.propose"] == verbs["review.publish"] == 44
    assert verbs["article.create"] == verbs["article.publish"] == 1
    assert verbs["mention.tag"] == 103 + 12 + 28
    assert verbs["attribution.tag"] == 8
    assert Revision.objects.count() == 1


def test_no_source_carries_a_number() -> None:
    """No score, percentage or count of ratings by person or outlet is kept."""
    kept = {field.get_internal_type() for field in Source._meta.concrete_fields if not field.primary_key}
    assert not kept & {
        "IntegerField",
        "FloatField",
        "DecimalField",
        "PositiveIntegerField",
        "SmallIntegerField",
    }
