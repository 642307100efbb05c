"""W3C PROV: where a claim and its ratings come from, as PROV-JSON and as Turtle (PROV-O).

The `prov` library writes both of one document. Whatever has an address here is named by it; who signed is an
agent numbered within the document, by the public signature and no account: two people who sign as “the
newsroom” are one.
"""

from __future__ import annotations

import io
from typing import Any

from prov.constants import PROV_LABEL, PROV_LOCATION, PROV_ROLE, PROV_TYPE
from prov.identifier import QualifiedName
from prov.model import ProvDocument

from newsroom.text.linked import Judgement, Provenance

JSON_TYPE = "application/json; charset=utf-8"
TURTLE_TYPE = "text/turtle; charset=utf-8"


def prov_json(told: Provenance) -> bytes:
    return _written(told, format="json", ensure_ascii=False)


def turtle(told: Provenance) -> bytes:
    return _written(told, format="rdf", rdf_format="turtle")


def _written(told: Provenance, **how: Any) -> bytes:
    file = io.BytesIO()
    _Writer(told).document.serialize(file, **how)
    return file.getvalue()


class _Writer:
    def __init__(self, told: Provenance) -> None:
        self.told = told
        self.document = ProvDocument()
        self.site = self.document.add_namespace("site", told.home + "/")
        self.own = self.document.add_namespace("ctl", told.vocabulary)
        self.agents: dict[str, QualifiedName] = {}
        self.newsroom = self.site["#newsroom"]
        self.document.agent(
            self.newsroom,
            {PROV_TYPE: self.document.valid_qualified_name("prov:Organization"), PROV_LABEL: told.newsroom},
        )
        self.claim = self.of(told.path)
        self.document.entity(self.claim, {PROV_TYPE: self.own["Claim"], PROV_LABEL: told.text})
        self.texts()
        self.documents()
        for judgement in told.judgements:
            self.judgement(judgement)

    def of(self, path: str) -> QualifiedName:
        return self.site[path.lstrip("/")]

    def document_of(self, code: str) -> QualifiedName:
        return self.site[f"{self.told.path.lstrip('/')}#document-{code}"]

    def texts(self) -> None:
        for text in self.told.texts:
            name = self.of(text.path)
            self.document.entity(name, {PROV_TYPE: self.own["Revision"], PROV_LABEL: text.headline})
            self.document.wasGeneratedBy(name, time=text.at)
            if text.before:
                self.document.wasRevisionOf(name, self.of(text.before))
        for article in dict.fromkeys(text.article for text in self.told.texts):
            self.document.entity(self.of(article), {PROV_TYPE: self.own["Article"]})
            self.document.wasQuotedFrom(self.claim, self.of(article))
        for text in self.told.texts:
            self.document.specializationOf(self.of(text.path), self.of(text.article))

    def documents(self) -> None:
        for item in self.told.documents:
            about = [(PROV_TYPE, self.own["Document"]), (PROV_LABEL, item.title)]
            if item.url:
                about.append((PROV_LOCATION, item.url))
            self.document.entity(self.document_of(item.code), about)
        known = {item.code for item in self.told.documents}
        for item in self.told.documents:
            if item.original in known:
                self.document.wasDerivedFrom(self.document_of(item.code), self.document_of(item.original))

    def judgement(self, judgement: Judgement) -> None:
        name = self.of(judgement.path)
        about: list[tuple[QualifiedName, Any]] = [(PROV_TYPE, self.own["Review"])]
        about += [(PROV_LABEL, judgement.rating)] if judgement.rating else []
        about += [(self.own["summary"], judgement.words)] if judgement.words else []
        self.document.entity(name, about)
        checking = self.site[f"{judgement.path.lstrip('/')}#checking"]
        self.document.activity(
            checking, judgement.begun, judgement.published, {PROV_TYPE: self.own["Checking"]}
        )
        self.document.wasGeneratedBy(name, checking, judgement.published)
        self.document.used(checking, self.claim)
        if judgement.text:
            self.document.used(checking, self.of(judgement.text))
        author = self.agent(judgement.author, named=judgement.author_is_named)
        self.document.wasAttributedTo(name, author)
        self.document.wasAssociatedWith(checking, author, None, None, {PROV_ROLE: self.own["author"]})
        if judgement.approver:
            approver = self.agent(judgement.approver, named=judgement.approver_is_named)
            self.document.wasAssociatedWith(checking, approver, None, None, {PROV_ROLE: self.own["approver"]})
        if judgement.supersedes:
            self.document.wasRevisionOf(name, self.of(judgement.supersedes))
        if judgement.why:
            self.document.wasInvalidatedBy(
                name, None, judgement.invalidated, None, {PROV_TYPE: self.own[judgement.why]}
            )
        # What stands under the claim now is what its current rating rests on.
        if judgement is self.told.judgements[-1]:
            self.rests_on(name, checking)

    def rests_on(self, name: QualifiedName, checking: QualifiedName) -> None:
        for item in self.told.documents:
            document = self.document_of(item.code)
            self.document.used(checking, document, None, None, {PROV_ROLE: self.own[item.stance]})
            if item.primary:
                self.document.hadPrimarySource(name, document)
            elif item.quoted:
                self.document.wasQuotedFrom(name, document)
            else:
                self.document.wasDerivedFrom(name, document)

    def agent(self, signature: str, *, named: bool) -> QualifiedName:
        if signature not in self.agents:
            name = self.site[f"{self.told.path.lstrip('/')}#agent-{len(self.agents) + 1}"]
            about = [(PROV_LABEL, signature)]
            if named:
                about.append((PROV_TYPE, self.document.valid_qualified_name("prov:Person")))
            self.document.agent(name, about)
            self.document.actedOnBehalfOf(name, self.newsroom)
            self.agents[signature] = name
        return self.agents[signature]
