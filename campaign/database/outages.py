"""Trouble of our own: the database takes nothing just now, or this machine has run out of something.

Nobody's input and no work is to blame for it, and it ends without anybody trying harder: visitors get a page that keeps
what they typed (campaign/web/errors.py), work waits with no attempt spent (campaign/outbox/execution.py).
"""

import errno

import psycopg
from django.db import Error, InterfaceError, NotSupportedError, OperationalError, connection
from psycopg import errors

# PostgreSQL's classes 08, 53, 57 and 58 are an OperationalError: connections that are refused or ended, a disk that is
# full, too many connections, a server that starts, stops or recovers. These are not:
OUTAGES = (
    errors.ReadOnlySqlTransaction,  # a standby, a primary that was demoted, or a provider's switch
    errors.IdleInTransactionSessionTimeout,
    errors.TransactionTimeout,
)

# What the operating system says, in words for staff.
TROUBLE = {
    errno.ENOSPC: "this server's disk is full",
    errno.EDQUOT: "this server's disk is full",
    errno.EFBIG: "this server may not write a file as large as that",
    errno.EACCES: "this server may not use a file or folder of its own",
    errno.EPERM: "this server may not use a file or folder of its own",
    errno.EROFS: "this server's disk is read-only",
    errno.EIO: "this server's disk is failing",
    errno.EREMOTE: "the storage of uploaded files cannot be used",
    errno.EMFILE: "this server has too many files open",
    errno.ENFILE: "this server has too many files open",
    errno.ENOMEM: "this server has no memory left",
}


def is_outage(error: BaseException | None) -> bool:
    """Return whether the database could not do what it was asked, whatever that was."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    cause = error.__cause__ if isinstance(error, Error) else error
    if isinstance(error, NotSupportedError):  # unlogged tables are not there at all on a standby
        return is_on_standby()
    return isinstance(cause, (*OUTAGES, psycopg.OperationalError, psycopg.InterfaceError))


def is_on_standby() -> bool:
    kept = connection.connection
    return kept is not None and kept.info.parameter_status("in_hot_standby") == "on"


def trouble_in_words(error: BaseException | None) -> str:
    """Return what this machine lacks; empty if the error says nothing of the kind.

    >>> trouble_in_words(OSError(errno.ENOSPC, "No space left on device"))
    "this server's disk is full"
    >>> trouble_in_words(ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"))
    ''
    """
    if isinstance(error, MemoryError):
        return TROUBLE[errno.ENOMEM]
    return TROUBLE.get(error.errno or 0, "") if isinstance(error, OSError) else ""
