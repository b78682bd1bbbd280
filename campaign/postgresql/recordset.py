"""Many rows as one parameter: what `json_to_recordset` takes apart again, into columns of the types that it is told.

A list for each column does the same, and costs ten times as much to write down.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any


def of(rows: Sequence[Mapping[str, Any]]) -> str:
    r"""JSON in which bytes stand as PostgreSQL writes them.

    >>> of([{"key": b"ab", "seconds": 1.5}])
    '[{"key": "\\\\x6162", "seconds": 1.5}]'
    """
    return ENCODER.encode(rows)


def as_bytea(value: bytes) -> str:
    return f"\\x{value.hex()}"


ENCODER = json.JSONEncoder(default=as_bytea)
