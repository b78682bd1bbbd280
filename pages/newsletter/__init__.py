"""The newsletter: composed from the news, sent through the outbox.

    issue = composing.compose(by=staff)     a draft with the news since the last issue
    sending.send_test(issue, address=..., language=..., by=staff)
    sending.start(issue, by=staff)          or sending.schedule(issue, send_at=..., by=staff)
    sending.pause / resume / stop(issue, by=staff)

A few lanes, each an outbox item that comes back until nothing waits, take one recipient after another from the ledger
(`Dispatch`). A recipient is marked before the mail is handed over: whoever was being sent to when a worker died is
`unknown` afterwards and gets nothing more, since a newsletter that came twice is worse than one that did not come.
"""
