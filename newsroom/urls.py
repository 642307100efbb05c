"""Addresses, by audience. Of `<slug>-<code>` the code decides; the slug is for people."""

from __future__ import annotations

from django.urls import include, path, register_converter
from django.urls.converters import IntConverter

from newsroom.presenters.history import NUMBER
from newsroom.views import (
    about,
    assistant,
    board,
    checked,
    checking,
    citing,
    claim_work,
    desk,
    documents,
    dossier,
    embedding,
    entities,
    erasing,
    evidence,
    exporting,
    flagging,
    flags,
    importing,
    intake,
    lists,
    me,
    paper,
    personal_data,
    presence,
    reader,
    relations,
    review_page,
    reviewing,
    revising,
    search,
    tagging,
    threads,
    triage,
)


class TagKind:
    """What words can be tagged as."""

    regex = "claim|mention|attribution"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TagKind, "tag_kind")


class RevisionNumber(IntConverter):
    """Whatever cannot be the number of a revision is an address that is not there."""

    regex = NUMBER


register_converter(RevisionNumber, "number")

reader_urls = [
    path("", reader.front, name="front"),
    path("articles/<slug:slug>/", reader.article, name="article"),
    path("articles/<slug:slug>/article.pdf", paper.article_pdf, name="article-pdf"),
    path("articles/<slug:slug>/map/", reader.article_map, name="map"),
    path("articles/<slug:slug>/history/", reader.history, name="history"),
    path("articles/<slug:slug>/history/compare/", reader.compare, name="compare"),
    path("articles/<slug:slug>/history/<number:before>-<number:after>/", reader.changes, name="changes"),
    path("articles/<slug:slug>/revisions/<number:number>/", reader.revision, name="revision"),
    path("claims/", lists.claims, name="claims"),
    path("claims/<slug:address>/", reader.claim, name="claim"),
    path("claims/<slug:address>/versions/<number:number>/", citing.claim_version, name="claim-version"),
    path("claims/<slug:address>/citation.bib", citing.bibtex, name="claim-bibtex"),
    path("claims/<slug:address>/citation.json", citing.csl_json, name="claim-csl"),
    path("claims/<slug:address>/card/", reader.claim_card, name="claim-card"),
    path("reviews/<slug:code>/", reader.review, name="review"),
    path("sources/", lists.sources, name="sources"),
    path("sources/<slug:address>/", reader.source, name="source"),
    path("entities/", lists.entities, name="entities"),
    path("entities/<slug:address>/", reader.entity, name="entity"),
    path("corrections/", lists.corrections, name="corrections"),
    path("articles/<slug:slug>/flag/", flagging.flag_article, name="flag-article"),
    path("claims/<slug:address>/flag/", flagging.flag_claim, name="flag-claim"),
    path("sources/<slug:address>/flag/", flagging.flag_source, name="flag-source"),
    path("entities/<slug:address>/flag/", flagging.flag_entity, name="flag-entity"),
    path("flags/<str:secret>/", flagging.flag, name="flag"),
    path("flags/<str:secret>/confirm/", flagging.flag_confirm, name="flag-confirm"),
    path("flags/<str:secret>/data/", flagging.flag_data, name="flag-data"),
    path("flags/<str:secret>/delete/", flagging.flag_delete, name="flag-delete"),
    path("method/", reader.method, name="method"),
    path("imprint/", reader.imprint, name="imprint"),
    path("about/<slug:slug>/", about.page, name="page"),
    path("about/<slug:slug>/versions/", about.versions, name="page-versions"),
    path("about/<slug:slug>/versions/<number:number>/", about.version, name="page-version"),
    path("checked/", checked.checked, name="checked"),
    path("search/", search.search, name="search"),
    path("embed/claims/<slug:address>/", embedding.claim, name="embed-claim"),
    path("embed/passages/<slug:address>/", embedding.passage, name="embed-passage"),
]

# desk/
desk_urls = [
    path("", desk.home, name="home"),
    path("articles/new/", intake.new_article, name="new-article"),
    path("articles/new/<slug:code>/", intake.original, name="original"),
    path("articles/new/<slug:code>/file/", intake.original_file, name="original-file"),
    path("articles/<slug:slug>/", desk.article, name="article"),
    path("articles/<slug:slug>/map/", desk.article_map, name="map"),
    path("articles/<slug:slug>/text/", revising.text, name="text"),
    path("articles/<slug:slug>/revisions/", revising.revisions, name="revisions"),
    path("articles/<slug:slug>/revisions/compare/", revising.compare, name="compare"),
    path("articles/<slug:slug>/revisions/<number:before>-<number:after>/", revising.changes, name="changes"),
    path("articles/<slug:slug>/revisions/<number:number>/", revising.revert, name="revert"),
    path("articles/<slug:slug>/tags/", tagging.tags, name="tags"),
    path("articles/<slug:slug>/tags/sentences/", tagging.sentences, name="sentences"),
    path("articles/<slug:slug>/tags/undo/", tagging.undo, name="undo"),
    path("articles/<slug:slug>/suggestions/accept/", tagging.suggestions_accept, name="suggestions-accept"),
    path("articles/<slug:slug>/tags/<tag_kind:kind>/", tagging.tag, name="tag"),
    path("articles/<slug:slug>/tags/<tag_kind:kind>/find/", tagging.find, name="find"),
    path("triage/", triage.triage, name="triage"),
    path("assistant/", assistant.assistant, name="assistant"),
    path("checks/", checking.checks, name="checks"),
    path("orphans/", checking.orphans, name="orphans"),
    path("annotations/<slug:code>/", checking.annotation, name="annotation"),
    path("annotations/<slug:code>/tag/", tagging.retag, name="retag"),
    path("annotations/<slug:code>/untag/", tagging.untag, name="untag"),
    path("annotations/<slug:code>/accept/", tagging.suggestion_accept, name="suggestion-accept"),
    path("annotations/<slug:code>/reject/", tagging.suggestion_reject, name="suggestion-reject"),
    path("annotations/<slug:code>/correct/", tagging.suggestion_correct, name="suggestion-correct"),
    path("annotations/<slug:code>/split/", tagging.split, name="split"),
    path("annotations/<slug:code>/merge/", tagging.merge, name="merge"),
    path("annotations/<slug:code>/confirm/", checking.confirm, name="annotation-confirm"),
    path("annotations/<slug:code>/move/", checking.move, name="annotation-move"),
    path("annotations/<slug:code>/withdraw/", checking.withdraw, name="annotation-withdraw"),
    path("annotations/<slug:code>/comments/", threads.threads_annotation, name="threads-annotation"),
    path("claims/<slug:code>/relations/", relations.relations, name="relations"),
    path("claims/<slug:code>/relations/find/", relations.find, name="relations-find"),
    path("claims/<slug:code>/relations/undo/", relations.undo, name="relations-undo"),
    path("claims/<slug:code>/relations/<slug:relation>/", relations.relation, name="relation"),
    path("claims/<slug:code>/relations/<slug:relation>/remove/", relations.remove, name="relation-remove"),
    path("claims/<slug:code>/", review_page.claim, name="claim"),
    path("claims/<slug:code>/propose/", reviewing.claim_propose, name="claim-propose"),
    path("claims/<slug:code>/assign/", claim_work.claim_assign, name="claim-assign"),
    path("claims/<slug:code>/release/", claim_work.claim_release, name="claim-release"),
    path("claims/<slug:code>/accusation/", claim_work.claim_accusation, name="claim-accusation"),
    path("claims/<slug:code>/request/", claim_work.claim_request, name="claim-request"),
    path("claims/<slug:code>/evidence/add/", evidence.evidence_add, name="evidence-add"),
    path("claims/<slug:code>/evidence/find/", evidence.evidence_find, name="evidence-find"),
    path("evidence/<slug:code>/", evidence.evidence_item, name="evidence-item"),
    path("evidence/<slug:code>/withdraw/", evidence.evidence_withdraw, name="evidence-withdraw"),
    path("claims/<slug:code>/dossier/", dossier.claim_dossier, name="claim-dossier"),
    path("requests/<slug:code>/answer/", claim_work.request_answer, name="request-answer"),
    path("reviews/", board.reviews, name="reviews"),
    path("reviews/<slug:code>/amend/", reviewing.review_amend, name="review-amend"),
    path("reviews/<slug:code>/approve/", reviewing.review_approve, name="review-approve"),
    path("reviews/<slug:code>/publish/", reviewing.review_publish, name="review-publish"),
    path("reviews/<slug:code>/changes/", reviewing.review_changes, name="review-changes"),
    path("reviews/<slug:code>/withdraw/", reviewing.review_withdraw, name="review-withdraw"),
    path("reviews/<slug:code>/stale/", reviewing.review_stale, name="review-stale"),
    path("reviews/<slug:code>/hold/", reviewing.review_hold, name="review-hold"),
    path("claims/<slug:code>/comments/", threads.threads_claim, name="threads-claim"),
    path("articles/<slug:slug>/comments/", threads.threads_article, name="threads-article"),
    path("articles/<slug:slug>/presence/", presence.presence, name="presence"),
    path("entities/", entities.entities, name="entities"),
    path("entities/<slug:code>/", entities.entity, name="entity"),
    path("entities/<slug:code>/merge/", entities.entity_merge, name="entity-merge"),
    path("entities/<slug:code>/unmerge/", entities.entity_unmerge, name="entity-unmerge"),
    path("entities/<slug:code>/split/", entities.entity_split, name="entity-split"),
    path("entities/<slug:code>/look-up/", entities.entity_look_up, name="entity-look-up"),
    path("entities/<slug:code>/identify/", entities.entity_identify, name="entity-identify"),
    path("entities/<slug:code>/protect/", entities.entity_protect, name="entity-protect"),
    path("entities/<slug:code>/unprotect/", entities.entity_unprotect, name="entity-unprotect"),
    path("comments/", threads.threads, name="threads"),
    path("comments/<slug:code>/", threads.comment, name="comment"),
    path("threads/<slug:code>/answer/", threads.thread_answer, name="thread-answer"),
    path("threads/<slug:code>/resolve/", threads.thread_resolve, name="thread-resolve"),
    path("threads/<slug:code>/reopen/", threads.thread_reopen, name="thread-reopen"),
    path("documents/", documents.documents, name="documents"),
    path("documents/new/", documents.new_document, name="new-document"),
    path("documents/<slug:code>/", documents.document, name="document"),
    path("documents/<slug:code>/change/", documents.document_change, name="document-change"),
    path("documents/<slug:code>/withdraw/", documents.document_withdraw, name="document-withdraw"),
    path("documents/<slug:code>/copy/", documents.document_copy, name="document-copy"),
    path("documents/<slug:code>/check/", documents.document_check, name="document-check"),
    path("copies/<slug:code>/file/", documents.copy_file, name="copy-file"),
    path("flags/", flags.flags, name="flags"),
    path("flags/<slug:code>/", flags.flag, name="flag"),
    path("flags/<slug:code>/assign/", flags.flag_assign, name="flag-assign"),
    path("flags/<slug:code>/answer/", flags.flag_answer, name="flag-answer"),
    path("flags/<slug:code>/accept/", flags.flag_accept, name="flag-accept"),
    path("flags/<slug:code>/publish/", flags.flag_publish, name="flag-publish"),
    path("flags/<slug:code>/withdraw/", flags.flag_withdraw, name="flag-withdraw"),
    path("flags/<slug:code>/reject/", flags.flag_reject, name="flag-reject"),
    path("flags/<slug:code>/merge/", flags.flag_merge, name="flag-merge"),
    path("flags/<slug:code>/reopen/", flags.flag_reopen, name="flag-reopen"),
    path("export/", exporting.export, name="export"),
    path("imports/", importing.imports, name="imports"),
    path("imports/<slug:code>/", importing.import_, name="import"),
    path("imports/<slug:code>/file/", importing.import_file, name="import-file"),
    path("imports/<slug:code>/report/", importing.import_report, name="import-report"),
    path("erase/", erasing.erase, name="erase"),
    path("personal-data/", personal_data.personal_data, name="personal-data"),
    path("me/", me.me, name="me"),
    path("me/data/", personal_data.my_data, name="my-data"),
    path("views/", me.views, name="views"),
    path("views/<slug:code>/drop/", me.view_drop, name="view-drop"),
]

urlpatterns = [
    path("", include((reader_urls, "reader"))),
    path("desk/", include((desk_urls, "desk"))),
]
