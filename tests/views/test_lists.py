"""Lists and the pages of claims, sources and entities over HTTP: what each costs, its part, its addresses."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from newsroom.actions import scales
from newsroom.models import Claim, Correction, Newsroom, Policy, RatingScale, Review, User
from tests.making import (
    LATER,
    THEN,
    level,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_document,
    make_entity,
    make_evidence,
    make_mention,
    make_review,
    make_revision,
    make_source,
)
from tests.public_pages import superseded_claim, version
from tests.reading import faults, tree

pytestmark = pytest.mark.django_db

PART = {"HX-Request": "true"}


class Crowd:
    """One article in which everything happens, and happens again with each `more()`."""

    def __init__(self) -> None:
        self.article = make_article(slug="la-folla")
        self.source = make_source(name="Voce comune", kind="organisation")
        self.entity = make_entity(name="Tema comune")
        self.claim = make_appearance(self.article, claim=make_claim(claimant=self.source)).claim
        make_mention(self.article, "Il ponte", entity=self.entity)
        make_review(claim=self.claim, state=Review.State.SUPERSEDED)
        make_review(claim=self.claim)

    def more(self) -> None:
        other = make_article()
        claim = make_appearance(self.article, claim=make_claim(claimant=self.source)).claim
        make_review(claim=claim)
        make_review(claim=self.claim, state=Review.State.SUPERSEDED, level=level("true"))
        make_appearance(other, claim=self.claim)
        document = make_document(publisher=self.source.name)
        make_evidence(claim, document=document)
        make_evidence(self.claim, document=make_document())
        for article in (self.article, other):
            make_attribution(article, source=self.source, claim=self.claim)
            make_attribution(article, source=make_source())
            make_mention(article, "Il ponte", entity=self.entity)
            make_mention(article, "a maggio", entity=make_entity())
        before = other.current_revision
        after = make_revision(other, kind="correction", note="Era sbagliato.")
        correction = Correction.objects.create(
            article=other, before=before, after=after, note="Era sbagliato.", by=after.by, at=LATER
        )
        correction.claims.set([claim, self.claim])


ADDRESSES: dict[str, Callable[[Crowd], str]] = {
    "claims": lambda crowd: reverse("reader:claims"),
    "claims of a rating": lambda crowd: f"{reverse('reader:claims')}?rating=false&kind=fact&lang=it",
    "claims unchecked": lambda crowd: f"{reverse('reader:claims')}?rating=unchecked",
    "claims of an article": lambda crowd: f"{reverse('reader:claims')}?article={crowd.article.slug}",
    "claims of a source": lambda crowd: f"{reverse('reader:claims')}?source={crowd.source.code}",
    "claims naming": lambda crowd: f"{reverse('reader:claims')}?entity={crowd.entity.code}",
    "claims by words": lambda crowd: f"{reverse('reader:claims')}?q=ponte",
    "sources": lambda crowd: reverse("reader:sources"),
    "sources of an article": lambda crowd: f"{reverse('reader:sources')}?article={crowd.article.slug}",
    "sources by words": lambda crowd: f"{reverse('reader:sources')}?q=neri",
    "entities": lambda crowd: f"{reverse('reader:entities')}?letter=i",
    "entities by words": lambda crowd: f"{reverse('reader:entities')}?q=bianchi",
    "corrections": lambda crowd: reverse("reader:corrections"),
    "claim": lambda crowd: crowd.claim.get_absolute_url(),
    "version": lambda crowd: version(crowd.claim, 1),
    "citation": lambda crowd: f"{crowd.claim.get_absolute_url()}citation.bib",
    "source": lambda crowd: crowd.source.get_absolute_url(),
    "entity": lambda crowd: crowd.entity.get_absolute_url(),
    "method": lambda crowd: reverse("reader:method"),
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_page_costs_the_same_queries_for_few_rows_and_for_many(name: str, reader: Client) -> None:
    crowd = Crowd()
    crowd.more()
    address = ADDRESSES[name](crowd)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert reader.get(address).status_code == 200
        return len(captured)

    few = queries()
    for _ in range(4):
        crowd.more()
    assert queries() == few <= 24


@pytest.mark.parametrize("name", ["claims", "claims of a source", "sources", "entities"])
def test_a_part_is_what_a_filter_changes(name: str, reader: Client) -> None:
    crowd = Crowd()
    crowd.more()
    response = reader.get(ADDRESSES[name](crowd), headers=PART)
    part = tree(response)
    assert "HX-Request" in response.headers["Vary"]
    assert part.xpath("//*[@id='list']") and not part.xpath("//h1 | //form | //title")
    assert [fault for fault in faults(response) if not fault.endswith("leads nowhere")] == []


def test_what_was_chosen_elsewhere_goes_with_the_form_and_can_be_left(reader: Client) -> None:
    crowd = Crowd()
    url = f"{reverse('reader:claims')}?source={crowd.source.code}&article=la-folla&rating=false"
    page = tree(reader.get(url))
    kept = {field.get("name"): field.get("value") for field in page.xpath("//input[@form='list-filter']")}
    assert kept == {"source": crowd.source.code, "article": "la-folla", "rating": "false"}
    left = [parse_qs(urlsplit(link).query) for link in page.xpath("//a[@class='list-without']/@href")]
    assert left == [
        {"source": [crowd.source.code], "rating": ["false"]},
        {"article": ["la-folla"], "rating": ["false"]},
    ]


def test_a_list_by_source_shows_no_number_beside_a_rating(reader: Client) -> None:
    crowd = Crowd()
    for query in (f"?source={crowd.source.code}", f"?entity={crowd.entity.code}"):
        assert (
            tree(reader.get(reverse("reader:claims") + query)).xpath("//a[contains(@class, 'count')]//b")
            == []
        )
    assert tree(reader.get(reverse("reader:claims"))).xpath("//a[contains(@class, 'count')]//b")


def test_the_page_of_a_source_shows_no_rating(reader: Client) -> None:
    crowd = Crowd()
    crowd.more()
    page = tree(reader.get(crowd.source.get_absolute_url()))
    assert page.xpath("//*[contains(@class, 'badge') or contains(@class, 'count')]") == []


@pytest.mark.parametrize("lang", ["", "/en"])
def test_every_page_leads_to_the_lists(lang: str, reader: Client) -> None:
    links = set(tree(reader.get(f"{lang}/")).xpath("//footer//a/@href"))
    lists = {f"{lang}/{name}/" for name in ("claims", "sources", "entities", "corrections", "method")}
    assert lists <= links
    for address in lists:
        assert reader.get(address).status_code == 200


# Versions of a rating


def test_a_version_is_found_by_its_number_under_the_claim(reader: Client) -> None:
    claim = superseded_claim()
    for number in (1, 2, 3):
        answer = reader.get(f"{claim.get_absolute_url()}versions/{number}/")
        assert (answer.status_code, answer["Location"]) == (301, version(claim, number))
    first = reader.get(version(claim, 1)).content.decode()
    assert "Falso" in first and "versione 1" in first


def test_a_version_that_was_withdrawn_says_why_and_not_what_it_said(reader: Client) -> None:
    claim = superseded_claim()
    gone = reader.get(version(claim, 2))
    assert gone.status_code == 410
    assert "Si fondava su un documento falso." in gone.content.decode()
    history = tree(reader.get(claim.get_absolute_url())).xpath(
        "//section[@aria-labelledby='history-title']//li"
    )
    assert [" ".join(line.text_content().split()).split()[0] for line in history] == [
        "Vero",
        "Ritirata",
        "Falso",
    ]
    assert "Si fondava su un documento falso." in history[1].text_content()


def test_there_is_no_version_of_what_was_never_public(reader: Client) -> None:
    claim = make_appearance().claim
    make_review(claim=claim, state=Review.State.PROPOSED)
    addresses = (
        f"{claim.get_absolute_url()}versions/1/",
        f"{superseded_claim().get_absolute_url()}versions/4/",
        "/claims/x-0000000000/versions/1/",
    )
    for address in addresses:
        assert reader.get(address).status_code == 404
    for form in ("citation.bib", "citation.json"):
        assert reader.get(claim.get_absolute_url() + form).status_code == 404


def test_a_withdrawn_claim_has_no_versions_any_more(reader: Client) -> None:
    claim = superseded_claim()
    claim.withdrawn_at, claim.withdrawal_reason = LATER, "Errore."
    claim.save()
    assert reader.get(version(claim, 1)).status_code == 404


# Citing, reporting


def test_a_citation_names_the_version_and_a_whole_address(reader: Client) -> None:
    claim = superseded_claim()
    cited = tree(reader.get(claim.get_absolute_url())).xpath("string(//*[@class='citation'])")
    assert cited.endswith(f"versione 3, http://testserver{version(claim, 3)}")
    Newsroom.objects.update(address="https://redazione.example")
    [item] = json.loads(reader.get(f"{claim.get_absolute_url()}citation.json").content)
    assert item["URL"] == f"https://redazione.example{version(claim, 3)}"
    assert item["title"].endswith("»: Vero")
    written = reader.get(f"/en{claim.get_absolute_url()}citation.bib")
    assert written["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert "»: True" in written.content.decode()


def test_an_explanation_is_read_as_markdown_and_nothing_of_it_runs(reader: Client) -> None:
    claim = superseded_claim()
    Review.objects.filter(claim=claim).update(explanation="## Atti\n\n**Sì** <script>alert(1)</script>")
    for address in (claim.get_absolute_url(), version(claim, 1)):
        page = tree(reader.get(address))
        [prose] = page.xpath("//section[@aria-labelledby='checked-title']/div")
        assert prose.xpath("h3/text()") == ["Atti"] and prose.xpath(".//strong/text()") == ["Sì"]
        assert not prose.xpath(".//script")


# Source and entity


def test_a_quotation_leads_to_its_place_in_the_article(reader: Client) -> None:
    article = make_article()
    attribution = make_attribution(article, ["Costerà dieci milioni"])
    page = tree(reader.get(attribution.source.get_absolute_url()))
    [link] = page.xpath("//a[contains(@href, '#:~:text=')]/@href")
    assert unquote(link) == f"{article.get_absolute_url()}#:~:text=Costerà dieci milioni"


def test_a_source_lists_its_documents_and_where_it_speaks(reader: Client) -> None:
    crowd = Crowd()
    crowd.more()
    make_document(publisher=crowd.source.name, title="Di nessuno")
    said = tree(reader.get(crowd.source.get_absolute_url())).text_content()
    assert "Documenti a suo nome" in said and "Di nessuno" not in said
    assert crowd.article.headline in said


def test_an_entity_names_those_who_stand_in_the_same_paragraph(reader: Client) -> None:
    article = make_article()
    entity, near, far = (make_entity(name=name) for name in ("La sindaca", "L’euro", "I tecnici"))
    make_mention(article, "sindaca", entity=entity)
    make_mention(article, "euro", entity=near)
    make_mention(article, "tecnici", entity=far)
    make_mention(article, "maggio", entity=make_entity(name="Una minorenne", privacy="minor"))
    page = tree(reader.get(entity.get_absolute_url()))
    assert page.xpath("//section[@aria-labelledby='beside-title']//a/text()") == ["L’euro"]


def test_an_entity_of_many_claims_leads_to_the_list_of_them(reader: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("newsroom.presenters.entity.CLAIMS", 1)
    crowd = Crowd()
    crowd.more()
    page = tree(reader.get(crowd.entity.get_absolute_url()))
    [link] = page.xpath("//section[@aria-labelledby='claims-title']/p/a/@href")
    assert link == f"/claims/?entity={crowd.entity.code}"
    assert len(page.xpath("//section[@aria-labelledby='claims-title']//li")) == 1
    assert len(tree(reader.get(link)).xpath("//ul[@class='lines']/li")) == 2


# Method


def test_the_method_shows_the_scale_with_its_version_and_earlier_ones_apart(
    reader: Client, editor: User
) -> None:
    draft = scales.begin_next_version(RatingScale.objects.get(), by=editor, at=THEN)
    scales.put_in_force(draft, by=editor, at=THEN)
    response = reader.get(reverse("reader:method"))
    page = tree(response)
    assert faults(response) == []
    assert "versione 2" in page.xpath("string(//section[@aria-labelledby='scale-1-title'])")
    [earlier] = page.xpath("//section[@aria-labelledby='earlier-title']//details")
    assert "versione 1" in earlier.xpath("string(summary)") and not earlier.xpath(".//*[@id]")


def test_the_method_says_how_we_work_who_decides_and_how_we_correct(reader: Client) -> None:
    Policy.objects.filter(kind="decisions", lang="it").update(text="Decide **una persona**.")
    page = tree(reader.get(reverse("reader:method")))
    headings = page.xpath("//h2/@id")
    assert headings[:3] == ["method-title", "decisions-title", "corrections-title"]
    assert page.xpath("//section[@aria-labelledby='decisions-title']//strong/text()") == ["una persona"]


def test_what_is_unchecked_is_called_no_rating(reader: Client) -> None:
    page = tree(reader.get(reverse("reader:method")))
    [place] = page.xpath("//*[@id='rating-unchecked']/ancestor::section")
    assert place.get("aria-labelledby") == "states-title"


# The list as a table


def table(reader: Client, url: str) -> list[dict[str, str]]:
    answer = reader.get(url)
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body), delimiter=";"))


def test_the_table_has_what_the_list_has(reader: Client) -> None:
    Crowd().more()
    lines = table(reader, reverse("data:claims-table"))
    keys = list(Claim.objects.public(at=now()).newest_first())
    assert [line["Codice"] for line in lines] == [claim.code for claim in keys]
    assert {line["Affermazione"] for line in lines} == {claim.text for claim in keys}
    for line in lines:
        assert line["Indirizzo"].startswith("http://testserver/claims/")
        assert line["Indirizzi degli articoli"].startswith("http://testserver/articles/")
    for key, rating in (("unchecked", ""), ("stale", "")):
        found = table(reader, f"{reverse('data:claims-table')}?rating={key}")
        assert {line["Valutazione"] for line in found} <= {rating}
    rated = table(reader, f"{reverse('data:claims-table')}?rating=false")
    assert rated and all(line["Valutazione"] and line["Valutata il"] for line in rated)
    assert len(rated) < len(lines)


def test_the_table_says_in_its_name_that_words_find_a_hundred(reader: Client, monkeypatch: Any) -> None:
    article = make_article()
    for number in range(3):
        make_appearance(article, "Il ponte", claim=make_claim(text=f"Il ponte numero {number}"))
    monkeypatch.setattr("newsroom.presenters.claim_list.HITS", 2)
    monkeypatch.setattr("newsroom.views.lists.HITS", 2)
    answer = reader.get(f"{reverse('data:claims-table')}?q=ponte")
    assert "-first-2.csv" in answer.headers["Content-Disposition"]
    assert len(b"".join(answer.streaming_content).splitlines()) == 3
    answer = reader.get(reverse("data:claims-table"))
    assert "first" not in answer.headers["Content-Disposition"]


def test_the_table_asks_as_often_for_many_claims_as_for_few(
    reader: Client, django_assert_max_num_queries: Any
) -> None:
    article = make_article()
    for number in range(60):
        make_appearance(article, "Il ponte", claim=make_claim(text=f"Il ponte numero {number}"))
    with django_assert_max_num_queries(10):
        assert len(table(reader, reverse("data:claims-table"))) >= 60


def test_the_list_leads_to_its_table(reader: Client) -> None:
    page = tree(reader.get(f"{reverse('reader:claims')}?lang=it"))
    assert page.xpath("//a[@type='text/csv']/@href") == ["/claims.csv?lang=it"]
    page = tree(reader.get("/en/claims/?q=ponte"))
    [link] = page.xpath("//a[@type='text/csv']")
    assert link.get("href") == "/claims.en.csv?q=ponte" and "first hundred" in link.text_content()
