"""`manage.py make_seed`: makes `fixtures/seed.json` again from the committed source data.

The seed newsroom is built by the same deeds that the desk uses, in an empty database, and then written down
as a fixture. UUIDs are made from the dossier's own identifiers, so addresses stay when it is made again.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.contrib.auth.models import Group
from django.core import serializers
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from newsroom import models as m
from newsroom.actions import annotations, articles, claims, pages, reviews, roles
from newsroom.actions.annotations import Place
from newsroom.models.identity import Identified
from newsroom.text.document import parse_text, write

SOURCE = settings.BASE_DIR / "fixtures" / "source"
NAMESPACE = uuid5(NAMESPACE_URL, "https://controluce.example/seed")
#: When the demonstration newsroom did its work; deeds follow one another by a second.
BEGINNING = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)

_KINDS = {
    "reported_fact": "fact",
    "statistic": "statistic",
    "allegation": "allegation",
    "prediction": "prediction",
    "opinion_interpretation": "opinion",
}
_CHECKED = {
    "known, page not opened": "known",
    "address seen, page not opened": "address",
    "excerpt read": "excerpt",
    "repository history read": "repository",
}
_ENTITY_KINDS = {
    "Organization": "organisation",
    "Person": "person",
    "Product": "product",
    "SoftwareApplication": "software",
    "Concept": "concept",
}
_JUDGES = {"contenuto": "content", "enunciato_attribuito": "attribution"}
_STRENGTH = {"forte": "strong", "debole": "weak"}

#: Written in this order, so that a fixture reads from the newsroom down to its log.
_WRITTEN = [
    Group, m.User, m.Newsroom, m.Policy, m.RatingScale, m.RatingLevel, m.RatingLabel, m.Entity, m.EntityAlias,
    m.EntityIdentifier, m.Source, m.Document, m.Article, m.Revision, m.Claim, m.ClaimWording, m.ClaimRelation,
    m.Evidence, m.Annotation, m.Target, m.Appearance, m.Mention, m.Attribution, m.Review, m.Page,
    m.PageVersion, m.Deed,
]  # fmt: skip


class Command(BaseCommand):
    help = "Makes fixtures/seed.json from fixtures/source/; wants an empty, migrated database."

    def add_arguments(self, parser):
        parser.add_argument("--output", type=Path, default=settings.BASE_DIR / "fixtures" / "seed.json")

    @transaction.atomic
    def handle(self, *, output: Path, **options):
        if m.User.objects.exists() or m.Article.objects.exists():
            raise CommandError("This database holds a newsroom: point DATABASE_URL at an empty one.")
        seed = Seed()
        seed.build()
        output.write_text(seed.written(), encoding="utf-8")
        self.stdout.write(f"{output}: {output.stat().st_size:,} bytes")
        transaction.set_rollback(True)


class Seed:
    """The newsroom of the dossier, one method a noun; `names` remembers which dossier id became which row."""

    def __init__(self):
        self.text = (SOURCE / "article.txt").read_text(encoding="utf-8")
        self.dossier = json.loads((SOURCE / "dossier.json").read_text(encoding="utf-8"))
        self.words = json.loads((SOURCE / "editorial.json").read_text(encoding="utf-8"))
        self.names: dict[UUID, str] = {}
        self.row: dict[str, object] = {}
        self._moments = 0

    def build(self) -> None:
        self.newsroom()
        self.people()
        self.scale()
        self.entities()
        self.sources()
        self.documents()
        self.article()
        self.claims()
        self.relations()
        self.mentions()
        self.attributions()
        self.reviews()
        articles.publish(self.row["article"], by=self.row["editor"], at=self.now())
        self.pages()

    def now(self) -> datetime:
        self._moments += 1
        return BEGINNING + timedelta(seconds=self._moments)

    def keep(self, name: str, row):
        self.row[name] = row
        if isinstance(row, Identified):
            self.names[row.uuid] = name
        return row

    def newsroom(self) -> None:
        words = self.words["newsroom"]
        newsroom = self.keep("newsroom", m.Newsroom.objects.create(name=words["name"]["it"]))
        policies = ("decisions", "corrections", "sources")
        texts = {"method": "method"} | {kind: f"{kind}_policy" for kind in policies}
        for kind, field in texts.items():
            for lang in ("it", "en"):
                self.keep(
                    f"policy-{kind}-{lang}",
                    m.Policy.objects.create(newsroom=newsroom, kind=kind, lang=lang, text=words[field][lang]),
                )

    def pages(self) -> None:
        """What a newsroom discloses, as a template: the file begins with the title."""
        notes = {"it": "Il modello, per la dimostrazione.", "en": "The template, for the demonstration."}
        for path in sorted((SOURCE / "pages").glob("*.txt")):
            slug, lang, _txt = path.name.split(".")
            title, _line, text = path.read_text(encoding="utf-8").partition("\n")
            said = {"title": title.removeprefix("# "), "text": text, "note": notes[lang]}
            page = pages.create(slug=slug, lang=lang, by=self.row["editor"], at=self.now(), **said)
            self.keep(f"page-{slug}-{lang}", page)
            self.keep(f"page-{slug}-{lang}-1", page.versions.get())

    def people(self) -> None:
        roles.sync()
        for username, group in (("reporter", m.REPORTER), ("checker", m.CHECKER), ("editor", m.EDITOR)):
            words = self.words["people"][username]
            user = m.User.objects.create(
                username=username,
                first_name=words["first_name"],
                last_name=words["last_name"],
                email=f"{username}@redazione.example",
                role_title=words["role_title"],
                signature=words["signature"],
                is_staff=True,
                password="!",  # unusable until `manage.py demo` gives one
                date_joined=BEGINNING,
            )
            user.groups.add(Group.objects.get(name=group))
            self.row[username] = user

    def scale(self) -> None:
        words = self.words["scale"]
        scale = self.keep(
            "scale",
            m.RatingScale.objects.create(
                code_name=words["code"],
                version=words["version"],
                name=words["name"]["it"],
                in_force_since=BEGINNING,
            ),
        )
        for position, level in enumerate(words["levels"], start=1):
            row = m.RatingLevel.objects.create(
                scale=scale,
                code_name=level["code"].replace("_", "-"),
                position=position,
                number=level["number"],
                icon=level["icon"],
                tone=level["tone"],
                underline=level["underline"],
                is_opinion=level["code"] == "opinion",
            )
            self.keep(f"level-{level['code']}", row)
            self.row[level["dossier"]] = row
            for lang, label in level["labels"].items():
                fields = {name: value or "" for name, value in label.items()}
                self.keep(
                    f"label-{level['code']}-{lang}",
                    m.RatingLabel.objects.create(level=row, lang=lang, **fields),
                )

    def entities(self) -> None:
        bylines = {self.dossier["article"]["byline"]["quote"].removeprefix("Di ")}
        for item in self.dossier["entities"]:
            entity = m.Entity.objects.create(
                kind=_ENTITY_KINDS[item["kind"]],
                schema_type=item["schema_type"],
                name=item["name"],
                description=item["description_it"],
                note=item["note"] or "",
                pseudonymous=item["name"] in bylines,
            )
            self.keep(item["id"], entity)
            for alias in item["aliases"]:
                self.keep(f"{item['id']}-{alias}", m.EntityAlias.objects.create(entity=entity, name=alias))
            if item["wikidata"]:
                self.keep(
                    item["wikidata"],
                    m.EntityIdentifier.objects.create(
                        entity=entity, scheme="wikidata", value=item["wikidata"]
                    ),
                )

    def sources(self) -> None:
        for item in self.dossier["sources"]:
            entity = self.row[item["entity"]] if item["entity"] else None
            source = m.Source.objects.create(
                kind=item["kind"],
                name=self.words["source_names"].get(item["id"], item["name"]),
                entity=entity,
                role_note=item["role_it"],
                relations_note=item["relations_it"],
                # Nobody in the article names them: what links them to it is the desk's own reading.
                desk_only=not item["attributed_claims"],
                pseudonymous=bool(entity and entity.pseudonymous),
            )
            self.keep(item["id"], source)

    def documents(self) -> None:
        for item in self.dossier["evidence"]:
            key = item["id"]
            date = self.words["dates"][key]
            self.keep(
                key,
                m.Document.objects.create(
                    title=self.words["document_titles"].get(key, item["title"]),
                    publisher=self.words["public_publishers"].get(key, item["publisher"]),
                    url=item["url"] or "",
                    lang=self.words["document_langs"][key],
                    kind=self.words["document_kinds"][key],
                    date=date,
                    date_note="" if item["date"] == date else item["date"],
                    note=item["note"] or "",
                ),
            )

    def article(self) -> None:
        given = self.dossier["article"]
        article = articles.create(
            html=write(parse_text(self.text)),
            by=self.row["reporter"],
            at=self.now(),
            slug=given["original_url"].rsplit("/", 1)[-1],
            lang=given["language"],
            headline=given["title_from_url"],
            byline=given["byline"]["quote"],
            publisher="ihal.it",
            original_url=given["original_url"],
            date="2023-08",
            rights=m.Rights.DEMO,
        )
        self.keep("article", article)
        self.keep("revision-1", article.current_revision)

    def claims(self) -> None:
        accused = self.words["accused"]
        for item in self.dossier["claims"]:
            claim = claims.add(
                by=self.row["reporter"],
                at=self.now(),
                text=item["claim_it"],
                lang="it",
                wordings={"en": item["claim_en"]},
                kind=_KINDS[item["kind"]],
                claimant=self.row[item["attribution"]["source"]],
                check_worthiness=item["check_worthiness"]["level"],
                check_reason=item["check_worthiness"]["why_it"],
                accuses=m.Claim.Accuses.YES if item["id"] in accused else m.Claim.Accuses.NO,
                accused=accused.get(item["id"], ""),
                note=item["note"] or "",
                date="2023-08",
            )
            self.keep(item["id"], claim)
            places = [
                self.place(item),
                *(self.place(marker, m.Target.Role.HEDGE) for marker in item["markers"]),
            ]
            appearance = annotations.tag_claim(
                self.row["article"], claim=claim, places=places, by=self.row["reporter"], at=self.now()
            )
            self.keep(f"{item['id']}-appearance", appearance)
            self.keep(f"{item['id']}-annotation", appearance.annotation)
            for ordinal, link in enumerate(item["evidence"]):
                self.keep(
                    f"{item['id']}-{link['evidence']}-{link['stance']}",
                    m.Evidence.objects.create(
                        claim=claim,
                        document=self.row[link["evidence"]],
                        stance=link["stance"],
                        checked=_CHECKED[link["checked"]],
                        ordinal=ordinal,
                    ),
                )

    def relations(self) -> None:
        for item in self.dossier["relations"]:
            self.keep(
                item["id"],
                m.ClaimRelation.objects.create(
                    source=self.row[item["source"]],
                    target=self.row[item["target"]],
                    kind=item["type"],
                    strength=_STRENGTH[item["strength_it"]],
                    note=item["note_it"],
                ),
            )

    def mentions(self) -> None:
        for item in self.dossier["entities"]:
            for form, places in (
                (m.Mention.Form.NAME, item["mentions"]),
                (m.Mention.Form.NESTED, item["nested_mentions"]),
            ):
                for span in places:
                    self.mention([item["id"]], span, form, f"{item['id']}-{form}-{span['start']}")
        for item in self.dossier["coreference"]:
            form = m.Mention.Form.COREFERENCE
            self.mention(item["entities"] or [None], item, form, item["id"], note=item["kind_it"])

    def mention(self, entities: list, span: dict, form: str, name: str, note: str = "") -> None:
        annotation = annotations.tag_mention(
            self.row["article"],
            entities=[entity and self.row[entity] for entity in entities],
            places=[self.place(span)],
            form=form,
            note=note,
            by=self.row["reporter"],
            at=self.now(),
        )
        self.keep(name, annotation)

    def attributions(self) -> None:
        for item in self.dossier["claims"]:
            given = item["attribution"]
            if not given["source_mention"]:
                continue  # the article's own voice: the claimant says it, no words attribute it
            places = [self.place(item), self.place(given["source_mention"], m.Target.Role.SOURCE)]
            if given["cue_words"]:
                places.append(self.place(given["cue_words"], m.Target.Role.CUE))
            attribution = annotations.tag_attribution(
                self.row["article"],
                places=places,
                quote_type=given["directness"].split(",")[0],
                source=self.row[given["source"]],
                claim=self.row[item["id"]],
                note=given["note"] or "",
                by=self.row["reporter"],
                at=self.now(),
            )
            self.keep(f"{item['id']}-attribution", attribution)
            self.keep(f"{item['id']}-attribution-annotation", attribution.annotation)

    def reviews(self) -> None:
        for item in self.dossier["claims"]:
            review = reviews.propose(
                self.row[item["id"]],
                level=self.row[item["rating"]["value"]],
                judges=_JUDGES[item["rating"]["target"]],
                appearance=self.row[f"{item['id']}-appearance"],
                summary=self.words["summaries"][item["id"]],
                explanation=item["rating"]["justification_it"],
                facts_judged=self.words["facts_judged"].get(item["id"], ""),
                by=self.row["checker"],
                at=self.now(),
            )
            self.keep(f"{item['id']}-review", review)
        for item in self.dossier["claims"]:
            self.publish(item["id"])

    def publish(self, name: str) -> None:
        """Where the claim accuses somebody, nobody was asked for comment, and why not is said."""
        accuses = name in self.words["accused"]
        reviews.publish(
            self.row[f"{name}-review"],
            confirmed=m.Review.Confirmation.values if accuses else (),
            no_request_reason=self.words["no_request_reason"] if accuses else "",
            by=self.row["editor"],
            at=self.now(),
        )

    def place(self, span: dict, role: str = m.Target.Role.CONTENT) -> Place:
        """A span of the article file as a place in the canonical text.

        The file parts paragraphs with a blank line, the canonical text with one line feed: each offset is
        smaller by the number of paragraphs before it.
        """
        shift = self.text.count("\n\n", 0, span["start"])
        return Place(span["start"] - shift, span["end"] - shift, span["quote"], role)

    def written(self) -> str:
        """The fixture: natural keys only, and every UUID replaced by one that is made from its row's name."""
        rows = []
        stable: dict[str, str] = {}
        for model in _WRITTEN:
            for number, row in enumerate(model._default_manager.order_by("pk"), start=1):
                # An article and its current revision point at each other: first a draft without its text.
                if model is m.Article:
                    rows.append(m.Article.objects.get(pk=row.pk))
                    rows[-1].published_at = rows[-1].current_revision = None
                else:
                    rows.append(row)
                if isinstance(row, Identified):
                    name = self.names.get(row.uuid, str(number))
                    stable[str(row.uuid)] = str(uuid5(NAMESPACE, f"{row._meta.model_name}/{name}"))
        rows += m.Article.objects.order_by("pk")
        data = serializers.serialize(
            "json",
            rows,
            indent=1,
            ensure_ascii=False,
            use_natural_foreign_keys=True,
            use_natural_primary_keys=True,
        )
        pattern = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
        return pattern.sub(lambda found: stable.get(found[0], found[0]), data) + "\n"
