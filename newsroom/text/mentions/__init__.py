"""Names in a text: of whom the newsroom knows, and of whom it does not yet.

`propose()` does all of it. What it is given is made by others: `Aliases` from the newsroom's entities, a
`Model` from a file. Nothing here is certain: every proposal says why, and how sure it is.
"""

from .aliases import Aliases, Hit, Named
from .choosing import Choice, Why, choices, context_words
from .model import Model, UnusableModel
from .proposals import BY_ALIAS, BY_MODEL, BY_RULES, BY_SHORT_FORM, Proposal, propose
from .rules import Reason

__all__ = [
    "BY_ALIAS",
    "BY_MODEL",
    "BY_RULES",
    "BY_SHORT_FORM",
    "Aliases",
    "Choice",
    "Hit",
    "Model",
    "Named",
    "Proposal",
    "Reason",
    "UnusableModel",
    "Why",
    "choices",
    "context_words",
    "propose",
]
