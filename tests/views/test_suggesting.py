"""Suggestions in the tagging pages: shown, filtered, accepted, corrected, rejected; who was faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsroom.actions import articles, suggestions
from newsroom.models import Annotation, Article, Claim, Entity, Suggestion, SuggestionOffer, User
from newsroom.presenters.suggested import suggested
from tests.making import (
    LATER,
    make_article,
    make_claim,
    make_entity,
    make_mention,
    make_reading,
    make_source,
    make_suggestion,
)
from tests.reading import faults, said_by, tree
from tests.test_comments_stay_inside import addresses

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(signed_in: SignIn, reporter: User) -> Client:
    return signed_in(reporter)


@pytest.fixture
def article() -> Article:
    return make_article(published_at=None)


def tags_url(article: Article, query: str = "") -> str:
    return reverse("desk:tags", args=[article.slug]) + query


def decide(client: Client, name: str, suggestion: Suggestion, query: str = "", **given: Any):
    annotation = Annotation.objects.get(pk=suggestion.annotation_id)
    sent = {"row_version": annotation.row_version, "based_on": 1} | given.pop("data", {})
    return client.post(reverse(f"desk:suggestion-{name}", args=[annotation.code]) + query, sent, **given)


def state(suggestion: Suggestion) -> str:
    return Annotation.objects.get(pk=suggestion.annotation_id).state


def rows(page) -> list[str]:
    return [row.text_content() for row in page.cssselect(".suggestion .suggestion-words")]


# The list


def test_each_row_says_the_words_what_they_are_and_how_sure_without_codes(
    desk: Client, article: Article
) -> None:
    make_suggestion(
        article,
        "la sindaca",
        offers=[make_entity(name="Ada Neri")],
        reasons=[["alias", []], ["near", ["detto"]]],
    )
    make_suggestion(article, "i tecnici", reasons=[["acronym", []], ["of-another-release", []]])
    answer = desk.get(tags_url(article))
    assert faults(answer) == []
    page = tree(answer)
    assert rows(page) == ["la sindaca", "i tecnici"]
    [first, second] = [" ".join(row.text_content().split()) for row in page.cssselect(".suggestion")]
    assert "Ada Neri (persona)" in first and "alta" in first
    assert "un nome noto qui" in first and "parole vicine: detto" in first
    assert "nuovo: persona" in second and "è tutto maiuscolo" in second
    for code in ("alias", "0,8", "0.8", "of-another-release", "prova 1"):
        assert code not in first + second


def test_what_waits_is_no_tag_of_the_text(desk: Client, article: Article) -> None:
    make_suggestion(article, "la sindaca")
    make_mention(article, "i tecnici")
    page = tree(desk.get(tags_url(article)))
    assert [mark.text_content() for mark in page.cssselect("#pane .entity")] == ["i tecnici"]
    assert len(page.cssselect(".tag-line")) == 1
    assert page.cssselect("#number-of-mention")[0].text == "1"


def test_the_address_hides_and_orders(desk: Client, article: Article) -> None:
    for words, confidence in (("la sindaca", 0.6), ("dieci milioni", 0.3), ("i tecnici", 0.9)):
        made = make_suggestion(article, words)
        Annotation.objects.filter(pk=made.annotation_id).update(confidence=confidence)
    make_suggestion(article, "Costerà dieci milioni di euro", kind="claim")

    def shown(query: str) -> list[str]:
        page = tree(desk.get(tags_url(article, query)))
        assert page.cssselect("#suggestions-number")[0].text == "4"
        return rows(page)

    assert shown("?kind=mention") == ["la sindaca", "dieci milioni", "i tecnici"]
    assert shown("?kind=mention&at_least=medium") == ["la sindaca", "i tecnici"]
    assert shown("?kind=mention&at_least=high") == ["i tecnici"]
    assert shown("?kind=mention&order=confidence") == ["i tecnici", "la sindaca", "dieci milioni"]
    assert len(shown("?kind=x&at_least=y&order=z")) == 4


def test_a_text_that_is_still_to_be_read_says_so(desk: Client, article: Article) -> None:
    reading = make_reading(article)
    assert "sta ancora leggendo" in desk.get(tags_url(article)).content.decode()
    reading.take(at=LATER)
    reading.settle("done")
    assert "sta ancora leggendo" not in desk.get(tags_url(article)).content.decode()


def test_words_that_are_lost_are_not_in_the_list(desk: Client, article: Article, editor: User) -> None:
    make_suggestion(article, "la sindaca")
    html = article.current_revision.html.replace(", ha detto la sindaca", "")
    articles.revise(article, html=html, kind="minor", note="Taglio.", by=editor, at=LATER, based_on=1)
    assert rows(tree(desk.get(tags_url(article)))) == []


def test_sentence_by_sentence_ordinary_buttons_do_all_of_it(desk: Client, article: Article) -> None:
    waiting = make_suggestion(article, "i tecnici", offers=[make_entity(name="I tecnici")])
    address = reverse("desk:sentences", args=[article.slug])
    answer = desk.get(address)
    assert faults(answer) == []
    [sentence] = tree(answer).xpath("//li[.//li[@class='suggestion']][starts-with(@id, 'sentence-')]")
    assert "le prove sono finite" in sentence.text_content()
    names = {button.get("formaction").split("/")[-2] for button in sentence.cssselect(".suggestion button")}
    assert names == {"accept", "reject"}
    assert sentence.cssselect("[data-correct]")
    answer = decide(desk, "accept", waiting, data={"next": address})
    assert answer["Location"].startswith(address)
    assert state(waiting) == "accepted"


def test_the_desk_says_how_many_wait_in_each_article(desk: Client, article: Article) -> None:
    make_suggestion(article, "la sindaca")
    make_suggestion(article, "i tecnici")
    page = tree(desk.get("/desk/"))
    assert page.xpath(f"//a[@href='{tags_url(article)}#suggestions']/text()") == ["2 proposte"]


@pytest.mark.parametrize("name", ["tags", "sentences"])
def test_a_page_asks_the_same_of_the_database_for_any_number_of_suggestions(desk: Client, name: str) -> None:
    article = make_article(html="<p>" + "Ada Neri parla. " * 500 + "</p>")
    entity = make_entity(name="Ada Neri")
    address = reverse(f"desk:{name}", args=[article.slug])
    counted = []
    for number in (0, 3, 500):
        crowd(article, number, entity)
        with CaptureQueriesContext(connection) as queries:
            page = tree(desk.get(address))
        assert len(page.cssselect(".suggestion")) == number
        counted.append(len(queries))
    # With none there are no names and no groups to ask for.
    assert counted[1] == counted[2] and counted[0] <= counted[1]


@pytest.mark.parametrize("name", ["accept", "reject"])
def test_a_decision_asks_the_same_of_the_database_for_any_number_that_wait(desk: Client, name: str) -> None:
    article = make_article(html="<p>Il ponte.</p><p>" + "Ada Neri parla. " * 500 + "</p>")
    make_mention(article, "Il ponte")
    entity = make_entity(name="Ada Neri")
    counted = []
    for number in (10, 490):
        crowd(article, number, entity)
        waiting = Suggestion.objects.pending().of(article).latest("pk")
        with CaptureQueriesContext(connection) as queries:
            answer = decide(desk, name, waiting, headers=HTMX)
        assert answer.status_code == 200
        counted.append(len(queries))
    # The first of its block looks for the line before it on earlier ones, with one query more.
    assert counted[1] <= counted[0] <= counted[1] + 1


def crowd(article: Article, number: int, entity: Entity) -> None:
    """So many suggestions that wait, each in a place of its own."""
    text = article.current_revision.text
    there = Suggestion.objects.pending().of(article).count()
    start = 0
    for _time in range(Suggestion.objects.of(article).count()):
        start = text.index("Ada", start) + 1
    for _time in range(number - there):
        start = text.index("Ada Neri", start)
        made = make_suggestion(article, "Ada Neri", offers=[entity], reasons=[["alias", []]])
        made.annotation.targets.update(start=start, end=start + 8)
        start += 1


# Decisions


def test_what_is_accepted_is_a_tag_and_the_page_changes_where_it_stands(
    desk: Client, article: Article
) -> None:
    entity = make_entity(name="Ada Neri")
    waiting = make_suggestion(article, "la sindaca", offers=[entity])
    answer = decide(desk, "accept", waiting, headers=HTMX)
    assert (answer.status_code, answer["HX-Trigger-After-Settle"]) == (200, "tagging:saved")
    part = tree(answer)
    code = waiting.annotation.code
    assert [row.get("hx-swap-oob") for row in part.cssselect(f"#suggestion-{code}")] == ["delete"]
    assert part.cssselect("#suggestions-number")[0].text == "0"
    assert part.cssselect("#said")[0].text == "Accettata: «la sindaca»."
    assert part.cssselect(f"#tag-{code}") and part.cssselect(".entity")
    assert not part.cssselect("#tagging-text, #tag-form, #suggestions")
    mention = Annotation.objects.get(pk=waiting.annotation_id).mentions.get()
    assert (state(waiting), mention.entity) == ("accepted", entity)


def test_what_is_rejected_is_gone_from_the_list_and_no_tag(desk: Client, article: Article) -> None:
    waiting = make_suggestion(article, "la sindaca")
    part = tree(decide(desk, "reject", waiting, headers=HTMX))
    assert part.cssselect(f"#suggestion-{waiting.annotation.code}")[0].get("hx-swap-oob") == "delete"
    assert not part.cssselect(".tag-line")
    assert state(waiting) == "rejected"


def test_without_javascript_one_comes_back_to_the_next(desk: Client, article: Article) -> None:
    first = make_suggestion(article, "la sindaca")
    second = make_suggestion(article, "i tecnici")
    there = tags_url(article, "?at_least=medium")
    answer = decide(desk, "reject", first, data={"next": there})
    assert answer["Location"] == f"{there}#suggestion-{second.annotation.code}"
    assert "Rifiutata: «la sindaca»." in desk.get(there).content.decode()


def test_another_one_is_chosen_from_the_offers(desk: Client, article: Article) -> None:
    ada, eva = make_entity(name="Ada Neri"), make_entity(name="Eva Neri")
    waiting = make_suggestion(article, "la sindaca", offers=[ada, eva])
    [other] = tree(desk.get(tags_url(article))).cssselect(".suggestion-offer button")
    assert other.get("formaction").endswith(f"?entity={eva.code}")
    decide(desk, "accept", waiting, f"?entity={eva.code}", headers=HTMX)
    assert Annotation.objects.get(pk=waiting.annotation_id).mentions.get().entity == eva
    waiting.refresh_from_db()
    assert waiting.decision == Suggestion.Decision.CORRECTED
    assert decide(desk, "accept", waiting, "?entity=none").status_code == 404


def test_a_claim_that_says_the_same_is_taken_if_somebody_chooses_it(desk: Client, article: Article) -> None:
    known = make_claim(text="Il ponte costerà dieci milioni.")
    waiting = make_suggestion(article, "Costerà dieci milioni di euro", kind="claim", offers=[known])
    before = Claim.objects.count()
    decide(desk, "accept", waiting, f"?claim={known.code}", headers=HTMX)
    assert waiting.annotation.appearance.claim == known
    assert Claim.objects.count() == before


def test_all_of_one_name_are_accepted_at_once(desk: Client, article: Article) -> None:
    entity = make_entity(name="Ponte di Sopra")
    both = [make_suggestion(article, words, offers=[entity]) for words in ("Il ponte", "Il ponte vecchio")]
    other = make_suggestion(article, "la sindaca")
    page = tree(desk.get(tags_url(article)))
    [button] = page.cssselect("#suggestion-groups button")
    assert button.text_content() == "Ponte di Sopra 2"
    answer = desk.post(button.get("formaction"), {"based_on": 1}, headers=HTMX)
    part = tree(answer)
    assert rows(part) == ["la sindaca"]
    assert "in 2 punti" in part.cssselect("#said")[0].text
    assert [state(one) for one in (*both, other)] == ["accepted", "accepted", "suggested"]
    again = desk.post(button.get("formaction"), {"based_on": 1}, headers=HTMX)
    assert again.status_code == 422


def test_what_was_accepted_tells_the_others_of_the_same_words_for_whom_they_stand(desk: Client) -> None:
    article = make_article(html="<p>Eva Rossi parla. Poi Eva Rossi tace.</p>", published_at=None)
    first, second = make_suggestion(article, "Eva Rossi"), make_suggestion(article, "Eva Rossi")
    start = article.current_revision.text.rindex("Eva")
    second.annotation.targets.update(start=start, end=start + 9)
    part = tree(decide(desk, "accept", first, headers=HTMX))
    [row] = part.cssselect(f"#suggestion-{second.annotation.code}")
    assert row.get("hx-swap-oob") == "true" and "Eva Rossi (persona)" in row.text_content()
    assert SuggestionOffer.objects.get(suggestion=second).entity.name == "Eva Rossi"


def test_the_form_begins_with_what_was_proposed_and_accepts_it_corrected(
    desk: Client, article: Article
) -> None:
    entity = make_entity(name="Ada Neri")
    waiting = make_suggestion(article, "ha detto la sindaca", offers=[entity])
    address = reverse("desk:suggestion-correct", args=[waiting.annotation.code])
    answer = desk.get(address)
    assert faults(answer) == []
    form = tree(answer).xpath("//form[.//textarea[@name='words']]")[0]
    assert form.get("action") == address
    fields = dict(form.form_values())
    assert (fields["words"], fields["entity"]) == ("ha detto la sindaca", entity.code)
    part = tree(desk.post(address, fields | {"words": "la sindaca"}, headers=HTMX))
    assert (
        part.cssselect("#tag-form")
        and part.cssselect("#said")[0].text == "Accettata e corretta: «la sindaca»."
    )
    waiting.refresh_from_db()
    assert waiting.decision == Suggestion.Decision.CORRECTED
    assert waiting.annotation.targets.get().exact == "la sindaca"


@pytest.mark.parametrize(("kind", "given"), [
    ("claim", {"text": "I tecnici hanno finito.", "claim_kind": "fact"}),
    ("attribution", {"name": "I tecnici", "source_kind": "organisation", "quote_type": "indirect"}),
])  # fmt: skip
def test_as_another_kind_it_is_tagged_and_rejected_at_once(
    desk: Client, article: Article, kind: str, given: dict[str, str]
) -> None:
    waiting = make_suggestion(article, "i tecnici", entity_kind="organisation")
    address = reverse("desk:suggestion-correct", args=[waiting.annotation.code])
    first = tree(desk.get(address))
    assert f"{address}?as={kind}" in [link.get("href") for link in first.cssselect(".other-kinds a")]
    answer = desk.get(f"{address}?as={kind}")
    assert faults(answer) == []
    form = tree(answer).xpath("//form[.//textarea[@name='words']]")[0]
    assert form.get("action") == f"{address}?as={kind}"
    fields = dict(form.form_values())
    assert fields["words"] == "i tecnici"
    part = tree(desk.post(form.get("action"), fields | given, headers=HTMX))
    assert part.cssselect("#said")[0].text == "Accettata e corretta: «i tecnici»."
    assert part.cssselect(f"#suggestion-{waiting.annotation.code}")[0].get("hx-swap-oob") == "delete"
    waiting.refresh_from_db()
    assert (waiting.decision, waiting.annotation.state) == ("rejected", "rejected")
    [made] = article.annotations.filter(state="accepted")
    assert made.kind == kind
    desk.post(reverse("desk:undo", args=[article.slug]))
    assert state(waiting) == "suggested"
    assert not article.annotations.filter(state="accepted").exists()


def test_nonsense_as_a_kind_is_the_kind_that_was_proposed(desk: Client, article: Article) -> None:
    waiting = make_suggestion(article, "i tecnici", entity_kind="organisation")
    answer = desk.get(reverse("desk:suggestion-correct", args=[waiting.annotation.code]) + "?as=nothing")
    assert tree(answer).cssselect("h2")[0].text == "Correggi la proposta"


def test_what_is_said_by_nobody_known_asks_for_the_source(desk: Client, article: Article) -> None:
    waiting = make_suggestion(
        article,
        "Il ponte sarà aperto a maggio",
        ("cue", "ha detto"),
        ("source", "la sindaca"),
        kind="attribution",
    )
    answer = decide(desk, "accept", waiting, headers=HTMX)
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (422, "#tag-form", "outerHTML")
    form = tree(answer)
    assert form.cssselect("[role=alert]")
    assert form.cssselect("[name=source_words]")[0].get("value") == "la sindaca"
    page = decide(desk, "accept", waiting)
    assert (page.status_code, faults(page)) == (422, [])
    source = make_source(name="La sindaca")
    accepted = decide(desk, "accept", waiting, f"?source={source.code}", headers=HTMX)
    assert accepted.status_code == 200
    assert waiting.annotation.attribution.source == source


def test_a_decision_is_taken_back_and_waits_again_in_its_place(desk: Client, article: Article) -> None:
    waiting = make_suggestion(article, "la sindaca", offers=[make_entity(name="Ada Neri")])
    for name in ("accept", "reject"):
        decide(desk, name, waiting, headers=HTMX)
        answer = desk.post(
            reverse("desk:undo", args=[article.slug]),
            headers=HTMX | {"HX-Current-URL": "http://testserver" + tags_url(article, "?at_least=high")},
        )
        part = tree(answer)
        assert rows(part) == ["la sindaca"]
        assert part.cssselect("#suggestions-at-least option[selected]")[0].get("value") == "high"
        assert not part.cssselect(".tag-line")
        assert state(waiting) == "suggested"


# Somebody else


def test_who_comes_second_is_told_who_decided(desk: Client, article: Article, checker: User) -> None:
    waiting = make_suggestion(article, "la sindaca")
    version = Annotation.objects.get(pk=waiting.annotation_id).row_version
    suggestions.reject(waiting.annotation, by=checker, at=LATER, row_version=version)
    for name in ("accept", "reject"):
        answer = decide(desk, name, waiting, data={"row_version": version}, headers=HTMX)
        assert answer.status_code == 409
        assert str(checker) in tree(answer).cssselect("#said")[0].text
    assert rows(tree(answer)) == []
    plain = decide(desk, "accept", waiting, data={"row_version": version})
    assert plain.status_code == 302
    assert str(checker) in desk.get(plain["Location"].partition("#")[0]).content.decode()
    correct = reverse("desk:suggestion-correct", args=[waiting.annotation.code])
    assert desk.get(correct).status_code == 302
    assert desk.post(correct, {"row_version": version}, headers=HTMX).status_code == 409


def test_in_another_text_nothing_is_accepted_and_the_new_text_comes(
    desk: Client, article: Article, editor: User
) -> None:
    waiting = make_suggestion(article, "i tecnici")
    html = article.current_revision.html.replace("Costerà dieci", "Costerà almeno dieci")
    articles.revise(article, html=html, kind="minor", note="Refuso.", by=editor, at=LATER, based_on=1)
    answer = decide(desk, "accept", waiting, headers=HTMX | {"X-Revision": "1"})
    part = tree(answer)
    assert answer.status_code == 409
    assert "almeno dieci" in part.cssselect("#tagging-text")[0].text_content()
    assert part.cssselect("#decide [name=based_on]")[0].get("value") == "2"
    assert str(editor) in part.cssselect("#said")[0].text
    assert state(waiting) == "suggested"


def test_unknown_suggestions_and_names_are_404(desk: Client, article: Article) -> None:
    for name in ("suggestion-accept", "suggestion-reject", "suggestion-correct"):
        assert desk.post(reverse(f"desk:{name}", args=["nothing"])).status_code == 404
    address = reverse("desk:suggestions-accept", args=[article.slug])
    assert desk.post(f"{address}?entity=nothing").status_code == 404


def test_what_was_brought_without_reasons_can_be_decided_too(desk: Client, article: Article) -> None:
    mention = make_mention(article, "la sindaca", entity=make_entity(name="Ada Neri"))
    Annotation.objects.filter(pk=mention.annotation_id).update(state="suggested", generator="prova")
    page = suggested(article, {})
    [line] = page.lines
    assert (line.what, line.confidence, line.reasons) == ("Ada Neri", "", ())
    answer = desk.post(
        reverse("desk:suggestion-accept", args=[mention.annotation.code]), {"row_version": 1}, headers=HTMX
    )
    assert answer.status_code == 200
    mention.annotation.refresh_from_db()
    assert mention.annotation.state == "accepted"


# Readers


def test_no_reader_and_no_program_is_told_what_nobody_accepted(reader: Client, editor: User) -> None:
    """Every public address that there is, asked for what waits and for what was rejected."""
    article = make_article()
    make_mention(article, "Il ponte")
    waiting = [
        make_suggestion(article, "la sindaca", offers=[make_entity()], reasons=[["near", ["zebedeo"]]]),
        make_suggestion(article, "Costerà dieci milioni di euro", kind="claim", reasons=[["figure", []]]),
        make_suggestion(article, "le prove sono finite", ("source", "i tecnici"), kind="attribution"),
    ]
    rejected = make_suggestion(article, "i tecnici", entity_kind="organisation")
    suggestions.reject(rejected.annotation, by=editor, at=LATER, row_version=1)
    secret = ["zebedeo", "prova 1"]
    for one in (*waiting, rejected):
        secret += [one.annotation.code, str(one.annotation.uuid), one.code, str(one.uuid)]
    asked = [address for _name, address in addresses(article)]
    assert len(asked) > 50
    for address in asked:
        answer = reader.get(address, {"layer": ["claims", "attributions", "entities"]}, follow=True)
        told = said_by(answer).replace(address, "")
        assert not [word for word in secret if word in told], address
