"""Public pages are kept by their version: whoever has one is answered 304, and never wrongly."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now, timedelta
from pytest_django import Settings

from newsroom.actions import annotations, suggestions
from newsroom.models import Article, Claim, ConfidentialSource, Entity, Newsroom, Source, User, shown_triggers
from newsroom.outside import shared_cache
from newsroom.text.annotated import Part
from newsroom.text.proposed import Proposed
from tests.actions.test_every_deed import DEEDS
from tests.making import (
    HTML,
    LATER,
    make_annotation,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_mention,
    make_relation,
    make_reply,
    make_review,
    make_source,
)
from tests.public_pages import PAGES, seed_article

pytestmark = pytest.mark.django_db

#: Nothing is kept of what somebody typed; and a page of what is not there says so anew each time.
NOT_KEPT = {
    name
    for name in PAGES
    if name.startswith(("checked", "flagging", "a flag", "an address", "a link to reply", "following"))
}


@pytest.fixture
def kept_pages(settings: Settings) -> Iterator[Any]:
    settings.CACHES = settings.CACHES | {
        "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "these tests"}
    }
    here = caches["pages"]
    here.clear()
    shared_cache._paused_until = 0.0
    yield here
    here.clear()
    shared_cache._paused_until = 0.0


def statements(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


@pytest.mark.parametrize("name", sorted(PAGES.keys() - NOT_KEPT))
def test_who_has_a_page_is_answered_that_it_is_the_same_by_one_statement(reader: Client, name: str) -> None:
    address = PAGES[name]()
    page = reader.get(address)
    if page.status_code != 200:
        assert page.headers["Cache-Control"] == "no-cache"
        assert not page.has_header("ETag")
        return
    assert page.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert page.has_header("Last-Modified")
    had = {"If-None-Match": page.headers["ETag"]}
    assert statements(lambda: reader.get(address, headers=had)) <= (2 if "embed" in name else 1)
    again = reader.get(address, headers=had)
    assert (again.status_code, again.content) == (304, b"")
    for header in ("ETag", "Cache-Control", "Vary", "Content-Language"):
        assert again.headers[header] == page.headers[header]


def public_addresses() -> list[str]:
    """A page of each kind, of all that is there now: of what a deed is to be done to, and of the seed."""
    newest = Article.objects.filter(published_at__isnull=False).order_by("-pk")[:3]
    found = [reverse(f"reader:{name}") for name in LISTS]
    found += [f"/feeds/{name}.atom" for name in ("articles", "reviews", "claims", "corrections")]
    for article in newest:
        found += [reverse(f"reader:{name}", args=[article.slug]) for name in ("article", "map", "history")]
        found += [f"/articles/{article.slug}/ninjs.json", f"/articles/{article.slug}/news.atom"]
        found += [f"{article.get_absolute_url()}?layer=claims&layer=attributions&layer=entities"]
    found += [claim.get_absolute_url() for claim in Claim.objects.order_by("-pk")[:3]]
    found += [row.get_absolute_url() for row in Source.objects.public().order_by("-pk")[:2]]
    found += [row.get_absolute_url() for row in Entity.objects.public().order_by("-pk")[:2]]
    found += [f"{page}news.atom" for page in found if re.match("/(claims|sources|entities)/.", page)]
    return found


LISTS = ("front", "claims", "sources", "entities", "corrections", "method")


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: f"{deed.__module__}.{deed.__name__}")
def test_after_a_deed_nobody_is_told_that_a_page_is_the_same_which_is_not(
    deed: Callable[..., Any], reader: Client, editor: User
) -> None:
    attempt = DEEDS[deed][0]()
    before = {address: reader.get(address) for address in public_addresses()}
    attempt(editor)
    for address, page in before.items():
        if page.status_code == 200:
            told = reader.get(address, headers={"If-None-Match": page.headers["ETag"]})
            if told.status_code == 304:
                assert reader.get(address).content == page.content, address


def told_same(reader: Client, address: str, do: Callable[[], Any]) -> bool:
    """Whether the version of this page is the same after something was done."""
    before = reader.get(address).headers["ETag"]
    do()
    return reader.get(address).headers["ETag"].partition(".")[0] == before.partition(".")[0]


def test_a_deed_leaves_other_articles_and_claims_as_they_were(reader: Client, editor: User) -> None:
    touched, other = make_article(), make_article()
    claim, elsewhere = make_claim(), make_appearance(other, "la sindaca").claim
    words = annotations.Place(0, 8, "Il ponte")

    def tag() -> None:
        annotations.tag_claim(touched, claim=claim, places=[words], by=editor, at=LATER)

    before = {row: reader.get(row.get_absolute_url()).headers["ETag"] for row in (touched, other, elsewhere)}
    everywhere = reader.get("/").headers["ETag"]
    tag()
    after = {row: reader.get(row.get_absolute_url()).headers["ETag"] for row in (touched, other, elsewhere)}
    assert [row for row in before if before[row] != after[row]] == [touched]
    assert reader.get("/").headers["ETag"].partition(".")[0] != everywhere.partition(".")[0]


@pytest.mark.parametrize("how", ["confidential", "for the desk"])
def test_a_page_is_another_once_who_replied_there_is_not_to_be_named(reader: Client, how: str) -> None:
    source, review = make_source(), make_review(make_appearance())
    make_reply(claim=review.claim, source=source, state="accepted", name="Ida Bruni")

    def hide() -> None:
        if how == "confidential":
            ConfidentialSource.objects.create(source=source, real_name="Ida Bruni", reason="Rischia.")
        else:
            Source.objects.filter(pk=source.pk).update(desk_only=True)

    article = review.appearance.annotation.article
    pages = {row: reader.get(row.get_absolute_url()) for row in (review.claim, review, article)}
    hide()
    for row, before in pages.items():
        assert "Ida Bruni" in before.content.decode()
        after = reader.get(row.get_absolute_url(), headers={"If-None-Match": before.headers["ETag"]})
        assert after.status_code == 200 and "Ida Bruni" not in after.content.decode()


def test_a_deed_that_is_taken_back_leaves_the_version_as_it_was(reader: Client) -> None:
    article = make_article()
    address = article.get_absolute_url()

    def tried() -> None:
        with transaction.atomic():
            make_mention(article, "la sindaca")
            transaction.set_rollback(True)

    assert told_same(reader, address, tried)
    assert not told_same(reader, address, lambda: make_mention(article, "la sindaca"))


def test_what_no_reader_sees_is_no_other_version(reader: Client, editor: User) -> None:
    article, draft = make_article(), make_article(published_at=None)
    proposed = [Proposed("mention", (Part(0, 8),), "prova 1", 0.8, entity_kind="place", form="name")]

    def propose() -> None:
        suggestions.propose(article, proposals=proposed, by=editor, at=LATER, based_on=1)

    assert told_same(reader, article.get_absolute_url(), propose)
    assert told_same(reader, "/", lambda: make_annotation(draft, "la sindaca"))


def test_a_claim_is_another_where_it_stands_and_beside_what_it_is_related_to(reader: Client) -> None:
    article, related = make_article(), make_article()
    appearance, other = make_appearance(article, "dieci milioni"), make_appearance(related, "dieci milioni")
    make_relation(appearance.claim, other.claim)
    claim = appearance.claim

    def reworded() -> None:
        claim.text += " Davvero."
        claim.save()

    for address in (
        article.get_absolute_url(),
        reverse("reader:map", args=[related.slug]),
        other.claim.get_absolute_url(),
        "/claims/",
    ):
        assert not told_same(reader, address, reworded), address


def test_a_review_is_another_state_of_the_article_that_it_judges(reader: Client) -> None:
    appearance = make_appearance(make_article(), "dieci milioni")
    address = appearance.annotation.article.get_absolute_url()
    assert not told_same(reader, address, lambda: make_review(appearance))


def test_a_name_is_another_where_it_is_said(reader: Client) -> None:
    article, other = make_article(), make_article()
    entity = make_mention(article, "la sindaca").entity
    source = make_attribution(article, source=make_source()).source

    def renamed() -> None:
        entity.name += "o"
        entity.save()

    def described() -> None:
        source.description += "Altro."
        source.save()

    for do in (renamed, described):
        assert not told_same(reader, article.get_absolute_url(), do)
        assert told_same(reader, other.get_absolute_url(), do)
        assert not told_same(reader, "/entities/", do)


def test_what_stands_on_every_page_is_another_state_of_each(reader: Client) -> None:
    def named() -> None:
        newsroom = Newsroom.objects.current()
        newsroom.name += "o"
        newsroom.save()

    for address in (seed_article().get_absolute_url(), Claim.objects.earliest("pk").get_absolute_url(), "/"):
        assert not told_same(reader, address, named)


def test_who_signs_in_changes_no_page_and_who_signs_otherwise_does(reader: Client, editor: User) -> None:
    def seen() -> None:
        editor.last_login = now()
        editor.save()

    def signs() -> None:
        editor.role_title += "x"
        editor.save()

    address = seed_article().get_absolute_url()
    assert told_same(reader, address, seen)
    assert not told_same(reader, address, signs)


def test_what_was_announced_for_later_is_another_version_when_it_is_there(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article(published_at=now() + timedelta(hours=1))

    def later() -> None:
        monkeypatch.setattr("newsroom.views.sharing.now", lambda: now() + timedelta(hours=2))

    assert not told_same(reader, "/", later)


def test_the_date_alone_is_believed_once_a_minute_has_gone_by(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has seconds, in which something may change twice."""
    address = make_article().get_absolute_url()
    known = {"If-Modified-Since": reader.get(address).headers["Last-Modified"]}
    assert reader.get(address, headers=known).status_code == 200
    monkeypatch.setattr("newsroom.views.sharing.now", lambda: now() + timedelta(minutes=2))
    assert reader.get(address, headers=known).status_code == 304


def test_every_table_that_public_pages_read_is_watched(reader: Client) -> None:
    """Or has nothing of its own to show: the search and what is only compared with it."""
    asked: list[str] = []
    for make in (make for name, make in PAGES.items() if name not in NOT_KEPT):
        with transaction.atomic():
            address = make()
            with CaptureQueriesContext(connection) as statements:
                reader.get(address)
            asked += [statement["sql"] for statement in statements]
            transaction.set_rollback(True)
    read = {
        table
        for table in connection.introspection.table_names()
        if any(f'"{table}"' in statement for statement in asked if "SELECT" in statement)
    }
    made_of_others = {name for name in read if name.endswith("entry") or "entry_" in name}
    assert read - made_of_others - shown_triggers.watched() <= DERIVED


#: Written by nothing that a page shows: sums and the log, and what is only asked for by its key. History is
#: written with the row that it is of, which is watched.
DERIVED = {
    "newsroom_shown",
    "newsroom_deed",
    "newsroom_historicaldocument",
    "newsroom_historicalevidence",
    "newsroom_historicalreview",
    "newsroom_original",
    "newsroom_searchdebt",
}


def test_all_triggers_are_there() -> None:
    assert shown_triggers.missing(connection) == []


# What is kept here


def test_a_page_that_was_made_is_answered_as_it_was_made(reader: Client, kept_pages: Any) -> None:
    article = make_article(html=HTML)
    address = article.get_absolute_url()
    made = reader.get(address)
    assert statements(lambda: reader.get(address)) == 1
    kept = reader.get(address)
    assert kept.content == made.content
    assert kept.headers == made.headers
    make_mention(article, "la sindaca")
    assert statements(lambda: reader.get(address)) > 1


def test_the_compressed_form_is_kept_beside_the_plain_one(reader: Client, kept_pages: Any) -> None:
    address = seed_article().get_absolute_url()
    plain = reader.get(address)
    for _made_and_kept in range(2):
        squeezed = reader.get(address, headers={"Accept-Encoding": "br, gzip"})
        assert squeezed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(squeezed.content) == plain.content
        assert "Accept-Encoding" in squeezed.headers["Vary"]


def test_a_part_is_not_answered_with_the_page_nor_one_language_with_another(
    reader: Client, kept_pages: Any
) -> None:
    address = seed_article().get_absolute_url()
    page = reader.get(address)
    part = reader.get(address, headers={"HX-Request": "true"})
    english = reader.get(f"/en{address}")
    assert len({page.content, part.content, english.content}) == 3
    assert len({page.headers["ETag"], part.headers["ETag"], english.headers["ETag"]}) == 3
    assert reader.get(address, headers={"HX-Request": "true"}).content == part.content
    assert "HX-Request" in page.headers["Vary"]


def test_what_somebody_types_is_not_kept(reader: Client, kept_pages: Any) -> None:
    address = "/claims/?q=ponte"
    reader.get(address)
    assert statements(lambda: reader.get(address)) > 1


def test_a_page_is_served_though_the_cache_is_not_there(
    reader: Client, settings: Settings, kept_pages: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CACHES = settings.CACHES | {
        "pages": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"serializer": "newsroom.outside.shared_cache.SignedBytes"},
        }
    }
    address = seed_article().get_absolute_url()
    assert reader.get(address).status_code == 200
    assert "The cache of pages failed (ConnectionError)" in caplog.text
    caplog.clear()
    assert reader.get(address).status_code == 200
    assert not caplog.text


@pytest.mark.parametrize("damaged", [b"", b"\x80\x04.", b'[{}, "another"]\nSbagliato', b"{"])
def test_what_is_damaged_in_the_cache_is_made_anew(
    reader: Client, kept_pages: Any, caplog: pytest.LogCaptureFixture, damaged: bytes
) -> None:
    address = seed_article().get_absolute_url()
    page = reader.get(address)
    [name] = [key.removeprefix(":1:") for key in kept_pages._cache]
    kept_pages.set(name, damaged)
    assert reader.get(address).content == page.content
    assert "The cache of pages failed" in caplog.text


def test_what_is_not_signed_by_this_site_is_not_read_from_redis(settings: Settings) -> None:
    signed = shared_cache.SignedBytes()
    entry = signed.dumps(b"a page")
    assert signed.loads(entry) == b"a page"
    settings.SECRET_KEY = "another site"
    with pytest.raises(ValueError, match="not signed by this site"):
        signed.loads(entry)


def test_a_cache_on_the_way_is_told_how_long_and_what_it_keeps(reader: Client, settings: Settings) -> None:
    settings.CDN_SECONDS, settings.CDN_STALE_SECONDS = 600, 30
    appearance = make_appearance(make_article(), "dieci milioni")
    claim, article = appearance.claim, appearance.annotation.article
    page = reader.get(claim.get_absolute_url())
    assert page.headers["Cache-Control"] == "public, max-age=0, s-maxage=600, stale-while-revalidate=30"
    names = {f"claim-{claim.code}", f"article-{article.code}", "site"}
    assert set(page.headers["Surrogate-Key"].split()) == names
    assert set(page.headers["Cache-Tag"].split(",")) == names
    assert reader.get("/").headers["Surrogate-Key"] == "all site"


def test_who_is_signed_in_gets_the_page_that_everybody_gets(
    reader: Client, editor: User, signed_in: Callable[[User], Client], kept_pages: Any
) -> None:
    address = seed_article().get_absolute_url()
    theirs = signed_in(editor).get(address)
    assert theirs.content == reader.get(address).content
    assert "Cookie" not in theirs.headers["Vary"]
    assert not theirs.cookies
