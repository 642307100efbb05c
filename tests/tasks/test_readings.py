"""Every new text is read for suggestions, once, and nothing that goes wrong there reaches who saves it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.timezone import now

from newsroom.actions import articles, suggestions
from newsroom.models import Article, Deed, Entity, Reading, Revision, Suggestion, User
from newsroom.models.reading import MOST_ATTEMPTS, SILENT
from newsroom.outside.crfsuite import trained
from newsroom.presenters import proposed as reading_room
from newsroom.tasks import readings
from newsroom.tasks.readings import read_article, read_soon, read_texts
from newsroom.text.mentions.model import ALGORITHM, SETTINGS, examples, learned, packed
from tests.making import HTML, LATER, make_article, make_entity, make_model, make_reading

pytestmark = pytest.mark.django_db

TEXT = (
    "<p>Mario Rossi ha detto che il ponte di Brescia costerà dieci milioni di euro nel 2024.</p>"
    "<p>Secondo la Protezione Civile le prove sono finite.</p>"
)


def brought(by: User, html: str = TEXT, **given: Any) -> Article:
    return articles.create(html=html, headline="Il ponte", by=by, at=LATER, **given)


def revise(article: Article, was: str, now_: str, *, by: User) -> Revision:
    article.refresh_from_db()
    html = article.current_revision.html.replace(was, now_)
    number = article.current_revision.number
    return articles.revise(article, html=html, kind="minor", note="Refuso.", by=by, at=LATER, based_on=number)


def states(article: Article) -> list[str]:
    found = Reading.objects.filter(revision__article=article).order_by("revision__number")
    return list(found.values_list("state", flat=True))


def words(article: Article, kind: str) -> set[str]:
    pending = Suggestion.objects.pending().of(article).filter(annotation__kind=kind)
    return {
        target.exact
        for one in pending
        for target in one.annotation.targets.filter(role="content", revision__article=article)
    }


# Read


def test_what_the_newsroom_taught_is_used_and_said(reporter: User) -> None:
    taught = [[(["Ieri", "velmo", "tace", "."], ["O", "B-product", "O", "O"])]] * 6
    known = learned(taught)
    make_model(packed(trained(examples(taught, known), ALGORITHM, SETTINGS), known), active=True)
    article = brought(reporter, html="<p>Ieri velmo tace.</p>")
    assert read_article.enqueue(str(article.uuid)).return_value == {"done": 1}
    assert words(article, "mention") == {"velmo"}
    one = Suggestion.objects.pending().of(article).get(annotation__kind="mention")
    assert (one.annotation.generator, one.entity_kind) == ("controluce names, model", "product")


def test_a_damaged_model_is_no_reason_not_to_read(reporter: User) -> None:
    make_model(b"guasto", active=True)
    article = brought(reporter)
    assert read_article.enqueue(str(article.uuid)).return_value == {"done": 1}
    assert "Mario Rossi" in words(article, "mention")


def test_a_text_that_came_in_is_read_and_waits_for_a_person(reporter: User) -> None:
    make_entity(name="Protezione Civile", kind="organisation")
    article = brought(reporter)
    assert read_article.enqueue(str(article.uuid)).return_value == {"done": 1}
    assert {"Mario Rossi", "Brescia", "Protezione Civile"} <= words(article, "mention")
    assert words(article, "claim") and words(article, "attribution")
    reading = Reading.objects.get(revision=article.current_revision)
    assert reading.proposed == Suggestion.objects.pending().of(article).count()
    first = Suggestion.objects.of(article).get(
        annotation__targets__exact="Protezione Civile", entity_kind="organisation"
    )
    assert first.first_offer.entity.name == "Protezione Civile"
    assert read_article.enqueue(str(article.uuid)).return_value == {}


def test_a_new_text_is_read_too_and_what_waits_is_not_proposed_twice(reporter: User) -> None:
    article = brought(reporter)
    read_article.enqueue(str(article.uuid))
    before = words(article, "mention")
    revise(article, "sono finite", "sono finite, dice Anna Bianchi", by=reporter)
    read_article.enqueue(str(article.uuid))
    assert states(article) == ["done", "done"]
    assert words(article, "mention") == before | {"Anna Bianchi"}


def test_a_text_that_was_overtaken_is_not_read(reporter: User) -> None:
    article = brought(reporter)
    revise(article, "dieci", "dodici", by=reporter)
    assert read_texts.enqueue().return_value == {"outdated": 1, "done": 1}
    assert states(article) == ["outdated", "done"]


def test_a_text_that_comes_in_while_another_is_read_is_read_then(
    reporter: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = brought(reporter)
    read = reading_room.proposed

    def meanwhile(article: Article, **given: Any) -> Any:
        found = read(article, **given)
        if article.current_revision.number == 1:
            revise(article, "dieci", "dodici", by=reporter)
        return found

    monkeypatch.setattr(readings, "proposed", meanwhile)
    assert read_texts.enqueue().return_value == {"outdated": 1}
    assert read_texts.enqueue().return_value == {"done": 1}
    assert any("dodici" in claim for claim in words(article, "claim"))


def test_two_readers_do_not_read_the_same(reporter: User) -> None:
    brought(reporter)
    mine, theirs = Reading.objects.get(state="waiting"), Reading.objects.get(state="waiting")
    assert mine.take(at=now()) and not theirs.take(at=now())


# What goes wrong


def test_a_fault_is_logged_and_tried_again_a_few_times(
    reporter: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    article = brought(reporter)

    def broken(article: Article, **_given: Any) -> None:
        raise ValueError("Il modello è rotto.")

    monkeypatch.setattr(readings, "proposed", broken)
    for _attempt in range(MOST_ATTEMPTS):
        assert read_article.enqueue(str(article.uuid)).return_value == {"failed": 1}
    assert read_article.enqueue(str(article.uuid)).return_value == {}
    reading = Reading.objects.get(revision=article.current_revision)
    assert reading.failure == "ValueError: Il modello è rotto."
    assert "could not be read for suggestions" in caplog.text
    monkeypatch.undo()
    Reading.objects.ask_again(at=now())
    assert read_article.enqueue(str(article.uuid)).return_value == {"done": 1}


def test_a_text_whose_reader_died_is_read_by_another(reporter: User) -> None:
    article = brought(reporter)
    reading = Reading.objects.get(revision=article.current_revision)
    reading.take(at=now())
    assert not Reading.objects.due(at=now()).filter(pk=reading.pk).exists()
    Reading.objects.update(tried_at=now() - SILENT - timedelta(seconds=1))
    assert read_article.enqueue(str(article.uuid)).return_value == {"done": 1}


def test_who_may_not_tag_gets_no_suggestions_and_keeps_the_text(reporter: User) -> None:
    article = brought(reporter)
    reporter.groups.clear()
    assert read_article.enqueue(str(article.uuid)).return_value == {"failed": 1}
    assert not Suggestion.objects.of(article).exists()


@pytest.mark.parametrize("kind", ["names", "worth", "opinion"])
def test_a_model_that_cannot_be_read_is_not_asked(
    reporter: User, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    make_model(b"\x80\x04cposix\nsystem\n", kind=kind, active=True)
    article = brought(reporter)
    assert read_article.enqueue(str(article.uuid)).return_value == {"done": 1}
    assert "Mario Rossi" in words(article, "mention") and words(article, "claim")
    assert "is not used, the rules are" in caplog.text


def test_saving_goes_on_whatever_becomes_of_the_reading(
    reporter: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def down(*args: Any) -> None:
        raise OSError("no worker")

    monkeypatch.setattr(type(read_article), "enqueue", down)
    with django_capture_on_commit_callbacks(execute=True) as left:
        read_soon(brought(reporter))
    assert len(left) == 1


def test_saving_a_text_at_the_desk_has_it_read(
    signed_in: Any, editor: User, django_capture_on_commit_callbacks: Any
) -> None:
    article = make_article(html=HTML)
    client: Client = signed_in(editor)
    page = f"/desk/articles/{article.slug}/text/"
    fields = {"body": TEXT, "kind": "minor", "note": "Tutto nuovo.", "based_on": "1", "save": "1"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page, fields).status_code == 302
    assert "Mario Rossi" in words(article, "mention")


@pytest.mark.parametrize(
    ("html", "lang"),
    [
        ("<p>قال رئيس الوزراء إن الجسر سيكلف 10 ملايين يورو في عام 2024.</p>", "ar"),
        ("<p>قال رئيس الوزراء إن الجسر سيكلف 10 ملايين يورو في عام 2024.</p>", "it"),
        ("<p>…</p>", "it"),
        ("<p>🙂 👩‍👩‍👧 12 %</p>", "it"),
    ],
)
def test_where_nothing_can_be_read_nothing_is_proposed(reporter: User, html: str, lang: str) -> None:
    article = brought(reporter, html, lang=lang)
    assert read_article.enqueue(str(article.uuid)).return_value == {"done": 1}
    assert not Suggestion.objects.of(article).exists()
    assert not Deed.objects.filter(article=article, verb="suggestion.propose").exists()


def test_a_hundred_thousand_characters_are_read(reporter: User) -> None:
    sentence = "Mario Rossi ha detto che il ponte di Brescia costerà {} milioni di euro nel 2024. "
    html = "".join(f"<p>{sentence.format(number) * 4}</p>" for number in range(300))
    article = brought(reporter, html)
    assert len(article.current_revision.text) > 97_000
    assert read_article.enqueue(str(article.uuid)).return_value == {"done": 1}
    assert Suggestion.objects.of(article).count() > 1000


# The command


def test_the_command_reads_what_was_never_read_and_says_how_much(
    reporter: User, capsys: pytest.CaptureFixture[str]
) -> None:
    article = make_article(html=TEXT, by=reporter)
    assert states(article) == []
    call_command("propose_tags", verbosity=0)
    found = Suggestion.objects.pending().of(article).count()
    assert found and f"{found} suggestions." in capsys.readouterr().out
    call_command("propose_tags", verbosity=0)
    assert "0 texts read, 0 suggestions." in capsys.readouterr().out


def test_read_again_what_is_new_is_proposed_and_nothing_twice(reporter: User) -> None:
    article = make_article(html=TEXT, by=reporter)
    call_command("propose_tags", verbosity=0)
    before = Suggestion.objects.of(article).count()
    one = (
        Suggestion.objects.pending().of(article).filter(annotation__targets__exact="Brescia").get().annotation
    )
    suggestions.reject(one, by=reporter, at=LATER, row_version=1)
    Entity.objects.create(name="prove", kind="concept")
    call_command("propose_tags", again=True, verbosity=0)
    assert Suggestion.objects.of(article).count() == before + 1
    assert "prove" in words(article, "mention") and "Brescia" not in words(article, "mention")


def test_the_command_says_what_could_not_be_read(reporter: User, monkeypatch: pytest.MonkeyPatch) -> None:
    make_reading(make_article(html=TEXT))
    with pytest.raises(CommandError, match="could not be read"):
        # Whoever made it may not tag.
        call_command("propose_tags", verbosity=0)
