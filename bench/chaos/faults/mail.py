"""The mail server away, unwilling, slow, or gone in the middle of a mail."""

from typing import ClassVar

from bench.chaos.faults.base import Fault
from bench.chaos.mail_server import Mood


class Moody(Fault):
    mood: ClassVar[Mood]
    share: ClassVar[float] = 1.0

    def inject(self) -> None:
        self.stack.mail.mood, self.stack.mail.share = self.mood, self.share

    def heal(self) -> None:
        self.stack.mail.mood = Mood.WELL
        for conversation in list(self.stack.mail.conversations):
            self.stack.backstage.call(conversation.cancel)


class MailAway(Moody):
    name, mood = "mail-away", Mood.AWAY


class MailDeferred(Moody):
    name, mood, share = "mail-deferred", Mood.DEFERS, 0.5


class MailRefused(Moody):
    name, mood, share = "mail-refused", Mood.REFUSES, 0.3


class MailHangs(Moody):
    name, mood, share = "mail-hangs", Mood.HANGS, 0.3
    seconds = (20.0, 30.0)  # longer than anybody waits for an answer


class MailEndsInData(Moody):
    name, mood, share = "mail-ends-in-data", Mood.ENDS_IN_DATA, 0.5


class MailEndsAfterDot(Moody):
    """The record of the mail server says which mails these were."""

    name, mood, share = "mail-ends-after-dot", Mood.ENDS_AFTER_DOT, 0.3


class MailSlow(Moody):
    name, mood, share = "mail-slow", Mood.SLOW, 0.5

    def heal(self) -> None:
        self.stack.mail.mood = Mood.WELL


class MailPathSilent(Fault):
    """What was sent may have come, and its answer has not."""

    name = "mail-path-silent"
    seconds = (22.0, 30.0)
    repeats_mail = True

    def inject(self) -> None:
        self.stack.backstage.call(self.stack.mail_path.fall_silent)

    def heal(self) -> None:
        self.stack.backstage.call(self.stack.mail_path.mend)


FAULTS = (
    MailAway, MailDeferred, MailRefused, MailHangs, MailEndsInData, MailEndsAfterDot, MailSlow, MailPathSilent,
)  # fmt: skip
