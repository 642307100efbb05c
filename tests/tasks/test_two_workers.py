"""Two workers share the outbox: real connections, real threads, a real mail server."""

from __future__ import annotations

from collections import Counter
from threading import Thread as Runner

from django.db import connection
from django.utils.timezone import now

from newsroom.models import Notice, User
from newsroom.tasks.notices import send_notices
from tests.local_mail import LocalMail
from tests.making import make_comment, make_notice


def test_two_workers_send_each_notice_once(committed: None, post: LocalMail) -> None:
    comment = make_comment(at=now())
    people = [
        User.objects.create(username=f"p{number}", is_staff=True, email=f"p{number}@redazione.example")
        for number in range(20)
    ]
    for person in people:
        make_notice(user=person, comment=comment, at=now())

    def work() -> None:
        send_notices.enqueue()
        connection.close()

    runners = [Runner(target=work) for _worker in range(2)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert Counter(letter["To"] for letter in post.letters) == Counter(person.email for person in people)
    assert set(Notice.objects.values_list("state", "attempts")) == {("sent", 1)}
