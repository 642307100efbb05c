"""Cards on other people's pages, and oEmbed: how a claim stands today, and nothing that is not public."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from lxml import etree, html
from pytest_django import DjangoAssertNumQueries

from newsroom.actions import articles, reviews
from newsroom.models import (
    Annotation,
    Article,
    ArticleAddress,
    Claim,
    Newsroom,
    Review,
    Rights,
    Source,
    User,
)
from newsroom.presenters.in_context import passages
from tests.making import (
    HTML,
    LATER,
    level,
    make_appearance,
    make_article,
    make_assignment,
    make_claim,
    make_review,
    make_source,
)
from tests.public_pages import embedded, passage, stale_claim, superseded_claim, withdrawn_claim
from tests.reading import SEED, faults, tree

pytestmark = pytest.mark.django_db

HOME = "https://redazione.example"
#: Bytes of a card with all that it loads.
MOST = 15 * 1024


@pytest.fixture(autouse=True)
def at_home(db: None) -> None:
    Newsroom.objects.update(address=HOME)


def card(reader: Client, claim: Claim, version: int | str = "", **asked: str) -> str:
    answer = reader.get(f"/embed{claim.get_absolute_url()}", {"v": version, **asked})
    assert answer.status_code == 200
    return answer.content.decode()


def asked(reader: Client, url: str, **given: Any) -> dict[str, Any]:
    answer = reader.get("/oembed", {"url": url, **given})
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/json"
    return json.loads(answer.content)


def source_of(told: dict[str, Any]) -> str:
    """Path and query of the frame, as a browser reads them."""
    found = re.search(r'src="([^"]+)"', told["html"])
    assert found
    address = unescape(found[1])
    assert address.startswith(HOME)
    return address.removeprefix(HOME)


def change(page: str) -> str:
    [found] = tree_of(page).xpath("//*[@class='embed-change']") or [None]
    return " ".join(found.text_content().split()) if found is not None else ""


def tree_of(page: str) -> Any:
    return html.document_fromstring(page)


# The card


def test_a_card_shows_how_the_claim_stands(reader: Client) -> None:
    claim = make_review(make_appearance(claim=make_claim(claimant=make_source(name="Il Comune")))).claim
    page = card(reader, claim, 1)
    for words in ("Falso", claim.text, "Il Comune", "Non risulta da nessun atto."):
        assert words in page
    assert change(page) == ""


def test_a_card_runs_no_script_and_keeps_out_of_search_engines(reader: Client, settings: Any) -> None:
    settings.DEMO = False
    claim = make_review(make_appearance()).claim
    answer = reader.get(f"/embed{claim.get_absolute_url()}")
    page = tree(answer)
    assert page.xpath("//script | //form | //img | //iframe | //@style | //style") == []
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert page.xpath("//link[@rel='canonical']/@href") == [HOME + claim.get_absolute_url()]
    assert {(a.get("target"), a.get("rel")) for a in page.xpath("//a")} == {("_blank", "noopener")}
    assert not answer.cookies and "Cookie" not in answer.get("Vary", "")
    policy = answer["Content-Security-Policy"]
    assert "script-src 'none'" in policy and "connect-src 'none'" in policy and "unsafe" not in policy


@pytest.mark.parametrize(
    ("embedders", "policy", "older"),
    [
        ("*", "frame-ancestors *;", None),
        (
            "https://a.example\nhttps://*.b.example",
            "frame-ancestors https://a.example https://*.b.example;",
            None,
        ),
        ("", "frame-ancestors 'none';", "DENY"),
    ],
)
def test_it_stands_where_the_newsroom_lets_it(
    embedders: str, policy: str, older: str | None, reader: Client
) -> None:
    Newsroom.objects.update(embedders=embedders)
    claim = make_review(make_appearance()).claim
    for there in (embedded(claim.get_absolute_url()), "/embed/claims/x-zzzzzzzzzz/"):
        answer = reader.get(there)
        assert policy in answer["Content-Security-Policy"] + ";"
        assert answer.headers.get("X-Frame-Options") == older
    told = reader.get("/oembed", {"url": HOME + claim.get_absolute_url()})
    page = reader.get(claim.get_absolute_url()).content.decode()
    assert (told.status_code == 200) == ("+oembed" in page) == ("<textarea" in page) == (embedders != "")
    # Every other page stays in nobody's frame.
    assert "frame-ancestors 'none'" in reader.get(claim.get_absolute_url())["Content-Security-Policy"]


def test_a_card_is_light_with_all_that_it_loads(reader: Client) -> None:
    claim = superseded_claim()
    for there in (
        *(embedded(row.get_absolute_url(), 0) for row in Claim.objects.filter(reviews__isnull=False)),
        *map(passage, Annotation.objects.filter(kind="claim", article__rights="demo")),
        embedded(claim.get_absolute_url(), 2),
    ):
        answer = reader.get(there)
        loaded = tree(answer).xpath("//link[@rel='stylesheet']/@href | //@src")
        files = [finders.find(re.sub(r"^/static/|\.[0-9a-f]{12}(?=\.css)", "", name)) for name in loaded]
        assert len(files) == 3
        assert len(answer.content) + sum(Path(file).stat().st_size for file in files) <= MOST, there


def test_it_answers_in_place_whatever_the_words_in_its_address(reader: Client) -> None:
    claim = make_review(make_appearance()).claim
    there = embedded(claim.get_absolute_url(), 1)
    renamed = f"/embed/claims/altre-parole-{claim.code}/?v=1"
    assert reader.get(renamed).content == reader.get(there).content
    claim.text = "Il ponte si chiama altrimenti."
    claim.save()
    answer = reader.get(there)
    assert (answer.status_code, claim.text in answer.content.decode()) == (200, True)


def test_who_has_it_is_told_that_it_is_the_same(reader: Client) -> None:
    claim = make_review(make_appearance()).claim
    first = reader.get(f"/embed{claim.get_absolute_url()}")
    again = reader.get(f"/embed{claim.get_absolute_url()}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "frame-ancestors *" in again["Content-Security-Policy"]
    reviews.withdraw(
        claim.reviews.get(), reason="Era un errore.", by=User.objects.get(username="editor"), at=LATER
    )
    again = reader.get(f"/embed{claim.get_absolute_url()}", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200


def test_its_address_may_say_that_the_page_around_it_is_dark(reader: Client) -> None:
    claim = make_review(make_appearance()).claim
    assert '<html lang="it" data-theme="dark">' in card(reader, claim, 1, scheme="dark")
    assert '<html lang="it">' in card(reader, claim, 1, scheme='x" onload="')


def test_it_costs_few_queries(reader: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    appearance = make_appearance()
    claim = make_review(appearance).claim
    make_appearance(make_article(), claim=claim)
    waiting = make_appearance(make_article()).claim
    with django_assert_num_queries(7):
        reader.get(f"/embed{claim.get_absolute_url()}")
    with django_assert_num_queries(7):
        reader.get(f"/embed{waiting.get_absolute_url()}")
    with django_assert_num_queries(8):
        reader.get(passage(appearance.annotation))
    with django_assert_num_queries(6):
        reader.get("/oembed", {"url": HOME + claim.get_absolute_url()})


# What became of the rating


def test_a_rating_that_changed_is_said_to_have_changed(reader: Client) -> None:
    claim = superseded_claim()
    page = card(reader, claim, 1)
    assert "dopo che l’affermazione è stata incorporata qui. Prima: Falso." in change(page)
    assert change(card(reader, claim, 3)) == ""


def test_a_rating_that_was_given_again_is_said_to_be_the_same(reader: Client) -> None:
    claim = make_appearance().claim
    first = make_review(claim=claim, state=Review.State.SUPERSEDED)
    make_review(claim=claim, supersedes=first)
    assert "la valutazione è la stessa" in change(card(reader, claim, 1))


def test_a_claim_that_was_not_rated_then_is_said_to_be_rated_now(reader: Client) -> None:
    claim = make_appearance().claim
    assert (change(card(reader, claim, 0)), "Non ancora verificato" in card(reader, claim, 0)) == ("", True)
    make_review(claim=claim)
    assert "Valutata il" in change(card(reader, claim, 0))


def test_a_claim_that_is_being_checked_says_so(reader: Client) -> None:
    claim = make_appearance().claim
    make_assignment(claim=claim)
    assert "In verifica" in card(reader, claim, 0)


def test_a_withdrawn_rating_is_not_named(reader: Client) -> None:
    review = make_review(make_appearance(), level=level("false"), summary="Nessun atto lo dice.")
    reviews.withdraw(review, reason="Era un errore.", by=User.objects.get(username="editor"), at=LATER)
    for version in (0, 1, 2, ""):
        page = card(reader, review.claim, version)
        assert "Falso" not in page and "Nessun atto lo dice." not in page
    assert change(card(reader, review.claim, 1)).endswith("Era un errore.")
    assert change(card(reader, review.claim, 0)) == ""


def test_a_withdrawn_rating_is_not_named_beside_the_one_that_took_its_place(reader: Client) -> None:
    claim = superseded_claim()
    page = card(reader, claim, 2)
    assert "Si fondava su un documento falso." in change(page)
    assert "tone-true" in page and "Falso" not in page


def test_that_the_last_rating_was_withdrawn_is_said_to_who_embedded_an_earlier_one(reader: Client) -> None:
    claim = make_appearance().claim
    first = make_review(claim=claim, state=Review.State.SUPERSEDED)
    make_review(claim=claim, supersedes=first, state=Review.State.WITHDRAWN, withdrawal_reason="Un errore.")
    assert "L’ultima valutazione di questa affermazione è stata ritirata" in change(card(reader, claim, 1))


def test_a_stale_rating_is_not_worn(reader: Client) -> None:
    page = reader.get(embedded(stale_claim(), 1)).content.decode()
    assert "Da riverificare" in page and "di nuovo in verifica" in change(page)
    assert "Falso" not in page and "tone-false" not in page and "Non risulta" not in page
    never_rated = reader.get(embedded(stale_claim(), 0)).content.decode()
    assert ("Da riverificare" in never_rated, change(never_rated)) == (True, "")


@pytest.mark.parametrize("version", ["x", "-1", "99", "9" * 400, "1.0", "٣", "%00"])
def test_a_version_that_is_none_changes_nothing(version: str, reader: Client) -> None:
    claim = make_review(make_appearance()).claim
    assert card(reader, claim, version) == card(reader, claim, "")


# What is not for everybody


def test_a_withdrawn_claim_says_why_in_the_frame(reader: Client) -> None:
    answer = reader.get(embedded(withdrawn_claim().get_absolute_url()))
    assert (answer.status_code, "Contata due volte." in answer.content.decode()) == (410, True)
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    annotation = Claim.objects.get(withdrawal_reason="Contata due volte.").appearances.get().annotation
    assert reader.get(passage(annotation)).status_code == 410


def test_a_withdrawn_article_says_why_in_the_frame(reader: Client) -> None:
    article = make_article(withdrawn_at=LATER, withdrawal_reason="Pubblicato per errore.")
    answer = reader.get(passage(make_appearance(article).annotation))
    assert (answer.status_code, "Pubblicato per errore." in answer.content.decode()) == (410, True)


def test_what_is_not_public_is_not_there(reader: Client) -> None:
    draft = make_appearance(make_article(published_at=None))
    coming = make_appearance(make_article(published_at=LATER.replace(year=2999)))
    suggested = make_appearance(make_article(), state="suggested", generator="prova")
    withdrawn = make_appearance(
        make_article(), state="withdrawn", withdrawn_at=LATER, withdrawal_reason="Doppia."
    )
    gone = make_appearance(
        make_article(published_at=None, withdrawn_at=LATER, withdrawal_reason="Una bozza."),
    )
    for one in (draft, coming, suggested, withdrawn, gone):
        article = one.annotation.article
        for there in (embedded(one.claim.get_absolute_url()), passage(one.annotation)):
            answer = reader.get(there)
            assert answer.status_code == 404, there
            assert one.claim.text not in answer.content.decode()
            assert "Una bozza." not in answer.content.decode()
            assert reader.get("/oembed", {"url": HOME + there}).status_code == 404
        found = reader.get("/oembed", {"url": f"{HOME}{article.get_absolute_url()}#claim-{one.claim.code}"})
        public = one in (suggested, withdrawn)
        assert found.status_code == (200 if public else 404)
        if public:
            assert json.loads(found.content)["type"] == "link"


def test_who_is_confidential_is_not_named(reader: Client) -> None:
    source = make_source(name="Zelinda", desk_only=True)
    claim = make_review(make_appearance(claim=make_claim(claimant=source))).claim
    assert "Zelinda" not in card(reader, claim, 1)
    Source.objects.update(desk_only=False)
    assert "Zelinda" in card(reader, claim, 1)


# A passage


def test_a_passage_stands_in_its_sentence_and_leads_to_its_place(reader: Client) -> None:
    appearance = make_appearance(make_article(), "dieci milioni")
    make_review(appearance)
    page = tree(reader.get(passage(appearance.annotation)))
    [quotation] = page.xpath("//blockquote")
    assert quotation.text_content() == "Costerà dieci milioni di euro."
    assert quotation.xpath("strong/text()") == ["dieci milioni"]
    assert ":~:text=" in page.xpath("//figcaption/a/@href")[0]
    assert appearance.claim.text in page.text_content()


def test_words_that_are_in_the_text_no_more_leave_the_claim(reader: Client) -> None:
    article = make_article()
    appearance = make_appearance(article, "Secondo i tecnici le prove sono finite")
    make_review(appearance)
    articles.revise(
        article,
        html=HTML.replace("Secondo i tecnici le prove sono finite. ", ""),
        kind="correction",
        note="Non è vero.",
        by=User.objects.get(username="editor"),
        at=LATER,
        based_on=1,
    )
    page = tree(reader.get(passage(appearance.annotation)))
    assert page.xpath("//blockquote") == []
    assert appearance.claim.text in page.text_content()


@pytest.mark.parametrize("rights", [Rights.QUOTATION, Rights.DEMO])
def test_a_text_that_is_not_ours_to_show_is_not_embedded(
    rights: Rights, reader: Client, settings: Any
) -> None:
    settings.DEMO = False
    appearance = make_appearance(make_article(rights=rights), "dieci milioni")
    make_review(appearance)
    answer = reader.get(passage(appearance.annotation))
    assert (answer.status_code, "dieci milioni" in answer.content.decode()) == (404, False)
    there = HOME + appearance.annotation.article.get_absolute_url()
    for words in (f"#claim-{appearance.claim.code}", "#:~:text=Coster%C3%A0-,dieci%20milioni"):
        refused = reader.get("/oembed", {"url": there + words})
        assert (refused.status_code, b"dieci" in refused.content) == (401, False)
    assert reader.get("/oembed", {"url": HOME + passage(appearance.annotation)}).status_code == 401
    assert asked(reader, there)["type"] == "link"
    page = reader.get(appearance.claim.get_absolute_url()).content.decode()
    assert page.count("<textarea") == 1
    assert asked(reader, HOME + appearance.claim.get_absolute_url())["type"] == "rich"


# oEmbed


def test_a_claim_is_rich_and_framed(reader: Client) -> None:
    claim = make_review(make_appearance(), level=level("false")).claim
    told = asked(reader, HOME + claim.get_absolute_url())
    assert told["version"] == "1.0" and told["type"] == "rich"
    assert told["provider_name"] == str(Newsroom.objects.get()) and told["provider_url"] == HOME
    assert told["cache_age"] > 0
    frame = tree_of(told["html"]).xpath("//iframe")[0]
    assert frame.get("loading") == "lazy" and claim.text in frame.get("title")
    assert set(frame.get("sandbox").split()) == {"allow-popups", "allow-popups-to-escape-sandbox"}
    assert (int(frame.get("width")), int(frame.get("height"))) == (told["width"], told["height"])
    # What is copied stays: so it says no rating.
    assert "Falso" not in json.dumps(told, ensure_ascii=False)
    assert parse_qs(urlsplit(source_of(told)).query) == {"v": ["1"]}
    assert claim.text in reader.get(source_of(told)).content.decode()


def test_an_article_is_a_link(reader: Client) -> None:
    article = make_article(byline="Ada Neri", headline="Il ponte & noi")
    told = asked(reader, HOME + article.get_absolute_url())
    assert (told["type"], told["title"], told["author_name"]) == ("link", "Il ponte & noi", "Ada Neri")
    assert "html" not in told


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_xml_says_what_json_says(prefix: str, reader: Client) -> None:
    claim = make_review(make_appearance()).claim
    url = f"{HOME}{prefix}{claim.get_absolute_url()}"
    told = asked(reader, url)
    answer = reader.get("/oembed", {"url": url, "format": "xml"})
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    root = etree.fromstring(answer.content)
    assert root.tag == "oembed"
    assert {child.tag: child.text for child in root} == {name: str(value) for name, value in told.items()}
    assert answer["Content-Language"] == ("en" if prefix else "it")
    assert source_of(told).startswith(f"{prefix}/embed/claims/")


@pytest.mark.parametrize("anchor", ["claim-{code}", "note-{code}", "claim-{code}-2", "claim-{code}:~:text=x"])
def test_an_anchor_in_an_article_is_a_passage(anchor: str, reader: Client) -> None:
    appearance = make_appearance(make_article(), "dieci milioni")
    url = HOME + appearance.annotation.article.get_absolute_url()
    told = asked(reader, f"{url}#{anchor.format(code=appearance.claim.code)}")
    assert told["type"] == "rich" and "dieci milioni" in told["title"]
    assert source_of(told).startswith("/embed/passages/dieci-milioni-")
    assert asked(reader, HOME + source_of(told))["html"] == told["html"]


def test_every_link_to_words_in_the_text_is_their_passage(reader: Client) -> None:
    """The addresses that the pages of claims share, with and without the element's id."""
    article = Article.objects.get(slug=SEED.strip("/").rpartition("/")[2])
    tagged = Annotation.objects.public().filter(article=article, kind="claim")
    found = passages(tagged, at=LATER.replace(year=2999))
    assert len(found) > 40
    for one in found[::4]:
        told = asked(reader, HOME + one.place_url)
        assert f"-{one.code}/?" in source_of(told)


def test_words_that_no_claim_has_are_the_article(reader: Client) -> None:
    appearance = make_appearance(make_article(), "dieci milioni")
    url = HOME + appearance.annotation.article.get_absolute_url()
    for fragment in ("#x", "#claim-zzzzzzzzzz", "#claim-", "#:~:text=altro", "#:~:text=", "#:~:text=a,b,c,d"):
        assert asked(reader, url + fragment)["type"] == "link"


def test_an_earlier_address_is_followed(reader: Client) -> None:
    article = make_article()
    ArticleAddress.objects.create(article=article, slug="prima")
    claim = make_review(make_appearance(article)).claim
    assert asked(reader, f"{HOME}/articles/prima/")["title"] == article.headline
    assert asked(reader, f"{HOME}/claims/altre-parole-{claim.code}/")["type"] == "rich"


def test_sizes_are_kept_to(reader: Client) -> None:
    claim = make_review(make_appearance()).claim
    url = HOME + claim.get_absolute_url()
    free = asked(reader, url)
    assert free["width"] == 500
    narrow = asked(reader, url, maxwidth="250")
    assert narrow["width"] == 250 and narrow["height"] > free["height"]
    small = asked(reader, url, maxwidth="90", maxheight="60")
    assert (small["width"], small["height"]) == (90, 60)
    assert 'width="90" height="60"' in small["html"]
    assert asked(reader, url, maxwidth="9000", maxheight="9000") == free
    for nonsense in ("0", "-3", "x", "", "1e3", "9" * 400, "٣٠٠"):
        assert asked(reader, url, maxwidth=nonsense, maxheight=nonsense) == free


@pytest.mark.parametrize(
    "url",
    [
        "", "x", "http://[", "https://altrove.example{path}", "https://redazione.example.altrove.example{path}",
        "https://u@redazione.example{path}", "https://redazione.example:8443{path}", "ftp://redazione.example{path}",
        "//redazione.example{path}", "{path}", "javascript:alert(1)", "https://redazione.example",
        "https://redazione.example/", "https://redazione.example/desk/", "https://redazione.example/claims/",
        "https://redazione.example/claims/x-zzzzzzzzzz/", "https://redazione.example/articles/non-esiste/",
        "https://redazione.example/claims/%00/", "https://redazione.example{path}card/",
        "https://redazione.example/{long}/",
    ],
)  # fmt: skip
def test_what_is_no_page_of_ours_is_not_there(url: str, reader: Client) -> None:
    claim = make_review(make_appearance()).claim
    answer = reader.get("/oembed", {"url": url.format(path=claim.get_absolute_url(), long="x" * 9000)})
    assert answer.status_code == 404
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_as_the_site_is_called_and_as_it_is_named_are_both_ours(reader: Client) -> None:
    claim = make_review(make_appearance()).claim
    for home in (HOME, HOME.upper(), "http://redazione.example", "http://testserver"):
        answer = reader.get("/oembed", {"url": home + claim.get_absolute_url()})
        assert answer.status_code == 200, home


@pytest.mark.parametrize("wanted", ["yaml", "", "JSON", "xml "])
def test_another_format_is_not_implemented(wanted: str, reader: Client) -> None:
    claim = make_review(make_appearance()).claim
    answer = reader.get("/oembed", {"url": HOME + claim.get_absolute_url(), "format": wanted})
    assert answer.status_code == 501


def test_it_is_only_read_from_any_site_and_not_sent_twice(reader: Client) -> None:
    claim = make_review(make_appearance()).claim
    there = {"url": HOME + claim.get_absolute_url()}
    first = reader.get("/oembed", there)
    assert first["Access-Control-Allow-Origin"] == "*"
    assert reader.get("/oembed", there, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert reader.post("/oembed", there).status_code == 405


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pages_say_where_to_ask(prefix: str, reader: Client) -> None:
    appearance = make_appearance(make_article(headline='Il "ponte"'))
    make_review(appearance)
    for path in (appearance.claim.get_absolute_url(), appearance.annotation.article.get_absolute_url()):
        page = tree(reader.get(prefix + path))
        found = {
            link.get("type"): link.get("href")
            for link in page.xpath("//link[@rel='alternate'][contains(@type, '+oembed')]")
        }
        assert set(found) == {"application/json+oembed", "text/xml+oembed"}
        for address in found.values():
            assert address.startswith(f"{HOME}/oembed?")
            assert reader.get(address.removeprefix(HOME)).status_code == 200
        assert parse_qs(urlsplit(found["text/xml+oembed"]).query)["url"] == [
            HOME + (f"/en{path}" if prefix else path)
        ]


# The code to copy


def test_the_page_of_a_claim_has_the_code_of_its_card_and_of_each_passage(reader: Client) -> None:
    appearance = make_appearance(make_article(headline="Il ponte & noi"), "dieci milioni")
    claim = make_review(appearance).claim
    make_appearance(make_article(), "finite", claim=claim)
    answer = reader.get(claim.get_absolute_url())
    assert faults(answer) == []
    codes = [field.text for field in tree(answer).xpath("//textarea[@readonly]")]
    assert len(codes) == 3
    assert codes[0] == asked(reader, HOME + claim.get_absolute_url())["html"]
    for code in codes:
        shown = reader.get(source_of({"html": code}))
        assert shown.status_code == 200 and claim.text in shown.content.decode()


def test_the_card_in_an_article_leads_to_the_code(reader: Client) -> None:
    claim = make_review(make_appearance()).claim
    [link] = tree(reader.get(f"{claim.get_absolute_url()}card/")).xpath(
        "//a[text()='Cita e incorpora']/@href"
    )
    path, _hash, anchor = link.partition("#")
    assert tree(reader.get(path)).xpath(f"//*[@id='{anchor}']/..//textarea")
