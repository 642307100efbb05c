"""The deeds of the desk, each whole: module is the noun, function the verb.

Every deed is keyword-only after its object, takes `by=` and `at=`, asks its own permission, runs in one
transaction and leaves its record in it. What it refuses it says by an exception of this room.
"""
