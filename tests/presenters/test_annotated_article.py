"""The annotated text: whatever it wears, its characters are those of the canonical text."""

from __future__ import annotations

from collections import Counter
from itertools import chain, combinations
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from newsroom.models import Article, Claim, Review, Target
from newsroom.presenters.annotated_article import LAYERS, ArticlePage, annotated_article
from newsroom.presenters.annotated_article.marked_text import GLOSS_LENGTH
from tests.making import (
    LATER,
    THEN,
    level,
    make_annotation,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_crowd,
    make_document,
    make_entity,
    make_evidence,
    make_mention,
    make_review,
    make_source,
    make_target,
)
from tests.public_pages import TORTURE
from tests.reading import SEED, canonical_text, tree
from tests.samples import sampled

pytestmark = pytest.mark.django_db

EVERY_CHOICE = list(chain.from_iterable(combinations(LAYERS, size) for size in range(len(LAYERS) + 1)))
#: Every key that a page can be filtered by, and some that none can.
FILTERS = ["", "true", "mostly-true", "partly-true", "misleading", "false", "unverifiable", "opinion"]
FILTERS += ["attribution", "stale", "unchecked", "x"]

#: Long enough that 5,000 annotations do not lie hundreds deep: parsers give up there.
LONG_TORTURE = TORTURE * 40


def query(layers: tuple[str, ...], rating: str = "") -> str:
    return "?" + "&".join(
        [f"layer={name}" for name in (*layers, "none")] + [f"rating={rating}"] * bool(rating)
    )


def page_of(article: Article, **given: Any) -> ArticlePage:
    return annotated_article(article, article.current_revision, **({"in_full": True} | given))


# The text


@pytest.mark.parametrize("layers", EVERY_CHOICE, ids="-".join)
def test_the_seed_article_reads_the_same_whatever_it_wears(reader: Client, layers: tuple[str, ...]) -> None:
    text = Article.objects.get().current_revision.text
    for rating in sampled(FILTERS, 3, of=layers):
        part = tree(reader.get(SEED + query(layers, rating), headers={"HX-Request": "true"}))
        assert canonical_text(part) == text
        assert not part.xpath("//*[@data-o]//*[@data-o]")


@pytest.mark.parametrize("layers", EVERY_CHOICE, ids="-".join)
def test_a_torture_article_reads_the_same_whatever_it_wears(reader: Client, layers: tuple[str, ...]) -> None:
    article = make_article(html=TORTURE)
    make_crowd(article, 200)
    make_review(make_appearance(article, "CO2"), state=Review.State.STALE)
    for rating in sampled(("", "true", "unchecked", "stale"), 2, of=layers):
        page = tree(reader.get(article.get_absolute_url() + query(layers, rating)))
        assert canonical_text(page) == article.current_revision.text
        assert not page.xpath("//*[@data-o]//*[@data-o]")
        assert not page.xpath("//a//a")


def test_five_thousand_annotations_leave_the_text_alone(
    reader: Client,
) -> None:
    article = make_article(html=LONG_TORTURE)
    make_crowd(article, 5_000)
    page = tree(reader.get(article.get_absolute_url() + query(LAYERS[:3])))
    assert canonical_text(page) == article.current_revision.text
    assert len(page.xpath("//a[@role='doc-noteref']")) == 2_500


def test_each_block_says_where_it_begins(reader: Client) -> None:
    article = make_article(html=TORTURE)
    make_crowd(article, 100)
    page = tree(reader.get(article.get_absolute_url() + query(LAYERS)))
    text = article.current_revision.text
    for block in page.xpath("//*[@data-o]"):
        assert text.startswith("".join(block.itertext()), int(block.get("data-o")))


def test_a_layer_that_is_off_is_not_on_the_page(reader: Client) -> None:
    marks = {"claims": "claim", "attributions": "attribution", "entities": "entity"}
    for layer, css in marks.items():
        without = tree(reader.get(SEED + query(tuple(name for name in LAYERS if name != layer))))
        only = tree(reader.get(SEED + query((layer,))))
        path = f"//*[@data-o]//*[contains(concat(' ', @class, ' '), ' {css} ')]"
        assert not without.xpath(path)
        assert only.xpath(path)


@pytest.mark.parametrize("number", [44, 500, 5_000])
def test_the_queries_do_not_grow_with_the_annotations(
    reader: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    article = make_article(html=LONG_TORTURE)
    make_crowd(article, number)
    address = article.get_absolute_url() + query(LAYERS)
    with django_assert_num_queries(16):
        assert reader.get(address).status_code == 200


# Notes


def test_every_note_has_its_place_in_the_text(reader: Client) -> None:
    article = make_article(html=TORTURE)
    make_crowd(article, 300)
    page = tree(reader.get(article.get_absolute_url()))
    ids = set(page.xpath("//@id"))
    references = page.xpath("//a[@role='doc-noteref']")
    assert len(references) == 150
    assert {reference.get("href").removeprefix("#") for reference in references} <= ids
    backlinks = page.xpath("//*[contains(@class, 'note-number')]/@href")
    assert {address.removeprefix("#") for address in backlinks} <= ids


def test_words_that_end_with_the_line_have_their_note_too(reader: Client) -> None:
    article = make_article()
    text = article.current_revision.text
    appearance = make_appearance(article, text[text.index("Costerà") : text.index("Secondo")])
    page = tree(reader.get(article.get_absolute_url()))
    assert [reference.get("id") for reference in page.xpath("//a[@role='doc-noteref']")] == [
        f"ref-{appearance.claim.code}"
    ]


def test_notes_are_numbered_by_where_their_words_end() -> None:
    article = make_article()
    for words in ("Il ponte sarà aperto a maggio, ha detto la sindaca", "maggio", "Costerà", "ponte sarà"):
        make_appearance(article, words)
    assert [(note.number, note.words.split()[-1]) for note in page_of(article).register] == [
        (1, "sarà"),
        (2, "maggio"),
        (3, "sindaca"),
        (4, "Costerà"),
    ]


def test_a_note_is_named_with_its_number_rating_and_first_words() -> None:
    article = make_article()
    make_review(make_appearance(article, "Il ponte sarà aperto a maggio, ha detto la sindaca"))
    (note,) = page_of(article).register
    assert note.label == "Nota 1, Falso: «Il ponte sarà aperto a…»"


def test_a_stale_rating_is_said_to_be_stale_at_once(reader: Client) -> None:
    article = make_article()
    make_review(make_appearance(article), state=Review.State.STALE)
    (note,) = page_of(article).register
    assert note.badge.stale and note.changed.since == LATER
    assert "da riverificare" in note.label.lower()
    assert "Da riverificare" in reader.get(article.get_absolute_url()).content.decode()


def test_a_paragraph_with_many_notes_folds_those_after_the_third() -> None:
    few, many = make_article(), make_article()
    words = ("Il ponte", "sarà", "aperto", "maggio", "Costerà")
    for quotation in words[:4]:
        make_appearance(few, quotation)
    for quotation in words:
        make_appearance(many, quotation)
    assert [(len(row.notes), len(row.more)) for row in page_of(few).rows] == [(4, 0), (0, 0)]
    assert [(len(row.notes), len(row.more)) for row in page_of(many).rows] == [(3, 2), (0, 0)]


def test_a_claim_that_stands_twice_has_one_note_at_each_place(reader: Client) -> None:
    article, claim = make_article(), make_claim()
    make_appearance(article, "Il ponte sarà aperto a maggio", claim=claim)
    make_appearance(article, "Il ponte vecchio", claim=claim)
    assert [note.number for note in page_of(article).register] == [1, 2]
    ids = Counter(tree(reader.get(article.get_absolute_url())).xpath("//@id"))
    assert [name for name, times in ids.items() if times > 1] == []


def test_words_in_several_spans_are_one_claim_with_one_note(reader: Client) -> None:
    article = make_article()
    appearance = make_appearance(article, "Il ponte sarà", "resterà chiuso")
    (note,) = page_of(article).register
    assert note.words == "Il ponte sarà […] resterà chiuso"
    page = tree(reader.get(article.get_absolute_url()))
    assert len(page.xpath(f"//*[@id='claim-{appearance.claim.code}']")) == 1
    assert len(page.xpath("//a[@role='doc-noteref']")) == 1
    assert len(page.xpath("//*[@data-o]//span[starts-with(@class, 'claim ')]")) == 2


def test_a_withdrawn_claim_leaves_the_page() -> None:
    article = make_article()
    make_appearance(article, claim=make_claim(withdrawn_at=THEN, withdrawal_reason="Errore."))
    assert page_of(article).register == ()


def test_an_orphan_leaves_the_page() -> None:
    article = make_article()
    appearance = make_appearance(article)
    appearance.annotation.targets.update(fate=Target.Fate.ORPHANED, start=None, end=None)
    assert page_of(article).register == ()


def test_the_evidence_that_is_counted_is_the_evidence_that_is_shown(reader: Client) -> None:
    article = make_article()
    claim = make_appearance(article).claim
    make_evidence(claim)
    make_evidence(claim, document=make_document(withdrawn_at=THEN, withdrawal_reason="Era un falso."))
    (note,) = page_of(article).register
    assert note.evidence_line == "1 riscontro: 1 a sostegno"
    assert note.evidence_line in reader.get(f"{claim.get_absolute_url()}card/").content.decode()


# Counts and filters


def test_the_counts_are_those_of_the_register() -> None:
    article = Article.objects.get()
    page = page_of(article)
    assert sum(count.number for count in page.counts) == page.register_total == 44
    for count in page.counts:
        chosen = page_of(article, rating=count.badge.key)
        assert len(chosen.register) == count.number
        assert [row.badge.key for row in chosen.counts if row.selected] == [count.badge.key]
        assert chosen.register_total == 44


def test_attributions_that_were_checked_are_counted_apart() -> None:
    article = make_article()
    make_review(make_appearance(article, "Il ponte"), level=level("true"))
    make_review(make_appearance(article, "maggio"), level=level("true"), judges="attribution")
    make_review(make_appearance(article, "Costerà"), level=level("false"), judges="attribution")
    counts = {count.badge.key: (count.number, count.badge.tone) for count in page_of(article).counts}
    assert counts == {"true": (1, "true"), "attribution": (2, "attribution")}


def test_a_filter_keeps_the_numbers_of_the_notes() -> None:
    article = make_article()
    make_appearance(article, "Il ponte")
    make_review(make_appearance(article, "maggio"))
    (note,) = page_of(article, rating="false").register
    assert note.number == 2


@pytest.mark.parametrize("rating", ["", "x", "true", "opinion"])
def test_a_filter_that_finds_nothing_filters_nothing(rating: str) -> None:
    article = make_article()
    make_appearance(article)
    page = page_of(article, rating=rating)
    assert (len(page.register), page.filter_rating) == (1, "")


# Who says what, who is named


def test_who_says_what_is_told_with_cue_and_reporter() -> None:
    article = make_article()
    outer = make_attribution(article, ["Il ponte sarà aperto a maggio"], source=make_source(name="Ada Neri"))
    make_attribution(
        article,
        ["le prove sono finite", ("cue", "Secondo"), ("source", "i tecnici")],
        anonymity_reason="teme per il suo posto",
        parent=outer,
    )
    first, second = page_of(article).says
    assert (first.source_name, first.content, first.parent) == (
        "Ada Neri",
        "Il ponte sarà aperto a maggio",
        "",
    )
    assert (second.source_name, second.cue, second.parent) == ("teme per il suo posto", "Secondo", "Ada Neri")


def test_sources_are_listed_with_how_often_they_are_quoted_and_nothing_else() -> None:
    article, source = make_article(), make_source()
    make_attribution(article, ["maggio"], source=source)
    make_attribution(article, ["Costerà"], source=source)
    (line,) = page_of(article).sources
    assert (line.name, line.said, line.url) == (source.name, 2, source.get_absolute_url())


def test_a_protected_person_is_neither_marked_nor_listed(reader: Client) -> None:
    article = make_article()
    make_mention(article, "la sindaca", entity=make_entity(name="Lia Canario", privacy="minor"))
    assert page_of(article, layers=frozenset({"entities"})).entities == ()
    assert "Canario" not in reader.get(article.get_absolute_url() + "?layer=entities").content.decode()


def test_an_annotation_of_another_revision_is_not_shown() -> None:
    article = make_article()
    annotation = make_annotation(article, kind="mention")
    make_target(annotation, 0, 8)
    other = make_article()
    assert page_of(other).register == ()
    assert Claim.objects.filter(appearances__annotation__article=other).count() == 0


def test_a_name_with_a_page_says_what_it_stands_for_on_its_first_fragment_alone(reader: Client) -> None:
    article = make_article()
    make_mention(article, "la sindaca", entity=make_entity(description="Guida <il> Comune."))
    make_mention(article, "i tecnici", entity=make_entity(pseudonymous=True, description="Chi ha scritto."))
    page = tree(reader.get(f"{article.get_absolute_url()}?layer=entities"))
    [titled] = page.xpath("//*[@data-o]//*[@title]")
    assert (titled.tag, titled.get("title")) == ("a", "persona · Guida <il> Comune.")
    assert not tree(reader.get(article.get_absolute_url())).xpath("//*[@data-o]//*[@title]")


def test_what_a_name_stands_for_is_cut_and_its_language_said_where_it_is_not_the_pages(
    reader: Client,
) -> None:
    article = make_article()
    make_mention(article, "la sindaca", entity=make_entity(description="Leads the town. " * 40, lang="en"))
    make_mention(article, "i tecnici", entity=make_entity(description="Provano il ponte."))
    page = tree(reader.get(f"{article.get_absolute_url()}?layer=entities"))
    english, italian = page.xpath("//*[@data-o]//*[@title]")
    assert english.get("data-title-lang") == "en" and italian.get("data-title-lang") is None
    assert len(english.get("title")) == len("persona · ") + GLOSS_LENGTH
    assert english.get("title").endswith("…")
