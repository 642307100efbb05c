"""Texts are read for suggestions: what the deeds left in the outbox is taken, read without a transaction, and
proposed. Nothing here makes anybody's saving fail: what goes wrong is logged, and the row says so."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from functools import partial

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now
from django_tasks import task

from newsroom.actions import suggestions
from newsroom.actions.refusals import Outdated
from newsroom.models import Article, Reading
from newsroom.models.reading import ReadingQuerySet
from newsroom.presenters.learned import learned_models
from newsroom.presenters.proposed import proposed

from .embedding import embed_soon

#: Texts that one task reads: without a worker it is done within a request. The command reads all.
AT_ONCE = 20

logger = logging.getLogger(__name__)


@task
def read_article(uuid: str) -> dict[str, int]:
    """The current text of an article, which somebody saved just now; whatever else waits goes on waiting."""
    current = Reading.objects.due(at=now()).of_current_texts().filter(revision__article__uuid=uuid)
    found = Counter(read(current))
    embed_soon()
    return dict(found)


def read_soon(article: Article) -> None:
    """Has the current text read once it is saved for good; whatever goes wrong there, it stays saved."""
    transaction.on_commit(partial(_enqueue, str(article.uuid)))


def _enqueue(uuid: str) -> None:
    try:
        read_article.enqueue(uuid)
    except Exception:
        # The text waits on: the next reader takes it, or the command.
        logger.exception("Nobody could be asked to read article %s.", uuid)


@task
def read_texts() -> dict[str, int]:
    """Texts that wait, the oldest first. A worker goes on as long as there are any."""
    due = Reading.objects.due(at=now()).order_by("at", "pk")
    found = Counter(read(due[:AT_ONCE]))
    if settings.HAS_WORKER and Reading.objects.filter(state=Reading.State.WAITING).exists():
        read_texts.enqueue()
    return dict(found)


def read(readings: ReadingQuerySet) -> Iterator[str]:
    """Reads these, one after another, and yields the state that each one has then."""
    for reading in readings.select_related("revision__by"):
        if state := _read(reading):
            yield state


def _read(reading: Reading) -> str:
    """The state that it has then; "" if somebody else was quicker."""
    if not reading.take(at=now()):
        return ""
    state, count, failure = _proposed(reading)
    reading.settle(state, proposed=count, failure=failure)
    return state


def _proposed(reading: Reading) -> tuple[str, int, str]:
    """The state that follows, how many suggestions came of it, and what was against it."""
    revision = reading.revision
    State = Reading.State
    try:
        article = Article.objects.select_related("current_revision").get(pk=revision.article_id)
        if article.current_revision_id != revision.pk:
            return str(State.OUTDATED), 0, ""
        found = proposed(article, models=learned_models(article.lang))
        made = suggestions.propose(
            article, proposals=found, by=revision.by, at=now(), based_on=revision.number
        )
    except Outdated:
        # The text that came in between has a row of its own.
        return str(State.OUTDATED), 0, ""
    except PermissionDenied:
        return str(State.FAILED), 0, "Whoever brought the text may not tag."
    except Exception as fault:
        logger.exception("Revision %s could not be read for suggestions.", revision.uuid)
        return str(State.FAILED), 0, f"{type(fault).__name__}: {fault}"[:300] or type(fault).__name__
    return str(State.DONE), len(made), ""
