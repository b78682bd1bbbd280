"""Durable work: what must happen is a row here, written in the transaction that makes it necessary.

    work.put("petitions.confirmation", payload={"signature": 7}, secret={"address": "ana@example.org"})

A row lives until its work is done. `relay` claims rows and publishes `(id, token)` over Celery; `execution` acts on
a row only while it holds the row's token, and checks the token again in the transaction that records the result.
Redis may be down, emptied or repeat itself: rows whose lease ran out are found by `sweeping` and go round again.
"""
