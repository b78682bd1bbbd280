"""The journal: what must stay true although a backup of the database is restored, kept in files outside of it.

    journal.record("unsubscribed", id=7, mark=journal.mark(fingerprint))     in the transaction of the act
    journal.record_before("letter", delivery=delivery_id, state="handing_over")     on the disk, or it raises
    journal.note("mailed", item=7, mark=..., kind="petitions.confirmation")     cheap, for what there is much of

A line holds ids and keyed hashes, never an address or a name. Each carries a number that the database has counted up
before, so a database whose own number is smaller is older than the journal: it was restored from a backup. That is
noticed by every process (recovery.py). Then nothing goes out, the lines that the database does not know are applied
by the functions in settings.JOURNAL_REPLAYS, and staff are told what was lost and let work go on.

`position` counts, `files` writes and reads, `journal` is what others call. docs/decisions/0042 says why.
"""
