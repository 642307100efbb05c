"""Who may do what: the three groups of the newsroom and their permissions.

`override_review` and `refuse_rectification` are in none of them: each is given to a person.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from newsroom.models import CHECKER, EDITOR, REPORTER

_TAGGED = [
    "claim", "claimwording", "entity", "entityalias", "entityidentifier", "source", "document", "evidence",
]  # fmt: skip
_KEPT = _TAGGED + [
    "article", "articleaddress", "revision", "annotation", "target", "appearance", "claimrelation", "mention",
    "attribution", "suggestion", "suggestionoffer", "reading", "review", "correction", "deed", "newsroom",
    "original", "picture", "policy", "ratingscale", "ratinglevel", "ratinglabel", "thread", "comment",
    "assignment", "requestforcomment", "storedcopy", "documentcheck", "cue", "trainedmodel",
    "flag", "flagtarget", "answertemplate", "rectification", "imprint", "page", "pageversion", "reply",
]  # fmt: skip

_REPORTER = {
    *(f"view_{noun}" for noun in _KEPT),
    *(f"{verb}_{noun}" for noun in _TAGGED for verb in ("add", "change")),
    *("add_article", "change_article", "revise_article"),
    *("add_annotation", "change_annotation", "add_comment"),
    *("add_storedcopy", "add_documentcheck"),
    *("delete_claimwording", "delete_entityalias", "delete_entityidentifier"),
}
_CHECKER = _REPORTER | {
    "add_review",
    "change_review",
    "add_assignment",
    "add_requestforcomment",
    "change_requestforcomment",
    "add_claimrelation",
    "change_claimrelation",
    "delete_claimrelation",
    "merge_entity",
    "change_flag",
}
_EDITOR = _CHECKER | {
    *(
        "publish_article",
        "export_article",
        "publish_review",
        "view_notice",
        "view_erasure",
        "view_policyreport",
        "unprotect_entity",
        "view_lockout",
        "delete_lockout",
    ),
    *(f"{verb}_apitoken" for verb in ("view", "add", "change")),
    *(f"{verb}_webhook" for verb in ("view", "add", "change")),
    "view_delivery",
    "decide_flag",
    "decide_reply",
    *(f"{verb}_answertemplate" for verb in ("add", "change")),
    *(f"{verb}_page" for verb in ("add", "change")),
    "delete_original",
    *(f"{verb}_import" for verb in ("view", "add", "delete")),
    *(f"{verb}_confidentialsource" for verb in ("view", "add", "change")),
    *("change_newsroom", "add_imprint", "change_imprint"),
    *("add_policy", "change_policy", "add_cue", "change_cue"),
    *(f"{verb}_trainedmodel" for verb in ("add", "change")),
    *(
        f"{verb}_{noun}"
        for noun in ("ratingscale", "ratinglevel", "ratinglabel")
        for verb in ("add", "change")
    ),
}

PERMISSIONS = {REPORTER: _REPORTER, CHECKER: _CHECKER, EDITOR: _EDITOR}


@transaction.atomic
def sync() -> None:
    """Gives each group exactly the permissions above. Raises KeyError if a permission does not exist."""
    known = {
        permission.codename: permission
        for permission in Permission.objects.filter(content_type__app_label="newsroom")
    }
    for name, codenames in PERMISSIONS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set([known[codename] for codename in sorted(codenames)])
