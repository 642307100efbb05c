"""The public search: what it shows of what is found, what it never shows, and that nothing breaks it."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsroom.models import Annotation, ClaimWording, ConfidentialSource, EntityAlias, Rights
from tests.making import (
    LATER,
    make_appearance,
    make_article,
    make_claim,
    make_document,
    make_entity,
    make_evidence,
    make_mention,
    make_met_entity,
    make_met_source,
    make_review,
    make_source,
)
from tests.reading import faults, tree

pytestmark = pytest.mark.django_db

PART = {"HTTP_HX_REQUEST": "true"}


def ask(reader: Client, typed: str, *, lang: str = "it", part: bool = False, **more: str) -> HttpResponse:
    prefix = "/en" if lang == "en" else ""
    response = reader.get(f"{prefix}/search/?{urlencode({'q': typed} | more)}", **(PART if part else {}))
    assert response.status_code == 200
    assert faults(response) == []
    return response


def titles(response: HttpResponse) -> list[str]:
    return [" ".join(title.text_content().split()) for title in tree(response).cssselect(".lines h3")]


def hits(response: HttpResponse) -> list[str]:
    return [hit.text for hit in tree(response).cssselect(".hit")]


def text(response: HttpResponse) -> str:
    return " ".join(tree(response).text_content().split())


# What is found


def test_every_kind_is_found_and_leads_to_its_page(reader: Client) -> None:
    article = make_article(headline="Parolarara in testa")
    claim = make_appearance(article, claim=make_claim(text="La parolarara è vera.")).claim
    source, entity = make_met_source(name="Agenzia Parolarara"), make_met_entity(name="Parolarara")
    document = make_document(title="Bilancio parolarara", url="https://bilancio.example/")
    make_evidence(claim, document=document)
    page = tree(ask(reader, "parolarara"))
    assert [a.get("href") for a in page.cssselect(".lines h3 a")] == [
        article.get_absolute_url(),
        claim.get_absolute_url(),
        document.url,
        source.get_absolute_url(),
        entity.get_absolute_url(),
    ]
    assert [a.get("href") for a in page.cssselect(".search-evidence a")] == [claim.get_absolute_url()]


def test_of_many_hits_a_few_are_shown_and_a_link_to_all(reader: Client) -> None:
    article = make_article()
    for _ in range(30):
        make_met_entity(article, name="Parolarara")
    response = ask(reader, "parolarara")
    assert len(titles(response)) == 4
    (more,) = tree(response).cssselect(".search-more a")
    assert more.text == "Nomi e temi: tutti i risultati (30)"
    first = reader.get(more.get("href"))
    assert len(titles(first)) == 20
    (link,) = tree(first).cssselect(".pages a[rel=next]")
    assert len(titles(reader.get(link.get("href")))) == 10


def test_one_kind_keeps_the_words_and_leads_to_the_others(reader: Client) -> None:
    make_met_entity(name="Parolarara")
    make_met_source(name="Parolarara Spa")
    page = tree(ask(reader, "parolarara", kind="sources"))
    assert page.cssselect("#search-words")[0].get("value") == "parolarara"
    assert [" ".join(a.text_content().split()) for a in page.cssselect(".search-kinds a")] == [
        "Tutti",
        "Articoli",
        "Affermazioni",
        "Riscontri",
        "Fonti 1",
        "Nomi e temi",
    ]
    assert page.cssselect(".search-kinds [aria-current]")[0].text.strip() == "Fonti"


def test_more_than_can_be_turned_to_is_said(reader: Client) -> None:
    article = make_article()
    for _ in range(101):
        make_met_entity(article, name="Parolarara")
    response = ask(reader, "parolarara", kind="entities", page="999")
    assert "Nomi e temi 100+" in text(response)
    assert "Pagina 5 di 5" in text(response)
    assert len(titles(response)) == 20


def test_hits_are_marked_in_titles_and_passages(reader: Client) -> None:
    make_article(
        headline="I ponti",
        standfirst="Un ponte al giorno",
        html=f"<p>{'Niente. ' * 100}</p><p>Ancora ponti chiusi.</p>",
        date="2101",
    )
    assert hits(ask(reader, "ponte chiuso", kind="articles"))[:4] == ["ponti", "ponte", "ponti", "chiusi"]


def test_a_claim_found_by_another_wording_shows_it(reader: Client) -> None:
    claim = make_claim(text="Il ponte è lungo.")
    make_appearance(claim=claim)
    ClaimWording.objects.create(claim=claim, lang="en", text="The bridge is rareword long.")
    page = tree(ask(reader, "rareword"))
    (passage,) = page.cssselect(".search-passage")
    assert passage.get("lang") == "en"
    assert passage.text_content().strip() == "The bridge is rareword long."


def test_an_entity_found_by_another_name_shows_it(reader: Client) -> None:
    entity = make_met_entity(name="Organizzazione mondiale", kind="organisation")
    EntityAlias.objects.create(entity=entity, name="Parolarara")
    assert hits(ask(reader, "parolarara")) == ["Parolarara"]


def test_a_claim_wears_its_rating(reader: Client) -> None:
    make_review(make_appearance(claim=make_claim(text="Parolarara falsa.")))
    make_appearance(claim=make_claim(text="Parolarara ignota."))
    badges = {" ".join(b.text_content().split()) for b in tree(ask(reader, "parolarara")).cssselect(".badge")}
    assert badges == {"Falso", "Non ancora verificato"}


def test_it_speaks_english_under_its_address(reader: Client) -> None:
    make_met_entity(name="Rareword")
    assert "1 result." in text(ask(reader, "rareword", lang="en", part=True))
    assert text(ask(reader, "zzzz", lang="en")).count("Nothing found for “zzzz”.") == 1


# While somebody types


def test_the_part_is_what_stands_under_the_field(reader: Client) -> None:
    make_met_entity(name="Parolarara")
    whole, part = ask(reader, "parolarara"), ask(reader, "parolarara", part=True)
    assert titles(whole) == titles(part) == ["Parolarara"]
    assert not tree(part).cssselect("header") and tree(whole).cssselect("header")
    for response in (whole, part):
        assert "HX-Request" in response["Vary"]


def test_the_part_says_what_a_screen_reader_says(reader: Client) -> None:
    make_met_entity(name="Parolarara")
    (spoken,) = tree(ask(reader, "parolarara", part=True)).cssselect("#announcement")
    assert (spoken.text, spoken.get("hx-swap-oob")) == ("1 risultato.", "innerHTML")
    assert tree(ask(reader, "parolarara")).cssselect("#announcement")[0].text is None


def test_while_typing_the_beginning_of_a_word_is_found(reader: Client) -> None:
    make_met_entity(name="Xilofonista")
    assert titles(ask(reader, "xilofo")) == []
    found = ask(reader, "xilofo", typing="1")
    assert titles(found) == ["Xilofonista"]
    # Where the hits lead on, they are the same.
    for link in tree(found).cssselect(".search-kinds a"):
        assert "typing=1" in link.get("href")


# What is not shown


def test_what_is_not_public_is_not_found(reader: Client) -> None:
    make_article(headline="Parolarara bozza", published_at=None)
    make_article(headline="Parolarara futura", published_at=LATER.replace(year=2300))
    make_article(headline="Parolarara tolta", withdrawn_at=LATER, withdrawal_reason="Errore.")
    make_claim(text="Parolarara senza articolo.")
    make_appearance(claim=make_claim(text="Parolarara.", withdrawn_at=LATER, withdrawal_reason="Errore."))
    make_appearance(
        claim=make_claim(text="Parolarara proposta."), state=Annotation.State.SUGGESTED, generator="prova 1"
    )
    make_evidence(make_claim(), document=make_document(title="Parolarara"))
    make_source(name="Parolarara", desk_only=True)
    make_source(name="Parolarara", pseudonymous=True)
    make_source(name="Parolarara", withdrawn_at=LATER, withdrawal_reason="Errore.")
    for privacy in ("minor", "victim", "delisted"):
        make_entity(name="Parolarara", privacy=privacy)
    make_entity(name="Parolarara", pseudonymous=True)
    make_entity(name="Parolarara", withdrawn_at=LATER, withdrawal_reason="Errore.")
    make_source(name="Parolarara a colloquio")
    make_met_entity(make_article(published_at=None), name="Parolarara in bozza")
    proposed = make_mention(make_article(), "Il ponte", entity=make_entity(name="Parolarara proposta"))
    Annotation.objects.filter(pk=proposed.annotation_id).update(state="suggested", generator="prova 1")
    response = ask(reader, "parolarara")
    assert titles(response) == []
    assert "Nessun risultato per «parolarara»." in text(response)


def test_nobody_finds_who_a_source_really_is(reader: Client) -> None:
    source = make_met_source(name="Una persona informata")
    ConfidentialSource.objects.create(source=source, real_name="Zelinda Quaglia", reason="Rischia.")
    assert "Una persona informata" in titles(ask(reader, "persona informata"))
    assert titles(ask(reader, "quaglia")) == titles(ask(reader, "zelin", typing="1")) == []


def test_of_an_article_that_is_not_ours_no_more_is_shown_than_its_page_shows(reader: Client) -> None:
    make_article(
        rights=Rights.QUOTATION,
        headline="Parolarara altrui",
        standfirst="Sommario.",
        html="<p>Parolarara e testosegreto.</p>",
    )
    assert titles(ask(reader, "testosegreto")) == []
    response = ask(reader, "parolarara")
    assert titles(response) == ["Parolarara altrui"]
    assert "testosegreto" not in text(response)


def test_a_document_shows_no_claim_and_no_quotation_of_the_desk(reader: Client) -> None:
    document = make_document(title="Parolarara")
    make_evidence(make_appearance().claim, document=document, quotation="Parolarara pubblica")
    make_evidence(make_claim(text="Affermazione segreta."), document=document, quotation="Parolarara segreta")
    response = ask(reader, "parolarara")
    assert "Parolarara pubblica" in text(response)
    assert "segreta" not in text(response)


def test_it_sets_no_cookie_and_asks_to_be_left_out_of_other_searches(reader: Client, settings) -> None:
    settings.DEMO = False
    response = ask(reader, "microsoft")
    assert not response.cookies
    assert tree(response).cssselect("meta[name=robots]")[0].get("content") == "noindex"


# What nobody should type


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", ""),
        ("   ", ""),
        ("…?!", "Qui non c’è nessuna parola"),
        ('"""', "Qui non c’è nessuna parola"),
        ("\0", ""),
        ("-microsoft", "Ci sono solo parole da escludere"),
        ('"microsoft openai', ""),
        ("microsoft\0openai", ""),
        ("x" * 10_000, "sono state cercate solo le prime parole"),
        ("microsoft " * 1000, "sono state cercate solo le prime parole"),
        ('"' * 10_000, "Qui non c’è nessuna parola"),
        ("<script>alert(1)</script>", "Nessun risultato"),
        ("'; DROP TABLE newsroom_claim; --", "Nessun risultato"),
        ("\ud83d", ""),
        ("%", "Qui non c’è nessuna parola"),
    ],
)
@pytest.mark.parametrize("more", [{}, {"kind": "claims"}, {"typing": "1"}])
def test_whatever_is_typed_is_answered_clearly(reader: Client, typed: str, said: str, more) -> None:
    response = ask(reader, typed.encode("utf-8", "surrogatepass"), **more)
    assert said in text(response)
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize(
    "more", [{"kind": "x"}, {"kind": "\0"}, {"page": "0"}, {"page": "-1"}, {"page": "x"}, {"page": "9" * 999}]
)
def test_a_kind_or_a_page_that_is_none_is_passed_over(reader: Client, more: dict[str, str]) -> None:
    assert titles(ask(reader, "microsoft", **({"kind": "claims"} | more)))


def test_what_was_typed_is_kept(reader: Client) -> None:
    (field,) = tree(ask(reader, '«ponte» & "mare" -<b>')).cssselect("#search-words")
    assert field.get("value") == '«ponte» & "mare" -<b>'


# What it costs


@pytest.mark.parametrize("more", [{}, {"kind": "claims"}, {"kind": "evidence"}, {"kind": "articles"}])
def test_the_number_of_queries_is_the_same_whatever_is_found(reader: Client, more: dict[str, str]) -> None:
    def make(number: int) -> None:
        for _ in range(number):
            article = make_article(headline="Parolarara", standfirst="Parolarara", html="<p>Parolarara.</p>")
            claim = make_appearance(article, "Parolarara", claim=make_claim(text="Parolarara.")).claim
            make_review(claim=claim)
            ClaimWording.objects.create(claim=claim, lang="en", text="Parolarara.")
            document = make_document(title="Parolarara")
            make_evidence(claim, document=document, quotation="Parolarara.")
            make_met_source(name="Parolarara")
            EntityAlias.objects.create(entity=make_met_entity(name="Parolarara"), name="Parola")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            ask(reader, "parolarara", **more)
        return len(captured)

    make(1)
    few = queries()
    make(6)
    assert queries() == few <= 25
