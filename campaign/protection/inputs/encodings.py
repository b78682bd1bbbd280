"""Encodings of tables that offices send: found, and turned into UTF-8. A broken character costs its row alone."""

import codecs
from collections.abc import Iterable, Iterator

from campaign.protection.inputs.csv_records import lines_of

UTF8, UTF16_LE, UTF16_BE, WESTERN = "utf-8", "utf-16-le", "utf-16-be", "cp1252"
# What spreadsheets in these languages save as “CSV” where they do not save UTF-8.
OF_LANGUAGE = {
    "ja": "cp932",
    "ko": "cp949",
    "zh-hant": "cp950",
    "zh-hans": "gb18030",
    "he": "cp1255",
    "ar": "cp1256",
    "vi": "cp1258",
}
ENCODINGS = {
    UTF8: "UTF-8",
    UTF16_LE: "UTF-16",
    UTF16_BE: "UTF-16 BE",
    WESTERN: "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1254": "Windows-1254",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp1258": "Windows-1258",
    "cp932": "Shift JIS",
    "cp949": "EUC-KR",
    "cp950": "Big5",
    "gb18030": "GB 18030",
}
MARKS = {codecs.BOM_UTF8: UTF8, codecs.BOM_UTF16_LE: UTF16_LE, codecs.BOM_UTF16_BE: UTF16_BE}
SAMPLE = 4096  # bytes in which UTF-16 without a mark is looked for
WIDE = 20  # one byte in so many is zero in UTF-16, also of a script whose letters have no zeros: line ends, separators
MOST_SAMPLED = 1000  # lines that are no UTF-8, by which another encoding is chosen


def guess_encoding(pieces: Iterable[bytes], language: str) -> str:
    """Return the encoding that a whole file seems to have; `language` is that of most of its text.

    A few lines that are no UTF-8 leave a file that is UTF-8 elsewhere what it is. Raises Unusable for endless lines.
    """
    source = iter(pieces)
    first = next(source, b"")
    marked = next((encoding for mark, encoding in MARKS.items() if first.startswith(mark)), None)
    if wide := marked or wide_encoding(first[:SAMPLE]):
        return wide
    good, bad, sample = 0, 0, list[bytes]()
    for line in lines_of(rejoined(first, source)):
        if line.isascii():
            continue
        if decodes(line, UTF8):
            good += 1
        else:
            bad += 1
            if len(sample) < MOST_SAMPLED:
                sample.append(line)
    if bad <= good:
        return UTF8
    own = OF_LANGUAGE.get(language, WESTERN)
    return own if all(decodes(line, own) for line in sample) else WESTERN


def rejoined(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others


def wide_encoding(sample: bytes) -> str | None:
    zeros = [sample[start::2].count(0) for start in (0, 1)]
    if sum(zeros) * WIDE < len(sample) or not any(zeros):
        return None
    return UTF16_BE if zeros[0] > zeros[1] else UTF16_LE


def decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def broken_character(error: UnicodeError) -> tuple[str, int]:
    """Stand for what cannot be decoded by half a surrogate pair, which UTF-8 then has as a byte that is no text."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


codecs.register_error("broken-character", broken_character)


def as_utf8(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Turn a file into UTF-8, piece by piece. What cannot be decoded becomes a byte that is no UTF-8 either."""
    if encoding == UTF8:
        yield from pieces
        return
    decoder = codecs.getincrementaldecoder(encoding)("broken-character")
    for piece in pieces:
        yield decoder.decode(piece).encode(errors="surrogateescape")
    yield decoder.decode(b"", final=True).encode(errors="surrogateescape")
