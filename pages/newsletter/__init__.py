"""The newsletter: composed from the news, sent through the outbox.

    issue = composing.compose_issue(by=staff)     a draft with the news since the last issue
    sending.send_test(issue, address=..., language=..., by=staff)
    sending.schedule(issue, by=staff)             announced, and stopped by anybody who may send, until it goes out
    sending.pause / resume / stop(issue, by=staff)

A few lanes, each an outbox item that comes back until nothing waits, take one recipient after another from the ledger
(`Dispatch`). A recipient is marked before the mail is handed over: if a worker dies, the recipient that it was sending
to becomes `unknown` and gets nothing more, since a newsletter sent twice is worse than one not received.
"""
