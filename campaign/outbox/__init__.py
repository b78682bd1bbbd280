"""Durable work: what must happen is a row here, written in the transaction that makes it necessary.

    queue.put("petitions.reminder", subject=7, payload={"signature": 7}, secret={"address": "ana@example.org"})

A row lives until its work is done. `relay` claims rows and publishes `(id, token)` over Celery; `execution` acts on
a row only while it holds the row's token, and checks the token again in the transaction that records the result.
Redis may be down, emptied or repeat itself: rows whose lease ran out are found by `sweep` and go round again.

Other apps add and remove work through `queue`, do it through `handlers` and `claims`, and ask about it through
`monitoring` and `suppressions`; nothing else touches the tables.
"""
