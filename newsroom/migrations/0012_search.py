"""Entries of the search, what is owed to them, and each database's own index.

On SQLite an FTS5 table that keeps no words of its own; on PostgreSQL two columns that follow from the others, each
with a GIN index. The triggers are laid after every `migrate` (`newsroom/models/search_triggers.py`). Rows that are there
already are found after `manage.py rebuild_search`.
"""

import django.db.models.deletion
import newsroom.models.searchable
from django.db import migrations, models


ENTRIES = [f"newsroom_{kind}entry" for kind in ("article", "claim", "document", "entity", "source")]
WATCHED = (
    "article revision claim claimwording source entity entityalias entityidentifier document evidence".split()
)


def make_indexes(apps, schema_editor):
    for table in ENTRIES:
        if schema_editor.connection.vendor == "sqlite":
            # A token is letters, digits, _ and =; beginnings are looked for from two letters on.
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table}_index USING fts5(title, lead, body, content='{table}',"
                " content_rowid='place', detail='column', prefix='2 3',"
                """ tokenize="unicode61 remove_diacritics 0 tokenchars '_='")"""
            )
        else:
            # The tokens are written as PostgreSQL reads lexemes, so no parser of its own takes them apart.
            schema_editor.execute(
                f"ALTER TABLE {table}"
                " ADD COLUMN everything tsvector GENERATED ALWAYS AS ((title || lead || body)::tsvector) STORED,"
                " ADD COLUMN head tsvector GENERATED ALWAYS AS ((replace(ltrim(title), ' ', ':1A ')"
                " || replace(ltrim(lead), ' ', ':2B '))::tsvector) STORED"
            )
            for column in ("everything", "head"):
                schema_editor.execute(
                    f"CREATE INDEX {table}_{column} ON {table} USING gin ({column}) WITH (fastupdate = off)"
                )
            # Of how many words it is known how frequent they are: with fewer, a rare one is taken for frequent,
            # and all entries are read in their order until its few hits have come.
            schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN everything SET STATISTICS 1000")


def drop_indexes(apps, schema_editor):
    """And the triggers that would write debts into a table that goes."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    for name in WATCHED:
        for event in ("insert", "update", "delete"):
            trigger = f"newsroom_{name}_owes_{event}"
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {trigger}{'' if sqlite else f' ON newsroom_{name}'}")
            if not sqlite:
                schema_editor.execute(f"DROP FUNCTION IF EXISTS {trigger}")
    for table in ENTRIES:
        if sqlite:
            schema_editor.execute(f"DROP TABLE {table}_index")


class Migration(migrations.Migration):

    dependencies = [
        ('newsroom', '0011_originals'),
    ]

    operations = [
        migrations.CreateModel(
            name='ArticleEntry',
            fields=[
                ('place', newsroom.models.searchable.Place(primary_key=True, serialize=False)),
                ('title', models.TextField(blank=True)),
                ('lead', models.TextField(blank=True)),
                ('body', models.TextField(blank=True)),
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='search_entry', to='newsroom.article')),
            ],
            options={
                'verbose_name': 'search entry of an article',
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ClaimEntry',
            fields=[
                ('place', newsroom.models.searchable.Place(primary_key=True, serialize=False)),
                ('title', models.TextField(blank=True)),
                ('lead', models.TextField(blank=True)),
                ('body', models.TextField(blank=True)),
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='search_entry', to='newsroom.claim')),
            ],
            options={
                'verbose_name': 'search entry of a claim',
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='DocumentEntry',
            fields=[
                ('place', newsroom.models.searchable.Place(primary_key=True, serialize=False)),
                ('title', models.TextField(blank=True)),
                ('lead', models.TextField(blank=True)),
                ('body', models.TextField(blank=True)),
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='search_entry', to='newsroom.document')),
            ],
            options={
                'verbose_name': 'search entry of a document',
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='EntityEntry',
            fields=[
                ('place', newsroom.models.searchable.Place(primary_key=True, serialize=False)),
                ('title', models.TextField(blank=True)),
                ('lead', models.TextField(blank=True)),
                ('body', models.TextField(blank=True)),
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='search_entry', to='newsroom.entity')),
            ],
            options={
                'verbose_name': 'search entry of an entity',
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SourceEntry',
            fields=[
                ('place', newsroom.models.searchable.Place(primary_key=True, serialize=False)),
                ('title', models.TextField(blank=True)),
                ('lead', models.TextField(blank=True)),
                ('body', models.TextField(blank=True)),
                ('row', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='search_entry', to='newsroom.source')),
            ],
            options={
                'verbose_name': 'search entry of a source',
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SearchDebt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('key', models.BigIntegerField()),
                ('paid', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='newsroom.searchdebt')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='debt_once')],
            },
        ),
        migrations.RunPython(make_indexes, drop_indexes),
    ]
