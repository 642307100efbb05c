"""The text of an article at the desk: looked at, saved, saved by two people, compared, returned to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsroom.actions import articles
from newsroom.models import Article, Deed, Revision, User
from tests.actions.revising import revise
from tests.making import HTML, LATER, make_annotation, make_appearance, make_article, make_crowd, make_review
from tests.reading import faults, tree

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]

MINE = HTML.replace("dieci", "dodici")
THEIRS = HTML.replace("maggio", "giugno")


@pytest.fixture
def desk(signed_in: SignedIn, reporter: User) -> Client:
    return signed_in(reporter)


@pytest.fixture
def article(rows: None) -> Article:
    """A rated claim on «dieci milioni», and a name elsewhere."""
    article = make_article(slug="ponte")
    make_review(make_appearance(article, "dieci milioni"))
    make_annotation(article, "la sindaca", kind="mention")
    return article


def of(name: str, article: Article, *numbers: int) -> str:
    return reverse(f"desk:{name}", args=[article.slug, *numbers])


def typed(answer: HttpResponse) -> dict[str, str]:
    """What the form of a page would send, without the name of a button."""
    [form] = [form for form in tree(answer).forms if form.method == "POST"]
    # A browser drops the line end that Django writes at the beginning of a textarea.
    return {name: value.removeprefix("\n") for name, value in form.form_values()}


def said(answer: HttpResponse, path: str = "//main") -> str:
    return " ".join(part.text_content() for part in tree(answer).xpath(path))


def send(desk: Client, article: Article, button: str, **given: str) -> HttpResponse:
    """A change of the text as it is open now, sent by one of the two buttons."""
    number = article.revisions.count()
    return desk.post(of("text", article), {"body": MINE, "based_on": number, button: ""} | given)


# Looked at


def test_the_text_is_opened_as_it_is(desk: Client, article: Article) -> None:
    answer = desk.get(of("text", article))
    assert (answer.status_code, faults(answer)) == (200, [])
    assert typed(answer)["body"] == article.current_revision.html
    assert typed(answer)["based_on"] == "1"
    assert "kind" not in typed(answer)


def test_a_change_is_looked_at_before_it_is_saved(desk: Client, article: Article) -> None:
    answer = send(desk, article, "look")
    assert (answer.status_code, faults(answer)) == (200, [])
    proposal = said(answer, "//section[@aria-labelledby='proposal-title']")
    assert "Sembra una correzione: cambiano parole valutate, cambiano cifre." in proposal
    assert "Valutazioni che saranno da riverificare" in proposal
    form = typed(answer)
    assert (form["kind"], form["note"], form["based_on"]) == ("correction", "", "1")
    assert form["body"] == MINE
    assert article.revisions.count() == 1


def test_what_was_written_with_it_is_still_there(desk: Client, article: Article) -> None:
    answer = send(desk, article, "look", kind="minor", note="Perché sì.", proposed="correction")
    assert (typed(answer)["kind"], typed(answer)["note"]) == ("minor", "Perché sì.")


def test_a_kind_that_was_only_proposed_follows_the_text(desk: Client, article: Article) -> None:
    plain = HTML.replace("resterà", "rimarrà")
    answer = send(desk, article, "look", body=plain, kind="correction", proposed="correction")
    assert typed(answer)["kind"] == "minor"


def test_a_text_that_did_not_change_says_so_and_loses_nothing(desk: Client, article: Article) -> None:
    answer = send(desk, article, "look", body=HTML, kind="minor", note="Perché sì.")
    assert answer.status_code == 200
    assert "Il testo è uguale a prima." in said(answer)
    assert (typed(answer)["kind"], typed(answer)["note"]) == ("minor", "Perché sì.")


@pytest.mark.parametrize("button", ["look", "save"])
@pytest.mark.parametrize("body", ["", "  "])
def test_an_empty_text_is_refused_and_the_note_kept(
    desk: Client, article: Article, button: str, body: str
) -> None:
    answer = send(desk, article, button, body=body, kind="minor", note="Perché sì.")
    assert answer.status_code == 422
    assert tree(answer).xpath("//*[@role='alert']")
    assert typed(answer)["note"] == "Perché sì."
    assert article.revisions.count() == 1


# Saved


def test_a_change_is_saved_and_leads_to_what_it_left_to_do(
    desk: Client, article: Article, reporter: User
) -> None:
    answer = send(desk, article, "save", kind="correction", note="Erano dodici.")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/checks/?article=ponte")
    article.refresh_from_db()
    after = article.current_revision
    assert (after.number, after.kind, after.note, after.by) == (2, "correction", "Erano dodici.", reporter)
    page = desk.get(answer.headers["Location"])
    assert "La versione 2 è salvata." in said(page, "//*[@role='status']")
    assert "1 passo da ricontrollare." in said(page, "//*[@role='status']")


def test_a_change_that_leaves_nothing_to_do_leads_to_the_versions(desk: Client, article: Article) -> None:
    plain = HTML.replace("resterà", "rimarrà")
    answer = send(desk, article, "save", body=plain, kind="minor", note="Stile.")
    assert answer.headers["Location"] == of("revisions", article)


def test_words_that_are_gone_lead_to_the_queue_of_those_without_a_place(
    desk: Client, article: Article
) -> None:
    gone = HTML.replace(" Costerà dieci milioni di euro.", "")
    answer = send(desk, article, "save", body=gone, kind="correction", note="Non si sa.")
    assert answer.headers["Location"] == "/desk/orphans/?article=ponte"


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, {"kind", "note"}),
        ({"kind": "minor"}, {"note"}),
        ({"note": "Perché sì."}, {"kind"}),
        ({"kind": "first", "note": "Perché sì."}, {"kind"}),
        ({"kind": "minor", "note": "  "}, {"note"}),
    ],
)
def test_a_change_that_does_not_say_what_it_is_is_refused_and_nothing_lost(
    desk: Client, article: Article, given: dict[str, str], names: set[str]
) -> None:
    answer = send(desk, article, "save", **given)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == names
    assert "dodici" in typed(answer)["body"]
    assert typed(answer)["note"].strip() == given.get("note", "").strip()
    assert len(tree(answer).xpath("//*[@role='alert']")) == len(names)
    assert faults(answer) == []
    assert article.revisions.count() == 1


@pytest.mark.parametrize("based_on", ["", "0", "-1", "uno", "9" * 20, "9" * 5000])
def test_nonsense_for_the_version_that_was_open_saves_nothing_and_loses_nothing(
    desk: Client, article: Article, based_on: str
) -> None:
    answer = send(desk, article, "save", kind="minor", note="Perché sì.", based_on=based_on)
    assert answer.status_code in (409, 422)
    assert "dodici" in typed(answer)["body"]
    assert article.revisions.count() == 1
    again = desk.post(of("text", article), typed(answer) | {"save": "", "based_on": "1"})
    assert again.status_code == 302


# A draft


def test_a_change_of_a_draft_is_a_minor_edit_with_its_reason(desk: Client) -> None:
    draft = make_article(published_at=None)
    looked = send(desk, draft, "look")
    assert (typed(looked)["kind"], typed(looked)["note"]) == ("minor", "Lavoro sulla bozza.")
    assert not tree(looked).xpath("//input[@value='correction'][@type='radio']")
    assert "Questa bozza non l’ha ancora letta nessuno" in said(looked)
    assert faults(looked) == []
    assert desk.post(of("text", draft), typed(looked) | {"save": ""}).status_code == 302
    assert draft.revisions.get(number=2).note == "Lavoro sulla bozza."


def test_a_correction_of_a_draft_is_refused(desk: Client) -> None:
    draft = make_article(published_at=None)
    answer = send(desk, draft, "save", kind="correction", note="Erano dodici.")
    assert answer.status_code == 422
    assert draft.revisions.count() == 1


# Two people


@pytest.mark.parametrize("button", ["look", "save"])
def test_the_second_sees_both_texts_and_can_save_again(
    desk: Client, article: Article, editor: User, reporter: User, button: str
) -> None:
    revise(article, by=editor, html=THEIRS, note="Il mese.")
    answer = send(desk, article, button, based_on="1", kind="correction", note="Erano dodici.")

    assert (answer.status_code, faults(answer)) == (409, [])
    assert f"{editor} ha salvato" in said(answer, "//*[@role='alert']")
    assert "07/05/2024" in said(answer, "//*[@role='alert']")
    theirs = said(answer, "//section[@aria-labelledby='conflict-title']")
    assert "giugno" in theirs and "dodici" not in theirs
    both = said(answer, "//section[@aria-labelledby='proposal-title']")
    assert "giugno" in both and "dodici" in both
    mine = typed(answer)
    assert (mine["kind"], mine["note"], mine["based_on"]) == ("correction", "Erano dodici.", "2")
    assert "dodici" in mine["body"] and "maggio" in mine["body"]
    assert article.revisions.count() == 2

    assert desk.post(of("text", article), mine | {"save": ""}).status_code == 302
    texts = list(article.revisions.order_by("number").values_list("number", "by__username"))
    assert texts == [(1, article.revisions.get(number=1).by.username), (2, "editor"), (3, "reporter")]


def test_who_had_changed_nothing_is_shown_the_new_text(desk: Client, article: Article, editor: User) -> None:
    revise(article, by=editor, html=THEIRS)
    answer = send(desk, article, "look", body=HTML, based_on="1")
    assert answer.headers["Location"] == of("text", article)
    assert "giugno" in typed(desk.get(answer.headers["Location"]))["body"]


def test_a_third_text_in_between_is_told_as_well(desk: Client, article: Article, editor: User) -> None:
    revise(article, by=editor, html=THEIRS)
    mine = typed(send(desk, article, "save", based_on="1", kind="minor", note="Mia."))
    revise(article, ("giugno", "luglio"), by=editor)
    answer = desk.post(of("text", article), mine | {"save": ""})
    assert answer.status_code == 409
    assert typed(answer)["based_on"] == "3"
    assert typed(answer)["note"] == "Mia."


# Versions and what changed


@pytest.fixture
def revised(article: Article, editor: User) -> Article:
    """Three texts; the second changed the rated claim."""
    revise(article, by=editor, html=MINE, note="Erano dodici.")
    revise(article, ("maggio", "giugno"), by=editor, kind="minor", note="Il mese.")
    article.refresh_from_db()
    return article


def test_every_version_is_listed_with_who_made_it(desk: Client, revised: Article, editor: User) -> None:
    answer = desk.get(of("revisions", revised))
    assert faults(answer) == []
    lines = [line.text_content() for line in tree(answer).xpath("//ol[@class='lines']/li")]
    assert len(lines) == 3
    assert str(editor) in lines[0] and "Il mese." in lines[0]
    links = tree(answer).xpath("//ol[@class='lines']//h3/a/@href")
    assert links == [of("article", revised), of("revert", revised, 2), of("revert", revised, 1)]


def test_what_changed_between_two_versions_is_shown(desk: Client, revised: Article) -> None:
    answer = desk.get(of("changes", revised, 1, 3))
    assert faults(answer) == []
    assert "giugno" in said(answer) and "Erano dodici." in said(answer)


def test_a_draft_has_its_versions_too(desk: Client) -> None:
    draft = make_article(published_at=None)
    send(desk, draft, "save", kind="minor", note="Prova.")
    assert desk.get(of("revisions", draft)).status_code == 200
    assert desk.get(of("changes", draft, 1, 2)).status_code == 200


@pytest.mark.parametrize("between", ["1-4", "2-1", "2-2", "0-2", "1-99999999999999999999", "1-" + "9" * 5000])
def test_versions_that_are_not_there_are_not_compared(desk: Client, revised: Article, between: str) -> None:
    assert desk.get(f"{of('revisions', revised)}{between}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("?before=1&after=3", "1-3/"),
        ("?before=3&after=1", "1-3/"),
        ("?before=1&after=99999999999999999999", ""),
        ("?before=99999999999999999999", ""),
        ("?before=2&after=2", ""),
        ("", ""),
    ],
)
def test_a_form_leads_to_two_versions_or_back(desk: Client, revised: Article, query: str, there: str) -> None:
    answer = desk.get(of("compare", revised) + query)
    assert answer.headers["Location"] == of("revisions", revised) + there


# Returned to


def test_what_a_return_changes_is_shown_before_it_is_done(desk: Client, revised: Article) -> None:
    answer = desk.get(of("revert", revised, 1))
    assert (answer.status_code, faults(answer)) == (200, [])
    assert "1 valutazione tornerà valida" in said(answer)
    assert typed(answer)["kind"] == "correction"
    assert typed(answer)["based_on"] == "3"


def test_an_earlier_text_comes_back_with_its_annotations(desk: Client, revised: Article) -> None:
    form = typed(desk.get(of("revert", revised, 1))) | {"note": "Era giusto prima."}
    answer = desk.post(of("revert", revised, 1), form)
    assert answer.headers["Location"] == of("revisions", revised)
    revised.refresh_from_db()
    after = revised.current_revision
    assert (after.number, after.reverts.number, after.note) == (4, 1, "Era giusto prima.")
    assert after.targets.filter(exact="dieci milioni", fate="exact").count() == 1
    assert Deed.objects.filter(verb="review.valid").count() == 1


@pytest.mark.parametrize(("given", "names"), [({"kind": ""}, {"kind", "note"}), ({"note": " "}, {"note"})])
def test_a_return_without_its_reason_is_refused(
    desk: Client, revised: Article, given: dict[str, str], names: set[str]
) -> None:
    form = typed(desk.get(of("revert", revised, 1))) | given
    answer = desk.post(of("revert", revised, 1), form)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == names
    assert faults(answer) == []
    assert revised.revisions.count() == 3


def test_a_return_that_somebody_overtook_can_be_tried_again(
    desk: Client, revised: Article, editor: User
) -> None:
    form = typed(desk.get(of("revert", revised, 1))) | {"note": "Era giusto prima."}
    revise(revised, ("giugno", "luglio"), by=editor)
    answer = desk.post(of("revert", revised, 1), form)
    assert (answer.status_code, faults(answer)) == (409, [])
    assert f"{editor} ha salvato" in said(answer, "//*[@role='alert']")
    assert "luglio" in said(answer, "//section[@aria-labelledby='proposal-title']")
    assert typed(answer)["note"] == "Era giusto prima."
    assert desk.post(of("revert", revised, 1), typed(answer)).status_code == 302
    assert revised.revisions.count() == 5


def test_a_text_that_stands_already_is_not_returned_to(desk: Client, revised: Article, editor: User) -> None:
    assert desk.get(of("revert", revised, 3)).headers["Location"] == of("revisions", revised)
    articles.revert(
        revised,
        to=revised.revisions.get(number=1),
        kind="minor",
        note="Era giusto.",
        by=editor,
        at=LATER,
        based_on=3,
    )
    answer = desk.get(of("revert", revised, 1), follow=True)
    assert "Il testo è già quello della versione 1." in said(answer)


@pytest.mark.parametrize("number", ["4", "0", "99999999999999999999", "9" * 5000])
def test_a_version_that_is_not_there_is_not_returned_to(desk: Client, revised: Article, number: str) -> None:
    assert desk.get(f"{of('revisions', revised)}{number}/").status_code == 404


def test_a_return_of_a_draft_is_a_minor_edit(desk: Client) -> None:
    draft = make_article(published_at=None)
    send(desk, draft, "save", kind="minor", note="Prova.")
    form = typed(desk.get(of("revert", draft, 1)))
    assert (form["kind"], form["note"]) == ("minor", "Lavoro sulla bozza.")
    assert desk.post(of("revert", draft, 1), form).status_code == 302
    assert draft.revisions.get(number=3).kind == Revision.Kind.MINOR


# All of them


@pytest.mark.parametrize("name", ["text", "revisions", "changes", "compare", "revert"])
def test_an_article_that_is_not_there_is_404(desk: Client, name: str) -> None:
    numbers = {"changes": (1, 2), "revert": (1,)}.get(name, ())
    answer = desk.get(reverse(f"desk:{name}", args=["non-esiste", *numbers]), follow=True)
    assert answer.status_code == 404


def test_a_page_asks_the_same_of_the_database_for_any_number_of_annotations(
    desk: Client, editor: User
) -> None:
    counted: dict[str, list[int]] = {}
    for number in (20, 200):
        article = make_article()
        make_crowd(article, number)
        revise(article, ("dieci milioni", "dodici milioni"), by=editor, kind="minor")

        def look(article: Article = article) -> HttpResponse:
            return send(desk, article, "look", body=MINE.replace("maggio", "giugno"))

        def save(article: Article = article) -> HttpResponse:
            body = MINE.replace("maggio", "giugno")
            return send(desk, article, "save", body=body, kind="minor", note="Il mese.")

        visits: dict[str, Any] = {
            "text": lambda article=article: desk.get(of("text", article)),
            "revisions": lambda article=article: desk.get(of("revisions", article)),
            "changes": lambda article=article: desk.get(of("changes", article, 1, 2)),
            "revert": lambda article=article: desk.get(of("revert", article, 1)),
            "look": look,
            "save": save,
        }
        for name, visit in visits.items():
            with CaptureQueriesContext(connection) as queries:
                assert visit().status_code in (200, 302)
            counted.setdefault(name, []).append(len(queries))
    assert {name: few for name, (few, many) in counted.items() if few != many} == {}
    assert max(few for name, (few, _many) in counted.items() if name != "save") <= 22
