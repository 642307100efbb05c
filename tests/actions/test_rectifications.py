"""Rectifications: published as they were sent, and refused by the Editor responsible alone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from newsroom.actions import flags
from newsroom.actions.refusals import Overtaken, Refused
from newsroom.models import Deed, Delivery, FlagLetter, Rectification, User
from newsroom.models.deed import Deed as Record
from tests.making import (
    LATER,
    THEN,
    make_article,
    make_claim,
    make_correction,
    make_flag,
    make_rectification,
    make_review,
    make_webhook,
)

pytestmark = pytest.mark.django_db

WORDS = "Non ho mai detto «dieci milioni».\n\nHo detto che <b>non</b> lo sapevo."


@pytest.fixture
def director(editor: User) -> User:
    """An editor who is the Editor responsible as well."""
    editor.user_permissions.add(Permission.objects.get(codename="refuse_rectification"))
    return User.objects.get(pk=editor.pk)


def asked(**given: object):
    return make_flag(**({"kind": "rectification", "message": WORDS, "name": "Ida Bruni"} | given))


def publish(flag, by: User, **given: object) -> Rectification:
    said = {"lang": "it", "by": by, "at": LATER, "row_version": flag.row_version} | given
    return flags.publish_rectification(flag, **said)


def test_what_was_sent_is_published_word_for_word_and_signed(editor: User) -> None:
    flag = asked(address="ida@lettori.example", confirmed_at=THEN)
    found = publish(flag, editor, words="Eccola.")
    assert (found.words, found.name, found.lang, found.at) == (WORDS, "Ida Bruni", "it", LATER)
    flag.refresh_from_db()
    assert (flag.state, flag.outcome, flag.decided_by) == ("accepted", "", editor)
    assert flag.answers.get().words == "Eccola."
    assert [mail.reason for mail in flag.mails.all()] == ["outcome"]


def test_its_record_has_no_word_of_it(editor: User) -> None:
    publish(asked(), editor, words="Eccola.")
    deed = Deed.objects.latest("pk")
    assert (deed.verb, deed.before, deed.after) == ("rectification.publish", {}, {})


def test_it_is_not_accepted_with_other_words_nor_merged(editor: User) -> None:
    flag = asked()
    with pytest.raises(Refused) as refused:
        flags.accept(flag, outcome="Va tutto bene.", lang="it", by=editor, at=LATER, row_version=1)
    assert refused.value.code == "kind"
    with pytest.raises(Refused):
        flags.merge(flag, into=asked(article=flag.article), by=editor, at=LATER, row_version=1)


def test_the_editor_responsible_alone_refuses_it_with_a_reason(editor: User, director: User) -> None:
    flag = asked()
    director_no_more = User.objects.get(username="checker")
    with pytest.raises(PermissionDenied):
        flags.reject(flag, words="No.", by=director_no_more, at=LATER, row_version=1)
    with pytest.raises(Refused) as refused:
        flags.reject(flag, words=" ", by=director, at=LATER, row_version=1)
    assert refused.value.code == "words"
    flags.reject(flag, words="Il testo non parla di te.", by=director, at=LATER, row_version=1)
    assert not flag.rectifications.exists()
    assert flag.answers.get().words == "Il testo non parla di te."


def test_an_editor_who_is_not_responsible_refuses_none(editor: User) -> None:
    with pytest.raises(PermissionDenied):
        flags.reject(asked(), words="No.", by=editor, at=LATER, row_version=1)


def test_one_that_its_author_took_back_is_not_published_and_any_editor_closes_it(editor: User) -> None:
    flag = asked()
    FlagLetter.objects.filter(flag=flag).delete()
    with pytest.raises(Refused) as refused:
        publish(flag, editor)
    assert refused.value.code == "letter"
    flags.reject(flag, words="", by=editor, at=LATER, row_version=1)
    flag.refresh_from_db()
    assert flag.state == "rejected"


def test_only_what_was_asked_for_is_published_and_once(editor: User) -> None:
    with pytest.raises(Refused) as refused:
        publish(make_flag(), editor)
    assert refused.value.code == "kind"
    flag = asked()
    publish(flag, editor)
    with pytest.raises(Overtaken):
        publish(flag, editor)
    flag.refresh_from_db()
    with pytest.raises(Refused):
        publish(flag, editor)


def test_while_it_stands_its_flag_is_not_opened_again(director: User) -> None:
    flag = asked()
    found = publish(flag, director)
    flag.refresh_from_db()
    with pytest.raises(Refused):
        flags.reopen(flag, by=director, at=LATER, row_version=flag.row_version)
    flags.withdraw_rectification(found, reason="L’aveva scritta un altro.", by=director, at=LATER)
    flag = flags.reopen(flag, by=director, at=LATER, row_version=flag.row_version)
    assert publish(flag, director).pk != found.pk


def test_it_is_withdrawn_once_and_for_a_reason(director: User) -> None:
    found = make_rectification()
    with pytest.raises(Refused) as refused:
        flags.withdraw_rectification(found, reason="  ", by=director, at=LATER)
    assert refused.value.code == "reason"
    flags.withdraw_rectification(found, reason="Era di altri.", by=director, at=LATER)
    with pytest.raises(Refused):
        flags.withdraw_rectification(found, reason="Era di altri.", by=director, at=LATER)


def test_it_stays_when_the_letter_goes(editor: User, settings) -> None:
    settings.KEEP_DAYS = settings.KEEP_DAYS | {"letter": 9}
    flag = asked()
    found = publish(flag, editor)
    flags.forget(at=LATER + timedelta(days=30))
    assert not FlagLetter.objects.filter(flag=flag).exists()
    found.refresh_from_db()
    assert (found.words, found.name) == (WORDS, "Ida Bruni")


@pytest.mark.parametrize(
    "change", [{"words": "Altro."}, {"name": "Ada"}, {"lang": "en"}, {"at": THEN}, {"uuid": UUID(int=1)}]
)
def test_the_database_refuses_to_change_it(change: dict[str, object]) -> None:
    found = make_rectification()
    with pytest.raises(IntegrityError), transaction.atomic():
        Rectification.objects.filter(pk=found.pk).update(**change)


def test_the_database_refuses_to_delete_it() -> None:
    found = make_rectification()
    with pytest.raises(IntegrityError), transaction.atomic():
        Rectification.objects.filter(pk=found.pk).delete()


@pytest.mark.parametrize(
    "change",
    [
        {"withdrawn_at": None, "withdrawal_reason": ""},
        {"withdrawn_at": THEN},
        {"withdrawal_reason": "Altro."},
    ],
)
def test_the_database_keeps_withdrawn_what_was_withdrawn(change: dict[str, object]) -> None:
    found = make_rectification(withdrawn_at=LATER, withdrawal_reason="L’aveva scritta un altro.")
    with pytest.raises(IntegrityError, match="stays so"), transaction.atomic():
        Rectification.objects.filter(pk=found.pk).update(**change)


def test_other_programs_are_told_of_those_before_articles(editor: User) -> None:
    make_webhook(events=["article.rectified"])
    article = make_article()
    publish(asked(article=article), editor)
    publish(asked(claim=make_claim()), editor)
    [delivery] = Delivery.objects.all()
    assert (delivery.event, delivery.deed.article) == ("article.rectified", article)
    assert isinstance(delivery.deed, Record)


# What was found on flags


def test_a_correction_or_review_that_is_older_is_called_so_and_not_of_another(editor: User) -> None:
    article = make_article()
    older, of_another = make_correction(article), make_correction(make_article())
    flag = make_flag(article, at=older.at + timedelta(hours=1), due=older.at + timedelta(days=9))
    said = {"outcome": "Corretto.", "lang": "it", "by": editor, "at": LATER, "row_version": 1}
    with pytest.raises(Refused, match="precedente"):
        flags.accept(flag, correction=older, **said)
    with pytest.raises(Refused, match="riguarda altro"):
        flags.accept(flag, correction=of_another, **said)
    claim = make_claim()
    flag = make_flag(claim=claim, at=LATER, due=LATER)
    with pytest.raises(Refused, match="precedente"):
        flags.accept(flag, review=make_review(claim=claim), **said)
    with pytest.raises(Refused, match="riguarda altro"):
        flags.accept(flag, review=make_review(), **said)


def test_merged_twice_or_opened_again_its_reader_keeps_what_they_could_read(editor: User) -> None:
    article = make_article()
    first, second, third = (make_flag(article) for _ in range(3))
    hour = timedelta(hours=1)
    flags.answer(second, words="Prima.", by=editor, at=LATER - hour, row_version=1)
    flags.merge(first, into=second, by=editor, at=LATER, row_version=1)
    second.refresh_from_db()
    flags.answer(second, words="Guardiamo.", by=editor, at=LATER + hour, row_version=second.row_version)
    second.refresh_from_db()
    flags.merge(second, into=third, by=editor, at=LATER + 2 * hour, row_version=second.row_version)
    # What its reader was answered before the two were one is not the first reader's.
    assert [answer.words for answer in first.answers.all()] == ["Guardiamo."]
    third.refresh_from_db()
    flags.answer(third, words="Trovato.", by=editor, at=LATER + 3 * hour, row_version=third.row_version)
    first.refresh_from_db()
    flags.reopen(first, by=editor, at=LATER + 4 * hour, row_version=first.row_version)
    assert [answer.words for answer in first.answers.all()] == ["Guardiamo.", "Trovato."]
