"""Every constraint that a model names is held by the database: each is broken here, and refused by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from newsroom.models import (
    Annotation,
    Article,
    Attribution,
    Capability,
    Claim,
    ClaimRelation,
    ClaimWording,
    ConfidentialSource,
    Correction,
    Deed,
    Document,
    Entity,
    EntityAlias,
    EntityIdentifier,
    Erasure,
    Evidence,
    FlagAnswer,
    FlagTarget,
    FollowerMail,
    InvitationMail,
    KeptAnswer,
    Mention,
    Newsroom,
    PageVersion,
    Policy,
    Presence,
    RatingLabel,
    RatingLevel,
    RatingScale,
    ReaderMail,
    Review,
    Revision,
    SavedView,
    SearchDebt,
    Shown,
    Source,
    Suggestion,
    SuggestionOffer,
    Target,
    Thread,
    User,
)
from newsroom.models.search_entries import ENTRIES
from tests.making import (
    LATER,
    THEN,
    level,
    make_annotation,
    make_appearance,
    make_article,
    make_assignment,
    make_attribution,
    make_check,
    make_claim,
    make_comment,
    make_copy,
    make_cue,
    make_delivery,
    make_document,
    make_entity,
    make_evidence,
    make_flag,
    make_follow,
    make_import,
    make_imprint,
    make_invitation,
    make_kept_answer,
    make_mention,
    make_model,
    make_notice,
    make_original,
    make_page,
    make_policy_report,
    make_reading,
    make_rectification,
    make_reply,
    make_request,
    make_review,
    make_revision,
    make_source,
    make_suggestion,
    make_template,
    make_token,
    make_user,
    make_webhook,
)

pytestmark = pytest.mark.django_db

CONSTRAINTS = {
    constraint.name: (model, constraint)
    for model in apps.get_app_config("newsroom").get_models()
    for constraint in model._meta.constraints
}


def change(row: models.Model, **values: Any) -> None:
    """Writes values as they are, past `save()` and every validation."""
    type(row)._base_manager.filter(pk=row.pk).update(**values)


def again(row: models.Model) -> None:
    """Writes a second row with the same values but its keys."""
    row.pk = None
    if hasattr(row, "uuid"):
        row.uuid = type(row)._meta.get_field("uuid").get_default()
    row._state.adding = True
    row.save()


def an_orphan_with_a_place() -> None:
    change(make_annotation(make_article(), "Il ponte").targets.get(), fate="orphaned")


def target(**values: Any) -> None:
    change(make_annotation(make_article(), "Il ponte").targets.get(), **values)


def a_second_text(**values: Any) -> Revision:
    return make_revision(make_article(), **values)


def relation(**given: Any) -> ClaimRelation:
    values = {"source": make_claim(), "target": make_claim(), "kind": "supports"} | given
    return ClaimRelation.objects.create(**values)


def flag_target() -> FlagTarget:
    return make_flag(quotation="Il ponte").targets.get()


def reader_mail(**given: Any) -> ReaderMail:
    return ReaderMail.objects.create(**({"flag": make_flag(), "reason": "answer", "at": THEN} | given))


def follower_mail(**given: Any) -> FollowerMail:
    fields = {"subscriber": make_follow().subscriber, "reason": "link", "at": THEN}
    return FollowerMail.objects.create(**(fields | given))


def capability(**given: Any) -> Capability:
    fields = {"flag": make_flag(), "purpose": "follow", "digest": "d" * 64, "at": THEN, "expires_at": LATER}
    return Capability.objects.create(**(fields | given))


def invitation_mail(**given: Any) -> InvitationMail:
    return InvitationMail.objects.create(
        **({"invitation": make_invitation(), "reason": "ask", "at": THEN} | given)
    )


def a_second_debt() -> None:
    for _ in range(2):
        SearchDebt.objects.create(kind="claim", key=1, paid_id=0)


def a_relation_to_itself() -> None:
    claim = make_claim()
    relation(source=claim, target=claim)


def a_contradiction_said_both_ways() -> None:
    row = relation(kind="contradicts")
    relation(source=row.target, target=row.source, kind="contradicts")


def correction(**given: Any) -> Correction:
    article = make_article()
    before, after = article.current_revision, make_revision(article, kind="correction", note="La data.")
    values = {"before": before, "after": after, "note": "La data.", "by": make_user(), "at": THEN} | given
    return Correction.objects.create(article=article, **values)


def an_entity_that_became_itself() -> None:
    entity = make_entity()
    deed = Deed.objects.create(verb="entity.merge", actor=make_user(), at=THEN)
    Entity.objects.filter(pk=entity.pk).update(merged_into=entity, merge=deed)


def a_correction_of_a_text_by_itself() -> None:
    change(row := correction(), before=row.after)


def approved_by_its_author() -> None:
    change(review := make_review(state="approved"), approver=review.author)


def itself(row: models.Model, field: str, **values: Any) -> None:
    change(row, **{field: row}, **values)


def new_level(**given: Any) -> RatingLevel:
    scale = RatingScale.objects.create(code_name="prova", name="Prova")
    fields = {"scale": scale, "position": 1, "icon": "x", "tone": "true", "underline": "solid"}
    return RatingLevel.objects.create(**(fields | {"code_name": "prova"} | given))


def second_level(**given: Any) -> None:
    first = new_level()
    fields = {"code_name": "altra", "position": 2} | given
    RatingLevel.objects.create(scale=first.scale, icon="x", tone="true", underline="solid", **fields)


def dated(make: Callable[..., models.Model], **values: Any) -> None:
    """A date whose earliest day comes after its latest."""
    change(make(date="2023-08"), date_earliest="2023-09-01", date_latest="2023-08-31")


def saved_view(**given: Any) -> SavedView:
    return SavedView.objects.create(
        **({"user": make_user(), "name": "Bozze", "query": "state=drafts"} | given)
    )


def offer() -> SuggestionOffer:
    return make_suggestion(offers=[make_entity()]).offers.get()


def two_offers(**values: Any) -> None:
    suggestion = make_suggestion(offers=[make_entity(), make_entity()])
    change(suggestion.offers.get(ordinal=1), **values)


def uncounted(version: PageVersion) -> None:
    version.number = 0
    again(version)


def again_later(suggestion: Suggestion) -> None:
    """A second offer of the same."""
    row = suggestion.offers.get()
    row.ordinal = 1
    again(row)


def published_without_text() -> None:
    Article.objects.create(slug="vuoto", headline="Vuoto", published_at=THEN)


#: Constraint -> what breaks it, and it alone.
VIOLATIONS: dict[str, Callable[[], Any]] = {
    "annotation_kind_known": lambda: make_annotation(make_article(), kind="odd"),
    "annotation_state_known": lambda: make_annotation(make_article(), state="odd"),
    "annotation_withdrawn_with_reason": lambda: make_annotation(
        make_article(), state="withdrawn", withdrawal_reason=""
    ),
    "annotation_suggested_by_program": lambda: make_annotation(make_article(), state="suggested"),
    "annotation_confidence_is_share": lambda: make_annotation(make_article(), confidence=1.2),
    "target_once_per_revision": lambda: again(make_annotation(make_article(), "Il ponte").targets.get()),
    "target_has_place_or_is_orphan": an_orphan_with_a_place,
    "target_start_before_end": lambda: target(start=5, end=5),
    "target_confirmed_by_and_at": lambda: target(confirmed_by=None),
    "target_role_known": lambda: target(role="odd"),
    "target_fate_known": lambda: target(fate="odd"),
    "target_words_not_empty": lambda: target(exact=""),
    "article_date_has_bounds": lambda: dated(make_article),
    "article_withdrawn_with_reason": lambda: make_article(withdrawn_at=THEN),
    "article_published_has_text": published_without_text,
    "article_rights_known": lambda: make_article(rights="odd"),
    "revision_number_once": lambda: a_second_text(number=1, kind="first"),
    "revision_first_is_number_one": lambda: a_second_text(kind="first"),
    "revision_change_has_note": lambda: a_second_text(note=""),
    "revision_kind_known": lambda: a_second_text(kind="odd"),
    "attribution_source_or_reason": lambda: make_attribution(make_article(), source=None),
    "attribution_not_inside_itself": lambda: itself(make_attribution(make_article()), "parent"),
    "attribution_quote_type_known": lambda: make_attribution(make_article(), quote_type="odd"),
    "claim_date_has_bounds": lambda: dated(make_claim),
    "claim_withdrawn_with_reason": lambda: make_claim(withdrawn_at=THEN),
    "claim_has_wording": lambda: make_claim(text=""),
    "claim_kind_known": lambda: make_claim(kind="odd"),
    "claim_worth_known": lambda: make_claim(check_worthiness="odd"),
    "claim_accuses_somebody": lambda: make_claim(accuses="yes"),
    "wording_once_per_language": lambda: again(
        ClaimWording.objects.create(claim=make_claim(), lang="en", text="The bridge.")
    ),
    "wording_not_empty": lambda: ClaimWording.objects.create(claim=make_claim(), lang="en", text=""),
    "relation_once": lambda: again(relation()),
    "relation_between_two_claims": a_relation_to_itself,
    "relation_mutual_once": a_contradiction_said_both_ways,
    "relation_kind_known": lambda: relation(kind="odd"),
    "relation_strength_known": lambda: relation(strength="odd"),
    "correction_has_note": lambda: correction(note=""),
    "correction_between_two_texts": a_correction_of_a_text_by_itself,
    "deed_has_verb": lambda: Deed.objects.create(verb="", actor=make_user(), at=THEN),
    "entity_withdrawn_with_reason": lambda: make_entity(withdrawn_at=THEN),
    "entity_kind_known": lambda: make_entity(kind="odd"),
    "entity_privacy_known": lambda: make_entity(privacy="odd"),
    "entity_protected_with_reason": lambda: make_entity(privacy="minor", protection_reason=""),
    "entity_merged_with_record": lambda: make_entity(merged_into=make_entity()),
    "entity_not_merged_into_itself": an_entity_that_became_itself,
    "erasure_has_reason": lambda: Erasure.objects.create(by=make_user(), at=THEN, reason="", hashes=[]),
    "alias_once_per_entity": lambda: again(EntityAlias.objects.create(entity=make_entity(), name="Ida")),
    "identifier_once_per_entity": lambda: again(
        EntityIdentifier.objects.create(entity=make_entity(), scheme="wikidata", value="Q1")
    ),
    "identifier_scheme_known": lambda: EntityIdentifier.objects.create(
        entity=make_entity(), scheme="odd", value="1"
    ),
    "identifier_other_is_address": lambda: EntityIdentifier.objects.create(
        entity=make_entity(), scheme="other", value="javascript:alert(1)"
    ),
    "mention_once_per_annotation": lambda: again(make_mention(make_article(), "la sindaca")),
    "mention_name_has_entity": lambda: change(make_mention(make_article(), "la sindaca"), entity=None),
    "mention_form_known": lambda: make_mention(make_article(), "la sindaca", form="odd"),
    "document_date_has_bounds": lambda: dated(make_document),
    "document_withdrawn_with_reason": lambda: make_document(withdrawn_at=THEN),
    "document_kind_known": lambda: make_document(kind="odd"),
    "document_original_of_republication": lambda: make_document(original=make_document()),
    "document_not_its_own_original": lambda: itself(make_document(), "original", kind="republication"),
    "document_rights_known": lambda: make_document(rights="odd"),
    "evidence_once": lambda: again(make_evidence(make_claim())),
    "evidence_stance_known": lambda: make_evidence(make_claim(), stance="odd"),
    "evidence_checked_known": lambda: make_evidence(make_claim(), checked="odd"),
    "evidence_in_copy_known": lambda: make_evidence(make_claim(), in_copy="odd"),
    "evidence_withdrawn_with_reason": lambda: make_evidence(make_claim(), withdrawn_at=THEN),
    "stored_copy_kind_known": lambda: make_copy(kind="odd"),
    "stored_copy_state_known": lambda: change(make_copy(state="waiting"), state="odd"),
    "stored_copy_page_has_address": lambda: make_copy(address=""),
    "stored_copy_kept_is_whole": lambda: change(make_copy(), sha256=""),
    "stored_copy_failed_with_reason": lambda: make_copy(state="failed"),
    "check_finding_known": lambda: make_check(finding="odd"),
    "check_found_at_a_moment": lambda: make_check(checked_at=None),
    "check_unreached_with_reason": lambda: make_check(finding="unreached"),
    "check_waiting_once": lambda: again(make_check(finding="")),
    "check_not_with_itself": lambda: make_check(compared=(kept := make_copy()), found=kept),
    "newsroom_is_one": lambda: Newsroom.objects.create(id=2),
    "cue_once": lambda: again(make_cue()),
    "cue_lang_known": lambda: make_cue(lang="de"),
    "cue_kind_known": lambda: make_cue(kind="odd"),
    "cue_has_words": lambda: make_cue(words=""),
    "trained_model_one_in_use": lambda: again(make_model(active=True)),
    "trained_model_kind_known": lambda: make_model(kind="odd"),
    "trained_model_lang_known": lambda: make_model(lang="de"),
    "trained_model_state_known": lambda: make_model(state="odd"),
    "trained_model_has_file_if_kept": lambda: make_model(b""),
    "trained_model_figures_are_shares": lambda: make_model(after=1.1),
    "import_state_known": lambda: make_import(state="odd"),
    "import_rights_known": lambda: make_import(rights="odd"),
    "import_done_within_total": lambda: make_import(state="storing", done=2, stored_by=make_user()),
    "import_failed_with_reason": lambda: make_import(state="failed"),
    "import_stored_is_whole": lambda: make_import(state="stored", stored_by=make_user()),
    "import_stored_by_somebody": lambda: make_import(state="storing"),
    "import_has_file_until_done": lambda: change(make_import(), file=""),
    "original_kind_known": lambda: make_original(kind="odd"),
    "original_state_known": lambda: make_original(state="odd"),
    "original_page_has_address": lambda: make_original(kind="address"),
    "original_read_is_whole": lambda: make_original(draft=None),
    "original_failed_with_reason": lambda: make_original(state="failed"),
    "original_used_has_article": lambda: make_original(state="used"),
    "policy_once_per_language": lambda: again(Policy.objects.first()),
    "policy_kind_known": lambda: Policy.objects.create(kind="odd", text="Così."),
    "scale_version_once": lambda: again(RatingScale.objects.first()),
    "level_code_once": lambda: second_level(code_name="prova"),
    "level_position_once": lambda: second_level(position=1),
    "level_tone_known": lambda: new_level(tone="odd"),
    "level_underline_known": lambda: new_level(underline="odd"),
    "level_is_a_rating": lambda: new_level(code_name="unchecked"),
    "label_once_per_language": lambda: again(level("true").labels.get(lang="it")),
    "label_not_empty": lambda: RatingLabel.objects.create(level=new_level(), label="", meaning="Così."),
    "review_one_current_per_claim": lambda: make_review(claim=make_review().claim),
    "review_approver_is_not_author": approved_by_its_author,
    "review_public_is_approved": lambda: change(make_review(state="proposed"), state="published"),
    "review_proposed_is_not_approved": lambda: change(make_review(), state="proposed"),
    "review_approved_by_and_at": lambda: change(make_review(state="approved"), approved_at=None),
    "review_accusing_is_confirmed": lambda: make_review(accuses=True),
    "review_changes_have_note": lambda: change(make_review(state="changes"), changes_note=""),
    "review_stale_by_desk_with_reason": lambda: make_review(state="stale", stale_cause="desk"),
    "review_stale_since_and_why": lambda: make_review(state="stale", stale_at=None),
    "review_stale_cause_known": lambda: make_review(state="stale", stale_cause="odd"),
    "review_withdrawn_with_reason": lambda: make_review(state="withdrawn"),
    "review_appearance_with_revision": lambda: change(make_review(make_appearance()), revision=None),
    "review_summary_fits": lambda: make_review(summary="a" * 161),
    "review_judges_words": lambda: make_review(judged_words=""),
    "review_judges_known": lambda: make_review(judges="odd"),
    "review_state_known": lambda: make_review(state="odd"),
    "review_not_after_itself": lambda: itself(make_review(), "supersedes"),
    "debt_once": a_second_debt,
    "shown_kind_known": lambda: Shown.objects.create(kind="odd", key=1, token=1, at=1),
    "source_withdrawn_with_reason": lambda: make_source(withdrawn_at=THEN),
    "source_kind_known": lambda: make_source(kind="odd"),
    "confidential_source_has_reason": lambda: ConfidentialSource.objects.create(
        source=make_source(), real_name="Ugo Verdi", reason=""
    ),
    "user_signature_known": lambda: make_user(signature="odd"),
    "user_language_known": lambda: make_user(language="fr"),
    "thread_on_one_thing": lambda: change(make_comment().thread, annotation=make_annotation(make_article())),
    "thread_resolved_by_and_at": lambda: change(make_comment().thread, resolved_at=THEN),
    "comment_fits": lambda: change(make_comment(), body=""),
    "webhook_has_name": lambda: make_webhook(name=""),
    "webhook_stopped_is_not_active": lambda: make_webhook(stopped_at=THEN),
    "delivery_once": lambda: again(make_delivery()),
    "delivery_state_known": lambda: make_delivery(state="odd", attempts=1, tried_at=THEN),
    "delivery_tried_at_a_moment": lambda: make_delivery(state="sent"),
    "notice_once": lambda: again(make_notice()),
    "notice_reason_known": lambda: make_notice(reason="odd"),
    "notice_about_one_thing": lambda: change(make_notice(), review=make_review()),
    "suggestion_decided_by_and_at": lambda: change(make_suggestion(), decided_at=THEN),
    "suggestion_entity_kind_known": lambda: make_suggestion(entity_kind="odd"),
    "suggestion_form_known": lambda: make_suggestion(form="odd"),
    "suggestion_quote_type_known": lambda: make_suggestion(entity_kind="", form="", quote_type="odd"),
    "suggestion_unspoken_known": lambda: make_suggestion(entity_kind="", form="", unspoken="odd"),
    "suggestion_of_one_kind": lambda: make_suggestion(quote_type="direct"),
    "suggestion_not_after_itself": lambda: itself(make_suggestion(), "follows"),
    "offer_once_per_place": lambda: two_offers(ordinal=0),
    "offer_entity_once": lambda: again_later(make_suggestion(offers=[make_entity()])),
    "offer_source_once": lambda: again_later(make_suggestion(kind="attribution", offers=[make_source()])),
    "offer_claim_once": lambda: again_later(make_suggestion(kind="claim", offers=[make_claim()])),
    "offer_of_one_thing": lambda: change(offer(), source=make_source()),
    "reading_state_known": lambda: make_reading(state="odd"),
    "reading_tried_at_a_moment": lambda: make_reading(state="done"),
    "reading_failed_with_reason": lambda: make_reading(state="failed", attempts=1, tried_at=THEN),
    "assignment_one_open_per_claim": lambda: make_assignment(claim=make_assignment().claim),
    "assignment_closed_after_it": lambda: make_assignment(at=LATER, closed_at=THEN),
    "request_says_whom_and_how": lambda: make_request(how=""),
    "request_answer_has_moment": lambda: make_request(answer="È falso."),
    "request_kind_known": lambda: make_request(kind="odd"),
    "request_answered_after_it": lambda: make_request(asked_at=LATER, answered_at=THEN),
    "notice_state_known": lambda: make_notice(state="odd"),
    "notice_tried_at_a_moment": lambda: make_notice(state="sent"),
    "presence_once": lambda: again(
        Presence.objects.create(user=make_user(), article=make_article(), seen_at=THEN)
    ),
    "policy_report_once": lambda: again(make_policy_report()),
    "policy_report_says_what": lambda: make_policy_report(blocked=""),
    "policy_report_counted": lambda: make_policy_report(number=0),
    "policy_report_first_before_last": lambda: make_policy_report(first_at=LATER),
    "token_has_name": lambda: make_token(name=""),
    "token_has_digest": lambda: make_token(digest=""),
    "token_expires_after_issue": lambda: make_token(created_at=LATER, expires_at=THEN),
    "token_revoked_by_and_at": lambda: make_token(revoked_at=LATER),
    "flag_kind_known": lambda: make_flag(kind="odd"),
    "flag_state_known": lambda: change(make_flag(), state="odd", decided_by=make_user(), decided_at=LATER),
    "flag_about_one_thing": lambda: change(make_flag(), claim=make_claim()),
    "flag_decided_by_and_at": lambda: change(make_flag(state="rejected"), decided_by=None),
    "flag_accepted_with_outcome": lambda: change(make_flag(state="accepted"), outcome=""),
    "flag_merged_into_another": lambda: change(make_flag(), merged_into=make_flag()),
    "flag_due_after_it_came": lambda: make_flag(at=LATER, due=THEN),
    "flag_target_once_per_revision": lambda: again(flag_target()),
    "flag_target_has_place_or_is_orphan": lambda: change(flag_target(), fate="orphaned"),
    "flag_target_start_before_end": lambda: change(flag_target(), start=9, end=9),
    "flag_target_fate_known": lambda: change(flag_target(), fate="odd"),
    "flag_target_words_not_empty": lambda: change(flag_target(), exact=""),
    "rectification_withdrawn_with_reason": lambda: make_rectification(withdrawn_at=LATER),
    "imprint_is_one": lambda: (make_imprint(), make_imprint(pk=2)),
    "imprint_says_who_and_where": lambda: make_imprint(publisher=""),
    "rectification_stands_once": lambda: make_rectification(flag=make_rectification().flag),
    "rectification_signed_and_whole": lambda: make_rectification(name=""),
    "flag_letter_fits": lambda: make_flag(message=""),
    "flag_letter_confirmed_address": lambda: make_flag(confirmed_at=LATER),
    "flag_answer_fits": lambda: FlagAnswer.objects.create(flag=make_flag(), by=make_user(), at=LATER),
    "page_once_per_language": lambda: again(make_page()),
    "page_place_known": lambda: make_page(place="odd"),
    "page_version_numbered_once": lambda: again(make_page().versions.get()),
    "page_version_counted": lambda: uncounted(make_page().versions.get()),
    "page_version_has_words": lambda: make_page(note=""),
    "answer_template_named_once": lambda: again(make_template()),
    "answer_template_use_known": lambda: make_template(use="odd"),
    "answer_template_has_words": lambda: make_template(words=""),
    "readermail_state_known": lambda: reader_mail(state="odd"),
    "readermail_tried_at_a_moment": lambda: reader_mail(state="sent"),
    "readermail_reason_known": lambda: reader_mail(reason="odd"),
    "capability_purpose_known": lambda: capability(purpose="odd"),
    "capability_opens_one_thing": lambda: capability(purpose="reply"),
    "invitation_expires_later": lambda: make_invitation(expires_at=THEN),
    "invitationmail_state_known": lambda: invitation_mail(state="odd"),
    "invitationmail_tried_at_a_moment": lambda: invitation_mail(state="sent"),
    "invitationmail_reason_known": lambda: invitation_mail(reason="odd"),
    "reply_state_known": lambda: make_reply(state="odd", decided_by=make_user(), decided_at=LATER),
    "reply_opinion_known": lambda: change(make_reply(), opinion="odd", review=make_review()),
    "reply_refused_with_reason": lambda: change(make_reply(state="refused"), reason=""),
    "reply_decided_by_and_at": lambda: change(make_reply(state="refused"), decided_by=None),
    "reply_accepted_is_signed": lambda: change(make_reply(state="accepted"), signature=""),
    "reply_kept_is_opinion": lambda: make_reply(state="kept"),
    "reply_for_the_desk_is_opinion": lambda: make_reply(may_be_public=False),
    "reply_opinion_on_a_draft": lambda: make_reply(opinion="objects"),
    "reply_letter_fits": lambda: make_reply(words=""),
    "capability_has_digest": lambda: capability(digest=""),
    "capability_expires_later": lambda: capability(expires_at=THEN),
    "subscriber_has_address": lambda: change(make_follow().subscriber, address=""),
    "subscriber_rhythm_known": lambda: change(make_follow().subscriber, rhythm="hourly"),
    "subscriber_told_once_confirmed": lambda: change(make_follow().subscriber, told_until=None),
    "follow_rhythm_known": lambda: change(make_follow(), rhythm="hourly"),
    "follow_one_thing": lambda: change(make_follow(), claim=make_claim()),
    "follow_article_once": lambda: again(make_follow()),
    "follow_claim_once": lambda: again(make_follow(make_claim())),
    "follow_source_once": lambda: again(make_follow(make_source())),
    "follow_entity_once": lambda: again(make_follow(make_entity())),
    "followermail_state_known": lambda: follower_mail(state="odd"),
    "followermail_tried_at_a_moment": lambda: follower_mail(state="sent"),
    "followermail_once": lambda: again(follower_mail(reason="digest", since=THEN, until=LATER)),
    "followermail_reason_known": lambda: follower_mail(reason="digest"),
    "kept_answer_once_per_key": lambda: again(make_kept_answer()),
    "kept_answer_of_what_was_done": lambda: make_kept_answer(status=422),
    "claim_entry_vector_of_a_model": lambda: change(make_claim().search_entry, vector=b"\0\0"),
    "saved_view_once_per_name": lambda: again(saved_view()),
    "saved_view_has_name": lambda: saved_view(name=""),
    "saved_view_of_known": lambda: saved_view(of="claims"),
}


#: What a guard says on SQLite before a constraint can.
GUARDED = {
    "revision_number_once": "a revision never changes",
    "page_version_numbered_once": "a version of a page never changes",
    "rectification_stands_once": "a rectification never changes",
}


def refusal(name: str) -> str:
    """How the database names the constraint; SQLite names a unique one by its columns."""
    model, constraint = CONSTRAINTS[name]
    if connection.vendor == "sqlite" and name in GUARDED:
        return GUARDED[name]  # what guards it speaks first
    if connection.vendor == "sqlite" and isinstance(constraint, models.UniqueConstraint):
        columns = (model._meta.get_field(field).column for field in constraint.fields)
        return f"UNIQUE constraint failed: {', '.join(f'{model._meta.db_table}.{c}' for c in columns)}"
    return name


def test_every_constraint_is_broken_by_a_test() -> None:
    assert VIOLATIONS.keys() == CONSTRAINTS.keys()


@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_database_refuses_what_breaks(name: str) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        VIOLATIONS[name]()
    assert refusal(name) in str(refused.value)


# What a constraint must refuse besides the one thing above.


@pytest.mark.parametrize("make", [make_article, make_claim, make_document])
def test_a_date_without_its_bounds_is_refused(make: Callable[..., models.Model]) -> None:
    with pytest.raises(IntegrityError, match="_date_has_bounds"), transaction.atomic():
        change(make(date="2023-08"), date_earliest=None, date_latest=None)


@pytest.mark.parametrize("place", [{"start": None}, {"end": None}])
def test_a_target_with_half_a_place_is_refused(place: dict[str, None]) -> None:
    with pytest.raises(IntegrityError, match="target_has_place_or_is_orphan"), transaction.atomic():
        target(**place)


@pytest.mark.parametrize("missing", [{"draft": None}, {"file": ""}, {"sha256": ""}])
def test_what_was_read_has_its_draft_and_its_file(missing: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="original_read_is_whole"), transaction.atomic():
        change(make_original(), **missing)


def test_a_reason_without_a_failure_and_an_article_without_use_are_refused() -> None:
    with pytest.raises(IntegrityError, match="original_failed_with_reason"), transaction.atomic():
        change(make_original(), message="Non risponde.")
    with pytest.raises(IntegrityError, match="original_used_has_article"), transaction.atomic():
        change(make_original(), article=make_article())


@pytest.mark.parametrize("model", [Article, Claim, Document, Entity, Source])
def test_a_reason_without_a_withdrawal_is_refused(model: type[models.Model]) -> None:
    name = f"{model._meta.model_name}_withdrawn_with_reason"
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        change(model._base_manager.first(), withdrawal_reason="Errore.")


@pytest.mark.parametrize("state", ["published", "stale", "superseded"])
def test_nothing_public_lacks_its_approver(state: str) -> None:
    review = make_review(state="proposed")
    stale = {"stale_at": LATER, "stale_cause": "words"} if state == "stale" else {}
    for given in ({"published_at": THEN}, {"approver": make_user()}):
        with pytest.raises(IntegrityError, match="review_public_is_approved"), transaction.atomic():
            change(review, state=state, **given, **stale)


CONFIRMED = {"public_interest": True, "measured_wording": True, "presumption_of_innocence": True}


@pytest.mark.parametrize("state", ["approved", "published", "stale", "superseded"])
@pytest.mark.parametrize(
    "given",
    [CONFIRMED, {"no_request_reason": "È irreperibile."}]
    + [CONFIRMED | {name: False, "no_request_reason": "È irreperibile."} for name in CONFIRMED],
)
def test_what_accuses_is_not_approved_without_all_that_it_asks_for(state: str, given: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="review_accusing_is_confirmed"), transaction.atomic():
        make_review(state=state, accuses=True, **given)


@pytest.mark.parametrize(
    "given",
    [CONFIRMED | {"no_request_reason": "È irreperibile."}, {"override_reason": "Lo ha deciso il direttore."}],
)
def test_what_accuses_is_approved_with_it(given: dict[str, Any]) -> None:
    assert make_review(accuses=True, **given).pk
    request = make_request()
    assert make_review(claim=request.claim, accuses=True, request=request, **CONFIRMED).pk


def test_a_summary_is_not_empty() -> None:
    with pytest.raises(IntegrityError, match="review_summary_fits"), transaction.atomic():
        make_review(summary="")


def test_a_claim_may_have_many_reviews_that_are_not_current() -> None:
    claim = make_review().claim
    make_review(claim=claim, state="superseded")
    make_review(claim=claim, state="proposed")
    make_review(claim=claim, state="withdrawn", withdrawal_reason="Errore.")
    assert claim.reviews.current().count() == 1


def test_a_collective_may_name_things_without_an_entity() -> None:
    annotation = make_annotation(make_article(), "i tecnici", kind=Annotation.Kind.MENTION)
    for _thing in range(2):
        Mention.objects.create(annotation=annotation, entity=None, form=Mention.Form.COREFERENCE)
    assert annotation.mentions.count() == 2


def test_a_thread_is_on_something() -> None:
    with pytest.raises(IntegrityError, match="thread_on_one_thing"), transaction.atomic():
        Thread.objects.create()


def test_a_comment_has_an_end() -> None:
    with pytest.raises(IntegrityError, match="comment_fits"), transaction.atomic():
        make_comment(body="a" * 10_001)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "waiting", "attempts": 1},
        {"state": "waiting", "tried_at": THEN},
        {"state": "failed", "attempts": 1},
        {"state": "sending", "tried_at": THEN},
    ],
)
def test_a_notice_was_tried_at_a_moment_or_never(values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="notice_tried_at_a_moment"), transaction.atomic():
        make_notice(**values)


@pytest.mark.parametrize(("number", "kind"), [(0, "first"), (0, "minor"), (1, "minor")])
def test_revisions_are_counted_from_one(number: int, kind: str) -> None:
    article = Article.objects.create(slug="conta", headline="Conta")
    with pytest.raises(IntegrityError, match="revision_first_is_number_one"), transaction.atomic():
        make_revision(article, number=number, kind=kind, note="Refuso.")


# Keys: nothing that is kept goes with something else.

#: Parts of a thing that mean nothing without it.
PARTS = {ClaimWording, EntityAlias, EntityIdentifier, KeptAnswer, RatingLabel, SuggestionOffer, *ENTRIES}


def test_every_key_to_a_kept_thing_is_protected() -> None:
    unprotected = {
        model
        for model in apps.get_app_config("newsroom").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is not models.PROTECT
        if not hasattr(model, "instance_type")  # the rows of the history keep no keys
    }
    assert unprotected == PARTS


@pytest.mark.parametrize(
    "model", [Article, Annotation, Attribution, Claim, Document, Entity, RatingLevel, Revision, Source, User]
)
def test_nothing_of_the_seed_that_is_used_can_be_deleted(model: type[models.Model]) -> None:
    rows = {
        Annotation: Annotation.objects.filter(kind="claim"),
        Attribution: Attribution.objects.filter(nested__isnull=False),
        Document: Document.objects.filter(evidence__isnull=False),
        RatingLevel: RatingLevel.objects.filter(reviews__isnull=False),
        Source: Source.objects.filter(claims__isnull=False),
    }.get(model, model._default_manager.all())
    if model is Attribution:
        inner = make_attribution(article := make_article())
        Attribution.objects.filter(pk=inner.pk).update(parent=make_attribution(article))
    for row in rows[:3]:
        with pytest.raises(models.ProtectedError):
            row.delete()
    assert rows.exists()


def test_a_superseded_review_cannot_be_deleted() -> None:
    earlier = make_review(state="superseded")
    make_review(claim=earlier.claim, supersedes=earlier)
    with pytest.raises(models.ProtectedError):
        Review.objects.filter(pk=earlier.pk).delete()


def test_a_document_that_is_evidence_cannot_be_deleted() -> None:
    with pytest.raises(models.ProtectedError):
        Evidence.objects.first().document.delete()


def test_a_target_is_kept_with_its_annotation() -> None:
    with pytest.raises(models.ProtectedError):
        Target.objects.first().annotation.delete()
