"""What is searched is in step with the rows: whatever writes one writes the other, or cannot commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from importlib import import_module
from threading import Thread
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from newsroom.actions import articles, claims
from newsroom.models import (
    Article,
    Claim,
    ClaimWording,
    Document,
    Entity,
    EntityAlias,
    EntityIdentifier,
    Evidence,
    Policy,
    SearchDebt,
    Source,
    User,
    search_triggers,
)
from newsroom.models.search_entries import ENTRIES
from newsroom.models.searchable import KeptInStep, KeptInStepQuerySet, SearchEntry, Watched, pay_debts
from tests.making import (
    LATER,
    make_article,
    make_claim,
    make_document,
    make_entity,
    make_evidence,
    make_revision,
    make_source,
)
from tests.waiting import somebody_waits

WATCHED = [(entry, watched) for entry in ENTRIES for watched in entry.watched]


def kind_of(entry: type[SearchEntry]) -> type[models.Model]:
    return entry._meta.get_field("row").related_model


def model_of(watched: Watched) -> type[models.Model]:
    return apps.get_model("newsroom", watched.model)


def out_of_step() -> list[tuple[str, int]]:
    """The rows whose entry is not what their words say, and the debts that nobody paid."""
    owed = list(SearchDebt.objects.values_list("kind", "key"))
    return owed + [
        (entry._meta.model_name, key)
        for entry in ENTRIES
        for key in entry.differing(kind_of(entry)._base_manager.values_list("pk", flat=True))
    ]


@pytest.fixture(autouse=True)
def in_step(rows: None) -> Iterator[None]:
    """Every test begins with the seed, which is in step, and ends so."""
    yield
    assert out_of_step() == []


def test_the_seed_is_in_step() -> None:
    assert out_of_step() == []


# Rows that are searched, and one of each of their parts

MAKERS: dict[str, Callable[[], models.Model]] = {
    "article": make_article,
    "claim": make_claim,
    "claimwording": lambda: ClaimWording.objects.create(claim=make_claim(), lang="en", text="The bridge."),
    "source": make_source,
    "entity": make_entity,
    "entityalias": lambda: EntityAlias.objects.create(entity=make_entity(), name="Ida"),
    "entityidentifier": lambda: EntityIdentifier.objects.create(
        entity=make_entity(), value="https://rara.example/1"
    ),
    "document": make_document,
    "evidence": lambda: make_evidence(make_claim(), quotation="Aprirà a maggio."),
}

#: Columns that a test changes by their words; what else is watched has a test of its own below.
WORDS = [
    (watched.model, column)
    for _entry, watched in WATCHED
    for column in watched.columns
    if watched.model != "revision"
    and isinstance(model_of(watched)._meta.get_field(column), models.CharField | models.TextField)
    and not model_of(watched)._meta.get_field(column).choices
    and column != "lang"
]


def save(row: models.Model, column: str, value: str) -> None:
    setattr(row, column, value)
    row.save()


def save_one_field(row: models.Model, column: str, value: str) -> None:
    setattr(row, column, value)
    row.save(update_fields=[column])


def update(row: models.Model, column: str, value: str) -> None:
    type(row).objects.filter(pk=row.pk).update(**{column: value})


def update_by_the_base_manager(row: models.Model, column: str, value: str) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**{column: value})


def update_by_an_expression(row: models.Model, column: str, value: str) -> None:
    type(row).objects.filter(pk=row.pk).update(**{column: models.Value(value)})


def bulk_update(row: models.Model, column: str, value: str) -> None:
    setattr(row, column, value)
    type(row).objects.bulk_update([row], [column])


def update_or_create(row: models.Model, column: str, value: str) -> None:
    type(row).objects.update_or_create(pk=row.pk, defaults={column: value})


def upsert(row: models.Model, column: str, value: str) -> None:
    setattr(row, column, value)
    type(row).objects.bulk_create([row], update_conflicts=True, update_fields=[column], unique_fields=["id"])


def load_a_fixture(row: models.Model, column: str, value: str) -> None:
    setattr(row, column, value)
    data = serializers.serialize("json", [row], use_natural_foreign_keys=True, use_natural_primary_keys=True)
    for read in serializers.deserialize("json", data):
        read.save()


WAYS = [
    save,
    save_one_field,
    update,
    update_by_the_base_manager,
    update_by_an_expression,
    bulk_update,
    update_or_create,
    upsert,
    load_a_fixture,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize(("name", "column"), WORDS)
def test_a_changed_word_is_found_at_once(name: str, column: str, way: Callable[..., None]) -> None:
    row = MAKERS[name]()
    owner = owner_of(row)
    way(row, column, "parolanuova")
    assert list(type(owner).objects.search("parolanuova")) == [owner]
    assert out_of_step() == []
    way(row, column, "altraparola")
    assert list(type(owner).objects.search("parolanuova")) == []
    assert list(type(owner).objects.search("altraparola")) == [owner]


def owner_of(row: models.Model) -> models.Model:
    for _entry, watched in WATCHED:
        if isinstance(row, model_of(watched)) and watched.owner:
            return getattr(row, watched.owner.removesuffix("_id"))
    return row


@pytest.mark.parametrize("name", MAKERS)
def test_new_rows_are_found_however_many_come_at_once(name: str) -> None:
    row = MAKERS[name]()
    owner = owner_of(row)
    column = next(column for model, column in WORDS if model == name)
    rows = []
    for number in range(3):
        new = type(row).objects.get(pk=row.pk)
        new.pk, new.uuid, new._state.adding = None, type(row)._meta.get_field("uuid").get_default(), True
        setattr(new, column, f"parolanuova{number}")
        if hasattr(new, "slug"):
            new.slug, new.current_revision, new.published_at = f"nuovo-{number}", None, None
        if name == "claimwording":
            new.lang = ("fr", "de", "es")[number]
        rows.append(new)
    type(row).objects.bulk_create(rows)
    for number in range(3):
        (found,) = type(owner).objects.search(f"parolanuova{number}")
        assert found == owner or found in type(row).objects.exclude(pk=row.pk)


@pytest.mark.parametrize("name", ["claimwording", "entityalias", "entityidentifier", "evidence"])
@pytest.mark.parametrize("way", ["instance", "queryset", "related", "raw"])
def test_what_was_a_part_is_found_no_more(name: str, way: str) -> None:
    row = MAKERS[name]()
    owner = owner_of(row)
    column = next(column for model, column in WORDS if model == name)
    save(row, column, "parolanuova")
    siblings = next(
        relation.get_accessor_name()
        for relation in owner._meta.related_objects
        if relation.related_model is type(row)
    )
    match way:
        case "instance":
            row.delete()
        case "queryset":
            type(row).objects.filter(pk=row.pk).delete()
        case "related":
            getattr(owner, siblings).all().delete()
        case "raw":
            type(row)._base_manager.filter(pk=row.pk)._raw_delete("default")
            with pytest.raises(IntegrityError), transaction.atomic():
                connection.check_constraints()
            pay_debts()
    assert not type(owner).objects.search("parolanuova").exists()


@pytest.mark.parametrize("name", ["claimwording", "entityalias", "entityidentifier", "evidence"])
def test_a_part_that_moves_is_found_where_it_went(name: str) -> None:
    row = MAKERS[name]()
    first = owner_of(row)
    column = next(column for model, column in WORDS if model == name)
    save(row, column, "parolanuova")
    second = owner_of(MAKERS[name]())
    if name == "claimwording":
        second.wordings.all().delete()
    siblings = next(
        relation for relation in first._meta.related_objects if relation.related_model is type(row)
    )
    getattr(second, siblings.get_accessor_name()).add(row)
    assert list(type(first).objects.search("parolanuova")) == [second]


def test_a_row_that_goes_takes_its_entry_along() -> None:
    entity = make_entity(name="Parolanuova")
    EntityAlias.objects.create(entity=entity, name="Ida")
    Entity.objects.filter(pk=entity.pk).delete()
    document = make_document(title="Parolanuova")
    document.delete()
    assert not Entity.objects.search("parolanuova").exists()


@pytest.mark.parametrize("lang", ["it", "en"])
def test_another_language_gives_other_stems(lang: str) -> None:
    claim = make_claim(text="Parolanuova companies aziende.", lang="fr")
    assert not Claim.objects.search("parolanuova company").exists()
    claim.lang = lang
    claim.save()
    assert Claim.objects.search("parolanuova company").exists() is (lang == "en")
    assert Claim.objects.search("parolanuova azienda").exists() is (lang == "it")


@pytest.mark.parametrize("make", [make_source, make_entity])
def test_what_is_no_person_any_more_has_stems(make: Callable[..., Any]) -> None:
    row = make(name="Parolanuova Rossi")
    assert not type(row).objects.search("parolanuova rosso").exists()
    row.kind = "organisation"
    row.save()
    assert type(row).objects.search("parolanuova rosso").exists()


def test_an_identifier_that_becomes_an_address_is_found_no_more() -> None:
    number = EntityIdentifier.objects.create(entity=make_entity(), scheme="lei", value="https://rara.example")
    assert Entity.objects.search("rara").exists()
    number.scheme = "other"
    number.save()
    assert not Entity.objects.search("rara").exists()


@pytest.mark.parametrize("make", [make_claim, make_document, make_article])
def test_another_date_is_another_place(make: Callable[..., Any]) -> None:
    column = {Claim: "text", Document: "title", Article: "headline"}[type(make())]
    one = make(date="2024-01", **{column: "Parolanuova"})
    other = make(date="2024-02", **{column: "Parolanuova"})
    assert list(type(one).objects.search("parolanuova")) == [other, one]
    one.date = "2024-03"
    one.save()
    assert list(type(one).objects.search("parolanuova")) == [one, other]


def test_a_publication_gives_an_article_its_place() -> None:
    one, other = (make_article(headline="Parolanuova", published_at=None) for _ in range(2))
    assert list(Article.objects.search("parolanuova")) == [other, one]
    Article.objects.filter(pk=one.pk).update(published_at=LATER)
    assert list(Article.objects.search("parolanuova")) == [one, other]


def test_a_new_revision_is_found_and_the_old_text_is_not(editor: User) -> None:
    article = make_article(html="<p>Vecchiaparola.</p>")
    articles.revise(
        article, html="<p>Nuovaparola.</p>", kind="minor", note="Refuso.", by=editor, at=LATER, based_on=1
    )
    assert list(Article.objects.search("nuovaparola")) == [article]
    assert not Article.objects.search("vecchiaparola").exists()


def test_a_revision_that_is_not_current_is_not_found() -> None:
    make_revision(make_article(), html="<p>Nuovaparola.</p>")
    assert not Article.objects.search("nuovaparola").exists()


def test_a_deed_is_found_with_all_that_it_wrote(editor: User) -> None:
    claim = claims.add(text="Il ponte.", wordings={"en": "Parolanuova."}, by=editor, at=LATER)
    assert list(Claim.objects.search("parolanuova ponte")) == [claim]


def test_a_fixture_may_name_a_part_before_its_whole(committed: None) -> None:
    """Keys are checked at the end of a fixture, so rows come in any order, a text after its article too."""
    entity = make_entity(name="Unica")
    alias = EntityAlias.objects.create(entity=entity, name="Parolanuova")
    article = make_article(html="<p>Parolanuova.</p>")
    rows = [alias, entity, article, article.current_revision]
    data = serializers.serialize("json", rows)
    Entity.objects.filter(pk=entity.pk).delete()
    with transaction.atomic():
        for read in serializers.deserialize("json", data):
            read.save()
    assert list(Entity.objects.search("parolanuova unica")) == [entity]
    assert list(Article.objects.search("parolanuova")) == [article]
    assert out_of_step() == []


def test_a_text_that_comes_after_its_article_is_found() -> None:
    article = Article.objects.create(slug="prima", headline="Prima", current_revision_id=10**9)
    revision = make_revision(article, html="<p>Parolanuova.</p>", id=10**9)
    assert list(Article.objects.search("parolanuova")) == [article]
    assert article.current_revision_id == revision.pk


def test_a_write_that_changes_no_word_costs_no_writing() -> None:
    claim = make_claim()
    written = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        written.append(sql) if "entry" in sql else None
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        claim.note = "Per la redazione."
        claim.save()
    assert written == []


# What cannot be


@pytest.mark.parametrize(("name", "column"), WORDS)
def test_sql_by_hand_cannot_change_a_word_alone(name: str, column: str) -> None:
    row = MAKERS[name]()
    with pytest.raises(IntegrityError), transaction.atomic():
        by_hand(row, column, "parolanuova")
        connection.check_constraints()
    by_hand(row, column, "parolanuova")
    pay_debts()
    connection.check_constraints()


def by_hand(row: models.Model, column: str, value: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE {row._meta.db_table} SET "{column}" = %s WHERE id = %s', [value, row.pk])


def test_it_cannot_commit(committed: None) -> None:
    claim = Claim.objects.first()
    with pytest.raises(IntegrityError):
        by_hand(claim, "text", "Parolanuova.")
    claim.refresh_from_db()
    assert claim.text != "Parolanuova."
    with transaction.atomic():
        by_hand(claim, "text", "Parolanuova.")
        pay_debts()
    assert list(Claim.objects.search("parolanuova")) == [claim]


def another_value(field: models.Field) -> Any:
    """A value of the field's type that no row has."""
    if isinstance(field, models.DateTimeField):
        return datetime(1999, 1, 2)
    if isinstance(field, models.DateField):
        return date(1999, 1, 2)
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.IntegerField | models.FloatField):
        return 12345
    if isinstance(field, models.UUIDField):
        return "9" * 32 if connection.vendor == "sqlite" else "9" * 8 + "-9999-4999-8999-" + "9" * 12
    if field.choices:
        return list(field.choices)[-1][0]
    return "2001" if field.name == "date" else "rara"


@pytest.mark.parametrize("name", MAKERS)
def test_whatever_changes_an_entry_is_watched(name: str) -> None:
    """Each column is changed by hand: either that is owed, or the entry stays what it was."""
    row = MAKERS[name]()
    entry = next(entry for entry, watched in WATCHED if watched.model == name)
    owner = owner_of(row).pk
    watched_columns = {column for _entry, w in WATCHED if w.model == name for column in (*w.columns, w.owner)}
    for field in type(row)._meta.concrete_fields:
        if field.primary_key or field.is_relation or isinstance(field, models.JSONField):
            continue
        changes = transaction.atomic()
        with changes:
            # The constraints of the row are of no interest here: a column that one refuses is left.
            try:
                with transaction.atomic():
                    by_hand(row, field.column, another_value(field))
            except IntegrityError:
                assert field.column not in watched_columns - {"date_latest", "withdrawn_at"}, field.column
                continue
            owes = SearchDebt.objects.exists()
            assert owes or entry.differing([owner]) == [], field.column
            assert owes == (field.column in watched_columns), field.column
            transaction.set_rollback(True)


@pytest.mark.parametrize(("entry", "watched"), WATCHED, ids=lambda value: getattr(value, "model", ""))
def test_what_is_watched_pays_by_itself(entry: type[SearchEntry], watched: Watched) -> None:
    model = model_of(watched)
    assert issubclass(model, KeptInStep)
    for manager in (model._default_manager, model._base_manager):
        assert isinstance(manager.all(), KeptInStepQuerySet)


def test_nothing_else_pays() -> None:
    """Asking for debts costs a query, so only what can have any asks."""
    paying = {model for model in apps.get_models() if issubclass(model, KeptInStep)}
    assert paying == {model_of(watched) for _entry, watched in WATCHED}


def test_every_kind_that_is_searched_is_here() -> None:
    assert {kind_of(entry) for entry in ENTRIES} == {Article, Claim, Source, Entity, Document}


# At once


def test_two_who_add_a_name_at_once_miss_neither(committed: None) -> None:
    entity = make_entity(name="Parolanuova")

    def add() -> None:
        EntityAlias.objects.create(entity_id=entity.pk, name="Seconda")
        connection.close()

    second = Thread(target=add)
    with transaction.atomic():
        EntityAlias.objects.create(entity=entity, name="Prima")
        second.start()
        while connection.vendor == "postgresql" and not somebody_waits():
            assert second.is_alive()
    second.join()
    assert list(Entity.objects.search("parolanuova prima seconda")) == [entity]
    assert out_of_step() == []


def test_evidence_that_is_added_at_once_is_found(committed: None) -> None:
    document, claim = make_document(title="Parolanuova"), make_claim()

    def add() -> None:
        Evidence.objects.create(
            document_id=document.pk, claim_id=claim.pk, stance="refutes", checked="known", quotation="Seconda"
        )
        connection.close()

    second = Thread(target=add)
    with transaction.atomic():
        make_evidence(claim, document=document, quotation="Prima")
        second.start()
        while connection.vendor == "postgresql" and not somebody_waits():
            assert second.is_alive()
    second.join()
    assert list(Document.objects.search("parolanuova prima seconda")) == [document]


# Triggers


def test_triggers_that_a_migration_took_away_are_laid_again(committed: None) -> None:
    assert search_triggers.missing(connection) == []
    with connection.schema_editor() as editor:
        if connection.vendor == "sqlite":
            editor._remake_table(ClaimWording)  # what SQLite's editor does to change a column
        else:
            editor.execute("DROP TRIGGER newsroom_claimwording_owes_delete ON newsroom_claimwording")
    assert "newsroom_claimwording_owes_delete" in search_triggers.missing(connection)
    call_command("migrate", verbosity=0)
    assert search_triggers.missing(connection) == []


@pytest.mark.once
def test_the_migration_goes_back_and_forth(committed: None) -> None:
    (before,) = import_module("newsroom.migrations.0012_search").Migration.dependencies
    Policy.objects.filter(kind=Policy.Kind.DECISIONS).delete()  # which there was no such kind for
    call_command("migrate", *before, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE newsroom_claim SET text = 'Parolanuova.' WHERE id = 1")
        assert not [name for name in connection.introspection.table_names(cursor) if "search" in name]
    call_command("migrate", "newsroom", verbosity=0)
    call_command("rebuild_search", verbosity=0)
    assert out_of_step() == []
    assert Claim.objects.search("parolanuova").exists() is Claim.objects.filter(pk=1).exists()


def test_a_source_is_found_by_what_readers_may_call_it() -> None:
    source = make_source(name="Una persona vicina al dossier")
    assert source in Source.objects.search("vicina dossier")
