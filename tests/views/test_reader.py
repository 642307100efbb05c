"""What readers are answered: the right page or none, sound, the same for all, and nothing of the desk's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.models import (
    ArticleAddress,
    Attribution,
    Claim,
    ClaimRelation,
    Document,
    Entity,
    Evidence,
    Mention,
    Review,
    Source,
    User,
)
from tests.making import (
    LATER,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_mention,
    make_review,
    make_source,
)
from tests.public_pages import PAGES
from tests.reading import SEED, addresses, canonical_text, faults, public_answers, tree

pytestmark = pytest.mark.django_db

PART = {"HX-Request": "true"}
#: What a reader may send something to.
TAKE_WORDS = {
    *(name for name in PAGES if name.startswith(("a link to reply", "following"))),
    "flagging an article",
    "flagging words",
    "flagging a claim",
    "an address to confirm",
    "an address, too late",
    "a flag to delete",
}
#: What somebody could write into an address, by mistake or not.
NONSENSE = [
    "layer=x", "layer=", "layer=CLAIMS", "layer=claims%00", "layer=%FF", "layer[]=claims", "rating=x",
    "rating=", "rating=false&rating=true&rating=x", "rating=%E2%80%AE", "rating=" + "x" * 4000,
    "rating=" + quote("<script>alert(1)</script>"), "rating=" + quote("' OR 1=1 --"), "page=2", "=&&=",
]  # fmt: skip


def working_notes() -> Iterator[str]:
    """All that the desk wrote for itself."""
    for model, names in (
        (Source, ("role_note", "relations_note")),
        (Claim, ("note", "check_reason")),
        (ClaimRelation, ("note",)),
        (Document, ("note", "date_note")),
        (Evidence, ("note",)),
        (Review, ("no_request_reason", "no_primary_reason", "changes_note", "override_reason")),
        (Entity, ("note",)),
        (Mention, ("note",)),
        (Attribution, ("note",)),
    ):
        for name in names:
            yield from model.objects.exclude(**{name: ""}).values_list(name, flat=True)


# What leaves, and what does not


def test_no_working_note_stands_in_a_public_answer(reader: Client) -> None:
    """The dossier's own judgement of a source that the article never names is among them."""
    notes = {note for note in working_notes() if len(note) > 12}
    hidden = list(Source.objects.filter(desk_only=True).values_list("name", flat=True))
    assert len(notes) > 100
    assert any("traduzione o adattamento non dichiarato" in note for note in notes)
    assert "Analytics India Magazine (AIM)" in hidden
    seen = 0
    for address, response in public_answers(reader):
        said = unescape(response.content.decode())
        assert [note for note in notes if note in said] == [], address
        assert [name for name in hidden if name in said] == [], address
        seen += 1
    assert seen > 2 * (44 + 44 + 30)


def test_what_is_for_the_desk_alone_has_no_page(reader: Client) -> None:
    for source in Source.objects.filter(desk_only=True):
        assert reader.get(source.get_absolute_url()).status_code == 404


def test_a_byline_that_is_a_pseudonym_has_no_page_that_lists_ratings(reader: Client) -> None:
    for row in (Entity.objects.get(name="Fantasy"), Source.objects.get(pseudonymous=True)):
        assert reader.get(row.get_absolute_url()).status_code == 404
        assert row.get_absolute_url() not in reader.get(SEED + "?layer=entities").content.decode()


def test_a_confidential_name_is_said_nowhere(reader: Client) -> None:
    source = make_source(name="una persona informata", desk_only=True)
    article = make_article()
    make_review(make_appearance(article, claim=make_claim(claimant=source)))
    make_attribution(article, ["Costerà"], source=source, anonymity_reason="")
    claim = Claim.objects.get(claimant=source)
    for address in (article.get_absolute_url(), claim.get_absolute_url(), claim.get_absolute_url() + "card/"):
        assert source.name not in reader.get(address).content.decode()


# Every page


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_page_is_sound(name: str, prefix: str, reader: Client) -> None:
    assert faults(reader.get(prefix + PAGES[name]())) == []


@pytest.mark.parametrize("name", ["article", "all layers", "linear reading", "torture article", "excerpts"])
def test_a_part_of_a_page_is_sound(name: str, reader: Client) -> None:
    response = reader.get(PAGES[name](), headers=PART)
    # What stands outside the part is there when the part arrives.
    outside = ("leads nowhere", "which is not there")
    assert [fault for fault in faults(response) if not fault.endswith(outside)] == []


def test_every_page_of_the_seed_is_sound(reader: Client) -> None:
    for address, response in public_answers(reader, "front", "article", "claim", "claim-card", some=8):
        assert faults(response) == [], address


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_the_same_for_everybody(name: str, reader: Client, editor: User) -> None:
    address = PAGES[name]()
    response = reader.get(address)
    staff = Client()
    staff.force_login(editor)
    assert unstamped(staff.get(address).content) == unstamped(response.content)
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "csrfmiddlewaretoken" not in response.content.decode()
    other = reader.get(address, headers={"Accept-Language": "de", "Cookie": "django_language=en"})
    assert unstamped(other.content) == unstamped(response.content)


def unstamped(page: bytes) -> bytes:
    """Without what a form carries to say when it was asked for."""
    return re.sub(rb'(name="token" value=)"[^"]+"', rb"\1", page)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_goes_out_under_the_policy(name: str, reader: Client) -> None:
    policy = reader.get(PAGES[name]()).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_demonstration_says_so_and_is_not_to_be_found(name: str, reader: Client) -> None:
    page = tree(reader.get(PAGES[name]()))
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert "Dati dimostrativi" in page.text_content()


def test_outside_the_demonstration_nothing_says_so(reader: Client, settings: Any) -> None:
    settings.DEMO = False
    for _address, response in public_answers(reader, "front", "method", "claim", some=1):
        page = tree(response)
        assert page.xpath("//meta[@name='robots']") == []
        assert "Dati dimostrativi" not in page.text_content()
    assert "Disallow: /desk/" in reader.get("/robots.txt").content.decode()


def test_outside_the_demonstration_its_text_is_not_shown_whole(reader: Client, settings: Any) -> None:
    settings.DEMO = False
    page = tree(reader.get(SEED))
    assert page.xpath("//*[@data-o]") == []
    assert len(page.xpath("//a[@role='doc-noteref']")) == 44
    assert "Curiosamente" not in page.text_content().replace("Curiosamente, Microsoft sta impiegando", "")


@pytest.mark.parametrize("name", sorted(PAGES.keys() - TAKE_WORDS))
def test_a_public_page_is_only_read(name: str, reader: Client) -> None:
    address = PAGES[name]()
    assert reader.post(address).status_code in (405, 404)
    assert reader.head(address).status_code == reader.get(address).status_code


# An article


def test_what_nobody_wrote_is_not_there(reader: Client) -> None:
    for address in (
        "/articles/non-esiste/",
        "/claims/x-zzzzzzzzzz/",
        "/claims/breve/",
        "/sources/x-1/",
        "/entities/a/",
    ):
        response = reader.get(address)
        assert response.status_code == 404
        assert "A questo indirizzo non c’è nessuna pagina" in response.content.decode()


def test_a_draft_is_for_the_desk_alone(reader: Client, reporter: User) -> None:
    draft = make_article(published_at=None)
    make_appearance(draft)
    desk = Client()
    desk.force_login(reporter)
    for client in (reader, desk):
        assert client.get(draft.get_absolute_url()).status_code == 404

    preview = reverse("desk:article", args=[draft.slug])
    assert reader.get(preview).status_code == 302
    answer = desk.get(preview)
    assert answer.status_code == 200
    assert canonical_text(tree(answer)) == draft.current_revision.text
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Dati dimostrativi" in answer.content.decode()


def test_an_article_that_is_to_come_is_not_there_yet(reader: Client) -> None:
    article = make_article(published_at=LATER.replace(year=2999))
    assert reader.get(article.get_absolute_url()).status_code == 404


def test_a_withdrawn_article_says_why(reader: Client) -> None:
    response = reader.get(PAGES["withdrawn"]())
    assert response.status_code == 410
    assert "Pubblicato per errore." in response.content.decode()


def test_an_earlier_address_leads_to_the_article(reader: Client) -> None:
    article = make_article()
    ArticleAddress.objects.create(article=article, slug="prima")
    response = reader.get("/articles/prima/")
    assert (response.status_code, response.headers["Location"]) == (301, article.get_absolute_url())


def test_an_earlier_address_does_not_betray_a_draft(reader: Client) -> None:
    ArticleAddress.objects.create(article=make_article(published_at=None), slug="prima")
    assert reader.get("/articles/prima/").status_code == 404


@pytest.mark.parametrize("query", NONSENSE)
def test_what_a_parameter_says_and_the_page_does_not_know_is_ignored(query: str, reader: Client) -> None:
    usual = tree(reader.get(SEED))
    for headers in ({}, PART):
        response = reader.get(f"{SEED}?{query}", headers=headers)
        assert response.status_code == 200
        page = tree(response)
        assert canonical_text(page) == canonical_text(usual)
        assert len(page.xpath("//a[@role='doc-noteref']")) == 44
        assert page.xpath("//input[@name='layer' and @checked]/@value") == ["claims"]
        assert page.xpath("//input[@name='rating']") == []


def test_htmx_gets_a_part_and_a_cache_is_told_so(reader: Client) -> None:
    whole, part = reader.get(SEED), reader.get(SEED, headers=PART)
    assert "HX-Request" in whole.headers["Vary"]
    assert "HX-Request" in part.headers["Vary"]
    assert not part.content.decode().lstrip().startswith("<!doctype")
    assert tree(part).xpath("//*[@id='annotated-text']")


# Claims, sources, entities


@pytest.mark.parametrize("kind", ["claim", "source", "entity"])
def test_the_code_decides_and_other_words_before_it_lead_there(kind: str, reader: Client) -> None:
    for prefix in ("", "/en"):
        right = prefix + PAGES[kind]()
        code = right.rstrip("/").rpartition("-")[2]
        response = reader.get(f"{prefix}/{right.split('/')[-3]}/altre-parole-{code}/")
        assert (response.status_code, response.headers["Location"]) == (301, right)


@pytest.mark.parametrize("number", ["0", "-1", "x", "999", "%00", "1.5"])
def test_a_page_number_that_is_none_shows_a_page(number: str, reader: Client) -> None:
    assert reader.get(f"{PAGES['entity']()}?page={number}").status_code == 200


def test_a_withdrawn_claim_says_why(reader: Client) -> None:
    claim = make_appearance(
        claim=make_claim(withdrawn_at=LATER, withdrawal_reason="Contata due volte.")
    ).claim
    response = reader.get(claim.get_absolute_url())
    assert response.status_code == 410
    assert "Contata due volte." in response.content.decode()
    assert reader.get(claim.get_absolute_url() + "card/").status_code == 404


def test_a_claim_of_a_draft_is_not_there(reader: Client) -> None:
    claim = make_appearance(make_article(published_at=None)).claim
    for address in (claim.get_absolute_url(), claim.get_absolute_url() + "card/"):
        assert reader.get(address).status_code == 404


def test_a_source_and_a_name_do_not_tell_of_drafts(reader: Client) -> None:
    draft, source = make_article(published_at=None, headline="La bozza segreta"), make_source()
    make_attribution(draft, ["Costerà"], source=source)
    entity = make_mention(draft, "la sindaca").entity
    for row in (source, entity):
        assert "segreta" not in reader.get(row.get_absolute_url()).content.decode()


def test_every_address_of_the_seed_answers_in_both_languages(reader: Client) -> None:
    hidden = {
        row.code for model in (Source, Entity) for row in model.objects.exclude(pk__in=model.objects.public())
    }
    for address in addresses():
        wanted = 404 if address.rstrip("/").rpartition("-")[2] in hidden else 200
        if "/versions/" in address:
            wanted = 301
        assert reader.get(address).status_code == wanted, address


@pytest.mark.parametrize("address", ["/x", "/en/x/y", "/articles/", "/desk/x/", "/articles/non-esiste/"])
def test_an_address_that_leads_nowhere_has_a_page_of_the_house(address: str, reader: Client) -> None:
    response = reader.get(address)
    assert response.status_code == 404
    page = tree(response)
    assert page.xpath("//h1") and faults(response) == []
    assert page.xpath("//link[@rel='canonical']") == []
    # A link to the same page in the other language is there if that page can be.
    assert address not in page.xpath("//a[@hreflang]/@href")
