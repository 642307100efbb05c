"""Suggestions: what a program proposes to tag becomes rows, and a person decides.

`propose` writes what was read out of the current text and is not tagged or rejected there already. `accept`
makes a tag of a suggestion, as it is or corrected; `reject` is remembered, in later texts too. All are undone
like any change of tags. What two people decide at once, one decides: the other is told by `Overtaken`.
"""

from .deciding import accept, accept_all, reject
from .proposing import propose

__all__ = ["accept", "accept_all", "propose", "reject"]
