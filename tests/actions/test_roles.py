"""The three groups: who may do what, exactly."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.actions import roles
from newsroom.models import CHECKER, EDITOR, REPORTER, User

pytestmark = pytest.mark.django_db


def permissions(name: str) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def test_each_group_has_exactly_its_permissions() -> None:
    Group.objects.get(name=REPORTER).permissions.set(Permission.objects.all())
    Group.objects.get(name=EDITOR).delete()
    roles.sync()
    assert {name: permissions(name) for name in roles.PERMISSIONS} == roles.PERMISSIONS


def test_the_command_does_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    Group.objects.all().delete()
    call_command("sync_roles")
    assert permissions(CHECKER) == roles.PERMISSIONS[CHECKER]
    assert "Checker" in capsys.readouterr().out


def test_a_group_that_is_not_ours_is_left_alone() -> None:
    other = Group.objects.create(name="Grafici")
    other.permissions.set(Permission.objects.filter(codename="view_article"))
    roles.sync()
    assert permissions("Grafici") == {"view_article"}


def test_who_can_more_can_what_the_others_can() -> None:
    assert permissions(REPORTER) < permissions(CHECKER) < permissions(EDITOR)


def test_nobody_can_change_or_delete_what_is_kept_for_ever() -> None:
    for name in roles.PERMISSIONS:
        for model in ("revision", "deed", "target", "correction"):
            assert not permissions(name) & {f"{verb}_{model}" for verb in ("add", "change", "delete")}
        assert not permissions(name) & {
            f"delete_{model}"
            for model in (
                "article",
                "claim",
                "review",
                "evidence",
                "source",
                "entity",
                "document",
                "annotation",
            )
        }


def test_only_an_editor_sees_who_a_confidential_source_is(
    reporter: User, checker: User, editor: User
) -> None:
    seen = [user.has_perm("newsroom.view_confidentialsource") for user in (reporter, checker, editor)]
    assert seen == [False, False, True]


def test_who_may_what_is_asked_by_one_statement_and_counts_groups_and_the_person(reporter: User) -> None:
    own = Permission.objects.get(codename="override_review", content_type__app_label="newsroom")
    reporter.user_permissions.add(own)
    who = User.objects.get(pk=reporter.pk)
    with CaptureQueriesContext(connection) as queries:
        held = {name.partition(".")[2] for name in who.get_all_permissions()}
        assert who.has_perms(["newsroom.override_review", "newsroom.add_annotation"])
        assert not who.has_perm("newsroom.publish_review")
    assert held == permissions(REPORTER) | {"override_review"}
    assert len(queries) == 1


def test_who_left_may_nothing(reporter: User) -> None:
    reporter.is_active = False
    reporter.save()
    assert not User.objects.get(pk=reporter.pk).get_all_permissions()
