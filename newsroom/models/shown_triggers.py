"""The triggers of `Shown`: which things are shown anew by the writing of a row.

Each rule names a table and, in SQL, the articles and claims on whose pages its rows stand: a query over
`changed`, the rows that were written, as they were and as they are. On PostgreSQL a trigger runs once for
each statement, on SQLite once for each row. They are laid after every `migrate`, as those of the search are.

What an article shows of a claim is noted at the article, so that the page of an article, which may have
thousands of claims, asks for itself alone. Articles that nobody could read yet are left out: to publish one
writes its own row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

SHOWN = "newsroom_shown"

#: Nothing is shown of suggestions; of what was withdrawn, in earlier texts.
_SHOWN_STATES = "('accepted', 'withdrawn')"


def _articles_of_annotations(column: str) -> str:
    return (
        "SELECT n.article_id AS key FROM newsroom_annotation AS n JOIN newsroom_article AS a"
        f" ON a.id = n.article_id AND a.published_at IS NOT NULL WHERE n.id IN (SELECT {column} FROM changed)"
        f" AND n.state IN {_SHOWN_STATES}"
    )


def _articles(column: str) -> str:
    return (
        "SELECT a.id AS key FROM newsroom_article AS a WHERE a.published_at IS NOT NULL"
        f" AND a.id IN (SELECT {column} FROM changed)"
    )


def _claims(keys: str) -> str:
    """These claims, and those that a relation joins with them: each is shown on the page of the other."""
    return (
        f"{keys} UNION SELECT r.target_id FROM newsroom_claimrelation AS r WHERE r.source_id IN ({keys})"
        f" UNION SELECT r.source_id FROM newsroom_claimrelation AS r WHERE r.target_id IN ({keys})"
    )


def _where_they_stand(claims: str) -> str:
    return (
        "SELECT n.article_id AS key FROM newsroom_appearance AS p JOIN newsroom_annotation AS n"
        f" ON n.id = p.annotation_id AND n.state IN {_SHOWN_STATES} JOIN newsroom_article AS a"
        f" ON a.id = n.article_id AND a.published_at IS NOT NULL WHERE p.claim_id IN ({claims})"
    )


def _naming(entities: str) -> str:
    """Articles that name these entities, or quote a source that is one of them."""
    return (
        "SELECT n.article_id AS key FROM newsroom_mention AS m JOIN newsroom_annotation AS n"
        f" ON n.id = m.annotation_id JOIN newsroom_article AS a ON a.id = n.article_id"
        f" AND a.published_at IS NOT NULL WHERE m.entity_id IN ({entities})"
    )


def _quoting(sources: str) -> str:
    return (
        "SELECT n.article_id AS key FROM newsroom_attribution AS t JOIN newsroom_annotation AS n"
        " ON n.id = t.annotation_id JOIN newsroom_article AS a ON a.id = n.article_id"
        f" AND a.published_at IS NOT NULL WHERE t.source_id IN ({sources})"
    )


def _claimed_by(sources: str) -> str:
    return f"SELECT c.id AS key FROM newsroom_claim AS c WHERE c.claimant_id IN ({sources})"


def _backed_by(documents: str) -> str:
    return f"SELECT e.claim_id AS key FROM newsroom_evidence AS e WHERE e.document_id IN ({documents})"


@dataclass(frozen=True, slots=True)
class Rule:
    """`reads` are the columns of `changed` that the queries need; `site` and `everything` hold for any row.

    Lists are others if an article is, or if `lists` finds a row.
    `columns` are those whose change counts: all, if none are named.
    """

    model: str
    reads: tuple[str, ...] = ()
    articles: str = ""
    claims: str = ""
    lists: str = ""
    site: bool = False
    everything: bool = False
    columns: tuple[str, ...] = ()
    #: Whether a row is shown as soon as it is there.
    at_once: bool = True

    @property
    def events(self) -> tuple[str, ...]:
        return ("insert", "update", "delete") if self.at_once else ("update", "delete")


def _of_claims(model: str, keys: str, *reads: str, **more: bool) -> Rule:
    """What is written of claims, wherever these are shown."""
    claims = _claims(keys)
    return Rule(model, reads, articles=_where_they_stand(claims), claims=claims, **more)


_OF_ENTITY = {
    column: {
        "articles": f"{_naming(keys)} UNION "
        + _quoting(f"SELECT s.id FROM newsroom_source AS s WHERE s.entity_id IN ({keys})"),
        "claims": _claimed_by(f"SELECT s.id FROM newsroom_source AS s WHERE s.entity_id IN ({keys})"),
    }
    for column, keys in (
        ("id", "SELECT id FROM changed"),
        ("entity_id", "SELECT entity_id FROM changed"),
    )
}
_SOURCES = "SELECT id FROM changed"
_STANDING_IN = (
    "SELECT p.claim_id AS key FROM newsroom_appearance AS p JOIN newsroom_annotation AS n"
    " ON n.id = p.annotation_id WHERE n.article_id IN (SELECT id FROM changed)"
)
_APPEARING = (
    "SELECT p.claim_id AS key FROM newsroom_appearance AS p WHERE p.annotation_id IN"
    f" (SELECT id FROM changed WHERE state IN {_SHOWN_STATES})"
)


def _replied_by(sources: str) -> str:
    """Claims beside which an accepted reply stands, of whom these sources name."""
    return (
        "SELECT q.claim_id AS key FROM newsroom_requestforcomment AS q JOIN newsroom_reply AS y"
        f" ON y.request_id = q.id AND y.state = 'accepted' WHERE q.source_id IN ({sources})"
    )


_REPLIED_TO = (
    "SELECT q.claim_id AS key FROM newsroom_requestforcomment AS q WHERE q.id IN"
    " (SELECT request_id FROM changed WHERE state = 'accepted')"
)

RULES = (
    # An article, and what hangs on it
    Rule(
        "Article",
        ("id", "published_at"),
        # Also one that is public no more; and where its claims stand, which may have been public by it alone.
        articles="SELECT id AS key FROM changed WHERE published_at IS NOT NULL UNION "
        + _where_they_stand(_claims(_STANDING_IN)),
        claims=_claims(_STANDING_IN),
    ),
    Rule("ArticleAddress", ("article_id",), _articles("article_id")),
    Rule("Revision", ("article_id",), _articles("article_id")),
    Rule("Correction", ("article_id",), _articles("article_id")),
    Rule(
        "Correction_claims",
        ("correction_id", "claim_id"),
        "SELECT k.article_id AS key FROM newsroom_correction AS k"
        " WHERE k.id IN (SELECT correction_id FROM changed)",
        "SELECT claim_id AS key FROM changed",
    ),
    Rule(
        "Annotation",
        ("id", "article_id", "state"),
        "SELECT a.id AS key FROM newsroom_article AS a WHERE a.published_at IS NOT NULL AND a.id IN"
        f" (SELECT article_id FROM changed WHERE state IN {_SHOWN_STATES}) UNION "
        # A claim that is public by it alone is on the maps of those that it is related to.
        + _where_they_stand(_claims(_APPEARING)),
        _claims(_APPEARING),
    ),
    Rule("Target", ("annotation_id",), _articles_of_annotations("annotation_id")),
    Rule("Mention", ("annotation_id",), _articles_of_annotations("annotation_id")),
    Rule("Attribution", ("annotation_id",), _articles_of_annotations("annotation_id")),
    # A claim
    Rule(
        "Appearance",
        ("annotation_id", "claim_id"),
        f"{_articles_of_annotations('annotation_id')} UNION "
        + _where_they_stand(_claims("SELECT claim_id AS key FROM changed")),
        _claims("SELECT claim_id AS key FROM changed"),
    ),
    _of_claims("Claim", "SELECT id AS key FROM changed", "id"),
    _of_claims("ClaimWording", "SELECT claim_id AS key FROM changed", "claim_id"),
    _of_claims(
        "ClaimRelation",
        "SELECT source_id AS key FROM changed UNION SELECT target_id FROM changed",
        "source_id",
        "target_id",
    ),
    _of_claims(
        "Review",
        "SELECT claim_id AS key FROM changed WHERE published_at IS NOT NULL",
        "claim_id",
        "published_at",
    ),
    _of_claims("Evidence", "SELECT claim_id AS key FROM changed", "claim_id"),
    _of_claims("Assignment", "SELECT claim_id AS key FROM changed", "claim_id"),
    _of_claims("RequestForComment", "SELECT claim_id AS key FROM changed", "claim_id"),
    _of_claims("Document", _backed_by("SELECT id FROM changed"), "id", everything=True),
    _of_claims("StoredCopy", _backed_by("SELECT document_id FROM changed"), "document_id"),
    _of_claims("DocumentCheck", _backed_by("SELECT document_id FROM changed"), "document_id"),
    # Names
    Rule(
        "Source",
        ("id",),
        f"{_quoting(_SOURCES)} UNION {_where_they_stand(_claims(_claimed_by(_SOURCES)))}"
        f" UNION {_where_they_stand(_replied_by(_SOURCES))}",
        f"{_claims(_claimed_by(_SOURCES))} UNION {_replied_by(_SOURCES)}",
        everything=True,
    ),
    # Whoever is confidential is not named under what they replied.
    Rule(
        "ConfidentialSource",
        ("source_id",),
        _where_they_stand(_replied_by("SELECT source_id FROM changed")),
        _replied_by("SELECT source_id FROM changed"),
    ),
    Rule("Entity", ("id",), **_OF_ENTITY["id"], everything=True),
    Rule("EntityAlias", ("entity_id",), **_OF_ENTITY["entity_id"], everything=True),
    Rule("EntityIdentifier", ("entity_id",), **_OF_ENTITY["entity_id"], everything=True),
    # What came of a reader's flag
    Rule(
        "Flag",
        ("article_id", "claim_id", "state"),
        _articles("article_id").removesuffix(")")
        + " WHERE state = 'accepted') UNION "
        + _where_they_stand("SELECT claim_id AS key FROM changed WHERE state = 'accepted'"),
        "SELECT claim_id AS key FROM changed WHERE state = 'accepted' AND claim_id IS NOT NULL",
        lists="SELECT 0 AS key FROM changed WHERE state IN ('accepted', 'rejected')",
    ),
    Rule(
        "FlagTarget",
        ("flag_id",),
        "SELECT a.id AS key FROM newsroom_article AS a WHERE a.published_at IS NOT NULL AND a.id IN"
        " (SELECT f.article_id FROM newsroom_flag AS f WHERE f.state = 'accepted'"
        " AND f.id IN (SELECT flag_id FROM changed))",
    ),
    # What somebody who is named answers
    Rule(
        "Rectification",
        ("flag_id",),
        "SELECT a.id AS key FROM newsroom_article AS a WHERE a.published_at IS NOT NULL AND a.id IN"
        " (SELECT f.article_id FROM newsroom_flag AS f WHERE f.id IN (SELECT flag_id FROM changed))",
        "SELECT f.claim_id AS key FROM newsroom_flag AS f WHERE f.claim_id IS NOT NULL"
        " AND f.id IN (SELECT flag_id FROM changed)",
        everything=True,
    ),
    # What the newsroom says of itself
    Rule("Page", everything=True),
    Rule("PageVersion", everything=True),
    # What whom a claim is about replied
    Rule(
        "Reply",
        ("request_id", "state"),
        _where_they_stand(_REPLIED_TO),
        _REPLIED_TO,
    ),
    # What stands on every page
    Rule("Newsroom", site=True),
    Rule("Policy", site=True),
    Rule("Imprint", everything=True),
    Rule("RatingScale", site=True),
    Rule("RatingLevel", site=True),
    Rule("RatingLabel", site=True),
    # Who has just got an account has signed nothing yet.
    Rule(
        "User",
        site=True,
        columns=("username", "first_name", "last_name", "role_title", "signature"),
        at_once=False,
    ),
)


def rules() -> list[Rule]:
    """Those of tables that there are: a rule may be written before its table is."""
    there = apps.all_models["newsroom"]
    return [rule for rule in RULES if rule.model.lower() in there]


def watched() -> set[str]:
    """The tables whose rows are shown somewhere."""
    return {_model(rule)._meta.db_table for rule in rules()}


def lay(connection: BaseDatabaseWrapper) -> None:
    """Lays all triggers anew; none while the tables are not there yet."""
    with connection.cursor() as cursor:
        there = connection.introspection.table_names(cursor)
        if SHOWN in there and watched() <= set(there):
            for statement in statements(connection.vendor):
                cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Takes the triggers away while tables are changed, where that is needed."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for rule in rules():
                for event in ("insert", "update", "delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {_name(rule, event)}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of the triggers that are not there."""
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        there = {name for (name,) in cursor.fetchall()}
    wanted = [_name(rule, event) for rule in rules() for event in rule.events]
    return [name for name in wanted if name not in there]


def statements(vendor: str) -> Iterator[str]:
    if vendor == "postgresql":
        yield _SHOW_ANEW
    for rule in rules():
        yield from _on_sqlite(rule) if vendor == "sqlite" else _on_postgresql(rule)


def _model(rule: Rule) -> type[Model]:
    return apps.get_model("newsroom", rule.model, require_ready=False)


def _name(rule: Rule, event: str) -> str:
    return f"{_model(rule)._meta.db_table}_shows_{event}"


def _columns(rule: Rule) -> list[str]:
    return list(rule.columns) or [field.column for field in _model(rule)._meta.local_concrete_fields]


def _later(rule: Rule) -> bool:
    """An article may be published at a moment that is still to come."""
    return rule.model == "Article"


# SQLite: for each row. There is one writer at a time, so a thing has one row.

_SECOND = "CAST(strftime('%s', 'now') AS INTEGER)"
_STATES = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


def _on_sqlite(rule: Rule) -> Iterator[str]:
    table = _model(rule)._meta.db_table
    for event in rule.events:
        states = _STATES[event]
        rows = " UNION ".join(
            "SELECT " + ", ".join(f'{state}."{column}" AS "{column}"' for column in rule.reads or ("id",))
            for state in states
        )
        when = ""
        if event == "update":
            differs = (f'OLD."{column}" IS NOT NEW."{column}"' for column in _columns(rule))
            when = f" WHEN {' OR '.join(differs)}"
        body = " ".join(_noted_on_sqlite(rule, rows))
        if _later(rule) and event != "delete":
            moment = "CAST(strftime('%s', NEW.published_at) AS INTEGER)"
            body += (
                f" INSERT INTO {SHOWN} (kind, key, token, at, told)"
                f" SELECT 'later', {moment} + 1, random(), {_SECOND}, 0 WHERE {moment} >= {_SECOND};"
            )
        yield f"DROP TRIGGER IF EXISTS {_name(rule, event)}"
        yield (f"CREATE TRIGGER {_name(rule, event)} AFTER {event.upper()} ON {table}{when} BEGIN {body} END")


def _noted_on_sqlite(rule: Rule, rows: str) -> Iterator[str]:
    def over(query: str) -> str:
        return query.replace("FROM changed", f"FROM ({rows})")

    for kind, query in (("claim", rule.claims), ("article", rule.articles)):
        if query:
            yield from _anew_on_sqlite(kind, over(query))
    if rule.site:
        yield from _anew_on_sqlite("site", "SELECT 0 AS key")
    if rule.everything or rule.site:
        yield from _anew_on_sqlite("all", "SELECT 0 AS key")
    elif rule.lists or rule.articles:
        found = over(rule.lists or rule.articles)
        yield from _anew_on_sqlite("all", f"SELECT 0 AS key WHERE EXISTS ({found})")


def _anew_on_sqlite(kind: str, keys: str) -> Iterator[str]:
    yield (
        f"UPDATE {SHOWN} SET token = random(), at = {_SECOND}"
        f" WHERE kind = '{kind}' AND key IN (SELECT key FROM ({keys}));"
    )
    yield (
        f"INSERT INTO {SHOWN} (kind, key, token, at, told)"
        f" SELECT DISTINCT '{kind}', k.key, random(), {_SECOND}, 0 FROM ({keys}) AS k WHERE NOT EXISTS"
        f" (SELECT 1 FROM {SHOWN} AS s WHERE s.kind = '{kind}' AND s.key = k.key);"
    )


# PostgreSQL: for each statement. Nobody waits: beside a row that is locked there comes another.

_SHOW_ANEW = f"""
CREATE OR REPLACE FUNCTION newsroom_show_anew(of_kind text, keys bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH free AS (
        SELECT id, key FROM {SHOWN} WHERE kind = of_kind AND key = ANY (keys) FOR UPDATE SKIP LOCKED
    ), noted AS (
        UPDATE {SHOWN} AS s SET token = hashtextextended(gen_random_uuid()::text, 0),
            at = extract(epoch FROM clock_timestamp())::bigint
        FROM free WHERE s.id = free.id
    )
    INSERT INTO {SHOWN} (kind, key, token, at, told)
    SELECT of_kind, k, hashtextextended(gen_random_uuid()::text, 0),
        extract(epoch FROM clock_timestamp())::bigint, 0
    FROM unnest(keys) AS k WHERE k NOT IN (SELECT key FROM free);
END $$
"""


def _on_postgresql(rule: Rule) -> Iterator[str]:
    table = _model(rule)._meta.db_table
    reads = ", ".join(f'"{column}"' for column in rule.reads or ("id",))
    key = _model(rule)._meta.pk.column
    for event in rule.events:
        name = _name(rule, event)
        if event == "update":
            tables = "REFERENCING OLD TABLE AS was NEW TABLE AS became"
            old, new = (
                ", ".join(f'{state}."{column}"' for column in _columns(rule)) for state in ("was", "became")
            )
            differing = (
                f"SELECT was.{key} FROM was JOIN became ON became.{key} = was.{key}"
                f" WHERE ({old}) IS DISTINCT FROM ({new})"
            )
            rows = (
                f"WITH differing AS ({differing})"
                f" SELECT {reads} FROM was WHERE {key} IN (SELECT {key} FROM differing)"
                f" UNION SELECT {reads} FROM became WHERE {key} IN (SELECT {key} FROM differing)"
            )
        else:
            tables = f"REFERENCING {'OLD' if event == 'delete' else 'NEW'} TABLE AS written"
            rows = f"SELECT {reads} FROM written"
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ DECLARE articles bigint[]; claims bigint[]; lists bigint[]; written_any boolean;"
            f" BEGIN {_noted_on_postgresql(rule, rows, event)} RETURN NULL; END $$"
        )
        yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
        yield (
            f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table} {tables}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def _noted_on_postgresql(rule: Rule, rows: str, event: str) -> str:
    def gathered(query: str) -> str:
        return f"ARRAY(SELECT DISTINCT key FROM ({query}) AS k)" if query else "'{}'"

    later = ""
    if _later(rule) and event != "delete":
        moment, now = (
            f"floor(extract(epoch FROM {when}))::bigint" for when in ("published_at", "clock_timestamp()")
        )
        later = (
            f" INSERT INTO {SHOWN} (kind, key, token, at, told) SELECT 'later', {moment} + 1,"
            f" hashtextextended(gen_random_uuid()::text, 0), {now}, 0"
            f" FROM {'became' if event == 'update' else 'written'} WHERE {moment} >= {now};"
        )
    everything = "true" if rule.everything or rule.site else "cardinality(articles || lists) > 0"
    return (
        f"WITH changed AS ({rows}) SELECT EXISTS (SELECT 1 FROM changed), {gathered(rule.articles)},"
        f" {gathered(rule.claims)}, {gathered(rule.lists)} INTO written_any, articles, claims, lists;"
        " IF NOT written_any THEN RETURN NULL; END IF;"
        " IF cardinality(claims) > 0 THEN PERFORM newsroom_show_anew('claim', claims); END IF;"
        " IF cardinality(articles) > 0 THEN PERFORM newsroom_show_anew('article', articles); END IF;"
        + (" PERFORM newsroom_show_anew('site', ARRAY[0::bigint]);" if rule.site else "")
        + f" IF {everything} THEN PERFORM newsroom_show_anew('all', ARRAY[0::bigint]); END IF;"
        + later
    )
