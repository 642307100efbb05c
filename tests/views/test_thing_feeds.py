"""The feed of one thing, an article, a claim, a source, an entity: what is new of it, as its page has it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django.utils.timezone import now
from lxml import etree, html
from pytest_django import DjangoAssertNumQueries, Settings

from newsroom.actions import articles, entities, reviews
from newsroom.formats.atom import ATOM, XHTML
from newsroom.models import Article, Claim, Entity, Newsroom, Rights, Source, User
from newsroom.presenters.following import NEWEST, thing_feed_url
from tests.formats.atom_rules import TAG, faults
from tests.making import (
    HTML,
    LATER,
    THEN,
    level,
    make_annotation,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_entity,
    make_flag,
    make_mention,
    make_met_entity,
    make_review,
    make_source,
)

pytestmark = pytest.mark.django_db

HOME = "https://redazione.example"
NAMES = {"a": ATOM, "h": XHTML}
Thing = Article | Claim | Source | Entity


@pytest.fixture(autouse=True)
def at_home(db: None) -> None:
    Newsroom.objects.update(address=HOME)


def address(thing: Thing, lang: str = "it") -> str:
    with translation.override(lang):
        return thing_feed_url(thing)


def feed(reader: Client, thing: Thing, lang: str = "it") -> etree._Element:
    """The feed of a thing, without a fault."""
    answer = reader.get(address(thing, lang))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert faults(answer.content) == []
    root = etree.fromstring(answer.content)
    assert all(TAG.fullmatch(name) for name in root.xpath("//a:id/text()", namespaces=NAMES))
    return root


def told(reader: Client, thing: Thing, lang: str = "it") -> list[tuple[str, str, str]]:
    """Title, when it changed and what is said, of each entry."""
    return [
        (
            entry.findtext(f"{{{ATOM}}}title"),
            entry.findtext(f"{{{ATOM}}}updated"),
            " ".join(entry.xpath("a:content//text()", namespaces=NAMES)),
        )
        for entry in feed(reader, thing, lang).findall(f"{{{ATOM}}}entry")
    ]


def titles(reader: Client, thing: Thing) -> list[str]:
    return [title for title, _at, _said in told(reader, thing)]


def quoted_source() -> Source:
    source = make_source(name="Ida Comelli")
    make_attribution(make_article(), "Il ponte sarà aperto", source=source)
    return source


KINDS: dict[str, Callable[[], Thing]] = {
    "article": make_article,
    "claim": lambda: make_appearance().claim,
    "source": quoted_source,
    "entity": lambda: make_met_entity(name="Ponte vecchio"),
}


# -- all of them -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["it", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_thing_has_a_feed_that_its_page_names(kind: str, lang: str, reader: Client) -> None:
    thing = KINDS[kind]()
    root = feed(reader, thing, lang)
    assert root.findall(f"{{{ATOM}}}entry")
    with translation.override(lang):
        page = thing.get_absolute_url()
    there = {link.get("rel"): link.get("href") for link in root.findall(f"{{{ATOM}}}link")}
    assert there == {"self": HOME + address(thing, lang), "alternate": HOME + page}
    shown = html.fromstring(reader.get(page).content)
    named = shown.xpath("//head/link[@rel='alternate'][@type='application/atom+xml']/@href")
    assert named == [address(thing, lang)]
    assert shown.xpath(f"//main//a[@type='application/atom+xml'][@href='{address(thing, lang)}']")


@pytest.mark.parametrize("kind", KINDS)
def test_a_feed_of_a_thing_is_for_every_site_and_304_to_who_has_it(kind: str, reader: Client) -> None:
    there = address(KINDS[kind]())
    first = reader.get(there)
    assert first["Access-Control-Allow-Origin"] == "*"
    assert not first.cookies and "Cookie" not in first.get("Vary", "")
    assert reader.get(there, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert reader.post(there).status_code == 405


@pytest.mark.parametrize("kind", KINDS)
def test_a_feed_is_new_when_something_of_its_thing_is(kind: str, reader: Client, editor: User) -> None:
    article = make_article()
    claim = make_claim(claimant=make_source(name="Ida"))
    review = make_review(make_appearance(article, "Il ponte sarà aperto", claim=claim))
    named = make_mention(article, "Il ponte", entity=make_entity(name="Ponte")).entity
    thing = {"article": article, "claim": claim, "source": claim.claimant, "entity": named}[kind]
    first = reader.get(address(thing))
    reviews.withdraw(review, reason="Era un errore.", by=editor, at=now())
    again = reader.get(address(thing), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert "Era un errore." in again.content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_an_address_with_other_words_leads_to_the_one_that_stays(kind: str, reader: Client) -> None:
    thing = KINDS[kind]()
    if isinstance(thing, Article):
        before = address(thing)
        articles.edit(thing, changes={"slug": "nuovo"}, by=User.objects.get(username="editor"), at=LATER)
        thing.refresh_from_db()
    else:
        before = address(thing).replace(f"-{thing.code}/", f"x-{thing.code}/")
    answer = reader.get(before)
    assert (answer.status_code, answer["Location"]) == (301, address(thing))


# -- what is new -------------------------------------------------------------------------------------------


def test_of_an_article_its_texts_corrections_claims_and_ratings_are_told(
    reader: Client, editor: User
) -> None:
    article = make_article(headline="Il ponte riapre", standfirst="A maggio.")
    review = make_review(make_appearance(article, "Il ponte sarà aperto", at=THEN), published_at=THEN)
    for number, (kind, note) in enumerate(
        (("minor", "Un refuso."), ("correction", "Erano dodici.")), start=1
    ):
        articles.revise(
            article, html=HTML.replace("dieci", f"{number}dieci"), kind=kind, note=note, by=editor,
            at=LATER + timedelta(hours=number), based_on=number,
        )  # fmt: skip
    article.refresh_from_db()
    make_appearance(article, "le prove sono finite", at=LATER + timedelta(hours=3))
    make_flag(
        article, state="accepted", outcome="Il numero era vecchio.", decided_at=LATER + timedelta(hours=4)
    )
    reviews.mark_stale(review, reason="C’è una delibera.", by=editor, at=LATER + timedelta(hours=5))
    found = told(reader, article)
    assert [title for title, _at, _said in found] == [
        f"Da riverificare: «{review.claim.text}»",
        "Dopo una segnalazione: Il ponte riapre",
        "Nuova affermazione in «Il ponte riapre»",
        "Correzione: Il ponte riapre",
        "Piccola modifica: Il ponte riapre",
        "Il ponte riapre",
    ]
    said = [said for _title, _at, said in found]
    assert said[1] == "Il numero era vecchio."
    assert "le prove sono finite" in said[2]
    assert said[3:] == ["Erano dodici.", "Un refuso.", "A maggio."]


def test_what_an_article_read_before_it_was_out_is_no_news(reader: Client, editor: User) -> None:
    article = make_article(published_at=None)
    articles.revise(
        article, html=HTML.replace("dieci", "dodici"), kind="minor", note="Segreto.", by=editor, at=THEN,
        based_on=1,
    )  # fmt: skip
    Article.objects.filter(pk=article.pk).update(published_at=LATER)
    [(_title, at, said)] = told(reader, Article.objects.get(pk=article.pk))
    assert at == LATER.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert "Segreto" not in said


def test_of_a_claim_its_ratings_places_and_corrections_are_told(reader: Client, editor: User) -> None:
    first, second = make_article(headline="Il primo"), make_article(headline="Il secondo", published_at=LATER)
    claim = make_claim(text="Il ponte apre a maggio.")
    make_review(make_appearance(first, "Il ponte sarà aperto", claim=claim), published_at=THEN)
    make_appearance(second, "Il ponte sarà aperto", claim=claim)
    articles.revise(
        first, html=HTML.replace("sarà aperto", "sarà chiuso"), kind="correction", note="Sarà chiuso.",
        by=editor, at=LATER + timedelta(hours=1), based_on=1,
    )  # fmt: skip
    shown = titles(reader, claim)
    assert shown[0] in ("Correzione: Il primo", "Da riverificare: «Il ponte apre a maggio.»")
    assert {"Compare in «Il secondo»", "Correzione: Il primo"} <= set(shown)


def test_a_claim_that_is_rated_anew_has_the_new_rating_in_its_feed(reader: Client) -> None:
    claim = make_claim(text="Il ponte apre a maggio.")
    old = make_review(make_appearance(claim=claim), state="superseded", published_at=THEN)
    make_review(
        claim=claim, appearance=old.appearance, supersedes=old, level=level("true"), published_at=LATER
    )
    shown = titles(reader, claim)
    assert "Vero: «Il ponte apre a maggio.»" in shown
    assert not [title for title in shown if title.startswith("Falso")]


def test_of_a_source_the_articles_that_quote_it_and_the_ratings_of_what_it_claims_are_told(
    reader: Client,
) -> None:
    source = make_source(name="Ida Comelli")
    quoting, claiming = make_article(headline="Chi parla"), make_article(headline="Chi afferma")
    make_attribution(quoting, "Costerà dieci milioni", source=source)
    claim = make_claim(text="Il ponte apre.", claimant=source)
    make_review(make_appearance(claiming, "Il ponte sarà aperto", claim=claim))
    assert set(titles(reader, source)) == {
        "Citata in «Chi parla»", "Citata in «Chi afferma»", "Falso: «Il ponte apre.»",
    }  # fmt: skip
    told_of = {title: said for title, _at, said in told(reader, source)}
    assert "Costerà dieci milioni" in told_of["Citata in «Chi parla»"]


def test_of_an_entity_the_articles_that_name_it_and_the_ratings_of_claims_that_do_are_told(
    reader: Client,
) -> None:
    article = make_article(headline="Il ponte riapre")
    entity = make_mention(article, "Il ponte").entity
    make_review(make_appearance(article, "Il ponte sarà aperto", claim=make_claim(text="Il ponte apre.")))
    assert set(titles(reader, entity)) == {"Nominata in «Il ponte riapre»", "Falso: «Il ponte apre.»"}


def test_of_a_text_that_is_not_ours_only_the_sentence_of_the_words_is_told(
    reader: Client, settings: Settings
) -> None:
    settings.DEMO = False
    article = make_article(rights=Rights.QUOTATION)
    entity = make_mention(article, "Il ponte").entity
    [(_title, _at, said)] = told(reader, entity)
    assert "Il ponte" in said
    assert "Costerà dieci milioni" not in said


# -- what is not told --------------------------------------------------------------------------------------


def not_there(reader: Client, there: str, status: int = 404) -> None:
    for lang in ("", ".en"):
        assert reader.get(there.replace("/news.", f"/news{lang}.")).status_code == status


def test_what_readers_may_not_meet_has_no_feed(reader: Client) -> None:
    hidden: list[Any] = [
        make_article(published_at=None),
        make_article(published_at=now() + timedelta(days=1)),
        make_appearance(make_article(published_at=None)).claim,
        make_source(desk_only=True),
        make_source(pseudonymous=True),
        make_entity(pseudonymous=True),
    ]
    for thing in hidden:
        not_there(reader, address(thing))


def test_a_protected_person_has_no_feed_as_a_name_or_as_a_source(reader: Client, editor: User) -> None:
    entity = make_met_entity(name="Ida Comelli")
    source = make_source(name="Ida Comelli", entity=entity)
    make_attribution(make_article(), "Il ponte sarà aperto", source=source)
    there = [address(entity), address(source)]
    assert [reader.get(one).status_code for one in there] == [200, 200]
    entities.protect(entity, privacy="minor", reason="Ha dodici anni.", by=editor, at=now())
    for one in there:
        not_there(reader, one)


def test_what_was_withdrawn_is_gone_so_that_programs_stop_asking(reader: Client) -> None:
    article = make_article(withdrawn_at=LATER, withdrawal_reason="Sbagliato.")
    claim = make_claim(withdrawn_at=LATER, withdrawal_reason="Sbagliata.")
    make_appearance(make_article(), claim=claim)
    for thing in (article, claim):
        not_there(reader, address(thing), 410)


def test_a_proposal_and_a_tag_that_was_withdrawn_are_not_told(reader: Client) -> None:
    entity = make_met_entity(name="Ponte")
    proposed = make_annotation(
        make_article(headline="Segreto"), "Il ponte", kind="mention", state="suggested", generator="x"
    )
    proposed.mentions.create(entity=entity)
    assert "Segreto" not in str(told(reader, entity))


def test_from_an_entity_that_was_merged_the_feed_leads_to_the_one_that_stays(
    reader: Client, editor: User
) -> None:
    gone, stays = make_met_entity(name="Ponte"), make_met_entity(name="Ponte vecchio")
    before = address(gone)
    entities.merge(gone, into=stays, by=editor, at=now())
    answer = reader.get(before)
    assert (answer.status_code, answer["Location"]) == (301, address(stays))
    assert answer["Cache-Control"] == "no-cache"


# -- few and many ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "number"), [("article", 13), ("claim", 10), ("source", 13), ("entity", 13)])
def test_a_feed_of_a_thing_asks_as_often_for_few_as_for_many(
    kind: str, number: int, reader: Client, editor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    source, entity, claim = make_source(), make_entity(name="Ponte"), make_claim()
    article, years = make_article(), count(2027)
    thing = {"article": article, "claim": claim, "source": source, "entity": entity}[kind]
    for some in (1, 6):
        for _ in range(some):
            one = article if kind == "article" else make_article()
            said = claim if kind == "claim" else make_claim(claimant=source)
            appearance = make_appearance(one, claim=said, at=LATER)
            if not said.reviews.exists():
                make_review(appearance)
            make_mention(one, "Il ponte", entity=entity)
            make_attribution(one, "Costerà dieci milioni", source=source)
            articles.revise(
                one, html=HTML.replace("maggio", f"maggio {next(years)}"), kind="correction", note="No.",
                by=editor, at=LATER, based_on=one.revisions.count(),
            )  # fmt: skip
        with django_assert_num_queries(number):
            reader.get(address(thing))


def test_a_feed_holds_the_newest(reader: Client) -> None:
    entity = make_entity(name="Ponte")
    for number in range(NEWEST + 5):
        article = make_article(headline=f"Numero {number}", published_at=LATER + timedelta(hours=number))
        make_mention(article, "Il ponte", entity=entity)
    shown = titles(reader, entity)
    assert len(shown) == NEWEST
    assert shown[0] == f"Nominata in «Numero {NEWEST + 4}»"
