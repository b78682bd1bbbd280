"""Which part of a file a player asks for: a single range of bytes, as RFC 9110, section 14, has it."""

import re

BYTES = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")


class Unsatisfiable(Exception):
    """It begins behind the end of the file."""


def asked_for(header: str, size: int, *, most: int) -> range | None:
    """Return the bytes that a Range header asks for; None for the whole file, if it is empty or cannot be understood.

    Of a part without an end, at most so many. Raises Unsatisfiable.

    >>> asked_for("bytes=2-5", 100, most=9), asked_for("bytes=90-", 100, most=9), asked_for("bytes=-5", 100, most=9)
    (range(2, 6), range(90, 99), range(95, 100))
    """
    found = BYTES.fullmatch(header)
    first, last = found.groups() if found else ("", "")
    if not first and not last:
        return None
    if not first:
        start, stop = max(size - int(last), 0), size
    else:
        start, stop = int(first), int(last) + 1 if last else int(first) + most
        if stop <= start:
            return None
    if start >= size:
        raise Unsatisfiable
    return range(start, min(stop, size))
