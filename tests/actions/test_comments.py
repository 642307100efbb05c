"""Comments: a thread begins, is answered, resolved, reopened; who is called, and who takes part, is told."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from newsroom.actions import comments
from newsroom.actions.refusals import Refused
from newsroom.models import Annotation, Comment, Deed, Notice, Thread, User
from newsroom.models.comment import BODY_LENGTH
from tests.making import (
    LATER,
    THEN,
    make_annotation,
    make_appearance,
    make_article,
    make_claim,
    make_comment,
    make_thread,
    make_user,
)

pytestmark = pytest.mark.django_db

AFTERWARDS = LATER.replace(day=8)


@pytest.fixture
def annotation() -> Annotation:
    return make_annotation(make_article(), "la sindaca")


def told(comment: Comment) -> dict[str, str]:
    """Who gets a notice of this comment, and why."""
    return dict(comment.notices.values_list("user__username", "reason"))


def latest() -> Deed:
    return Deed.objects.latest("id")


# A thread


def test_a_comment_on_an_annotation_begins_a_thread(annotation: Annotation, reporter: User) -> None:
    written = comments.comment(annotation, body="Chi lo dice?", by=reporter, at=LATER)
    assert (written.thread.annotation, written.thread.claim) == (annotation, None)
    assert (written.by, written.at, written.body) == (reporter, LATER, "Chi lo dice?")
    assert (latest().verb, latest().article) == ("comment.add", annotation.article)
    assert [kind for kind, _uuid in latest().objects_touched] == ["comment", "thread", "annotation"]


def test_a_comment_on_a_claim_belongs_to_no_article(reporter: User) -> None:
    claim = make_appearance().claim
    written = comments.comment(claim, body="Chi lo dice?", by=reporter, at=LATER)
    assert (written.thread.annotation, written.thread.claim) == (None, claim)
    assert latest().article is None


def test_each_comment_on_a_thing_begins_a_thread_of_its_own_and_an_answer_continues_one(
    annotation: Annotation, reporter: User, checker: User
) -> None:
    first = comments.comment(annotation, body="Chi lo dice?", by=reporter, at=LATER)
    second = comments.comment(annotation, body="E quando?", by=reporter, at=LATER)
    answer = comments.comment(first.thread, body="La relazione.", by=checker, at=AFTERWARDS)
    assert first.thread != second.thread
    assert list(first.thread.comments.all()) == [first, answer]


def test_words_are_kept_as_paragraphs(annotation: Annotation, reporter: User) -> None:
    body = "\n\n Uno  \r\ndue\r\n\r\n\r\n\r\nCos\u0131\u0300\x00\n"
    written = comments.comment(annotation, body=body, by=reporter, at=LATER)
    assert written.body == "Uno\ndue\n\nCos\u0131\u0300"


@pytest.mark.parametrize(
    ("body", "code"), [("", "empty"), (" \n\u200b\n", "empty"), ("a" * (BODY_LENGTH + 1), "long")]
)
def test_nothing_and_too_much_are_refused(
    annotation: Annotation, reporter: User, body: str, code: str
) -> None:
    own = make_comment(by=reporter)
    for attempt in (
        lambda: comments.comment(annotation, body=body, by=reporter, at=LATER),
        lambda: comments.edit(own, body=body, by=reporter, at=LATER),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == code
    assert Thread.objects.on(annotation).count() == 0


def test_a_thread_is_resolved_and_reopened_and_nothing_of_it_goes(reporter: User, checker: User) -> None:
    thread = make_thread()
    resolved = comments.resolve(thread, by=reporter, at=LATER)
    assert (resolved.resolved_by, resolved.resolved_at) == (reporter, LATER)
    reopened = comments.reopen(thread, by=checker, at=AFTERWARDS)
    assert (reopened.resolved_by, reopened.resolved_at) == (None, None)
    assert thread.comments.count() == 1
    assert list(Deed.objects.order_by("-id").values_list("verb", "actor")[:2]) == [
        ("thread.reopen", checker.pk),
        ("thread.resolve", reporter.pk),
    ]


def test_what_another_did_first_is_not_done_twice(reporter: User) -> None:
    resolved, open_one = make_thread(resolved_by=make_user()), make_thread()
    with pytest.raises(Refused):
        comments.resolve(resolved, by=reporter, at=LATER)
    with pytest.raises(Refused):
        comments.reopen(open_one, by=reporter, at=LATER)


def test_a_resolved_thread_takes_an_answer_only_if_that_reopens_it(reporter: User) -> None:
    thread = make_thread(resolved_by=make_user())
    with pytest.raises(Refused) as refused:
        comments.comment(thread, body="Aspettate.", by=reporter, at=LATER)
    assert refused.value.code == "resolved"
    assert thread.comments.count() == 1

    answer = comments.comment(thread, body="Aspettate.", by=reporter, at=LATER, reopening=True)
    assert not answer.thread.is_resolved
    assert list(Deed.objects.order_by("id").values_list("verb", flat=True))[-2:] == [
        "thread.reopen",
        "comment.add",
    ]


# A changed comment


def test_a_changed_comment_leaves_what_it_said_in_the_log(reporter: User) -> None:
    comment = make_comment(body="Chi lo dise?", by=reporter)
    changed = comments.edit(comment, body="Chi lo dice?", by=reporter, at=AFTERWARDS)
    assert (changed.body, changed.at, changed.edited_at) == ("Chi lo dice?", THEN, AFTERWARDS)
    assert latest().verb == "comment.edit"
    assert (latest().before, latest().after) == ({"body": "Chi lo dise?"}, {"body": "Chi lo dice?"})


def test_a_comment_saved_as_it_was_is_not_changed(reporter: User) -> None:
    comment, count = make_comment(by=reporter), Deed.objects.count()
    assert comments.edit(comment, body=f" {comment.body}\r\n", by=reporter, at=AFTERWARDS).edited_at is None
    assert Deed.objects.count() == count


def test_nobody_changes_the_words_of_another(reporter: User, editor: User) -> None:
    comment = make_comment(by=reporter, body="Chi lo dice?")
    with pytest.raises(PermissionDenied):
        comments.edit(comment, body="Va bene così.", by=editor, at=AFTERWARDS)
    comment.refresh_from_db()
    assert comment.body == "Chi lo dice?"


# Who is called, and told


def test_who_is_called_is_noted_and_told(annotation: Annotation, reporter: User, editor: User) -> None:
    body = "@Editor, che dici? Scrivi a checker@redazione.example, non a @nessuno."
    written = comments.comment(annotation, body=body, by=reporter, at=LATER)
    assert list(written.mentions.all()) == [editor]
    assert told(written) == {"editor": "mentioned"}
    notice = Notice.objects.get()
    assert (notice.state, notice.at, notice.attempts) == ("waiting", LATER, 0)


def test_who_takes_part_is_told_of_an_answer_but_never_of_their_own(
    annotation: Annotation, reporter: User, checker: User, editor: User
) -> None:
    first = comments.comment(annotation, body="Che dici, @reporter e @editor?", by=reporter, at=LATER)
    assert told(first) == {"editor": "mentioned"}
    second = comments.comment(first.thread, body="Dico di no.", by=checker, at=LATER)
    assert told(second) == {"reporter": "answered"}
    third = comments.comment(first.thread, body="@checker, perché?", by=reporter, at=LATER)
    assert told(third) == {"checker": "mentioned"}


def test_who_left_or_turned_notices_off_or_has_no_address_is_not_told(
    annotation: Annotation, reporter: User, checker: User, editor: User
) -> None:
    User.objects.filter(pk=checker.pk).update(notices=False)
    User.objects.filter(pk=editor.pk).update(email="")
    make_user(username="andata", is_staff=True, is_active=False, email="andata@redazione.example")
    make_user(username="lettrice", email="lettrice@example.org")
    body = "@checker @editor @andata @lettrice"
    written = comments.comment(annotation, body=body, by=reporter, at=LATER)
    assert set(written.mentions.all()) == {checker, editor}
    assert told(written) == {}


def test_who_is_called_by_a_change_is_told_once(reporter: User, checker: User, editor: User) -> None:
    comment = comments.comment(make_claim(), body="@editor, guarda.", by=reporter, at=LATER)
    comments.edit(comment, body="@editor e @checker, guardate.", by=reporter, at=AFTERWARDS)
    assert told(comment) == {"editor": "mentioned", "checker": "mentioned"}
    assert comment.notices.count() == 2

    changed = comments.edit(comment, body="Guardate.", by=reporter, at=AFTERWARDS)
    assert list(changed.mentions.all()) == []


# Which threads are where


def test_the_threads_of_an_article_are_those_on_its_annotations_and_on_claims_that_stand_in_it() -> None:
    article = make_article()
    on_words = make_thread(make_annotation(article, "Il ponte"))
    on_claim = make_thread(make_appearance(article).claim)
    make_thread(make_annotation(make_article(), "Il ponte"))
    make_thread(make_appearance(article, state=Annotation.State.WITHDRAWN).claim)
    make_thread()
    assert set(Thread.objects.in_article(article)) == {on_words, on_claim}


def test_a_thread_that_mentions_twice_is_found_once(editor: User) -> None:
    thread = make_thread()
    for _time in range(2):
        make_comment(thread, mentions=[editor])
    make_thread()
    assert list(Thread.objects.mentioning(editor)) == [thread]


def test_the_thread_with_the_last_comment_stands_first() -> None:
    older, newer = make_thread(), make_thread()
    assert list(Thread.objects.latest_first())[:2] == [newer, older]
    make_comment(older, at=LATER)
    assert list(Thread.objects.latest_first())[:2] == [older, newer]
