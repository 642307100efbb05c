"""The people of the newsroom, how each of them wants to be named in public, and how to be told."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Permission, UserManager
from django.db import connections, models, router
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

REPORTER, CHECKER, EDITOR = "Reporter", "Checker", "Editor"
#: Who has one of these decides what readers see, takes words away for good, sees who is protected, or gives
#: somebody the right to. To revise a text is not among them, although one that is public changes at once: it
#: is every reporter's work, and each version stands in the history (decision 121).
PUBLISHING = (
    "newsroom.publish_article",
    "newsroom.publish_review",
    "newsroom.decide_flag",
    "newsroom.redact",
    "newsroom.change_newsroom",
    "newsroom.change_policy",
    "newsroom.add_apitoken",
    "newsroom.export_confidential",
    "newsroom.view_confidentialsource",
    "newsroom.change_user",
    "newsroom.add_user",
    "auth.change_group",
)


def is_same_address(one: str, other: str) -> bool:
    """Whether two e-mail addresses are surely one. Only of plain letters a capital makes no difference."""
    return one == other or (one.isascii() and other.isascii() and one.lower() == other.lower())


class People(UserManager):
    use_in_migrations = False

    def at_work(self) -> QuerySet[User]:
        """The people of the desk: who may sign in there."""
        return self.filter(is_active=True, is_staff=True)


_PERMISSIONS = (
    "SELECT t.app_label || '.' || p.codename FROM auth_permission AS p"
    " JOIN django_content_type AS t ON t.id = p.content_type_id WHERE p.id IN ("
    "SELECT o.permission_id FROM newsroom_user_user_permissions AS o WHERE o.user_id = %s"
    " UNION SELECT g.permission_id FROM newsroom_user_groups AS m"
    " JOIN auth_group_permissions AS g ON g.group_id = m.group_id WHERE m.user_id = %s)"
)


class User(AbstractUser):
    """A member of staff. Readers see `public_name`, which each one chooses; the log keeps the name."""

    class Signature(models.TextChoices):
        NAME = "name", _("first and last name")
        ROLE = "role", _("role")
        NEWSROOM = "newsroom", _("“the newsroom”")

    class Language(models.TextChoices):
        ITALIAN = "it", "Italiano"
        ENGLISH = "en", "English"

    role_title = models.CharField(_("role"), max_length=80, blank=True)
    signature = models.CharField(
        _("signs in public with"), max_length=8, choices=Signature, default=Signature.NEWSROOM
    )
    notices = models.BooleanField(
        _("notices by e-mail"),
        default=True,
        help_text=_("When somebody mentions you, or answers where you take part."),
    )
    language = models.CharField(
        _("language of the notices"), max_length=2, choices=Language, default=Language.ITALIAN
    )

    objects = People()

    class Meta(AbstractUser.Meta):
        constraints = (
            models.CheckConstraint(
                name="user_signature_known", condition=models.Q(signature__in=["name", "role", "newsroom"])
            ),
            models.CheckConstraint(name="user_language_known", condition=models.Q(language__in=["it", "en"])),
        )

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def public_name(self) -> str:
        return self.signed_with(self.signature)

    @property
    def desk_name(self) -> str:
        """How colleagues read the name."""
        return self.get_full_name() or self.username

    @property
    def gets_notices(self) -> bool:
        """Whether mail about comments goes to this person at all."""
        return self.is_active and self.is_staff and self.notices and bool(self.email)

    @property
    def needs_second_factor(self) -> bool:
        """A password is not enough for who may publish, or make somebody who may; nor in an emergency."""
        return self.is_for_emergencies or (
            settings.SECOND_FACTOR_REQUIRED and any(map(self.has_perm, PUBLISHING))
        )

    @property
    def is_for_emergencies(self) -> bool:
        """The one account that comes in by its password when the identity provider is away."""
        return bool(settings.EMERGENCY_ACCOUNT) and self.username == settings.EMERGENCY_ACCOUNT

    @property
    def second_factors(self) -> QuerySet[Any]:
        """What they prove themselves by; codes for when it is lost are none."""
        return self.authenticator_set.exclude(type="recovery_codes")

    def get_all_permissions(self, obj: Any = None) -> set[str]:
        self._know_permissions()
        return super().get_all_permissions(obj)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        self._know_permissions()
        return super().has_perm(perm, obj)

    def _know_permissions(self) -> None:
        """Their own permissions and those of their groups by one statement, kept where `ModelBackend` keeps
        what it would ask by two."""
        if "_perm_cache" in self.__dict__ or not self.is_active or self.is_superuser or self.pk is None:
            return
        with connections[router.db_for_read(Permission)].cursor() as cursor:
            cursor.execute(_PERMISSIONS, [self.pk, self.pk])
            self._perm_cache = {name for (name,) in cursor.fetchall()}

    def signed_with(self, signature: str) -> str:
        """What readers see if this is chosen; what is missing is signed by the newsroom."""
        if signature == self.Signature.NAME and self.get_full_name():
            return self.get_full_name()
        if signature == self.Signature.ROLE and self.role_title:
            return self.role_title
        return _("the newsroom")
