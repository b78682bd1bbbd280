"""The letter as the office gets it, and the hash that binds preview, confirmation and delivery to the same text."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from letters.models.sender import Sender

ENGLISH = "en"
CLOSINGS = {
    ENGLISH: "Sincerely,",
    "de": "Mit freundlichen Grüßen",
    "fr": "Veuillez agréer mes salutations distinguées.",
    "es": "Atentamente,",
    "it": "Cordiali saluti,",
    "ja": "敬具",
    "ko": "감사합니다.",
    "zh-hant": "敬上",
    "zh-hans": "敬上",
    "vi": "Trân trọng,",
    "ar": "مع فائق الاحترام،",
    "he": "בכבוד רב,",
}


@dataclass(frozen=True)
class Message:
    subject: str
    body: str  # the constituent's words
    text: str  # with the closing, name and address
    language: str = ENGLISH

    @property
    def closing(self) -> str:
        return CLOSINGS.get(self.language, CLOSINGS[ENGLISH])

    @property
    def content(self) -> dict[str, str]:
        """Return it as it is kept; of the language only what the release before does not take for granted."""
        said = {"subject": self.subject, "body": self.body}
        return said if self.language == ENGLISH else {**said, "language": self.language}

    @property
    def sha256(self) -> str:
        return hashlib.sha256(f"{self.subject}\n\n{self.text}".encode()).hexdigest()


def render(subject: str, body: str, sender: Sender, language: str = ENGLISH) -> Message:
    closing = "\n".join([CLOSINGS.get(language, CLOSINGS[ENGLISH]), "", *sender.lines(language)])
    return Message(subject, body, f"{body}\n\n{closing}\n", language)


def seal(hashes: Iterable[str]) -> str:
    """Return one hash for all letters of a submission, in the order in which they are shown."""
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()
