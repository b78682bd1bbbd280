r"""The words by which text is found, and those that a question asks for.

Chinese, Japanese and Korean are written without spaces between words, so a run of their characters is stored and asked
for as its pairs, and its last character alone: 器官移植 as 器官 官移 移植 植. Every character then begins something
that is stored.

Simplified characters stand for traditional ones on both sides. `simplified.txt` holds each traditional character
followed by its simplified one (from TSCharacters of OpenCC, Apache License 2.0).
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

WORD = re.compile(r"[^\W_]+")
RUN = re.compile("[々〻〇\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]+")
LATIN = re.compile("[a-z\u00df-\u024f\u1e00-\u1eff]")

PAIRS = Path(__file__).with_name("simplified.txt").read_text(encoding="utf-8").replace("\n", "")
SIMPLIFIED = str.maketrans(PAIRS[::2], PAIRS[1::2])
# Points of Hebrew, vowel signs and lengthening of Arabic; forms of Arabic letters that people type one for another.
UNWRITTEN = re.compile("[\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
ALIKE = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه"})
WITHOUT_MARK = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe"})

# What these languages write in one with the word that follows: and, that, in, as, to, from, the.
PREFIXES = {
    "he": re.compile("ו?(כש|מש|ש)?[בכלמ]?ה?"),
    "ar": re.compile("[وف]?([بك]?(ال)?|لل?)"),
}
LONGEST_PREFIX, SHORTEST_REST = 5, 3  # letters


def normal(text: str) -> str:
    r"""Return the text in the one form in which it is stored and asked for.

    >>> normal("Cafe\u0301 中國 ﾊﾟ أَعْضاء")
    'café 中国 パ اعضاء'
    """
    composed = unicodedata.normalize("NFKC", text).lower().translate(SIMPLIFIED)
    return UNWRITTEN.sub("", composed).translate(ALIKE)


def words(text: str) -> list[str]:
    """Return the words of a text in their order, and runs without spaces as pairs.

    >>> words("About 器官移植 now")
    ['about', '器官', '官移', '移植', '植', 'now']
    """
    return [part for word in WORD.findall(normal(text)) for part in in_parts(word)]


def asked_words(text: str) -> list[str]:
    """Return the words that a text must hold to hold this one; a single character must begin one.

    >>> asked_words("器官移植 肝")
    ['器官', '官移', '移植', '肝']
    """
    return [part for word in WORD.findall(text) for part in in_parts(word, least=2)]


def in_parts(word: str, *, least: int = 1) -> Iterator[str]:
    """Yield runs as pairs, the last character alone unless `least` is 2 and it has been in a pair."""
    at = 0
    for run in RUN.finditer(word):
        yield from filter(None, [word[at : run.start()]])
        last = max(len(run[0]) - least + 1, 1)
        yield from (run[0][start : start + 2] for start in range(last))
        at = run.end()
    yield from filter(None, [word[at:]])


def is_single(word: str) -> bool:
    """Whether it is one character of those that are stored as pairs."""
    return len(word) == 1 and bool(RUN.match(word))


def other_forms(word: str, language: str) -> list[str]:
    """Return what a word is found by as well: without its marks, without what is written in front of it.

    >>> other_forms("tạng", "vi"), other_forms("והאיברים", "he")
    (['tang'], ['האיברים', 'איברים'])
    """
    return [*without_marks(word), *without_prefixes(word, language)]


def without_marks(word: str) -> list[str]:
    letters = unicodedata.normalize("NFD", word) if LATIN.search(word) else word
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter)).translate(WITHOUT_MARK)
    return [plain] if plain != word else []


def without_prefixes(word: str, language: str) -> list[str]:
    prefixes = PREFIXES.get(language)
    lengths = range(1, min(LONGEST_PREFIX, len(word) - SHORTEST_REST) + 1) if prefixes else ()
    return [word[length:] for length in lengths if prefixes and prefixes.fullmatch(word[:length])]
