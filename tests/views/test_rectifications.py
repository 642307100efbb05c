"""A rectification stands at the head of what it is about, wherever that is read, and is no correction."""

from __future__ import annotations

import json
from collections.abc import Callable

import lxml.etree
import lxml.html
import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from newsroom.actions import flags
from newsroom.models import Article, Flag, Newsroom, User
from tests.formats.test_tagged_pdf import letters
from tests.making import (
    LATER,
    make_appearance,
    make_article,
    make_claim,
    make_entity,
    make_flag,
    make_mention,
    make_rectification,
    make_review,
    make_source,
)
from tests.public_pages import corrected, followed, rectified_claim
from tests.views.test_paper import words_of

pytestmark = pytest.mark.django_db

WORDS = "Non l’ho mai detto.\n\nHo scritto <b>altro</b>."
SignedIn = Callable[[User], Client]


def rectified(**given: object) -> Article:
    article = given.pop("article", None) or make_article(slug="il-ponte")
    make_rectification(article, words=WORDS, **given)
    return article


def page_at(reader: Client, address: str) -> lxml.html.HtmlElement:
    answer = reader.get(address)
    assert answer.status_code == 200
    return lxml.html.fromstring(answer.content.decode())


def head(page: lxml.html.HtmlElement) -> str:
    [section] = page.xpath("//main//section[@class='rectification']")
    return section.text_content()


def test_it_stands_before_the_text_and_before_our_corrections(reader: Client) -> None:
    article = rectified(article=corrected())
    answer = reader.get(article.get_absolute_url()).content.decode()
    place = answer.index('class="rectification"')
    assert answer.index("</h1>") < place < answer.index('class="corrections"') < answer.index("data-o=")
    said = head(lxml.html.fromstring(answer))
    assert "Rettifica di Ida Bruni" in said
    # Word for word: what looks like HTML is shown as it was written.
    assert "Ho scritto <b>altro</b>." in said


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("history", []), ("changes", [1, 4]), ("revision", [2]), ("map", []), ("article", [])],
)
def test_it_heads_every_page_of_the_article(reader: Client, name: str, arguments: list[int]) -> None:
    article = rectified(article=corrected())
    page = page_at(reader, reverse(f"reader:{name}", args=[article.slug, *arguments]))
    assert "Non l’ho mai detto." in head(page)


def test_it_is_in_the_pdf_and_for_machines(reader: Client) -> None:
    Newsroom.objects.update_or_create(pk=1, defaults={"address": "https://controluce.example"})
    article = rectified()
    paper = reader.get(reverse("reader:article-pdf", args=[article.slug]))
    assert letters("Rettifica di Ida Bruni Non l’ho mai detto.") in words_of(paper.content)
    page = page_at(reader, article.get_absolute_url())
    [script] = page.xpath("//script[@type='application/ld+json']")
    data = json.loads(script.text)
    assert "correction" not in data
    [comment] = data["comment"]
    assert (comment["@type"], comment["text"], comment["author"]["name"]) == ("Comment", WORDS, "Ida Bruni")
    told = reader.get(reverse("data:article-ninjs", args=[article.slug])).json()
    [found] = [row for row in told["associations"] if row["rel"] == "rectification"]
    assert (found["by"], found["bodies"][0]["value"]) == ("Ida Bruni", WORDS)


@pytest.mark.parametrize("rights", ["ours", "quotation"])
def test_who_follows_by_a_feed_reads_it_first(reader: Client, rights: str) -> None:
    article = rectified(article=make_article(slug="il-ponte", rights=rights))
    make_appearance(article, "Costerà dieci milioni")
    feed = lxml.etree.fromstring(reader.get(reverse("data:feed-articles")).content)
    [entry] = [
        entry
        for entry in feed.iter("{*}entry")
        if entry.find("{*}link").get("href").endswith(article.get_absolute_url())
    ]
    content = entry.find("{*}content")
    said = "".join(content.itertext())
    assert "Rettifica di Ida Bruni" in said
    assert said.index("Non l’ho mai detto.") < said.index("Costerà dieci milioni")
    assert entry.find("{*}updated").text == LATER.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_who_follows_the_article_alone_reads_it(reader: Client) -> None:
    article = rectified()
    feed = reader.get(reverse("data:feed-article", args=[article.slug])).content.decode()
    assert "Rettifica: " in feed
    assert "Non l’ho mai detto." in feed
    assert feed.count("<entry>") == 2  # with the article itself: an outcome without words is none


def test_it_is_listed_apart_from_our_corrections(reader: Client) -> None:
    article = rectified()
    page = page_at(reader, reverse("reader:corrections"))
    [section] = page.xpath("//section[@aria-labelledby='rectifications-title']")
    assert "Non l’ho mai detto." in section.text_content()
    [link] = section.xpath(".//h3/a/@href")
    assert link.startswith(f"{article.get_absolute_url()}#rectification-")
    feed = reader.get(reverse("data:feed-corrections")).content.decode()
    assert "Rettifica: " in feed


def test_it_stands_on_the_pages_of_claims_sources_and_names_with_what_came_of_flags(reader: Client) -> None:
    address = rectified_claim()
    source = Flag.objects.get(claim__isnull=False, outcome="").claim.claimant
    entity = make_entity()
    make_mention(make_article(), "la sindaca", entity=entity)
    pages = [address]
    for subject in (source, entity):
        kind = subject._meta.model_name
        make_rectification(**{kind: subject})
        make_flag(**{kind: subject}, state="accepted")
        pages.append(subject.get_absolute_url())
    for there in pages:
        page = page_at(reader, there)
        assert "Ida Bruni" in head(page)
        [outcomes] = page.xpath("//section[@aria-labelledby='outcomes-title']")
        assert "Il costo è stato corretto." in outcomes.text_content()


def test_it_stands_on_the_reviews_of_a_claim_as_well(reader: Client) -> None:
    review = make_review(make_appearance())
    make_rectification(claim=review.claim, words=WORDS)
    assert "Non l’ho mai detto." in head(page_at(reader, review.get_absolute_url()))


def test_a_card_on_somebody_elses_page_leads_to_it(reader: Client) -> None:
    appearance = make_appearance(make_article(slug="il-ponte"))
    card = f"/embed{appearance.claim.get_absolute_url()}"
    passage = f"/embed/passages/{appearance.annotation.code}/"
    kept = {there: reader.get(there)["ETag"] for there in (card, passage)}
    of_claim = make_rectification(claim=appearance.claim, words=WORDS)
    of_article = make_rectification(appearance.annotation.article, words=WORDS, name="Ada Neri")
    for there, expected in ((card, [of_claim]), (passage, [of_claim, of_article])):
        answer = reader.get(there, headers={"If-None-Match": kept[there]})
        links = lxml.html.fromstring(answer.content.decode()).xpath(
            "//main//a[contains(@href, '#rectification-')]"
        )
        assert {(link.get("href"), link.text_content()) for link in links} == {
            (row.get_absolute_url(), f"Rettifica di {row.name}") for row in expected
        }
        # Whole where it stands, and shortened nowhere.
        assert "Non l’ho mai detto." not in answer.content.decode()


def test_programs_read_it_whole_with_what_it_is_about(reader: Client) -> None:
    appearance = make_appearance(claim=make_claim(claimant=make_source()))
    article, claim = appearance.annotation.article, appearance.claim
    entity = make_entity()
    make_mention(article, "la sindaca", entity=entity)
    for kind, subject in {
        "articles": article,
        "claims": claim,
        "sources": claim.claimant,
        "entities": entity,
    }.items():
        about = {} if subject is article else {subject._meta.model_name: subject}
        row = make_rectification(article if subject is article else None, words=WORDS, **about)
        make_rectification(
            article if subject is article else None,
            **about,
            withdrawn_at=LATER,
            withdrawal_reason="L’aveva scritta un altro.",
        )
        [told] = reader.get(f"/api/v1/{kind}/{subject.uuid}").json()["rectifications"]
        assert (told["id"], told["words"], told["name"]) == (str(row.uuid), WORDS, "Ida Bruni")
        assert told["url"].endswith(row.get_absolute_url())


def test_of_one_that_was_withdrawn_the_page_says_when_and_why_and_no_more(reader: Client) -> None:
    article = rectified(withdrawn_at=LATER, withdrawal_reason="L’aveva scritta un altro.")
    told = reader.get(article.get_absolute_url()).content.decode()
    assert "Rettifica ritirata" in told
    assert "L’aveva scritta un altro." in told
    for address in (
        article.get_absolute_url(),
        reverse("data:article-ninjs", args=[article.slug]),
        reverse("data:feed-articles"),
        reverse("data:feed-corrections"),
        reverse("reader:corrections"),
    ):
        told = reader.get(address).content.decode()
        assert "Non l’ho mai detto." not in told
        assert "Ida Bruni" not in told


def test_before_it_is_published_nobody_outside_reads_a_word(reader: Client) -> None:
    flag = make_flag(make_article(slug="il-ponte"), kind="rectification", message=WORDS, name="Ida Bruni")
    for address in (flag.article.get_absolute_url(), reverse("reader:corrections")):
        assert "Ida Bruni" not in reader.get(address).content.decode()


def test_a_page_that_was_kept_is_made_anew(reader: Client, editor: User) -> None:
    flag = make_flag(make_article(slug="il-ponte"), kind="rectification", message=WORDS, name="Ida Bruni")
    there = flag.article.get_absolute_url()
    first = reader.get(there)
    assert reader.get(there, headers={"If-None-Match": first["ETag"]}).status_code == 304
    flags.publish_rectification(flag, lang="it", by=editor, at=LATER, row_version=1)
    again = reader.get(there, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert "Ida Bruni" in again.content.decode()


def test_its_author_is_led_to_it(reader: Client) -> None:
    article = rectified()
    page = page_at(reader, followed(Flag.objects.get(article=article)))
    [link] = page.xpath("//section[@aria-labelledby='state-title']//a/@href")
    assert link.startswith(f"{article.get_absolute_url()}#rectification-")


# The desk


def test_an_editor_publishes_and_is_offered_no_way_to_refuse(signed_in: SignedIn, editor: User) -> None:
    desk, flag = signed_in(editor), make_flag(kind="rectification", message=WORDS, name="Ida Bruni")
    there = reverse("desk:flag", args=[flag.code])
    shown = desk.get(there).content.decode()
    for name, offered in (("publish", True), ("accept", False), ("reject", False)):
        assert (reverse(f"desk:flag-{name}", args=[flag.code]) in shown) == offered
    refusing = reverse("desk:flag-reject", args=[flag.code])
    assert desk.post(refusing, {"row_version": 1, "words": "No."}).status_code == 403
    said = {"row_version": 1, "lang": "it", "words": ""}
    assert desk.post(reverse("desk:flag-publish", args=[flag.code]), said).status_code == 302
    assert flag.rectifications.get().words == WORDS


def test_who_answers_for_the_paper_refuses_and_withdraws(signed_in: SignedIn, editor: User) -> None:
    editor.user_permissions.add(Permission.objects.get(codename="refuse_rectification"))
    desk, flag = signed_in(editor), make_flag(kind="rectification", message=WORDS, name="Ida Bruni")
    refusing = reverse("desk:flag-reject", args=[flag.code])
    assert refusing in desk.get(reverse("desk:flag", args=[flag.code])).content.decode()
    assert desk.post(refusing, {"row_version": 1, "words": "Non parla di te."}).status_code == 302
    found = make_rectification()
    withdrawing = reverse("desk:flag-withdraw", args=[found.flag.code])
    assert desk.post(withdrawing, {"reason": ""}).status_code == 422
    assert desk.post(withdrawing, {"reason": "Era di un altro."}).status_code == 302
    found.refresh_from_db()
    assert found.withdrawal_reason == "Era di un altro."


def test_its_term_is_two_days_unless_the_settings_say_otherwise() -> None:
    assert settings.FLAG_DAYS["rectification"] == 2
