"""The queues of the desk: what waits there, and how each passage is accepted, moved, withdrawn or refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsroom.actions import annotations
from newsroom.models import Annotation, Article, Target, User
from newsroom.presenters.checking import ITEMS_ON_A_PAGE
from tests.actions.revising import revise
from tests.making import (
    LATER,
    make_annotation,
    make_appearance,
    make_article,
    make_attribution,
    make_crowd,
    make_mention,
    make_review,
)
from tests.reading import canonical_text, faults, tree

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/checks/"}
BOTH_WAYS = pytest.mark.parametrize("headers", [{}, HTMX], ids=["browser", "htmx"])


@pytest.fixture
def desk(signed_in: SignedIn, reporter: User) -> Client:
    return signed_in(reporter)


@pytest.fixture
def article(editor: User) -> Article:
    """A claim whose figure changed, a name whose words are gone, a name that stands as it stood."""
    article = make_article(slug="ponte")
    make_review(make_appearance(article, "Costerà dieci milioni"))
    make_mention(article, "la sindaca")
    make_mention(article, "i tecnici")
    revise(article, ("dieci", "dodici"), (", ha detto la sindaca", ""), by=editor)
    article.refresh_from_db()
    return article


@pytest.fixture
def altered(article: Article) -> Annotation:
    return Target.objects.to_check().get().annotation


@pytest.fixture
def lost(article: Article) -> Annotation:
    return Target.objects.lost().get().annotation


def of(name: str, annotation: Annotation) -> str:
    return reverse(f"desk:{name}", args=[annotation.code])


def said(answer: HttpResponse, path: str = "//*") -> str:
    return " ".join(" ".join(part.text_content() for part in tree(answer).xpath(path)).split())


def alerts(answer: HttpResponse) -> str:
    return said(answer, "//*[@role='alert']")


def words_of(annotation: Annotation) -> str:
    return Target.objects.current().get(annotation=annotation, role="content").exact


def move(desk: Client, annotation: Annotation, **given: str) -> HttpResponse:
    headers = given.pop("headers", {})
    row_version = str(Annotation.objects.get(pk=annotation.pk).row_version)
    form = {"part": "content-0", "row_version": row_version, "based_on": "2"}
    return desk.post(of("annotation-move", annotation), form | given, headers=headers)


# What waits


def test_a_passage_to_check_shows_what_it_was_and_what_it_is(desk: Client, altered: Annotation) -> None:
    answer = desk.get("/desk/checks/")
    assert (answer.status_code, faults(answer)) == (200, [])
    (item,) = tree(answer).xpath("//li[contains(@class, 'check-item')]")
    assert item.get("id") == f"check-item-{altered.code}"
    was, now = [part.text_content() for part in item.xpath(".//dl[@class='was-now']//dd/strong")]
    assert (was, now) == ("Costerà dieci milioni", "Costerà dodici milioni")
    assert item.xpath("string(.//del/text())") + item.xpath("string(.//ins/text())") == "diecidodici"
    assert "Da riverificare" in item.text_content()
    assert "è cambiato un numero" in item.text_content()
    assert [b.text_content() for b in tree(answer).xpath("//nav[@class='tabs']//b")] == ["1", "1"]


def test_a_passage_without_a_place_cannot_be_accepted(desk: Client, lost: Annotation) -> None:
    answer = desk.get("/desk/orphans/")
    assert faults(answer) == []
    (item,) = tree(answer).xpath("//li[contains(@class, 'check-item')]")
    assert item.get("id") == f"check-item-{lost.code}"
    assert not item.xpath(f".//form[@action='{of('annotation-confirm', lost)}']")
    assert "Da nessuna parte nel testo." in item.text_content()


def test_places_are_offered_best_first(desk: Client, editor: User) -> None:
    article = make_article(html="<p>Il ponte è qui. Costa dieci euro.</p>")
    annotation = make_annotation(article, "dieci")
    revise(article, by=editor, html="<p>La strada vale dieci soldi; la casa vale dieci lire.</p>")
    page = tree(desk.get(of("annotation", annotation)))
    text = article.revisions.get(number=2).text
    offered = [radio.get("value").split("-") for radio in page.xpath("//input[@type='radio'][@name='place']")]
    assert offered and all(text[int(start) : int(end)] == "dieci" for start, end in offered)


def test_an_annotation_that_nobody_confirmed_is_held_against_its_last_place(
    desk: Client, editor: User
) -> None:
    article = make_article()
    annotation = make_annotation(article, "Costerà dieci milioni")
    annotation.targets.update(confirmed_by=None, confirmed_at=None)
    for was, now in (("dieci", "dodici"), ("dodici", "venti")):
        revise(article, (was, now), by=editor)
    page = tree(desk.get(of("annotation", annotation)))
    assert page.xpath("//dl[@class='was-now']//dd/strong/text()")[0] == "Costerà dodici milioni"


def test_a_queue_is_empty_with_grace(desk: Client) -> None:
    for name in ("checks", "orphans"):
        answer = desk.get(f"/desk/{name}/")
        assert faults(answer) == []
        assert "Qui non aspetta nulla." in said(answer)


def test_a_queue_is_that_of_one_article_or_of_all(desk: Client, article: Article, editor: User) -> None:
    other = make_article(slug="altro")
    make_annotation(other, "Costerà dieci milioni")
    revise(other, ("dieci", "dodici"), by=editor)
    assert len(tree(desk.get("/desk/checks/")).xpath("//li[contains(@class, 'check-item')]")) == 2
    page = tree(desk.get("/desk/checks/?article=ponte"))
    assert len(page.xpath("//li[contains(@class, 'check-item')]")) == 1
    assert page.xpath("//nav[@class='tabs']/a/@href") == [
        "/desk/checks/?article=ponte",
        "/desk/orphans/?article=ponte",
    ]
    assert [b.text_content() for b in page.xpath("//nav[@class='tabs']//b")] == ["1", "1"]
    assert desk.get("/desk/checks/?article=non-esiste").status_code == 404


def test_a_long_queue_goes_on_behind_its_last_passage(desk: Client, editor: User) -> None:
    """Whoever decides on the first page misses nothing on the next."""
    article = make_article()
    for _time in range(2 * ITEMS_ON_A_PAGE + 1):
        make_annotation(article, "Costerà dieci milioni")
    revise(article, ("dieci", "dodici"), by=editor)
    seen: list[str] = []
    address = "/desk/checks/"
    while address:
        page = tree(desk.get(address))
        items = [item.get("id") for item in page.xpath("//li[contains(@class, 'check-item')]")]
        seen += items
        first = Annotation.objects.with_code(items[0].removeprefix("check-item-")).get()
        annotations.confirm(first, by=editor, at=LATER, row_version=1)
        address = "".join(page.xpath("//a[@rel='next']/@href"))
    assert len(seen) == len(set(seen)) == 2 * ITEMS_ON_A_PAGE + 1


@pytest.mark.parametrize("after", ["x", "0000000000", "9" * 5000, "../.."])
def test_a_place_in_the_queue_that_is_none_is_its_beginning(
    desk: Client, altered: Annotation, after: str
) -> None:
    assert altered.code in desk.get("/desk/checks/", {"after": after}).content.decode()


def test_a_page_asks_the_same_of_the_database_for_any_number_of_passages(desk: Client, editor: User) -> None:
    counted: dict[str, list[int]] = {}
    for number in (80, 400):
        article = make_article()
        make_crowd(article, number)
        revise(article, ("dieci milioni", "dodici milioni"), ("maggio", "giugno"), by=editor)
        addresses = {name: f"/desk/{name}/?article={article.slug}" for name in ("checks", "orphans")}
        addresses["annotation"] = of("annotation", article.annotations.first())
        for name, address in addresses.items():
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(address).status_code == 200
            counted.setdefault(name, []).append(len(queries))
    assert {name: few for name, (few, many) in counted.items() if few < many} == {}
    assert max(many for _few, many in counted.values()) <= 28


# Accepted


@BOTH_WAYS
def test_a_passage_is_accepted(
    desk: Client, altered: Annotation, headers: dict[str, str], reporter: User
) -> None:
    answer = desk.post(
        of("annotation-confirm", altered),
        {"row_version": 1, "next": "/desk/checks/?article=ponte"},
        headers=headers,
    )
    assert Target.objects.current().get(annotation=altered).confirmed_by == reporter
    assert not Target.objects.to_check().exists()
    if headers:
        assert "Confermata" in said(answer, "//li[@data-decided]")
        counts = {
            part.get("id"): part.text_content() for part in tree(answer).xpath("//*[@hx-swap-oob='true']")
        }
        assert counts == {"checks-count": "0", "orphans-count": "1"}
    else:
        assert answer.headers["Location"] == "/desk/checks/?article=ponte"
        assert "Confermata" in said(desk.get(answer.headers["Location"]), "//*[@role='status']")


def test_the_counts_after_a_decision_are_those_of_the_list_that_is_shown(
    desk: Client, altered: Annotation, editor: User
) -> None:
    other = make_article(slug="altro")
    make_annotation(other, "Costerà dieci milioni")
    revise(other, ("dieci", "dodici"), by=editor)
    for there, number in (("/desk/checks/", "1"), ("/desk/checks/?article=altro", "1")):
        waiting = Target.objects.to_check().order_by("pk").first().annotation
        form = {"row_version": waiting.row_version, "next": there}
        answer = desk.post(
            of("annotation-confirm", altered if "altro" not in there else waiting), form, headers=HTMX
        )
        (count,) = tree(answer).xpath("//*[@id='checks-count']")
        assert count.text_content() == ("1" if "altro" not in there else "0"), number


@BOTH_WAYS
@pytest.mark.parametrize("row_version", ["", "0", "-1", "uno", "9" * 20, "9" * 5000])
def test_a_decision_on_nothing_that_was_shown_is_refused(
    desk: Client, altered: Annotation, headers: dict[str, str], row_version: str
) -> None:
    answer = desk.post(of("annotation-confirm", altered), {"row_version": row_version}, headers=headers)
    assert answer.status_code in (409, 422)
    assert alerts(answer)
    assert Target.objects.to_check().get().annotation == altered
    (form,) = tree(answer).xpath(f"//form[@action='{of('annotation-confirm', altered)}']")
    assert form.xpath("string(.//input[@name='row_version']/@value)") == "1"


@BOTH_WAYS
def test_a_passage_without_a_place_is_not_accepted(
    desk: Client, lost: Annotation, headers: dict[str, str]
) -> None:
    answer = desk.post(of("annotation-confirm", lost), {"row_version": 1}, headers=headers)
    assert answer.status_code == 422
    assert "Queste parole non sono più nel testo." in alerts(answer)


# Moved


@BOTH_WAYS
def test_a_passage_is_moved_to_words_that_stand_once(
    desk: Client, lost: Annotation, headers: dict[str, str]
) -> None:
    answer = move(desk, lost, words=" le prove ", next="/desk/orphans/", headers=headers)
    assert answer.status_code == (200 if headers else 302)
    assert words_of(lost) == "le prove"
    assert not Target.objects.lost().exists()


def test_a_passage_is_moved_to_a_place_that_was_chosen(desk: Client, altered: Annotation) -> None:
    text = altered.article.current_revision.text
    start = text.index("dodici milioni")
    assert move(desk, altered, place=f"{start}-{start + 14}").status_code == 302
    assert words_of(altered) == "dodici milioni"


@BOTH_WAYS
def test_words_that_stand_twice_are_asked_for_by_their_sentences(
    desk: Client, lost: Annotation, headers: dict[str, str]
) -> None:
    answer = move(desk, lost, words="Il ponte", headers=headers)
    assert answer.status_code == 422
    assert "in più punti" in alerts(answer)
    radios = tree(answer).xpath("//input[@type='radio'][@name='place']")
    text = lost.article.current_revision.text
    assert [radio.get("value") for radio in radios] == [
        f"{start}-{start + 8}" for start in (0, text.rindex("Il ponte"))
    ]
    assert tree(answer).xpath("//textarea[@name='words']")[0].text.strip() == "Il ponte"
    assert move(desk, lost, words="Il ponte", place=radios[1].get("value")).status_code == 302
    assert Target.objects.current().get(annotation=lost).start == text.rindex("Il ponte")


@BOTH_WAYS
@pytest.mark.parametrize(
    ("given", "said_so"),
    [
        ({}, "Prima seleziona delle parole"),
        ({"words": "non ci sono"}, "non sono nel testo"),
        ({"words": "le prove", "place": "0-8"}, "Hai scelto un posto e scritto altre parole"),
        ({"place": "uno-due"}, "Questo non è un passo del testo."),
        ({"place": "0-" + "9" * 20}, "Questo non è un passo del testo."),
        ({"place": "8-0"}, "Prima seleziona delle parole"),
        ({"place": "999999-9999999"}, "Prima seleziona delle parole"),
        ({"words": "le prove", "part": "cue-0"}, "non ha una parte così"),
        ({"words": "le prove", "part": "content-9999"}, "non ha una parte così"),
        ({"words": "le prove", "part": "odd"}, "Mancava qualcosa"),
        ({"words": "le prove", "row_version": ""}, "Mancava qualcosa"),
        ({"words": "le prove", "based_on": "x"}, "Mancava qualcosa"),
    ],
)
def test_a_move_to_nowhere_is_refused_and_the_words_are_kept(
    desk: Client, lost: Annotation, headers: dict[str, str], given: dict[str, str], said_so: str
) -> None:
    answer = move(desk, lost, **given, headers=headers)
    assert answer.status_code == 422
    assert said_so in alerts(answer)
    typed = [area.text.strip() for area in tree(answer).xpath("//textarea[@name='words']") if area.text]
    if given.get("part", "content-0") == "content-0":
        assert typed == ([given["words"]] if "words" in given else [])
    assert Target.objects.lost().get().annotation == lost
    if not headers:
        assert faults(answer) == []


def test_of_several_parts_the_one_that_was_asked_shows_what_is_wrong(desk: Client, editor: User) -> None:
    article = make_article()
    attribution = make_attribution(article)
    revise(article, (", ha detto la sindaca", ""), by=editor)
    answer = move(desk, attribution.annotation, part="source-2", words="Il ponte")
    assert (answer.status_code, faults(answer)) == (422, [])
    (part,) = [
        part for part in tree(answer).xpath("//*[@class='check-target']") if part.xpath(".//*[@role='alert']")
    ]
    assert part.xpath("string(.//input[@name='part']/@value)") == "source-2"
    move(desk, attribution.annotation, part="source-2", words="i tecnici")
    move(desk, attribution.annotation, part="cue-1", words="Secondo")
    found = Target.objects.current().filter(annotation=attribution.annotation)
    assert set(found.values_list("role", "exact")) == {
        ("content", "Il ponte sarà aperto a maggio"),
        ("source", "i tecnici"),
        ("cue", "Secondo"),
    }


@BOTH_WAYS
def test_a_move_in_an_older_text_is_told_and_keeps_the_words(
    desk: Client, lost: Annotation, headers: dict[str, str], editor: User
) -> None:
    revise(lost.article, ("maggio", "giugno"), by=editor)
    answer = move(desk, lost, words="a maggio", headers=headers)
    assert answer.status_code == 409
    assert f"{editor} ha salvato" in alerts(answer)
    assert tree(answer).xpath("//textarea[@name='words']")[0].text.strip() == "a maggio"
    assert set(tree(answer).xpath("//input[@name='based_on']/@value")) == {"3"}


# Withdrawn


@BOTH_WAYS
def test_a_passage_is_withdrawn_with_its_reason(
    desk: Client, lost: Annotation, headers: dict[str, str]
) -> None:
    form = {"row_version": 1, "reason": "Non è più detto.", "next": "/desk/orphans/"}
    answer = desk.post(of("annotation-withdraw", lost), form, headers=headers)
    assert answer.status_code == (200 if headers else 302)
    lost.refresh_from_db()
    assert (lost.state, lost.withdrawal_reason) == ("withdrawn", "Non è più detto.")


@BOTH_WAYS
@pytest.mark.parametrize("reason", ["", "  "])
def test_a_withdrawal_without_a_reason_is_refused(
    desk: Client, lost: Annotation, headers: dict[str, str], reason: str
) -> None:
    form = {"row_version": 1, "reason": reason}
    answer = desk.post(of("annotation-withdraw", lost), form, headers=headers)
    assert answer.status_code == 422
    assert alerts(answer)
    assert tree(answer).xpath("//details[@open]")
    lost.refresh_from_db()
    assert lost.state == "accepted"


# Two people


@BOTH_WAYS
@pytest.mark.parametrize("name", ["annotation-confirm", "annotation-move", "annotation-withdraw"])
def test_the_second_is_told_who_withdrew_it_when_and_why(
    desk: Client, altered: Annotation, headers: dict[str, str], name: str, checker: User
) -> None:
    annotations.withdraw(altered, reason="Doppione.", by=checker, at=LATER, row_version=1)
    form = {"row_version": 1, "based_on": 2, "part": "content-0", "words": "le prove", "reason": "Mia."}
    answer = desk.post(of(name, altered), form, headers=headers)
    assert answer.status_code == 409
    assert f"Nel frattempo {checker} ha ritirato questa annotazione, il 07/05/2024" in alerts(answer)
    assert "Doppione." in alerts(answer)
    # There is nothing to decide any more.
    assert not tree(answer).xpath("//main//form") if not headers else not tree(answer).xpath("//form")


@BOTH_WAYS
@pytest.mark.parametrize("name", ["annotation-confirm", "annotation-move", "annotation-withdraw"])
def test_the_second_is_told_who_changed_it_and_can_decide_again(
    desk: Client, altered: Annotation, headers: dict[str, str], name: str, checker: User
) -> None:
    annotations.confirm(altered, by=checker, at=LATER, row_version=1)
    form = {"row_version": 1, "based_on": 2, "part": "content-0", "words": "le prove", "reason": "Mia."}
    answer = desk.post(of(name, altered), form, headers=headers)
    assert answer.status_code == 409
    assert f"Nel frattempo {checker} ha cambiato questa annotazione, il 07/05/2024" in alerts(answer)
    (again,) = tree(answer).xpath(f"//form[@action='{of(name, altered)}']")
    fields = dict(again.form_values())
    if name == "annotation-move":
        assert fields["words"].strip() == "le prove"
    if name == "annotation-withdraw":
        assert fields["reason"].strip() == "Mia."
    assert desk.post(of(name, altered), fields, headers=headers).status_code in (200, 302)


# The page of one annotation


def test_the_page_of_an_annotation_has_the_text_to_select_in(desk: Client, lost: Annotation) -> None:
    answer = desk.get(of("annotation", lost) + "?next=/desk/orphans/")
    assert (answer.status_code, faults(answer)) == (200, [])
    assert canonical_text(tree(answer)) == lost.article.current_revision.text
    assert "/desk/orphans/" in tree(answer).xpath("//main//a/@href")


def test_what_waits_for_nobody_can_be_moved_as_well(desk: Client, article: Article) -> None:
    settled = Annotation.objects.get(targets__revision__number=2, targets__exact="i tecnici")
    answer = desk.get(of("annotation", settled))
    assert faults(answer) == []
    assert tree(answer).xpath(f"//form[@action='{of('annotation-move', settled)}']")
    assert move(desk, settled, words="le prove").status_code == 302
    assert words_of(settled) == "le prove"


def test_a_withdrawn_annotation_says_so(desk: Client, lost: Annotation, editor: User) -> None:
    annotations.withdraw(lost, reason="Doppione.", by=editor, at=LATER, row_version=1)
    answer = desk.get(of("annotation", lost))
    assert answer.status_code == 200
    assert "Questa annotazione è stata ritirata: Doppione." in said(answer, "//main")
    assert not tree(answer).xpath("//main//form")


@pytest.mark.parametrize("name", ["annotation-confirm", "annotation-move", "annotation-withdraw"])
def test_who_comes_to_a_decision_without_deciding_is_shown_the_annotation(
    desk: Client, lost: Annotation, name: str
) -> None:
    assert desk.get(of(name, lost)).headers["Location"] == of("annotation", lost)


@pytest.mark.parametrize(
    "there", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:x()", ""]
)
def test_no_form_leads_elsewhere(desk: Client, altered: Annotation, there: str) -> None:
    answer = desk.post(of("annotation-confirm", altered), {"row_version": 1, "next": there})
    assert answer.headers["Location"] == "/desk/checks/"
    page = tree(desk.get(of("annotation", altered), {"next": there}))
    assert page.xpath("//p[@class='dateline']/a/@href") == ["/desk/checks/"]
    assert set(page.xpath("//input[@name='next']/@value")) == {"/desk/checks/"}


@pytest.mark.parametrize(
    "name", ["annotation", "annotation-confirm", "annotation-move", "annotation-withdraw"]
)
@pytest.mark.parametrize("code", ["0000000000", "x", "9" * 300])
def test_an_annotation_that_is_not_there_is_404(desk: Client, name: str, code: str) -> None:
    address = reverse(f"desk:{name}", args=[code])
    assert desk.post(address, {"row_version": 1}).status_code in (404, 405)
    assert desk.get(address, follow=True).status_code == 404
