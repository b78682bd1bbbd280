"""From pieces of a file to its records, each with the number of its line; memory stays flat.

A quotation mark that is never closed would swallow all that follows it. A record that has not ended after ten lines
is therefore taken for its first line alone, and reading goes on with the second.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

LONGEST_LINE = 1_000_000
LONGEST_RECORD = 10  # lines

Record = tuple[int, bytes]  # the number of its first line, from 1, and what stands there


class Unusable(Exception):
    """This file cannot be read as a table of rows; the message says why."""


def lines_of(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Lines with their ends. Raises Unusable for a file without line ends."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).splitlines(keepends=True) or [b""]
        if rest.endswith(b"\n"):
            whole, rest = [*whole, rest], b""
        yield from whole
        if len(rest) > LONGEST_LINE:
            raise Unusable("a line is longer than a million bytes")
    if rest:
        yield rest


def records_of(lines: Iterable[bytes]) -> Iterator[Record]:
    """Records of the whole file, the first line included; empty lines are passed over."""
    source, ahead = enumerate(lines, start=1), deque[Record]()
    while line := ahead.popleft() if ahead else next(source, None):
        number, text = line
        if text.count(b'"') % 2:
            ahead.extend(islice(source, LONGEST_RECORD - 1 - len(ahead)))
            text += take_quotation(ahead)
        if text.strip():
            yield (number, text)


def take_quotation(ahead: deque[Record]) -> bytes:
    """The lines up to the one that closes the quotation, taken from those ahead; none if it is not closed there."""
    for index, (_, line) in enumerate(ahead):
        if line.count(b'"') % 2:
            return b"".join(ahead.popleft()[1] for _ in range(index + 1))
    return b""
