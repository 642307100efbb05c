"""Flags: a reader sends one, the desk decides, and its words follow the text; what is kept goes in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from newsroom.actions import flags
from newsroom.actions.annotations import Place
from newsroom.actions.reader_addresses import MOST_ASKED
from newsroom.actions.refusals import Outdated, Overtaken, Refused, Sent
from newsroom.models import EDITOR, Article, Capability, Deed, Flag, FlagLetter, ReaderMail, User
from newsroom.models.flag import MESSAGE_LENGTH
from tests.actions.revising import revise
from tests.making import (
    LATER,
    THEN,
    make_appearance,
    make_article,
    make_claim,
    make_flag,
    make_review,
    make_user,
)

pytestmark = pytest.mark.django_db

AFTERWARDS = LATER + timedelta(days=1)


def receive(article: Article, words: str = "", **given: Any) -> flags.Received:
    place = None
    if words:
        start = article.current_revision.text.index(words)
        place = Place(start, start + len(words), words)
    fields = {"kind": "error", "message": "Sono dodici.", "lang": "it", "uuid": uuid4(), "at": LATER}
    return flags.receive(article, place=place, **(fields | given))


def test_a_flag_stands_on_its_words_and_has_its_clock() -> None:
    article = make_article()
    flag = receive(article, "dieci milioni").flag
    [target] = flag.targets.all()
    assert (target.exact, target.prefix[-7:]) == ("dieci milioni", "osterà ")
    assert flag.due == LATER + timedelta(days=5)
    assert flag.letter.message == "Sono dodici."


@pytest.mark.parametrize(("kind", "days"), [("rectification", 2), ("missing", 10), ("reply", 5)])
def test_each_kind_is_due_when_the_settings_say(kind: str, days: int) -> None:
    flag = receive(make_article(), kind=kind, name="Ida Bruni").flag
    assert flag.due == LATER + timedelta(days=days)


def test_a_reader_leaves_no_record_in_the_log() -> None:
    before = Deed.objects.count()
    received = receive(make_article(), address="ida@lettori.example")
    secret = Capability.grant("confirm", at=LATER, lasts=timedelta(days=1), flag=received.flag)
    flags.confirm_address(secret, at=LATER)
    assert Deed.objects.count() == before


def test_sent_twice_it_is_there_once_and_other_words_are_refused() -> None:
    article, uuid = make_article(), uuid4()
    first, again = receive(article, uuid=uuid), receive(article, uuid=uuid)
    assert first.flag == again.flag
    assert Flag.objects.filter(article=article).count() == 1
    with pytest.raises(Sent):
        receive(article, uuid=uuid, message="Altro.")


def test_who_asks_in_their_own_name_gives_it() -> None:
    with pytest.raises(Refused) as refused:
        receive(make_article(), kind="rectification")
    assert refused.value.code == "name"


def test_a_message_that_grows_when_its_letters_are_composed_is_refused_if_it_is_too_long() -> None:
    with pytest.raises(Refused) as refused:
        receive(make_article(), message="\u0958" * MESSAGE_LENGTH)
    assert refused.value.code == "message"


def test_words_that_do_not_stand_there_any_more_are_noticed() -> None:
    with pytest.raises(Outdated):
        flags.receive(
            make_article(),
            kind="error",
            message="No.",
            lang="it",
            uuid=uuid4(),
            at=LATER,
            place=Place(0, 8, "Un ponte"),
        )


def test_the_secret_is_kept_nowhere_and_opens_its_page_until_it_expires() -> None:
    received = receive(make_article())
    capability = received.flag.capabilities.get()
    assert received.secret not in {str(value) for value in vars(capability).values()}
    opening = Capability.objects.opening
    assert opening(received.secret, purpose="follow", at=AFTERWARDS).get() == capability
    assert not opening(received.secret, purpose="confirm", at=AFTERWARDS).exists()
    assert not opening(received.secret, purpose="follow", at=capability.expires_at).exists()


# An address


def test_an_address_gets_nothing_before_its_owner_confirmed_it(editor: User) -> None:
    flag = receive(make_article(), address="ida@lettori.example").flag
    flags.answer(flag, words="Guardiamo.", by=editor, at=LATER, row_version=1)
    assert [mail.reason for mail in flag.mails.all()] == ["confirm"]
    secret = Capability.grant("confirm", at=LATER, lasts=timedelta(days=7), flag=flag)
    flags.confirm_address(secret, at=AFTERWARDS)
    # What was answered in between is told now.
    assert [mail.reason for mail in flag.mails.order_by("pk")] == ["confirm", "answer"]
    with pytest.raises(Refused):
        flags.confirm_address(secret, at=AFTERWARDS)


def test_nobody_gets_mail_without_end_because_others_write_their_address() -> None:
    article = make_article()
    for _ in range(MOST_ASKED + 2):
        receive(article, address="Vittima@Lettori.example")
    assert ReaderMail.objects.filter(flag__article=article).count() == MOST_ASKED


# The desk decides


def test_an_outcome_is_the_editors_and_the_answer_the_readers(editor: User) -> None:
    flag = make_flag(address="ida@lettori.example", confirmed_at=THEN)
    flag = flags.accept(
        flag,
        outcome="Il costo è corretto.",
        lang="it",
        words="Grazie, Ida.",
        by=editor,
        at=LATER,
        row_version=1,
    )
    assert (flag.state, flag.outcome, flag.decided_by) == ("accepted", "Il costo è corretto.", editor)
    assert flag.answers.get().words == "Grazie, Ida."
    assert flag.mails.get().reason == "outcome"
    deed = Deed.objects.latest("pk")
    assert (deed.verb, deed.after) == ("flag.accept", {"outcome": "Il costo è corretto."})


def test_no_record_has_words_of_the_reader_or_of_a_private_answer(editor: User) -> None:
    flag = make_flag(message="CANARINO mio", name="CANARINO", address="canarino@lettori.example")
    flags.answer(flag, words="CANARINO, guardiamo.", by=editor, at=LATER, row_version=1)
    flags.reject(flag, words="CANARINO, è giusto.", by=editor, at=LATER, row_version=2)
    flag.refresh_from_db()
    flags.reopen(flag, by=editor, at=AFTERWARDS, row_version=flag.row_version)
    told = "".join(f"{deed.before}{deed.after}{deed.objects_touched}" for deed in Deed.objects.all())
    assert "canarino" not in told.casefold()


def test_what_came_of_it_is_of_the_same_thing_and_came_after_it(editor: User) -> None:
    article, other = make_article(), make_article()
    flag = receive(article, "dieci milioni", at=THEN).flag
    revise(other, ("dieci", "dodici"), by=editor)
    revise(article, ("dieci", "dodici"), by=editor)
    mine, theirs = article.corrections.get(), other.corrections.get()
    said = {"outcome": "Corretto.", "lang": "it", "by": editor, "at": AFTERWARDS, "row_version": 1}
    with pytest.raises(Refused) as refused:
        flags.accept(flag, correction=theirs, **said)
    assert refused.value.code == "correction"
    with pytest.raises(Refused) as refused:
        flags.accept(flag, review=make_review(), **said)
    assert refused.value.code == "review"
    assert flags.accept(flag, correction=mine, **said).correction == mine


def test_a_review_of_a_claim_that_stands_in_the_article_may_have_come_of_it(editor: User) -> None:
    flag = make_flag(at=THEN, due=AFTERWARDS)
    review = make_review(make_appearance(flag.article), published_at=LATER)
    said = {"outcome": "Verificato.", "lang": "it", "by": editor, "at": AFTERWARDS, "row_version": 1}
    assert flags.accept(flag, review=review, **said).review == review


def test_who_decides_over_another_version_is_told(editor: User, checker: User) -> None:
    flag = make_flag()
    flags.assign(flag, to=checker, by=editor, at=LATER, row_version=1)
    with pytest.raises(Overtaken):
        flags.reject(flag, words="No.", by=editor, at=LATER, row_version=1)


def test_a_rectification_is_refused_by_the_editor_responsible_alone(editor: User) -> None:
    flag = make_flag(kind="rectification", name="Ida Bruni")
    with pytest.raises(PermissionDenied):
        flags.reject(flag, words="Non è dovuta.", by=editor, at=LATER, row_version=1)


def test_merged_flags_share_what_comes_of_one(editor: User) -> None:
    article = make_article()
    late = make_flag(article, due=LATER)
    kept, other = make_flag(article), make_flag(article, address="ida@lettori.example", confirmed_at=THEN)
    flags.merge(late, into=other, by=editor, at=LATER, row_version=1)
    flags.merge(other, into=kept, by=editor, at=LATER, row_version=2)
    kept.refresh_from_db()
    assert {flag.pk for flag in kept.merged.all()} == {late.pk, other.pk}
    assert kept.due == LATER  # the earliest of them
    flags.reject(kept, words="È giusto.", by=editor, at=AFTERWARDS, row_version=kept.row_version)
    assert other.mails.get().reason == "outcome"


@pytest.mark.parametrize("kind", Flag.SIGNED)
def test_what_is_asked_in_ones_own_name_is_not_merged(kind: str, editor: User) -> None:
    article = make_article()
    with pytest.raises(Refused):
        flags.merge(
            make_flag(article, kind=kind), into=make_flag(article), by=editor, at=LATER, row_version=1
        )


@pytest.mark.parametrize("kind", Flag.SIGNED)
def test_nothing_is_merged_into_what_is_asked_in_ones_own_name(kind: str, editor: User) -> None:
    """Its answer is for the one who asked."""
    article = make_article()
    with pytest.raises(Refused):
        flags.merge(
            make_flag(article), into=make_flag(article, kind=kind), by=editor, at=LATER, row_version=1
        )


@pytest.mark.parametrize("state", ["accepted", "rejected"])
def test_what_was_decided_is_not_merged_away(state: str, checker: User) -> None:
    article = make_article()
    decided = make_flag(article, state=state)
    with pytest.raises(Refused) as refused:
        flags.merge(decided, into=make_flag(article), by=checker, at=LATER, row_version=decided.row_version)
    assert refused.value.code == "state"
    decided.refresh_from_db()
    assert decided.state == state


def test_flags_on_different_things_are_not_merged(editor: User) -> None:
    with pytest.raises(Refused):
        flags.merge(make_flag(), into=make_flag(claim=make_claim()), by=editor, at=LATER, row_version=1)


# Texts change


def test_its_words_are_carried_or_it_says_that_they_are_gone(editor: User) -> None:
    article = make_article()
    kept, lost = receive(article, "le prove sono finite").flag, receive(article, "dieci milioni di euro").flag
    after = revise(article, (" Costerà dieci milioni di euro.", ""), by=editor)
    assert kept.targets.get(revision=after).exact == "le prove sono finite"
    gone = lost.targets.get(revision=after)
    assert (gone.fate, gone.start, gone.exact) == ("orphaned", None, "dieci milioni di euro")


def test_a_rejected_flag_is_not_carried_and_finds_its_words_when_it_is_reopened(editor: User) -> None:
    article = make_article()
    flag = receive(article, "le prove sono finite").flag
    flags.reject(flag, words="È così.", by=editor, at=LATER, row_version=1)
    after = revise(article, ("dieci", "dodici"), by=editor)
    assert not flag.targets.filter(revision=after).exists()
    flags.reopen(flag, by=editor, at=LATER, row_version=2)
    assert flag.targets.get(revision=after).exact == "le prove sono finite"


WORDS = ("ponte", "maggio", "sindaca", "tecnici", "finite", "chiuso", "Costerà", "vecchio")
EDITS = st.tuples(st.sampled_from(WORDS), st.sampled_from(["", "molto", "forse oggi", "in città"]))


@settings(max_examples=12, deadline=None)
@given(edits=st.lists(EDITS, min_size=10, max_size=10))
def test_a_flag_survives_ten_revisions_or_says_that_its_words_are_gone(edits: list[tuple[str, str]]) -> None:
    """Whatever is edited: it never stands silently on other words."""
    editor = User.objects.get(username="editor")
    article = make_article()
    flag = receive(article, "le prove sono finite").flag
    for old, new in edits:
        html = article.current_revision.html
        changed = html.replace(old, new) if old in html else html.replace("</p>", f" {old}.</p>", 1)
        if changed == html:
            continue
        after = revise(article, (html, changed), by=editor)
        article.refresh_from_db()
        target = flag.targets.get(revision=after)
        if target.start is None:
            assert target.fate == "orphaned"
            assert "le prove sono finite" not in after.text
        else:
            assert after.text[target.start : target.end] == target.exact
            assert (target.exact == "le prove sono finite") == (target.fate in ("exact", "moved"))


# Letters that came otherwise


CAME = LATER - timedelta(days=1)


LETTER = flags.Copied(
    about=Article(),
    kind="rectification",
    message="Non l’ho mai detto.",
    name="Ida Bruni",
    how="PEC, ida@pec.example, protocollo 12",
    came_at=CAME,
    lang="it",
)


def enter(article: Article, by: User, *, uuid: UUID | None = None, **given: Any) -> Flag:
    return flags.enter(replace(LETTER, about=article, **given), uuid=uuid or uuid4(), by=by, at=LATER)


def test_the_days_of_a_letter_run_since_it_came(checker: User) -> None:
    flag = enter(make_article(), checker)
    assert (flag.at, flag.due, flag.entered_by) == (CAME, CAME + timedelta(days=2), checker)
    assert (flag.letter.message, flag.letter.name) == ("Non l’ho mai detto.", "Ida Bruni")
    deed = Deed.objects.latest("pk")
    assert (deed.verb, deed.before, deed.after) == ("flag.enter", {}, {})


def test_who_copied_a_rectification_does_not_publish_it(editor: User, checker: User) -> None:
    said = {"lang": "it", "by": editor, "at": LATER, "row_version": 1}
    with pytest.raises(Refused) as refused:
        flags.publish_rectification(enter(make_article(), editor), **said)
    assert refused.value.code == "entered_by"
    rectification = flags.publish_rectification(enter(make_article(), checker), **said)
    assert (rectification.words, rectification.name) == ("Non l’ho mai detto.", "Ida Bruni")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"how": "  "}, "how"),
        ({"came_at": LATER + timedelta(minutes=1)}, "came_at"),
        ({"came_at": LATER - timedelta(days=400)}, "came_at"),
        ({"message": " "}, "message"),
        ({"name": ""}, "name"),
    ],
)
def test_half_a_letter_is_not_entered(checker: User, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        enter(make_article(), checker, **given)
    assert refused.value.code == code
    assert not Flag.objects.exists()


def test_a_letter_that_is_entered_twice_is_one(checker: User) -> None:
    article, uuid = make_article(), uuid4()
    assert enter(article, checker, uuid=uuid) == enter(article, checker, uuid=uuid)
    for other in (
        {"message": "Altro."},
        {"name": "Ada"},
        {"how": "Posta"},
        {"kind": "reply"},
        {"lang": "en"},
    ):
        with pytest.raises(Sent):
            enter(article, checker, uuid=uuid, **other)
    with pytest.raises(Sent):
        enter(make_article(), checker, uuid=uuid)
    assert Flag.objects.count() == 1


def test_a_copy_is_corrected_until_it_is_decided_and_published_by_somebody_else(
    editor: User, checker: User
) -> None:
    flag, other = enter(make_article(), checker, name="Ida Brunni"), make_article()
    letter, given = replace(LETTER, about=other), {"by": editor, "at": LATER}
    flags.correct_copy(flag, letter=letter, **given, row_version=1)
    flag.refresh_from_db()
    assert (flag.subject, flag.letter.name, flag.entered_by) == (other, "Ida Bruni", editor)
    with pytest.raises(Overtaken):
        flags.correct_copy(flag, letter=letter, **given, row_version=1)
    said = {"lang": "it", "at": LATER, "row_version": 2}
    with pytest.raises(Refused) as refused:
        flags.publish_rectification(flag, by=editor, **said)
    assert refused.value.code == "entered_by"
    another = make_user()
    another.groups.add(Group.objects.get(name=EDITOR))
    flags.publish_rectification(flag, by=another, **said)
    flag.refresh_from_db()
    with pytest.raises(Refused):
        flags.correct_copy(flag, letter=letter, **given, row_version=flag.row_version)


def test_what_a_reader_wrote_is_nobodys_to_correct(checker: User) -> None:
    flag = make_flag()
    letter = replace(LETTER, about=flag.article)
    with pytest.raises(Refused) as refused:
        flags.correct_copy(flag, letter=letter, by=checker, at=LATER, row_version=1)
    assert refused.value.code == "letter"


def test_an_old_letter_is_kept_as_long_as_one_that_came_today(settings: Settings, checker: User) -> None:
    settings.KEEP_DAYS = {"address": 3, "letter": 9, "undecided": 20}
    flag = enter(make_article(), checker, came_at=LATER - timedelta(days=300))
    flags.forget(at=LATER + timedelta(days=19))
    assert FlagLetter.objects.filter(flag=flag).exists()


@pytest.mark.parametrize(
    ("how", "found"),
    [
        ("PEC da ida@pec.example, protocollo 12", 1),
        ("da <IDA@pec.example>.", 1),
        ("ida@pec.example.", 1),
        ("da frida@pec.example", 0),
        ("ida@pec.example.com", 0),
        ("per posta", 0),
    ],
)
def test_a_copied_letter_is_found_by_the_whole_address_it_came_from(
    checker: User, how: str, found: int
) -> None:
    enter(make_article(), checker, how=how)
    assert flags.forget_letters("ida@pec.example") == {"letters": found}
    assert FlagLetter.objects.count() == 1 - found


# What is kept on readers goes


def test_an_address_that_nobody_confirmed_goes_after_a_week() -> None:
    flag = make_flag(address="ida@lettori.example")
    flags.forget(at=THEN + timedelta(days=6))
    assert FlagLetter.objects.get(flag=flag).address
    flags.forget(at=THEN + timedelta(days=8))
    assert FlagLetter.objects.get(flag=flag).address == ""


def test_letters_go_after_the_days_of_the_settings_and_what_came_of_them_stays(settings: Settings) -> None:
    settings.KEEP_DAYS = {"address": 3, "letter": 9, "undecided": 20}
    done = make_flag(state="accepted", address="ida@lettori.example", confirmed_at=THEN)
    merged = make_flag(done.article, state="merged", merged_into=done, address="b@lettori.example")
    waits = make_flag(address="c@lettori.example", confirmed_at=THEN)
    done.answers.create(words="Grazie.", by=done.decided_by, at=LATER)
    Capability.grant("follow", at=THEN, lasts=timedelta(days=900), flag=done)
    flags.forget(at=LATER + timedelta(days=4))
    assert {letter.address for letter in FlagLetter.objects.filter(flag__in=[done, merged])} == {""}
    flags.forget(at=LATER + timedelta(days=10))
    assert not FlagLetter.objects.filter(flag__in=[done, merged]).exists()
    assert not done.answers.exists()
    assert not done.capabilities.exists()
    assert FlagLetter.objects.get(flag=waits).address
    done.refresh_from_db()
    assert done.outcome


def test_what_nobody_decided_on_goes_in_the_end_and_the_flag_stays_open(settings: Settings) -> None:
    settings.KEEP_DAYS = {"address": 3, "letter": 9, "undecided": 20}
    flag = make_flag(address="ida@lettori.example", confirmed_at=THEN)
    merged = make_flag(flag.article, state="merged", merged_into=flag)
    flags.forget(at=THEN + timedelta(days=19))
    assert FlagLetter.objects.filter(flag__in=[flag, merged]).count() == 2
    flags.forget(at=THEN + timedelta(days=21))
    assert not FlagLetter.objects.filter(flag__in=[flag, merged]).exists()
    flag.refresh_from_db()
    assert flag.is_open


def test_what_is_reopened_is_kept_as_long_again(settings: Settings, editor: User) -> None:
    settings.KEEP_DAYS = {"address": 3, "letter": 400, "undecided": 20}
    flag = make_flag(state="rejected", decided_at=THEN + timedelta(days=1))
    merged = make_flag(flag.article, state="merged", merged_into=flag)
    long_after = THEN + timedelta(days=300)
    links = [Capability.grant("follow", at=THEN, lasts=timedelta(days=301), flag=of) for of in (flag, merged)]
    flags.reopen(flag, by=editor, at=long_after, row_version=1)
    for secret in links:
        opened = Capability.objects.opening(secret, purpose="follow", at=long_after + timedelta(days=19))
        assert opened.exists()
    flags.forget(at=long_after + timedelta(days=19))
    assert FlagLetter.objects.filter(flag__in=[flag, merged]).count() == 2
    flags.forget(at=long_after + timedelta(days=21))
    assert not FlagLetter.objects.filter(flag__in=[flag, merged]).exists()


def test_nobody_is_answered_where_nobody_would_read_it(editor: User) -> None:
    flag = make_flag()
    secret = Capability.grant("follow", at=THEN, lasts=timedelta(days=900), flag=flag)
    flags.take_back(secret, at=LATER)
    with pytest.raises(Refused, match="cancellato"):
        flags.answer(flag, words="Grazie.", by=editor, at=LATER, row_version=flag.row_version)
    done = flags.reject(flag, words="", by=editor, at=LATER, row_version=flag.row_version)
    assert (done.state, done.answers.count()) == ("rejected", 0)


def test_who_wrote_deletes_it_all_and_those_who_said_the_same_keep_theirs() -> None:
    flag = make_flag(address="ida@lettori.example", confirmed_at=THEN)
    merged = make_flag(flag.article, state="merged", merged_into=flag)
    flag.answers.create(words="Ci guardiamo.", by=merged.decided_by, at=LATER)
    ReaderMail.objects.create(flag=flag, reason="answer", at=LATER)
    secret, other = (
        Capability.grant("follow", at=THEN, lasts=timedelta(days=900), flag=each) for each in (flag, merged)
    )
    flags.take_back(secret, at=LATER)
    assert not (FlagLetter.objects.filter(flag=flag) or flag.mails.all() or flag.capabilities.all())
    assert flag.answers.exists()  # it is theirs too, who said the same
    with pytest.raises(Refused):
        flags.take_back(secret, at=LATER)
    flags.take_back(other, at=LATER)
    assert not flag.answers.exists()


def test_who_deleted_what_they_wrote_and_sends_the_form_again_is_told() -> None:
    article, uuid = make_article(), uuid4()
    received = receive(article, uuid=uuid)
    flags.take_back(received.secret, at=received.flag.at)
    with pytest.raises(Sent):
        receive(article, uuid=uuid)


def test_a_flag_that_is_reopened_keeps_its_private_address(editor: User, settings: Settings) -> None:
    settings.KEEP_DAYS = {"address": 3, "letter": 9, "undecided": 900}
    flag = receive(make_article()).flag
    done = flags.reject(flag, words="No.", by=editor, at=LATER, row_version=flag.row_version)
    flags.reopen(done, by=editor, at=LATER, row_version=done.row_version)
    assert flag.capabilities.get().expires_at == flag.at + timedelta(days=900)


def test_the_private_address_opens_as_long_as_the_letter_is_kept(editor: User, settings: Settings) -> None:
    settings.KEEP_DAYS = {"address": 3, "letter": 9, "undecided": 900}
    flag = receive(make_article()).flag
    link = flag.capabilities.get()
    assert link.expires_at == flag.at + timedelta(days=900)
    flags.reject(flag, words="No.", by=editor, at=LATER, row_version=flag.row_version)
    link.refresh_from_db()
    assert link.expires_at == LATER + timedelta(days=9)
