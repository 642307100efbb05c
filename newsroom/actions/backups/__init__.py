"""The newsroom as its database has it, for who runs the machine: taken while others write, and put back.

An archive (`actions/archiving`) is for another house: without keys, passwords, tokens. A backup is for this
one: every table as it is. See decision 109.
"""

from .restoring import BadBackup, Restored, restore
from .tables import tables
from .taking import Taken, take

__all__ = ["BadBackup", "Restored", "Taken", "restore", "tables", "take"]
