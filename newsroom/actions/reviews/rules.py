"""The rules of a review, once: whoever writes, approves or publishes one is held to them here.

- no rating without evidence, or without the reason why there is none;
- *false* needs an item of evidence that somebody opened and that is no republication, or the reason why not;
- an opinion or prediction that is rated otherwise than *opinion* names the facts that are judged;
- a rating belongs to the words it judged: they are copied when it is written, and must still stand when it is
  approved and when it is published;
- whether a claim accuses a living person or a named organisation is said before anybody approves. Of one that
  does, those were asked for comment and nothing that they may still say is waited for, or there is a reason;
  and an editor confirms the public interest, the measured wording and the presumption of innocence;
- nobody approves what they wrote or changed.

Who holds `override_review` may pass the rules of `OVERRIDABLE`, with a reason that stays in the log. Four
eyes, the scale and words that changed are not among them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from newsroom.actions.refusals import Refused
from newsroom.models import Appearance, Article, Claim, Document, Evidence, RatingScale, Review, Target, User
from newsroom.text.changes import same_words
from newsroom.text.selectors import joined

#: Codes of refusals that an override passes; all others stand.
OVERRIDABLE = frozenset({"evidence", "primary", "facts", "accuses", "request", "confirmations"})


def hold_to_the_rules(review: Review) -> None:
    """What is asked of every review, from its proposal on."""
    _held(_against(review), passing=())


def hold_to_its_ground(review: Review) -> None:
    """What is asked of a rating that is to hold as it is: what it rests on is still there.

    An earlier version of the scale, and what was overridden when it was published, stay so.
    """
    _held(_against(review), passing={"scale", *review.overridden})


def hold_to_approval(review: Review, *, passing: Container[str]) -> list[str]:
    """What is asked before readers see it, and all the rest again. Takes over what the claim is by now.

    Answers with the codes of the rules that it breaks and that are among those to be passed.
    """
    claim = review.claim
    review.accuses = claim.accuses == Claim.Accuses.YES
    asked = claim.requests.of_the_accused(claim)
    review.request = asked.settled().last() if review.accuses else None
    broken = _held(chain(_against(review), _against_approval(review)), passing=passing)
    if not judges_what_stands_there(review):
        raise Refused(_("The words have changed since they were judged: review them again."), code="words")
    return broken


def hold_to_four_eyes(review: Review, *, by: User) -> None:
    if review.author_id == by.pk:
        raise Refused(_("Nobody approves their own review."), code="four-eyes")
    if review.was_written_by(by):
        raise Refused(_("Nobody approves a review that they changed."), code="four-eyes")


def _held(against: Iterable[Refused], *, passing: Container[str]) -> list[str]:
    broken = []
    for refusal in against:
        if refusal.code not in passing:
            raise refusal
        broken.append(refusal.code)
    return broken


def _against(review: Review) -> Iterator[Refused]:
    level, claim = review.level, review.claim
    if not RatingScale.objects.current().filter(pk=level.scale_id).exists():
        yield Refused(_("This rating belongs to an earlier version of the scale."), code="scale")
    evidence = claim.evidence.standing()
    has_evidence = evidence.exists()
    if not (review.no_evidence_reason.strip() or has_evidence):
        yield Refused(_("A rating needs evidence, or the reason why there is none."), code="evidence")
    if review.judges == Review.Judges.ATTRIBUTION:
        if level.is_opinion:
            yield Refused(_("Whether somebody said it is not an opinion."), code="level")
        return
    if claim.is_subjective and not level.is_opinion and not review.facts_judged.strip():
        yield Refused(
            _("This is an opinion or a prediction: say which facts the rating judges."), code="facts"
        )
    if level.says_false and has_evidence and not review.no_primary_reason.strip():
        opened = evidence.filter(checked__in=Evidence.OPENED)
        if not opened.exclude(document__kind=Document.Kind.REPUBLICATION).exists():
            yield Refused(
                _(
                    "“False” needs an item of evidence that somebody opened and that is no republication, "
                    "or the reason why there is none."
                ),
                code="primary",
            )


def _against_approval(review: Review) -> Iterator[Refused]:
    claim = review.claim
    if claim.accuses == Claim.Accuses.UNSAID:
        yield Refused(
            _("Say first whether the claim accuses a living person or a named organisation."), code="accuses"
        )
    if not review.accuses:
        return
    if not review.no_request_reason.strip():
        if review.request is None:
            words = _(
                "The claim accuses %(whom)s: note when they were asked for comment, or why they were not."
            )
            yield Refused(words, params={"whom": claim.accused}, code="request")
        elif claim.requests.of_the_accused(claim).open().exists():
            yield Refused(
                _("An answer is still waited for: note it, or that none came, or why it is not waited for."),
                code="request",
            )
    if len(review.confirmed) < len(Review.Confirmation):
        yield Refused(
            _(
                "The claim accuses somebody: confirm the public interest, the measured wording and the "
                "presumption of innocence."
            ),
            code="confirmations",
        )


def judges_what_stands_there(review: Review) -> bool:
    """Whether the words that it judged, in the text or of the claim itself, are still the same."""
    if review.appearance is None:
        return same_words(review.claim.text, review.judged_words)
    return bool(words_now(review.appearance)[1] == review.judged_words)


def words_now(appearance: Appearance) -> tuple[Any, str]:
    """The current revision and the claim's words in it; several spans are joined by an ellipsis.

    The article is locked, or a new text could come between the look at the words and the rating of them.
    """
    article = Article.objects.for_change().get(annotations=appearance.annotation_id)
    targets = list(
        Target.objects.live()
        .placed()
        .filter(
            annotation=appearance.annotation_id,
            revision=article.current_revision,
            role=Target.Role.CONTENT,
        )
        .order_by("ordinal")
    )
    if not targets:
        raise Refused(_("These words are no longer in the text."), code="orphan")
    return article.current_revision, joined(target.exact for target in targets)
