"""The newsroom that faults happen in, seen from inside: made before, and looked through afterwards.

A process of its own does both, on the database that the served site has (`DATABASE_URL`):
`python -m tests.faults.world make` tells whom and what there is, `… look` reads on its standard input what
was tried, and tells everything that is wrong: each deed is there whole or not at all, what was acknowledged
is there once, and no row hangs in the air. `… rest` lets the time pass after which the desk is offered to go
on with an import whose process was killed. What others wrote, as the seed's people, is looked at as well,
where it must hold of all rows.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from io import StringIO
from typing import Any

import django
from django.core.management import call_command

#: People who write at once, words of the article that each tags, drafts that each publishes.
PEOPLE, WORDS, DRAFTS = int(os.environ.get("WORLD_PEOPLE", "4")), 400, 60


def make() -> dict[str, Any]:
    """Editors with a session, a token, a claim, articles to change, to tag and to publish."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import Group

    from newsroom.actions import roles
    from tests.making import make_article, make_claim, make_entity, make_token, make_user

    roles.sync()
    text = " ".join(f"parola{number}" for number in range(WORDS))
    made = []
    for number in range(PEOPLE):
        user = make_user(username=f"scrive-{number}", is_staff=True)
        user.groups.set([Group.objects.get(name="Editor")])
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        secret = f"ctl_{secrets.token_urlsafe(32)}"
        make_token(secret, user=user)
        tagged = make_article(html=f"<p>{text}</p>", by=user)
        drafts = [make_article(published_at=None, by=user) for _draft in range(DRAFTS)]
        made.append(
            {
                "session": session.session_key,
                "token": secret,
                "claim": make_claim().code,
                "changed": make_article(html="<p>Il ponte è lungo.</p>", by=user).slug,
                "tagged": {"id": str(tagged.uuid), "text": text},
                "entity": str(make_entity().uuid),
                "drafts": [draft.pk for draft in drafts],
            }
        )
    return {"people": made}


def ours(model: Any) -> Any:
    """What the people of `make` did."""
    who = "actor" if model.__name__ == "Deed" else "by"
    return model._default_manager.filter(**{f"{who}__username__startswith": "scrive-"})


def rest() -> list[str]:
    """The pages of imports that stand still: whoever opens one finds a button that goes on."""
    from django.utils.timezone import now

    from newsroom.models import Import
    from newsroom.models.imports import SILENT

    still = Import.objects.filter(state__in=("waiting", "storing"))
    still.update(moved_at=now() - SILENT * 2)
    return [f"/desk/imports/{row.code}/" for row in still]


def look(tried: dict[str, Any]) -> list[str]:
    """What is wrong, in words; nothing if all is well."""
    return [*_what_was_tried(tried), *_whole(), *_in_order()]


def _what_was_tried(tried: dict[str, Any]) -> Iterator[str]:
    """`tried` has by kind the marks of what was sent, each with whether it was acknowledged."""
    from newsroom.models import Article, Comment, Deed, Import, Revision, Target

    def count(kind: str, found: Counter[str]) -> Iterator[str]:
        for mark, acknowledged in tried[kind].items():
            if acknowledged and not found[mark]:
                yield f"lost: {kind} {mark}"
            if found[mark] > 1:
                yield f"doubled: {kind} {mark}"
        if strange := found.keys() - tried[kind].keys():
            yield f"nobody tried: {kind} {sorted(strange)[:3]}"

    yield from count("comment", Counter(ours(Comment).values_list("body", flat=True)))
    yield from count("revise", Counter(ours(Revision).exclude(note="").values_list("note", flat=True)))
    places = Target.objects.filter(annotation__kind="mention", exact__startswith="parola")
    tags = places.values_list("annotation__article__uuid", "start")
    yield from count("tag", Counter(f"{article} {start}" for article, start in tags))
    published = ours(Deed).filter(verb="article.publish").values_list("article__pk", flat=True)
    yield from count("publish", Counter(map(str, published)))
    for mark, acknowledged in tried["publish"].items():
        is_public = Article.objects.get(pk=mark).published_at is not None
        if acknowledged != is_public and acknowledged:
            yield f"lost: publication of {mark}"
    headlines = Counter(
        Article.objects.filter(headline__startswith="nota ").values_list("headline", flat=True)
    )
    for mark, acknowledged in tried["import"].items():
        found = [headlines[f"nota {mark} {number}"] for number in range(tried["notes"])]
        if set(found) - ({1} if acknowledged else {0, 1}):
            yield f"import {mark}: {found}"
        if not acknowledged and len(set(found)) > 1:
            yield f"import {mark} by halves: {found}"
    for row in Import.objects.exclude(state__in=("read", "stored")):
        yield f"import {row.file_name} stays {row.state} ({row.message})"


def _whole() -> Iterator[str]:
    """Every row has the deed that made it, and what belongs to it."""
    from newsroom.models import Annotation, Article, Comment, Deed, Import, Revision, Target, Thread

    told = {
        uuid for touched in Deed.objects.values_list("objects_touched", flat=True) for _kind, uuid in touched
    }
    # What a program proposes is no deed of the desk: it is there with its row, and no word of it is public.
    tags = ours(Annotation).exclude(state="suggested")
    if bare := Annotation.objects.filter(state="suggested", suggestion=None).count():
        yield f"{bare} suggestions of which only the place is there"
    for model, rows in ((Comment, ours(Comment)), (Annotation, tags), (Import, ours(Import))):
        for row in rows:
            if str(row.uuid) not in told:
                yield f"without its deed: {model.__name__} {row.pk}"
    revisions = ours(Revision).filter(number__gt=1).count()
    deeds = ours(Deed).filter(verb="article.revise").count()
    if revisions != deeds:
        yield f"{revisions} changed texts and {deeds} deeds"
    told_public = ours(Deed).filter(verb="article.publish").values("article")
    if hidden := Article.objects.filter(pk__in=told_public, published_at=None).count():
        yield f"{hidden} articles of which only the deed says that they are public"
    if bare := Thread.objects.filter(comments=None).count():
        yield f"{bare} threads without a comment"
    if bare := Annotation.objects.filter(targets=None).count():
        yield f"{bare} annotations without a place"
    if bare := Article.objects.filter(current_revision=None).count():
        yield f"{bare} articles without a text"
    for article in Article.objects.select_related("current_revision"):
        if article.current_revision.number != article.revisions.count():
            yield f"{article.slug}: {article.revisions.count()} texts, the last is not the current one"
    for target in Target.objects.select_related("revision"):
        if target.revision.text[target.start : target.end] != target.exact:
            yield f"target {target.pk} stands on other words"


def _in_order() -> Iterator[str]:
    """The database itself: keys lead somewhere, the file is sound, the search finds what is there."""
    from django.db import DatabaseError, connection

    try:
        connection.check_constraints()
    except DatabaseError as broken:
        yield f"a key leads nowhere: {broken}"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            if (found := cursor.fetchall()) != [("ok",)]:
                yield f"the file is broken: {found[:3]}"
    said = StringIO()
    try:
        call_command("rebuild_search", "--check", stdout=said, stderr=said)
    except (SystemExit, Exception) as broken:
        yield f"the search is out of step: {said.getvalue()[-500:]} {broken}"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    said: Any = {"make": make, "rest": rest}.get(sys.argv[1], lambda: look(json.load(sys.stdin)))()
    json.dump(said, sys.stdout)
