"""Read and seal chunks of records in a thread while the database stores the chunk before: this keeps two cores busy."""

import itertools
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from campaign.protection.inputs.csv_records import CsvRecord
from campaign.secrecy.sealing import SealingContext
from petitions.models.paper import Reason, RowOutcome
from petitions.paper.imports.rows import Layout, NumberedRow, Person, numbered_rows

CHUNK = 5000  # records in one transaction
CHUNKS_AHEAD = 2  # chunks being sealed or waiting for the database


@dataclass(frozen=True, slots=True)
class Remark:
    number: int
    outcome: RowOutcome
    reason: Reason
    sealed: bytes | None = None


@dataclass(slots=True)
class Sealed:
    """What is stored of a chunk. `rows` is in PostgreSQL's COPY format: number, fingerprint, box, country."""

    lines_read: int = 0  # the last record's line
    bytes_read: int = 0  # in this chunk
    good: int = 0
    rows: bytes = b""
    remarks: list[Remark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sealer:
    petition_id: int
    public_key: str
    layout: Layout

    def seal_records(self, records: Sequence[CsvRecord]) -> Sealed:
        bytes_read = sum(len(line) for _, line in records)
        return self.seal_rows(numbered_rows(records, self.layout), lines_read=records[-1][0], bytes_read=bytes_read)

    def seal_rows(self, read: Iterable[NumberedRow], *, lines_read: int, bytes_read: int = 0) -> Sealed:
        sealed, rows = Sealed(lines_read, bytes_read), list[str]()
        context = SealingContext(self.public_key)
        for number, person in read:
            if isinstance(person, Person):
                rows.append(self.copy_row(number, person, context))
            else:
                sealed.remarks.append(Remark(number, RowOutcome.FAULTY, person))
        sealed.good, sealed.rows = len(rows), "".join(rows).encode()
        return sealed

    def copy_row(self, number: int, person: Person, context: SealingContext) -> str:
        box = context.seal(person.sealed_values)
        return f"{number}\t\\\\x{person.fingerprint(self.petition_id).hex()}\t\\\\x{box.hex()}\t{person.country}\n"


def sealed_chunks(records: Iterable[CsvRecord], sealer: Sealer) -> Generator[Sealed, None, None]:
    """Yield sealed chunks in order; only a few are in memory at a time, however long the file is."""
    ahead: deque[Future[Sealed]] = deque()
    with ThreadPoolExecutor(max_workers=1) as pool:
        for chunk in itertools.batched(records, CHUNK):
            ahead.append(pool.submit(sealer.seal_records, chunk))
            if len(ahead) > CHUNKS_AHEAD:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
