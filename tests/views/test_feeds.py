"""Feeds: as Atom wants them, what is public and no more, and new only where something is."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree, html
from pytest_django import DjangoAssertNumQueries, Settings

from newsroom.actions import articles, entities, reviews
from newsroom.formats.atom import ATOM, XHTML
from newsroom.models import Article, Newsroom, Review, Rights, User
from tests.formats.atom_rules import TAG, faults
from tests.making import (
    HTML,
    LATER,
    level,
    make_appearance,
    make_article,
    make_assignment,
    make_claim,
    make_entity,
    make_mention,
    make_review,
    make_source,
)
from tests.public_pages import corrected, superseded_claim

pytestmark = pytest.mark.django_db

HOME = "https://redazione.example"
NAMES = {"a": ATOM, "h": XHTML}
KINDS = ("articles", "reviews", "claims", "corrections", "search")
EVERY = [f"{name}{suffix}" for name in KINDS for suffix in ("", ".en")]


@pytest.fixture(autouse=True)
def at_home(db: None) -> None:
    Newsroom.objects.update(address=HOME)


def feed(reader: Client, name: str, query: str = "") -> etree._Element:
    """A feed without a fault."""
    answer = reader.get(f"/feeds/{name}.atom{query}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert faults(answer.content) == []
    root = etree.fromstring(answer.content)
    assert all(TAG.fullmatch(name) for name in root.xpath("//a:id/text()", namespaces=NAMES))
    addresses = root.xpath("//a:link/@href | //a:uri/text()", namespaces=NAMES)
    assert [address for address in addresses if not address.startswith("https://")] == []
    return root


def entries(root: etree._Element) -> list[etree._Element]:
    return root.findall(f"{{{ATOM}}}entry")


def told(entry: etree._Element, path: str) -> Any:
    return entry.xpath(f"string({path})", namespaces=NAMES)


def links(element: etree._Element) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in element.findall(f"{{{ATOM}}}link")}


def entry_of(reader: Client, name: str, row: Any, query: str | None = "") -> etree._Element:
    """On whichever page it stands."""
    while query is not None:
        root = feed(reader, name, query)
        for entry in entries(root):
            if told(entry, "a:id").endswith(f"/{row.uuid}"):
                return entry
        following = links(root).get("next")
        query = f"?{urlsplit(following).query}" if following else None
    raise AssertionError(f"no {row!r} in {name}")


def titles(root: etree._Element) -> list[str]:
    return [told(entry, "a:title") for entry in entries(root)]


# -- every feed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_every_feed_is_atom_whatever_there_is(name: str, reader: Client) -> None:
    corrected(), superseded_claim()
    query = "?q=ponte" if name.startswith("search") else ""
    root = feed(reader, name, query)
    assert entries(root)
    lang = "en" if name.endswith(".en") else "it"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == lang
    there = links(root)
    assert there["self"] == f"{HOME}/feeds/{name}.atom{query}"
    assert urlsplit(there["alternate"]).path.startswith("/en/") == (lang == "en")
    assert reader.get(there["alternate"].removeprefix(HOME)).status_code == 200
    moments = [told(entry, "a:updated") for entry in entries(root)]
    assert root.findtext(f"{{{ATOM}}}updated") == max(moments)


@pytest.mark.parametrize("name", EVERY)
def test_every_feed_of_nothing_is_one_too(name: str, reader: Client) -> None:
    Article.objects.update(published_at=None)
    assert entries(feed(reader, name)) == []
    first, second = (reader.get(f"/feeds/{name}.atom") for _ in range(2))
    assert first.content == second.content


@pytest.mark.parametrize("name", EVERY)
def test_a_feed_is_for_every_site_and_sets_nothing(name: str, reader: Client) -> None:
    answer = reader.get(f"/feeds/{name}.atom?q=microsoft")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Content-Language"] == ("en" if name.endswith(".en") else "it")
    assert "Set-Cookie" not in answer
    assert "Cookie" not in answer.get("Vary", "")
    assert reader.post(f"/feeds/{name}.atom").status_code == 405
    assert reader.head(f"/feeds/{name}.atom").status_code == 200


def test_who_has_it_is_told_so_until_something_changes(reader: Client, editor: User) -> None:
    review = make_review(make_appearance())
    first = reader.get("/feeds/reviews.atom")
    known = {"If-None-Match": first["ETag"]}
    assert reader.get("/feeds/reviews.atom", headers=known).status_code == 304
    reviews.withdraw(review, reason="Era un errore.", by=editor, at=timezone.now())
    for headers in (
        {"If-None-Match": first["ETag"]},
        {"If-Modified-Since": first["Last-Modified"]},
    ):
        answer = reader.get("/feeds/reviews.atom", headers=headers)
        assert "Era un errore." in answer.content.decode()


def test_what_comes_out_by_the_clock_is_new_to_who_asks_by_the_date(reader: Client) -> None:
    first = reader.get("/feeds/articles.atom")
    article = make_article(published_at=timezone.now() + timedelta(seconds=-1))
    Article.objects.filter(pk=article.pk).update(published_at=timezone.now())
    seen = {"If-Modified-Since": first["Last-Modified"]}
    assert article.slug in reader.get("/feeds/articles.atom", headers=seen).content.decode()


def test_a_demonstration_says_that_it_is_one(reader: Client, settings: Settings) -> None:
    assert feed(reader, "reviews").findtext(f"{{{ATOM}}}subtitle") == "Dati dimostrativi"
    settings.DEMO = False
    assert feed(reader, "reviews").find(f"{{{ATOM}}}subtitle") is None


@pytest.mark.parametrize("name", ["articles", "reviews", "claims", "corrections"])
def test_pages_follow_one_another_and_lead_back(name: str, reader: Client) -> None:
    for number in range(65):
        article = make_article(published_at=LATER + timedelta(hours=number))
        make_review(make_appearance(article), published_at=LATER + timedelta(hours=number))
        if name == "corrections":
            articles.revise(
                article, html=HTML.replace("dieci", "dodici"), kind="correction", note="Erano dodici.",
                by=User.objects.get(username="editor"), at=LATER + timedelta(hours=number), based_on=1,
            )  # fmt: skip
    seen, address, pages = [], f"/feeds/{name}.atom", []
    while address:
        root = feed(reader, name, f"?{urlsplit(address).query}" if "?" in address else "")
        pages.append(address)
        seen += [told(entry, "a:id") for entry in entries(root)]
        assert links(root)["first"] == f"{HOME}/feeds/{name}.atom"
        assert links(root)["self"] == (address if "://" in address else HOME + address)
        assert root.findtext(f"{{{ATOM}}}id") == f"tag:redazione.example,2026:feeds/{name}.atom"
        address = links(root).get("next", "")
    assert len(pages) >= 3
    assert len(seen) == len(set(seen)) >= 65
    back = links(feed(reader, name, f"?{urlsplit(pages[1]).query}"))["previous"]
    assert reader.get(back.removeprefix(HOME)).status_code == 200


@pytest.mark.parametrize(
    ("name", "number"), [("articles", 8), ("reviews", 5), ("claims", 11), ("corrections", 6), ("search", 17)]
)
def test_a_feed_asks_as_often_for_few_as_for_many(
    name: str, number: int, reader: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    editor = User.objects.get(username="editor")
    for some in (2, 20):
        for _ in range(some):
            article = make_article(rights=Rights.QUOTATION)
            make_review(make_appearance(article, claim=make_claim(claimant=make_source())))
            make_review(make_appearance(), state=Review.State.STALE)
            articles.revise(
                article, html=HTML.replace("dieci", "dodici"), kind="correction", note="Erano dodici.",
                by=editor, at=LATER, based_on=1,
            )  # fmt: skip
        with django_assert_num_queries(number):
            reader.get(f"/feeds/{name}.atom?q=ponte")


# -- articles ----------------------------------------------------------------------------------------------


def test_an_article_is_told_in_its_language_with_its_text(reader: Client) -> None:
    article = make_article(
        headline="A <b>bridge</b> & more", standfirst="In short.", byline="Ada Neri", lang="en",
        original_url="https://example.org/ponte",
    )  # fmt: skip
    entry = entry_of(reader, "articles", article)
    assert told(entry, "a:title") == "A <b>bridge</b> & more"
    assert told(entry, "a:title/@xml:lang") == "en"
    assert told(entry, "a:summary") == "In short."
    assert told(entry, "a:author/a:name") == "Ada Neri"
    assert told(entry, "a:content/@xml:lang") == "en"
    assert told(entry, "a:content") == article.current_revision.html
    assert links(entry)["via"] == "https://example.org/ponte"
    assert links(entry)["alternate"] == HOME + article.get_absolute_url()


@pytest.mark.parametrize("rights", [Rights.QUOTATION, Rights.DEMO])
def test_of_a_text_that_is_not_shown_the_tagged_words_leave_with_their_sentence(
    rights: str, reader: Client, settings: Settings
) -> None:
    settings.DEMO = False
    article = make_article(rights=rights)
    make_appearance(article, "Costerà dieci milioni")
    make_appearance(article, "milioni di euro")
    make_appearance(article, "Il ponte vecchio", state="suggested", generator="x")
    make_appearance(
        article, "le prove sono finite", claim=make_claim(withdrawn_at=LATER, withdrawal_reason="No.")
    )
    entry = entry_of(reader, "articles", article)
    assert told(entry, "a:content/@type") == "xhtml"
    assert entry.xpath(".//h:blockquote/text()", namespaces=NAMES) == ["Costerà dieci milioni di euro."]


def test_an_article_is_updated_by_a_correction_and_not_by_a_minor_edit(reader: Client, editor: User) -> None:
    article = make_article()
    before = entry_of(reader, "articles", article)
    html = HTML.replace("dieci", "dodici")
    articles.revise(article, html=html, kind="minor", note="Refuso.", by=editor, at=LATER, based_on=1)
    minor = entry_of(reader, "articles", article)
    assert told(minor, "a:updated") == told(before, "a:updated")
    assert "dodici" in told(minor, "a:content")
    articles.revise(article, html=HTML, kind="correction", note="Dieci.", by=editor, at=LATER, based_on=2)
    after = entry_of(reader, "articles", article)
    assert told(after, "a:updated") == "2024-05-07T09:00:00Z"
    assert told(after, "a:published") == told(before, "a:published")
    assert told(after, "a:id") == told(before, "a:id")


def test_only_what_is_published_is_told(reader: Client) -> None:
    for given in (
        {"published_at": None},
        {"published_at": timezone.now() + timedelta(days=1)},
        {"withdrawn_at": LATER, "withdrawal_reason": "Sbagliato."},
    ):
        make_appearance(make_article(headline="Segreto", **given), claim=make_claim(text="Segreto"))
    for name in EVERY:
        assert "Segreto" not in reader.get(f"/feeds/{name}.atom?q=segreto").content.decode()


# -- ratings -----------------------------------------------------------------------------------------------


def test_a_rating_is_told_with_its_claim_its_reason_and_its_version(reader: Client) -> None:
    claim = make_claim(text="Aprirà a maggio.", claimant=make_source(name="Ada Neri"), kind="prediction")
    review = make_review(make_appearance(claim=claim), facts_judged="Le date.")
    entry = entry_of(reader, "reviews", review)
    assert told(entry, "a:title") == "Falso: «Aprirà a maggio.»"
    assert told(entry, "a:category/@term") == "false"
    assert told(entry, "a:category/@label") == "Falso"
    said = told(entry, "a:content")
    assert all(words in said for words in ("Ada Neri", "previsione", "Le date.", review.summary))
    assert links(entry)["related"] == HOME + review.get_absolute_url()
    english = entry_of(reader, "reviews.en", review)
    assert told(english, "a:title") == "False: «Aprirà a maggio.»"
    assert told(english, "a:id") == told(entry, "a:id")
    assert urlsplit(links(english)["alternate"]).path.startswith("/en/claims/")


def test_a_rating_of_the_attribution_does_not_wear_the_words_of_truth(reader: Client) -> None:
    review = make_review(make_appearance(), judges="attribution", level=level("true"))
    entry = entry_of(reader, "reviews", review)
    assert told(entry, "a:title").startswith("Attribuzione corretta: ")
    assert told(entry, "a:category/@term") == "attribution-true"
    assert "Il contenuto non è valutato." in told(entry, "a:content")


def test_what_ceased_to_hold_is_told_as_that_however_old_it_is(reader: Client, editor: User) -> None:
    stale, gone = (make_review(make_appearance()) for _ in range(2))
    at = timezone.now()
    reviews.mark_stale(stale, reason="È uscita una delibera.", by=editor, at=at)
    reviews.withdraw(gone, reason="Era un errore.", by=editor, at=at)
    for _ in range(40):
        make_review(make_appearance(), published_at=at - timedelta(days=1))
    for review, label in ((stale, "Da riverificare: «"), (gone, "Valutazione ritirata: «")):
        entry = entry_of(reader, "reviews", review)
        assert told(entry, "a:title").startswith(label)
        assert told(entry, "a:updated") == at.strftime("%Y-%m-%dT%H:%M:%SZ")
        assert entry.find(f"{{{ATOM}}}category") is None
        assert "Falso" not in etree.tostring(entry, encoding="unicode")
        assert review.summary not in told(entry, "a:content")
    assert "Era un errore." in told(entry, "a:content")


@pytest.mark.parametrize("state", ["proposed", "changes", "approved", "superseded"])
def test_what_is_no_rating_of_today_is_not_told(state: str, reader: Client) -> None:
    review = make_review(make_appearance(), state=state, summary="Non si sa.")
    assert str(review.uuid) not in reader.get("/feeds/reviews.atom").content.decode()
    assert "Non si sa." not in reader.get("/feeds/claims.atom").content.decode()


# -- claims, and searches ----------------------------------------------------------------------------------


def test_a_claim_that_nobody_rated_says_so_and_has_no_rating(reader: Client) -> None:
    unchecked, checked = make_appearance().claim, make_appearance().claim
    make_assignment(claim=checked)
    for claim, said in ((unchecked, "Non ancora verificato"), (checked, "In verifica")):
        entry = entry_of(reader, "claims", claim)
        assert told(entry, "a:title") == claim.text
        assert said in told(entry, "a:content")
        assert entry.find(f"{{{ATOM}}}category") is None


def test_a_claim_is_updated_by_what_becomes_of_its_rating(reader: Client, editor: User) -> None:
    claim = make_appearance().claim
    moments = [told(entry_of(reader, "claims", claim), "a:updated")]
    review = make_review(claim=claim, published_at=LATER)
    moments.append(told(entry_of(reader, "claims", claim), "a:updated"))
    make_appearance(make_article(published_at=LATER + timedelta(days=1)), claim=claim)
    moments.append(told(entry_of(reader, "claims", claim), "a:updated"))
    reviews.withdraw(review, reason="Era un errore.", by=editor, at=timezone.now())
    moments.append(told(entry_of(reader, "claims", claim), "a:updated"))
    assert moments[:3] == ["2024-05-06T09:00:00Z", "2024-05-07T09:00:00Z", "2024-05-07T09:00:00Z"]
    assert moments[3] > "2025"


FILTERS = (
    "?rating=false", "?rating=stale", "?rating=unchecked", "?kind=statistic", "?lang=it", "?since=2023-01-01",
    "?until=2022-12-31", "?q=openai", "?q=microsoft&rating=true", "?after=0123456789",
)  # fmt: skip


@pytest.mark.parametrize("query", ["", *FILTERS])
def test_the_feed_of_a_search_holds_what_the_page_lists_and_the_page_offers_it(
    query: str, reader: Client
) -> None:
    page = html.fromstring(reader.get(f"/claims/{query}").content.decode())
    [offered] = page.xpath("//link[@type='application/atom+xml']/@href")
    assert page.xpath("//a[@type='application/atom+xml']/@href") == [offered]
    asked = dict(parse_qsl(query.lstrip("?")))
    asked.pop("after", None)
    assert dict(parse_qsl(urlsplit(offered).query)) == asked
    listed = [urlsplit(path).path for path in page.xpath("//ul[@class='lines']/li/h3/a/@href")]
    answer = etree.fromstring(reader.get(offered).content)
    assert [urlsplit(links(entry)["alternate"]).path for entry in entries(answer)] == listed
    assert links(answer)["alternate"].removeprefix(HOME) == "/claims/" + (query if asked else "")


def test_by_article_source_and_name_as_well(reader: Client) -> None:
    article, source, entity = make_article(), make_source(), make_entity()
    claim = make_appearance(article, claim=make_claim(claimant=source)).claim
    make_mention(article, "Il ponte", entity=entity)
    for query in (f"?article={article.slug}", f"?source={source.code}", f"?entity={entity.code}"):
        assert titles(feed(reader, "claims", query)) == [claim.text]


def test_the_feed_of_words_has_articles_and_claims_and_the_page_offers_it(reader: Client) -> None:
    article = make_article(headline="Il traghetto")
    claim = make_appearance(article, claim=make_claim(text="Il traghetto affonda.")).claim
    assert sorted(titles(feed(reader, "search", "?q=traghetti"))) == ["Il traghetto", claim.text]
    assert titles(feed(reader, "search", "?q=traghetti&kind=claims")) == [claim.text]
    assert titles(feed(reader, "search", "?q=traghetti&kind=articles")) == ["Il traghetto"]
    assert titles(feed(reader, "search", "?q=%22%E2%80%A6")) == []
    for kind in ("evidence", "sources", "entities", "x"):
        assert reader.get(f"/feeds/search.atom?q=traghetti&kind={kind}").status_code == 404
    page = html.fromstring(reader.get("/search/?q=traghetti&kind=claims").content.decode())
    offered = page.xpath("//*[@type='application/atom+xml']/@href")
    assert offered == ["/feeds/search.atom?q=traghetti&kind=claims"] * 2
    for query in ("", "?q=inesistente", "?q=traghetti&kind=sources"):
        assert b"application/atom+xml" not in reader.get(f"/search/{query}").content


def test_a_part_that_a_filter_changes_offers_the_feed_of_that_filter(reader: Client) -> None:
    part = reader.get("/en/claims/?rating=false", headers={"HX-Request": "true"}).content.decode()
    assert 'href="/feeds/claims.en.atom?rating=false"' in part


@pytest.mark.parametrize("lang", ["it", "en"])
def test_front_page_and_corrections_offer_their_feeds(lang: str, reader: Client) -> None:
    suffix, prefix = (".en", "/en") if lang == "en" else ("", "")
    for path, names in (("/", ("articles", "reviews", "corrections")), ("/corrections/", ("corrections",))):
        page = html.fromstring(reader.get(prefix + path).content.decode())
        wanted = [f"/feeds/{name}{suffix}.atom" for name in names]
        assert page.xpath("//link[@type='application/atom+xml']/@href") == wanted
        assert page.xpath("//a[@type='application/atom+xml']/@href") == wanted


# -- corrections -------------------------------------------------------------------------------------------


def test_a_correction_says_what_was_wrong_and_which_claims_it_touched(reader: Client) -> None:
    article = corrected()
    row = article.corrections.earliest("pk")
    entry = entry_of(reader, "corrections", row)
    assert told(entry, "a:title") == f"Correzione: {article.headline}"
    assert "Era sbagliato: 1." in told(entry, "a:content")
    assert links(entry)["alternate"] == f"{HOME}{article.get_absolute_url()}history/1-2/"
    related = entry.xpath("a:link[@rel='related']/@href", namespaces=NAMES)
    assert related[0] == HOME + article.get_absolute_url()
    assert len(related) == 1 + row.claims.count()


# -- what leaves nowhere -----------------------------------------------------------------------------------


def everything(reader: Client, *queries: str) -> str:
    return "".join(
        reader.get(f"/feeds/{name}.atom{query}").content.decode()
        for name in EVERY
        for query in ("", *queries)
    )


@pytest.mark.parametrize("given", [{"desk_only": True}, {"entity": "minor"}, {"entity": "delisted"}], ids=str)
def test_who_may_not_be_named_stands_in_no_feed(given: dict[str, Any], reader: Client, editor: User) -> None:
    source = make_source(name="Zelinda Canarini", desk_only="desk_only" in given)
    if "entity" in given:
        source.entity = make_entity(name="Zelinda Canarini")
        source.save()
        entities.protect(source.entity, privacy=given["entity"], reason="No.", by=editor, at=LATER)
        source.refresh_from_db()
    make_review(make_appearance(claim=make_claim(claimant=source)))
    assert "Canarini" not in everything(reader, "?q=ponte", f"?source={source.code}", "?q=canarini").replace(
        "q=canarini", ""
    ).replace("Ricerca: canarini", "").replace("Search: canarini", "")


def test_no_feed_counts(reader: Client) -> None:
    assert not re.search(r">\d+</", everything(reader))


def test_erased_words_are_erased_here(reader: Client, editor: User) -> None:
    from django.contrib.auth.models import Permission

    from newsroom.actions.erasure import redact

    article = make_article(headline="Il segreto di Ugo")
    make_review(make_appearance(article, claim=make_claim(text="Ugo ha parlato.")), summary="Lo dice Ugo.")
    assert "Ugo" in everything(reader)
    editor.user_permissions.add(Permission.objects.get(codename="redact"))
    redact(["Ugo"], reason="Lo ha chiesto.", by=User.objects.get(pk=editor.pk), at=timezone.now())
    assert "Ugo" not in everything(reader)
