"""What people type. Each rule of the desk stands in its deed; a form shows what the deed refuses."""

from .cues import CueForm
from .documents import CopyForm, DocumentForm, DossierForm, ShownReason
from .editing import (
    ArticleForm,
    ChangeForm,
    ClaimForm,
    DecisionForm,
    MeForm,
    ReasonForm,
    ReviewForm,
    SavedViewForm,
    TextForm,
    WithdrawalForm,
)
from .entities import LiftingForm, NumberForm, ProtectionForm, SplitForm, StaysForm
from .erasing import ErasureForm
from .intake import TOO_LARGE, AddressForm, DraftForm, FileForm, PasteForm
from .pages import PageForm
from .personal_data import ReaderForm
from .relating import ChangedRelationForm, NewRelationForm, RelationRowForm
from .signing_in import (
    AppForm,
    ForgottenForm,
    KeyForm,
    NewPasswordForm,
    PasswordForm,
    ProveAgainForm,
    ProveByKeyForm,
    SecondFactorForm,
    SignInByKeyForm,
    SignInForm,
)
from .tagging import (
    AttributionTagForm,
    ClaimTagForm,
    MentionTagForm,
    MoveForm,
)
from .tokens import TokenForm
from .triage import TriageForm
from .webhooks import WebhookForm

__all__ = [
    "TOO_LARGE",
    "AddressForm",
    "AppForm",
    "ArticleForm",
    "AttributionTagForm",
    "ChangeForm",
    "ChangedRelationForm",
    "ClaimForm",
    "ClaimTagForm",
    "CopyForm",
    "CueForm",
    "DecisionForm",
    "DocumentForm",
    "DossierForm",
    "DraftForm",
    "ErasureForm",
    "FileForm",
    "ForgottenForm",
    "KeyForm",
    "LiftingForm",
    "MeForm",
    "MentionTagForm",
    "MoveForm",
    "NewRelationForm",
    "NewPasswordForm",
    "NumberForm",
    "PageForm",
    "PasswordForm",
    "PasteForm",
    "ProtectionForm",
    "ProveAgainForm",
    "ProveByKeyForm",
    "ReaderForm",
    "ReasonForm",
    "RelationRowForm",
    "ReviewForm",
    "SavedViewForm",
    "ShownReason",
    "SecondFactorForm",
    "SignInByKeyForm",
    "SignInForm",
    "SplitForm",
    "StaysForm",
    "TextForm",
    "TokenForm",
    "TriageForm",
    "WebhookForm",
    "WithdrawalForm",
]
