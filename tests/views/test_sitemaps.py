"""What search engines are told of: well-formed maps, in both languages, of what they may find and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree
from pytest_django import DjangoAssertNumQueries, Settings

from newsroom.actions import entities
from newsroom.formats.sitemaps import NEWS, SITEMAP, XHTML
from newsroom.models import Article, Claim, Newsroom, User
from newsroom.presenters import sitemaps
from tests.making import (
    LATER,
    make_appearance,
    make_article,
    make_claim,
    make_entity,
    make_mention,
    make_review,
    make_source,
)

pytestmark = pytest.mark.django_db

HOME = "https://redazione.example"
NAMES = {"s": SITEMAP, "n": NEWS, "x": XHTML}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture(autouse=True)
def at_home(db: None) -> None:
    Newsroom.objects.update(address=HOME)


def answered(reader: Client, path: str) -> bytes:
    answer = reader.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def faults(body: bytes) -> Iterator[str]:
    """What sitemaps.org's schemas demand, our own port: elements in their order, addresses of one host."""
    root = etree.fromstring(body)
    kinds = {f"{{{SITEMAP}}}urlset": "url", f"{{{SITEMAP}}}sitemapindex": "sitemap"}
    if root.tag not in kinds:
        yield "root"
        return
    if len(body) > 50 * 1024**2 or len(root) > 50_000:
        yield "too large"
    for place in root:
        if place.tag != f"{{{SITEMAP}}}{kinds[root.tag]}":
            yield f"{place.tag} in {root.tag}"
        ours = [etree.QName(child).localname for child in place if child.tag.startswith(f"{{{SITEMAP}}}")]
        if ours not in (["loc"], ["loc", "lastmod"]):
            yield f"{ours}"
        address = place.findtext(f"{{{SITEMAP}}}loc")
        if not address.startswith(f"{HOME}/") or len(address) > 2048:
            yield address
        changed = place.findtext(f"{{{SITEMAP}}}lastmod")
        if changed is not None and not MOMENT.fullmatch(changed):
            yield changed


def tree(reader: Client, path: str) -> etree._Element:
    body = answered(reader, path)
    assert list(faults(body)) == []
    return etree.fromstring(body)


def maps(reader: Client) -> list[str]:
    found = tree(reader, "/sitemap.xml").xpath("//s:loc/text()", namespaces=NAMES)
    return [address.removeprefix(HOME) for address in found]


def listed(reader: Client) -> dict[str, etree._Element]:
    """Every page of every map."""
    found: dict[str, etree._Element] = {}
    for path in maps(reader):
        for place in tree(reader, path):
            address = place.findtext(f"{{{SITEMAP}}}loc").removeprefix(HOME)
            assert address not in found
            found[address] = place
    return found


def test_every_page_that_is_listed_is_there_and_says_that_it_is_the_one(reader: Client) -> None:
    for address, place in listed(reader).items():
        answer = reader.get(address)
        assert answer.status_code == 200, address
        assert f'<link rel="canonical" href="{HOME}{address}">' in answer.content.decode()
        others = {
            link.get("hreflang"): link.get("href").removeprefix(HOME)
            for link in place.findall(f"{{{XHTML}}}link")
        }
        assert set(others) == {"it", "en", "x-default"}
        assert others["x-default"] == others["it"]
        assert others["en"].startswith("/en/") and address in others.values()


def test_each_kind_of_page_is_listed_in_both_languages(reader: Client) -> None:
    article, claim = make_article(), make_appearance().claim
    source, entity = make_source(), make_entity()
    make_appearance(article, claim=make_claim(claimant=source))
    make_mention(article, "Il ponte", entity=entity)
    found = listed(reader)
    for path in (
        "/", "/claims/", "/method/", "/corrections/",
        *(row.get_absolute_url() for row in (article, claim, source, entity)),
    ):  # fmt: skip
        assert path in found
        assert f"/en{path}" in found
    assert not [path for path in found if path.startswith(("/search", "/en/search", "/desk", "/en/desk"))]


def test_when_a_page_changed_is_when_its_text_or_its_rating_did(reader: Client) -> None:
    article = make_article()
    claim = make_appearance(article).claim
    make_review(claim=claim, published_at=LATER)
    found = listed(reader)
    for row, changed in ((article, "2024-05-06T09:00:00Z"), (claim, "2024-05-07T09:00:00Z")):
        assert found[row.get_absolute_url()].findtext(f"{{{SITEMAP}}}lastmod") == changed
    unrated = make_appearance().claim
    assert listed(reader)[unrated.get_absolute_url()].find(f"{{{SITEMAP}}}lastmod") is None


@pytest.mark.parametrize("privacy", ["minor", "victim", "delisted"])
def test_who_is_protected_is_in_no_map(privacy: str, reader: Client, editor: User) -> None:
    article, entity = (
        make_article(published_at=timezone.now() - timedelta(hours=1)),
        make_entity(name="Zelinda"),
    )
    source = make_source(name="Zelinda", entity=entity)
    make_mention(article, "Il ponte", entity=entity)
    make_appearance(article, claim=make_claim(claimant=source))
    assert any("zelinda" in path for path in listed(reader))
    entities.protect(entity, privacy=privacy, reason="No.", by=editor, at=LATER)
    assert not any("zelinda" in path for path in listed(reader))
    is_listed = privacy != "delisted"
    assert (article.get_absolute_url() in listed(reader)) == is_listed
    assert (article.slug in answered(reader, "/sitemap-news.xml").decode()) == is_listed


def test_what_is_not_public_is_in_no_map(reader: Client) -> None:
    hidden = [
        make_article(published_at=None),
        make_article(published_at=timezone.now() + timedelta(hours=1)),
        make_article(withdrawn_at=LATER, withdrawal_reason="No."),
        make_source(desk_only=True), make_source(), make_entity(),
        make_appearance(state="suggested", generator="x").claim,
        make_appearance(claim=make_claim(withdrawn_at=LATER, withdrawal_reason="No.")).claim,
        make_appearance(make_article(published_at=None)).claim,
    ]  # fmt: skip
    make_appearance(claim=make_claim(claimant=hidden[3]))
    found = listed(reader)
    assert [row for row in hidden if row.get_absolute_url() in found] == []


def test_no_map_is_longer_than_it_may_be_and_none_is_empty(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "ROWS", 7)
    claims = [make_appearance().claim for _ in range(20)]
    Claim.objects.filter(pk__in=[claim.pk for claim in claims[3:12]]).update(
        withdrawn_at=LATER, withdrawal_reason="No."
    )
    paths = [path for path in maps(reader) if "claims-" in path]
    assert len(paths) >= 8
    for path in paths:
        assert 0 < len(tree(reader, path)) <= 14
    numbers = [int(re.search(r"-(\d+)\.xml", path)[1]) for path in paths]
    missing = [number for number in range(1, max(numbers) + 2) if number not in numbers]
    for number in missing:
        assert reader.get(f"/sitemaps/claims-{number}.xml").status_code == 404
    assert (
        len([path for path in listed(reader) if path.startswith("/claims/")])
        == Claim.objects.public(at=timezone.now()).count() + 1
    )


@pytest.mark.parametrize(
    "path", ["/sitemaps/claims-0.xml", "/sitemaps/users-1.xml", "/sitemaps/claims-1000000000.xml"]
)
def test_there_are_no_other_maps(path: str, reader: Client) -> None:
    assert reader.get(path).status_code == 404


def test_a_map_asks_once_however_long_it_is(
    reader: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for some in (1, 60):
        for _ in range(some):
            article = make_article()
            make_appearance(article, claim=make_claim(claimant=make_source()))
            make_mention(article, "Il ponte")
        for kind in sitemaps.KINDS:
            with django_assert_num_queries(3):
                answered(reader, f"/sitemaps/{kind}-1.xml")
        # Version and newsroom, and for each kind its last key and which maps list something.
        with django_assert_num_queries(2 + 2 * len(sitemaps.KINDS)):
            answered(reader, "/sitemap.xml")
        with django_assert_num_queries(2):
            answered(reader, "/sitemap-news.xml")


# -- news --------------------------------------------------------------------------------------------------


def news(reader: Client) -> list[etree._Element]:
    return list(tree(reader, "/sitemap-news.xml"))


def test_news_are_our_own_articles_of_the_last_two_days(reader: Client) -> None:
    at = timezone.now()
    Article.objects.update(published_at=at - timedelta(days=3))
    fresh = make_article(
        headline="Il <ponte> & \x0b altro", lang="it-IT", published_at=at - timedelta(hours=47)
    )
    english = make_article(lang="en", published_at=at - timedelta(hours=1))
    make_article(published_at=at - timedelta(hours=49))
    make_article(published_at=at + timedelta(hours=1))
    make_article(published_at=at, publisher="Un altro giornale")
    make_article(published_at=at, withdrawn_at=at, withdrawal_reason="No.")
    first, second = news(reader)
    assert first.findtext(f"{{{SITEMAP}}}loc") == f"{HOME}/en{english.get_absolute_url()}"
    assert second.findtext(f"{{{SITEMAP}}}loc") == HOME + fresh.get_absolute_url()
    told = {
        etree.QName(one).localname: one.text for one in second.iter() if one.tag.startswith(f"{{{NEWS}}}")
    }
    assert [etree.QName(one).localname for one in second.find(f"{{{NEWS}}}news")] == [
        "publication", "publication_date", "title",
    ]  # fmt: skip
    assert told["name"] == Newsroom.objects.current().name
    assert told["language"] == "it"
    assert told["title"] == "Il <ponte> &  altro"
    assert MOMENT.fullmatch(told["publication_date"])


def test_no_news_are_none(reader: Client) -> None:
    Article.objects.update(published_at=LATER)
    assert news(reader) == []


def test_of_many_news_the_newest_are_told(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from newsroom.formats import sitemaps as written

    monkeypatch.setattr(written, "IN_NEWS", 3)
    at = timezone.now()
    rows = [make_article(published_at=at - timedelta(hours=hours)) for hours in range(5, 0, -1)]
    told = [one.findtext(f"{{{SITEMAP}}}loc") for one in news(reader)]
    assert told == [HOME + row.get_absolute_url() for row in rows[:1:-1]]


# -- robots ------------------------------------------------------------------------------------------------


def test_robots_are_told_where_the_maps_are_and_what_is_not_theirs(
    reader: Client, settings: Settings
) -> None:
    settings.DEMO = False
    told = reader.get("/robots.txt").content.decode().splitlines()
    assert f"Sitemap: {HOME}/sitemap.xml" in told
    assert f"Sitemap: {HOME}/sitemap-news.xml" in told
    assert {"Disallow: /desk/", "Disallow: /en/desk/", "Disallow: /admin/", "Disallow: /en/admin/"} <= set(
        told
    )


def test_a_demonstration_sends_robots_away(reader: Client) -> None:
    assert reader.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


def test_who_has_the_index_is_told_so(reader: Client) -> None:
    first = reader.get("/sitemap.xml")
    assert reader.get("/sitemap.xml", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert "Set-Cookie" not in first
