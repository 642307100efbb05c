"""Which state of a thing readers are shown: what the ETag of a page is made of.

**The problem.** Whether a page changed has to be known without making it, and never wrongly. Each page
gathers rows of up to a dozen tables, which many things write: deeds, the admin, an import, a fixture, an
erasure. A list of them would miss one. And a counter that a transaction took back would be given out again,
for another page.

**So the database notices**, as it does for the search: triggers (`shown_triggers.py`) give a new token, made
by chance, to each thing that a written row is shown on, in the transaction of the write. Tokens never return:
not after a rollback, nor out of a backup, nor on another machine that shares a cache.

**No write waits for another.** Two deeds in two articles may both change what one claim shows. Who finds the
row of a thing locked adds a row beside it, on PostgreSQL, instead of waiting for an order that no deed could
keep. The state of a thing is all its rows.

**What is read** is one statement for each kind of page. An article knows itself: what is written of a claim
or a name is noted at the articles that show it. A page of a claim asks for the claim and for the articles
where it stands, which are few. Lists ask for everything. What was announced for a later moment is noted as
well, and counts once the moment is there: then no deed is done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Max, Q

from newsroom.text.codes import encode, uuid_range

from .article import Article
from .claim import Claim

#: What shared caches call everything that gathers things, and every page.
ALL, SITE = "all", "site"

_UUIDS = models.UUIDField()


@dataclass(frozen=True, slots=True)
class Version:
    """What a page shows: `mark` is another whenever it is, `changed` is when that was last, in seconds.

    `names` are the things that it is made of, as shared caches are told (`Surrogate-Key`).
    """

    mark: str
    changed: int
    names: tuple[str, ...]


class ShownQuerySet(models.QuerySet):
    def untold(self, *, at: datetime) -> Self:
        """What shared caches have not been told of yet; what is announced, once it is there."""
        due = ~Q(kind=Shown.Kind.LATER) | Q(key__lte=int(at.timestamp()))
        return self.filter(due).exclude(told=F("token"))

    def passed(self, *, at: datetime) -> Self:
        """Moments before the last one that has come: no page asks for them any more."""
        moments = self.filter(kind=Shown.Kind.LATER)
        last = moments.filter(key__lte=int(at.timestamp())).aggregate(last=Max("key"))["last"]
        return moments.filter(key__lt=last or 0)


class Shown(models.Model):
    """The state of one thing that is shown. Triggers write it, and `tasks/purging.py` what was told of it."""

    class Kind(models.TextChoices):
        ARTICLE = "article"
        CLAIM = "claim"
        #: What stands on every page: whose it is, the scale, who signs.
        SITE = "site"
        #: Everything that is public: for lists.
        ALL = "all"
        #: A moment, in seconds, at which something becomes public without a deed.
        LATER = "later"

    kind = models.CharField(max_length=8, choices=Kind)
    #: Of the article or claim; the moment; else 0.
    key = models.BigIntegerField()
    token = models.BigIntegerField()
    #: Seconds since 1970.
    at = models.BigIntegerField()
    #: The token that shared caches were told last.
    told = models.BigIntegerField(default=0)

    objects = ShownQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                name="shown_kind_known",
                condition=Q(kind__in=["article", "claim", "site", "all", "later"]),
            ),
        )
        indexes = (
            models.Index(name="shown_of", fields=("kind", "key")),
            # What is to be told: next to nothing of it.
            models.Index(name="shown_untold", fields=("id",), condition=~Q(told=F("token"))),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


#: Rows that lead to a claim, by what an address names: a condition on the claim, for the UUIDs with one code.
_CLAIM_OF = {
    "claim": "c.uuid BETWEEN %s AND %s",
    "review": "c.id IN (SELECT r.claim_id FROM newsroom_review AS r WHERE r.uuid BETWEEN %s AND %s)",
    "passage": "c.id IN (SELECT p.claim_id FROM newsroom_appearance AS p"
    " JOIN newsroom_annotation AS n ON n.id = p.annotation_id WHERE n.uuid BETWEEN %s AND %s)",
}


def version_of_article(slug: str, *, at: datetime) -> Version | None:
    """Of every page of the article with this address; None if readers find none there at this moment."""
    return _version(
        "SELECT 'article', a.id, a.uuid, s.token, s.at FROM newsroom_article AS a"
        " LEFT JOIN newsroom_shown AS s ON s.kind = 'article' AND s.key = a.id"
        " WHERE a.slug = %s AND a.published_at <= %s AND a.withdrawn_at IS NULL",
        [slug, at],
        at=at,
    )


def version_of_claim(code: str, *, at: datetime, by: str = "claim") -> Version | None:
    """Of every page of the claim with this code, public or not; None if there is none.

    `by` says what the code is of: the claim, a `review` of it, a `passage` that makes it.
    """
    bounds = uuid_range(code)
    if bounds is None:
        return None
    the_claim = _CLAIM_OF[by]
    # Where it stands, and where somebody says that somebody says it.
    around = "".join(
        " UNION SELECT 'article', a.id, a.uuid, s.token, s.at FROM newsroom_claim AS c"
        f" JOIN {table} AS t ON t.claim_id = c.id"
        " JOIN newsroom_annotation AS w ON w.id = t.annotation_id"
        " JOIN newsroom_article AS a ON a.id = w.article_id"
        " LEFT JOIN newsroom_shown AS s ON s.kind = 'article' AND s.key = a.id"
        f" WHERE a.published_at IS NOT NULL AND {the_claim}"
        for table in ("newsroom_appearance", "newsroom_attribution")
    )
    return _version(
        "SELECT 'claim', c.id, c.uuid, s.token, s.at FROM newsroom_claim AS c"
        f" LEFT JOIN newsroom_shown AS s ON s.kind = 'claim' AND s.key = c.id WHERE {the_claim}{around}",
        [*bounds] * 3,
        at=at,
    )


def version_of_everything(*, at: datetime) -> Version:
    """Of lists, feeds and whatever else gathers things from everywhere."""
    always = "SELECT 'all', 0, NULL, 0, 0 UNION ALL"
    version = _version(
        f"{always} SELECT s.kind, s.key, NULL, s.token, s.at FROM newsroom_shown AS s WHERE s.kind = 'all'",
        [],
        at=at,
    )
    assert version is not None
    return version


def _version(things: str, params: list[Any], *, at: datetime) -> Version | None:
    """One statement: `things` as kind, key, UUID, token, moment; and what stands on every page besides.

    None if there are no such things. It is asked where the page itself will be: a page may be newer than its
    version, and is then asked for again once; it must never be older.
    """
    connection = connections[router.db_for_read(Shown)]
    second = int(at.timestamp())
    statement = (
        f"{things} UNION ALL SELECT s.kind, s.key, NULL, s.token, s.at FROM newsroom_shown AS s"
        " WHERE s.kind = 'site' UNION ALL SELECT 'later', max(s.key), NULL, 0, 0 FROM newsroom_shown AS s"
        " WHERE s.kind = 'later' AND s.key <= %s"
    )
    if connection.vendor == "postgresql":
        statement = statement.replace("NULL, s.token", "NULL::uuid, s.token").replace(
            "NULL, 0", "NULL::uuid, 0"
        )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*(_stored(value, connection) for value in params), second])
        rows = cursor.fetchall()
    names, found = [], []
    for kind, key, uuid, token, changed in rows:
        found.append((kind, key or 0, token or 0, key or 0 if kind == Shown.Kind.LATER else changed or 0))
        if uuid is not None:
            names.append(name_of(kind, uuid if isinstance(uuid, UUID) else UUID(uuid)))
        elif kind == Shown.Kind.ALL:
            names.append(ALL)
    if not names:
        return None
    # Rows that lie beside each other, of one thing, come in any order.
    said = repr(sorted(found)).encode()
    mark = hashlib.blake2b(said, digest_size=12).hexdigest()
    return Version(mark, max(row[3] for row in found), tuple(dict.fromkeys([*names, SITE])))


def name_of(kind: str, uuid: UUID) -> str:
    """What shared caches call an article or a claim: by its code, never by its key."""
    return f"{kind}-{encode(uuid)}"


def names_of(rows: Iterable[Shown]) -> set[str]:
    """What shared caches call these things; of one that is gone there is no page left."""
    names: set[str] = set()
    keys: dict[str, set[int]] = {Shown.Kind.ARTICLE: set(), Shown.Kind.CLAIM: set()}
    for row in rows:
        match row.kind:
            case Shown.Kind.ARTICLE | Shown.Kind.CLAIM:
                keys[row.kind].add(row.key)
            case Shown.Kind.ALL:
                names.add(ALL)
            case _:
                # A page that waited for its moment may be any.
                names.add(SITE)
    for kind, model in ((Shown.Kind.ARTICLE, Article), (Shown.Kind.CLAIM, Claim)):
        uuids = model._base_manager.filter(pk__in=keys[kind]).values_list("uuid", flat=True)
        names |= {name_of(kind, uuid) for uuid in uuids}
    return names


def _stored(value: Any, connection: BaseDatabaseWrapper) -> Any:
    if isinstance(value, UUID):
        return _UUIDS.get_db_prep_value(value, connection)
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
