"""Messages that are put together quickly (campaign/performance/prepared_message.py) are the same messages."""

import re
from email.policy import SMTP

import pytest
from django.core.mail import EmailMultiAlternatives

from campaign.performance.prepared_message import PreparedMessage, parsed

BY_CHANCE = re.compile(rb"={15}\d+==|^Date: .*$", re.MULTILINE)


def wire(kind: type[EmailMultiAlternatives], subject: str, to: str) -> bytes:
    message = kind(
        subject, "Hello\n", "A coalition <a@example.org>", to=[to], headers={"Message-ID": "<1@example.org>"}
    )
    message.attach_alternative("<p>Grüße 你好</p>", "text/html")
    return BY_CHANCE.sub(b"", message.message(policy=SMTP).as_bytes())


@pytest.mark.parametrize(
    ("subject", "to"),
    [
        ("Confirm your signature", "ana@example.org"),
        ("请确认您的签名", "ana@example.org"),
        ("أكّد توقيعك", '"O\'Brien, Ana" <o.brien+tag@bücher.example>'),
    ],
)
def test_what_goes_on_the_wire_is_what_django_would_send_but_for_long_headers(subject, to):
    first, second = wire(PreparedMessage, subject, to), wire(PreparedMessage, subject, to)
    assert first == second == wire(EmailMultiAlternatives, subject, to)


def test_nothing_is_kept_that_names_anybody():
    parsed.cache_clear()
    wire(PreparedMessage, "A first mail", "ana@example.org")
    kept = parsed.cache_info().currsize
    assert kept
    wire(PreparedMessage, "Another mail", "bo@example.org")
    assert parsed.cache_info().currsize == kept
