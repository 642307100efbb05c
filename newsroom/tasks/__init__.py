"""Work that waits, by Django's Tasks: it fetches and reads without a transaction, then does a deed.

Views hand work over, so tasks stand a step below them.

notices      mail about comments, from the outbox
embedding    what claims mean to the embedding model, if one is named
readings     suggestions, read out of every new text
webhooks     what other programs are told, from the outbox
leases       what a worker that died was at, for another
statistics   what SQLite knows of its tables, now and then
originals    what an address leads to, and the pictures of what was brought
"""
