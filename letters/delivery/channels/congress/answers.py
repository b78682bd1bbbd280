"""What the Senate's answers mean for a letter.

The delivery ID makes a repetition harmless: no answer stays ambiguous for ever, since the same message asked again is
either accepted or known.
"""

from datetime import timedelta

from lxml import etree

from letters.delivery.channels.base import Accepted, Answer, Later, Rejected
from letters.delivery.channels.congress.transport import Reply

SLOW_DOWN_FOR = timedelta(minutes=1)  # after "slow down" without a time


class Paused(Exception):
    """Nothing can be delivered before staff have fixed something; the message says what."""


class SlowDown(Exception):
    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


def answer_for_reply(reply: Reply, *, is_repetition: bool) -> Answer:
    """Return what the reply means. Raises Paused if the whole channel is concerned, SlowDown if we were too fast."""
    words = f"{reply.status} {answer_words(reply.body)}".strip()
    if reply.status in {200, 201, 202}:
        return Accepted(words)
    if reply.status == 409:
        return Accepted(words if is_repetition else f"{words} (although it was sent for the first time)")
    if reply.status == 429:
        raise SlowDown(timedelta(seconds=reply.retry_after) if reply.retry_after else SLOW_DOWN_FOR)
    if reply.status == 400:
        return Rejected(words)
    if reply.status >= 500:
        return Later(words, is_bound=True)
    raise Paused(words)


def answer_words(body: bytes) -> str:
    """Return the text of `<Errors><Error>…</Error></Errors>`, or plain text; at most 1,000 characters."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        found = etree.fromstring(body, parser).iter("Error")
        words = "; ".join(" ".join("".join(map(str, error.itertext())).split()) for error in found)
    except (etree.XMLSyntaxError, ValueError):
        words = ""
    return (words or " ".join(body.decode(errors="replace").split()))[:1000]
