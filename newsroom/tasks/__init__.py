"""Work that waits, by Django's Tasks.

Views hand work over, so tasks stand a step below them.

notices      mail about comments, from the outbox
"""
