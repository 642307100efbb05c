"""Tagging at the desk: pages for a browser without JavaScript, parts for htmx, and what goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsroom.actions import annotations, articles
from newsroom.models import Annotation, Article, Claim, Entity, Source, Target, User
from newsroom.presenters import finding
from newsroom.presenters.matched import Unsearchable
from tests.making import (
    LATER,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_crowd,
    make_entity,
    make_mention,
    make_review,
    make_source,
)
from tests.public_pages import TORTURE
from tests.reading import tree

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(signed_in: SignIn, reporter: User) -> Client:
    return signed_in(reporter)


def tag_url(article: Article, kind: str) -> str:
    return reverse("desk:tag", args=[article.slug, kind])


def place(article: Article, words: str) -> dict[str, Any]:
    """What a form sends of words that were selected where they first stand."""
    start = article.current_revision.text.index(words)
    number = article.current_revision.number
    return {"start": start, "end": start + len(words), "words": words, "based_on": number}


def words_of(annotation: Annotation, role: str = "content") -> list[str]:
    targets = Target.objects.current().placed().filter(annotation=annotation, role=role)
    return list(targets.order_by("start").values_list("exact", flat=True))


def the_tag(article: Article) -> Annotation:
    return article.annotations.latest("pk")


# The page


@pytest.mark.parametrize("html", [None, TORTURE])
def test_the_text_of_the_pane_is_the_canonical_text(desk: Client, html: str | None) -> None:
    article = make_article(**({"html": html} if html else {}))
    make_crowd(article, 60)
    page = tree(desk.get(reverse("desk:tags", args=[article.slug])))
    blocks = page.cssselect("#pane [data-o]")
    assert "\n".join(block.text_content() for block in blocks) == article.current_revision.text


def test_of_words_that_tell_no_source_it_is_chosen_among_those_who_speak_already(desk: Client) -> None:
    article = make_article()
    speaking = make_attribution(article)
    make_source(name="Chi tace")
    address = tag_url(article, "attribution")
    page = tree(desk.get(address, place(article, "Costerà dieci milioni di euro")))
    assert page.cssselect("[name=q]")[0].get("value", "") == ""
    offered = [one.get("value") for one in page.cssselect("#found [name=source]")]
    assert offered == [speaking.source.code, ""]


def test_each_block_names_its_sentences(desk: Client) -> None:
    article = make_article()
    page = tree(desk.get(reverse("desk:tags", args=[article.slug])))
    text = article.current_revision.text
    spans = [span.split("-") for block in page.cssselect("[data-s]") for span in block.get("data-s").split()]
    assert [text[int(start) : int(end)] for start, end in spans] == [
        "Il ponte sarà aperto a maggio, ha detto la sindaca.",
        "Costerà dieci milioni di euro.",
        "Secondo i tecnici le prove sono finite.",
        "Il ponte vecchio resterà chiuso.",
    ]


def test_the_list_has_every_tag_in_order_of_place(desk: Client) -> None:
    article = make_article()
    make_mention(article, "i tecnici")
    make_appearance(article, "dieci milioni")
    make_attribution(article)
    page = tree(desk.get(reverse("desk:tags", args=[article.slug])))
    assert [line.text_content() for line in page.cssselect(".tag-words")] == [
        "Il ponte sarà aperto a maggio",
        "dieci milioni",
        "i tecnici",
    ]
    assert [kind.text_content() for kind in page.cssselect(".tag-kinds b")] == ["1", "1", "1"]


@pytest.mark.parametrize("page", ["desk:tags", "desk:sentences"])
def test_a_page_asks_the_same_of_the_database_for_any_number_of_tags(desk: Client, page: str) -> None:
    counted = []
    for number in (20, 300):
        article = make_article()
        make_crowd(article, number)
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse(page, args=[article.slug]))
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 15


def test_sentence_by_sentence_each_can_be_tagged(desk: Client) -> None:
    article = make_article()
    make_mention(article, "i tecnici")
    page = tree(desk.get(reverse("desk:sentences", args=[article.slug])))
    assert len(page.cssselect(".sentences > li")) == 4
    assert [link.text_content() for link in page.cssselect(".sentence-tags a")] == ["menzione: «i tecnici»"]
    form = page.cssselect(".sentences form")[1]
    answer = desk.get(form.get("action"), {field.name: field.value for field in form.cssselect("[name]")})
    assert answer.status_code == 200
    assert "Costerà dieci milioni di euro." in answer.content.decode()


# Which words


def test_words_that_stand_once_are_found(desk: Client) -> None:
    article = make_article()
    page = tree(desk.get(tag_url(article, "claim"), {"words": "dieci milioni"}))
    assert page.cssselect("[name=start]")[0].value == str(article.current_revision.text.index("dieci"))


def test_words_that_stand_twice_are_asked_for_by_their_sentences(desk: Client) -> None:
    article = make_article()
    answer = desk.get(tag_url(article, "mention"), {"words": "Il ponte"})
    assert answer.status_code == 422
    places = tree(answer).cssselect("[name=place]")
    assert len(places) == 2
    chosen = desk.get(tag_url(article, "mention"), {"words": "Il ponte", "place": places[1].get("value")})
    assert chosen.status_code == 200
    assert tree(chosen).cssselect("[name=start]")[0].value == places[1].get("value").split("-")[0]


@pytest.mark.parametrize(
    "query",
    [
        {"words": "Queste parole mancano"},
        {"words": "  "},
        {"start": "0", "end": "8", "words": "Il monte"},
        {"start": "-1", "end": "8"},
        {"start": "0", "end": "99999999999999999999", "words": "Il ponte sarà apertissimo"},
        {"place": "a-b"},
        {"place": "5-2"},
        {"words": "x" * 10_000},
    ],
)
def test_words_that_do_not_stand_in_the_text_are_asked_for_again(desk: Client, query: dict[str, str]) -> None:
    answer = desk.get(tag_url(make_article(), "claim"), query)
    assert answer.status_code in (200, 422)
    assert tree(answer).cssselect("#tag-form textarea[name=words]")


# New tags


def test_a_new_claim_is_tagged_and_not_rated(desk: Client, reporter: User) -> None:
    article = make_article()
    data = place(article, "dieci milioni") | {
        "text": "Il ponte costerà dieci milioni di euro.",
        "claim_kind": "statistic",
    }
    answer = desk.post(tag_url(article, "claim"), data)
    tag = the_tag(article)
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{reverse('desk:tags', args=[article.slug])}#tag-{tag.code}",
    )
    assert (words_of(tag), tag.by) == (["dieci milioni"], reporter)
    claim = tag.appearance.claim
    assert (claim.text, claim.kind, claim.lang) == (data["text"], "statistic", "it")
    assert not claim.reviews.exists()


def test_a_known_claim_is_found_and_tagged(desk: Client) -> None:
    article, claim = make_article(), make_claim(text="Il ponte costa dieci milioni.")
    form = tree(desk.get(tag_url(article, "claim"), place(article, "dieci milioni")))
    assert claim.code in [field.get("value") for field in form.cssselect("[name=claim]")]
    desk.post(tag_url(article, "claim"), place(article, "dieci milioni") | {"claim": claim.code})
    assert the_tag(article).appearance.claim == claim


def test_a_name_that_is_known_is_chosen_already(desk: Client) -> None:
    article, entity = make_article(), make_entity(name="Ada Neri")
    entity.aliases.create(name="la sindaca")
    form = tree(desk.get(tag_url(article, "mention"), place(article, "la sindaca")))
    assert [field.get("value") for field in form.cssselect("[name=entity][checked]")] == [entity.code]


def test_a_new_entity_is_made_with_its_name_and_identifier(desk: Client) -> None:
    article = make_article()
    data = place(article, "la sindaca") | {
        "name": "Ada Neri",
        "entity_kind": "person",
        "description": "Sindaca dal 2022.",
        "wikidata": "Q42",
        "remember": "on",
    }
    desk.post(tag_url(article, "mention"), data)
    entity = Entity.objects.get(name="Ada Neri")
    assert the_tag(article).mentions.get().entity == entity
    assert [alias.name for alias in entity.aliases.all()] == ["la sindaca"]
    assert [str(identifier) for identifier in entity.identifiers.all()] == ["Wikidata Q42"]


def test_equal_words_are_tagged_at_once_where_they_are_ticked(desk: Client) -> None:
    article, entity = make_article(), make_entity()
    form = tree(desk.get(tag_url(article, "mention"), place(article, "Il ponte")))
    also = [field.get("value") for field in form.cssselect("[name=also]")]
    assert len(also) == 1
    data = place(article, "Il ponte") | {"entity": [entity.code], "also": [*also, "0-3", "nonsense"]}
    desk.post(tag_url(article, "mention"), data)
    assert [words_of(tag) for tag in article.annotations.order_by("pk")] == [["Il ponte"], ["Il ponte"]]
    assert entity.mentions.count() == 2


def test_an_attribution_is_guessed_from_its_sentence(desk: Client) -> None:
    article, source = make_article(), make_source(name="la sindaca")
    sentence = "Il ponte sarà aperto a maggio, ha detto la sindaca."
    form = tree(desk.get(tag_url(article, "attribution"), place(article, sentence)))
    value = dict(form.cssselect("#tag-form form")[0].form_values())
    assert value["words"].strip() == "Il ponte sarà aperto a maggio"
    assert (value["source_words"], value["cue_words"]) == ("la sindaca", "ha detto")
    assert [field.get("value") for field in form.cssselect("[name=source][checked]")] == [source.code]


def test_an_attribution_is_tagged_with_its_parts(desk: Client) -> None:
    article = make_article()
    parent, claim = make_attribution(article), make_claim()
    data = place(article, "le prove sono finite") | {
        "source_words": "i tecnici",
        "cue_words": "Secondo",
        "quote_type": "indirect",
        "name": "I tecnici del comune",
        "source_kind": "organisation",
        "claim": claim.code,
        "parent": parent.code,
    }
    desk.post(tag_url(article, "attribution"), data)
    tag = the_tag(article)
    assert [words_of(tag, role) for role in ("content", "source", "cue")] == [
        ["le prove sono finite"],
        ["i tecnici"],
        ["Secondo"],
    ]
    said = tag.attribution
    assert (said.source, said.claim, said.parent) == (
        Source.objects.get(name="I tecnici del comune"),
        claim,
        parent,
    )


def test_a_source_may_stay_anonymous_for_a_reason(desk: Client) -> None:
    article = make_article()
    data = place(article, "le prove sono finite") | {
        "quote_type": "indirect",
        "anonymity_reason": "Teme per il posto.",
    }
    desk.post(tag_url(article, "attribution"), data)
    assert (the_tag(article).attribution.source, the_tag(article).attribution.anonymity_reason) == (
        None,
        "Teme per il posto.",
    )


@pytest.mark.parametrize(
    ("kind", "given", "typed"),
    [
        ("claim", {"text": ""}, ""),
        ("claim", {"claim": "gone000000"}, ""),
        ("mention", {}, ""),
        ("mention", {"name": "Ada Neri", "wikidata": "42"}, "Ada Neri"),
        ("mention", {"entity": ["gone000000"]}, ""),
        ("attribution", {"quote_type": "indirect"}, ""),
        ("attribution", {"quote_type": "odd", "name": "Ada Neri"}, "Ada Neri"),
        (
            "attribution",
            {"quote_type": "direct", "name": "Ada Neri", "cue_words": "ha giurato"},
            "ha giurato",
        ),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_form_in_error_is_422_and_keeps_what_was_typed(
    desk: Client, kind: str, given: dict[str, Any], typed: str, headers: dict[str, str]
) -> None:
    article = make_article()
    answer = desk.post(tag_url(article, kind), place(article, "dieci milioni") | given, headers=headers)
    assert answer.status_code == 422
    page = tree(answer)
    assert page.cssselect(".errors")
    assert typed in answer.content.decode()
    assert page.cssselect("textarea[name=words]")[0].value.strip() == "dieci milioni"
    assert not article.annotations.exists()
    assert not Entity.objects.filter(name="Ada Neri").exists()


def test_what_is_looked_for_again_keeps_all_that_was_typed(desk: Client) -> None:
    article, claim = make_article(), make_claim(text="La zucca è matura.")
    data = place(article, "dieci milioni") | {
        "q": "zucca",
        "find": "",
        "text": "Testo mio.",
        "claim_kind": "opinion",
    }
    answer = desk.post(tag_url(article, "claim"), data)
    page = tree(answer)
    assert answer.status_code == 200
    assert claim.code in [field.get("value") for field in page.cssselect("[name=claim]")]
    assert page.cssselect("[name=text]")[0].value.strip() == "Testo mio."
    assert page.cssselect("[name=claim_kind] [selected]")[0].get("value") == "opinion"
    assert not article.annotations.exists()


@pytest.mark.parametrize("kind", ["claim", "mention", "attribution"])
def test_what_is_found_comes_as_a_part(desk: Client, kind: str) -> None:
    article = make_article()
    make_claim(text="Una zucca matura.")
    make_entity(name="Zucca")
    make_source(name="Zucca")
    answer = desk.get(reverse("desk:find", args=[article.slug, kind]), {"q": "zucc"}, headers=HTMX)
    assert "ucca" in tree(answer).cssselect("#found label")[0].text_content()
    assert desk.get(reverse("desk:find", args=[article.slug, kind]), {"q": "\x00'\"" * 99}).status_code == 200


def test_an_entity_that_cannot_be_tagged_is_not_made_either(desk: Client, editor: User) -> None:
    article = make_article()
    data = place(article, "la sindaca") | {"name": "Ada Neri"}
    html = article.current_revision.html.replace("dieci", "dodici")
    articles.revise(article, html=html, kind="minor", note="Refuso.", by=editor, at=LATER, based_on=1)
    assert desk.post(tag_url(article, "mention"), data).status_code == 409
    assert not Entity.objects.filter(name="Ada Neri").exists()


# A text that changed, a tag that changed


def test_a_selection_in_an_older_text_is_looked_for_in_the_new_one(desk: Client, editor: User) -> None:
    article, entity = make_article(), make_entity()
    data = place(article, "i tecnici") | {"entity": [entity.code]}
    html = article.current_revision.html.replace("Costerà dieci", "Costerà almeno dieci")
    articles.revise(article, html=html, kind="minor", note="Refuso.", by=editor, at=LATER, based_on=1)
    answer = desk.post(tag_url(article, "mention"), data, headers=HTMX)
    page = tree(answer)
    assert answer.status_code == 409
    assert str(editor) in page.cssselect("[role=alert]")[0].text_content()
    assert page.cssselect("#tagging-text")[0].get("data-revision") == "2"
    again = dict(page.cssselect("#tag-form form")[0].form_values())
    assert (again["based_on"], int(again["start"])) == ("2", data["start"] + len("almeno "))
    assert desk.post(tag_url(article, "mention"), again | {"entity": [entity.code]}).status_code == 302
    assert words_of(the_tag(article)) == ["i tecnici"]


def test_a_selection_whose_words_are_gone_says_so(desk: Client, editor: User) -> None:
    article = make_article()
    data = place(article, "le prove sono finite") | {"text": "Le prove sono finite."}
    html = article.current_revision.html.replace("le prove sono finite", "tutto tace")
    articles.revise(article, html=html, kind="minor", note="Refuso.", by=editor, at=LATER, based_on=1)
    answer = desk.post(tag_url(article, "claim"), data)
    assert answer.status_code == 409
    assert tree(answer).cssselect("[name=text]")[0].value.strip() == "Le prove sono finite."
    assert not article.annotations.exists()


def test_who_comes_second_sees_theirs_and_mine_and_keeps_either_or_both(desk: Client, checker: User) -> None:
    article, mine, theirs = make_article(), make_entity(name="Mia"), make_entity(name="Loro")
    tag = make_mention(article, "la sindaca").annotation
    annotations.retag_mention(tag, entities=[theirs], form="name", by=checker, at=LATER, row_version=1)
    data = place(article, "sindaca") | {"entity": [mine.code], "row_version": 1}
    answer = desk.post(reverse("desk:retag", args=[tag.code]), data)
    page = tree(answer)
    assert answer.status_code == 409
    assert "Ornella Vismara" in page.cssselect("[role=alert]")[0].text_content()
    assert "Loro" in page.cssselect(".was-now")[0].text_content()
    assert tag.mentions.get().entity == theirs
    save = {
        button.text_content().strip(): button.get("formaction")
        for button in page.cssselect("#tag-form form > .buttons button")
    }
    both = next(address for address in save.values() if address)
    again = data | {"row_version": 2}
    assert desk.post(both, again).status_code == 302
    assert {words_of(row)[0] for row in article.annotations.all()} == {"la sindaca", "sindaca"}
    assert desk.post(reverse("desk:retag", args=[tag.code]), again).status_code == 302
    assert tag.mentions.get().entity == mine


def test_a_tag_that_was_withdrawn_meanwhile_is_not_changed_but_can_be_made_anew(
    desk: Client, checker: User
) -> None:
    article, entity = make_article(), make_entity()
    tag = make_mention(article, "la sindaca").annotation
    annotations.withdraw(tag, reason="Doppione.", by=checker, at=LATER, row_version=1)
    data = place(article, "la sindaca") | {"entity": [entity.code], "row_version": 1}
    answer = desk.post(reverse("desk:retag", args=[tag.code]), data)
    assert answer.status_code == 409
    assert tree(answer).cssselect("#tag-form form")[0].get("action") == tag_url(article, "mention")


# Tags that are there


@pytest.mark.parametrize("make", [make_appearance, make_mention, make_attribution])
def test_the_form_of_a_tag_saves_what_it_shows(desk: Client, make: Callable[..., Any]) -> None:
    article = make_article()
    made = make_mention(article, "la sindaca") if make is make_mention else make(article)
    tag = made.annotation
    before = list(tag.targets.order_by("role", "ordinal").values_list("role", "start", "end"))
    page = tree(desk.get(reverse("desk:retag", args=[tag.code])))
    form = page.cssselect("#tag-form form")[0]
    data = {key: value for key, value in form.form_values() if key != "find"}
    assert desk.post(form.get("action"), data).status_code == 302
    assert list(tag.targets.order_by("role", "ordinal").values_list("role", "start", "end")) == before
    if make is make_mention:
        assert tag.mentions.get().entity == made.entity
    else:
        kept = type(made).objects.get(annotation=tag)
        assert (kept.claim, getattr(kept, "source", None)) == (made.claim, getattr(made, "source", None))


def test_a_tag_is_taken_back_and_given_back(desk: Client) -> None:
    article, entity = make_article(), make_entity()
    desk.post(tag_url(article, "mention"), place(article, "la sindaca") | {"entity": [entity.code]})
    tag = the_tag(article)
    page = tree(desk.get(reverse("desk:untag", args=[tag.code])))
    data = dict(page.cssselect("#tag-form form")[0].form_values())
    assert desk.post(reverse("desk:untag", args=[tag.code]), data).status_code == 302
    tag.refresh_from_db()
    assert tag.state == "withdrawn"
    assert desk.post(reverse("desk:undo", args=[article.slug])).status_code == 302
    tag.refresh_from_db()
    assert tag.state == "accepted"


def test_a_tag_is_cut_where_its_second_part_begins(desk: Client) -> None:
    article = make_article()
    tag = make_appearance(article, "Il ponte sarà aperto").annotation
    data = {"words": "sarà", "row_version": 1, "based_on": 1}
    assert desk.post(reverse("desk:split", args=[tag.code]), data).status_code == 302
    assert [words_of(row) for row in article.annotations.order_by("pk")] == [["Il ponte"], ["sarà aperto"]]


def test_a_tag_is_made_one_with_a_neighbour(desk: Client) -> None:
    article = make_article()
    tag = make_mention(article, "Il ponte").annotation
    other = make_mention(article, "la sindaca").annotation
    page = tree(desk.get(reverse("desk:retag", args=[tag.code])))
    assert [option.get("value") for option in page.cssselect("[name=other] option")] == [other.code]
    data = {"other": other.code, "row_version": 1}
    assert desk.post(reverse("desk:merge", args=[tag.code]), data).status_code == 302
    assert words_of(tag) == ["Il ponte", "la sindaca"]


@pytest.mark.parametrize("name", ["split", "merge"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_cannot_be_cut_or_joined_says_why(desk: Client, name: str, headers: dict[str, str]) -> None:
    article = make_article()
    tag = make_mention(article, "Il ponte").annotation
    claim = make_appearance(article, "dieci").annotation
    data = {"other": claim.code, "row_version": 1, "based_on": 1, "where": "0"}
    answer = desk.post(reverse(f"desk:{name}", args=[tag.code]), data, headers=headers)
    assert answer.status_code == (422 if headers else 302)


def test_with_nothing_to_take_back_it_says_so(desk: Client) -> None:
    article = make_article()
    answer = desk.post(reverse("desk:undo", args=[article.slug]), headers=HTMX)
    assert answer.status_code == 422
    assert "nulla" in tree(answer).cssselect("#said")[0].text_content()


# Parts


def test_a_save_brings_only_the_blocks_and_lines_that_it_touched(desk: Client) -> None:
    article, entity = make_article(), make_entity()
    make_mention(article, "i tecnici")
    data = place(article, "la sindaca") | {"entity": [entity.code]}
    answer = desk.post(tag_url(article, "mention"), data, headers=HTMX | {"X-Revision": "1"})
    page = tree(answer)
    assert answer["HX-Trigger-After-Settle"] == "tagging:saved"
    assert [block.get("id") for block in page.cssselect("[data-o]")] == ["block-0"]
    assert [line.get("id") for line in page.cssselect(".tag-line")] == [f"tag-{the_tag(article).code}"]
    assert page.cssselect("#number-of-mention")[0].text_content() == "2"
    assert "la sindaca" in page.cssselect("#said")[0].text_content()


def test_a_browser_with_an_older_text_gets_the_whole_of_the_new_one(desk: Client, editor: User) -> None:
    article, entity = make_article(), make_entity()
    html = article.current_revision.html.replace("dieci", "dodici")
    articles.revise(article, html=html, kind="minor", note="Refuso.", by=editor, at=LATER, based_on=1)
    article.refresh_from_db()
    data = place(article, "la sindaca") | {"entity": [entity.code]}
    page = tree(desk.post(tag_url(article, "mention"), data, headers=HTMX | {"X-Revision": "1"}))
    assert page.cssselect("#tagging-text")[0].get("data-revision") == "2"


def test_a_line_is_put_behind_the_one_before_it(desk: Client) -> None:
    article, entity = make_article(), make_entity()
    first = make_mention(article, "Il ponte").annotation
    make_mention(article, "i tecnici")
    answer = desk.post(
        tag_url(article, "mention"),
        place(article, "la sindaca") | {"entity": [entity.code]},
        headers=HTMX,
    )
    assert re.search(rf'hx-swap-oob="afterend:#tag-{first.code}"', answer.content.decode())


def test_the_counts_pass_over_tags_that_lost_their_place(desk: Client) -> None:
    article, entity = make_article(), make_entity()
    lost = make_mention(article, "i tecnici").annotation
    lost.targets.update(fate="orphaned", start=None, end=None)
    half = make_attribution(article).annotation
    half.targets.filter(role="source").update(fate="orphaned", start=None, end=None)
    data = place(article, "la sindaca") | {"entity": [entity.code]}
    saved = tree(desk.post(tag_url(article, "mention"), data, headers=HTMX))
    whole = tree(desk.get(reverse("desk:tags", args=[article.slug])))
    for page in (saved, whole):
        numbers = {one.get("id"): one.text_content() for one in page.cssselect("[id^=number-of-]")}
        assert numbers == {
            "number-of-claim": "0",
            "number-of-mention": "1",
            "number-of-attribution": "1",
        }


def test_a_save_asks_the_same_of_the_database_for_any_number_of_tags(desk: Client) -> None:
    counted = []
    for number in (20, 500):
        article, entity = make_article(), make_entity()
        make_crowd(article, number)
        data = place(article, "la sindaca") | {"entity": [entity.code]}
        with CaptureQueriesContext(connection) as queries:
            answer = desk.post(tag_url(article, "mention"), data, headers=HTMX | {"X-Revision": "1"})
        assert answer.status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 21


def test_unknown_articles_tags_and_kinds_are_404(desk: Client) -> None:
    article = make_article()
    for address in (
        "/desk/articles/non-esiste/tags/",
        "/desk/articles/non-esiste/tags/claim/",
        f"/desk/articles/{article.slug}/tags/verdict/",
        "/desk/annotations/gone000000/tag/",
        "/desk/annotations/--/untag/",
    ):
        assert desk.get(address).status_code == 404, address
    assert Claim.objects.filter(text="").count() == 0


def test_claims_that_say_the_same_are_offered_with_what_differs(desk: Client) -> None:
    said = make_claim(text="Il nuovo ponte non aprirà a maggio, dice la sindaca.")
    make_review(make_appearance(claim=said))
    far = make_claim(text="Il museo apre di domenica.")
    article = make_article()
    form = tree(desk.get(tag_url(article, "claim"), place(article, "Il ponte sarà aperto a maggio")))
    finds = tree(
        desk.get(reverse("desk:find", args=[article.slug, "claim"]), {"q": "il ponte aprirà a maggio"})
    )
    for page in (form, finds):
        found = {one.get("value"): one.getparent() for one in page.cssselect("#found input[value]")}
        assert far.code not in found
        words = " ".join(found[said.code].text_content().split())
        assert words.startswith("Falso")
        assert "In comune: ponte" in words
        assert "Attenzione: Una delle due dice «non»." in words


def test_without_an_index_a_claim_can_be_tagged_still(desk: Client, monkeypatch) -> None:
    def broken(*_given: object, **_more: object) -> None:
        raise Unsearchable

    monkeypatch.setattr(finding, "matched_claims", broken)
    article, claim = make_article(), make_claim()
    asked = place(article, "Il ponte sarà aperto a maggio") | {"claim": claim.code}
    answer = desk.get(tag_url(article, "claim"), asked)
    assert answer.status_code == 200
    assert tree(answer).cssselect("#found")


def test_the_form_of_a_claim_asks_the_same_of_the_database_for_any_number_of_claims(desk: Client) -> None:
    counted, article = [], make_article()
    for number in (2, 60):
        for _ in range(number):
            make_review(make_appearance(claim=make_claim(text="Il ponte sarà aperto a maggio.")))
        with CaptureQueriesContext(connection) as queries:
            desk.get(tag_url(article, "claim"), place(article, "Il ponte sarà aperto a maggio"))
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 32
