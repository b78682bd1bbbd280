"""Mails as mailboxes get them: the bytes on the wire, taken apart by a reader that shares no code with their writer."""

import base64
import quopri
import re
from collections.abc import Iterator
from email.headerregistry import Address
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.core.mail import mailers
from django.utils import translation

from campaign.mail import mailers as mailer_urls
from campaign.mail.examples import MAILS, URL, context_of
from campaign.mail.handler import Mail, build_message
from campaign.performance.mail_headers import mailbox
from campaign.supporters.mails import leaving_headers
from pages.models import SiteSettings
from tests.live.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db
WORD = re.compile(r"=\?utf-8\?([bq])\?([^?\s]*)\?=")
NAMES = {
    "de": "Bündnis gegen Organraub, Sektion Österreich: für Gewissensgefangene e.V.",
    "ja": "良心の囚人を救う会" * 4,
}
POSTAL = "1 Main Street\n10001 New York"


@pytest.fixture
def sink(smtp_sink: SmtpSink, settings: Any) -> SmtpSink:
    settings.MAILERS = {"default": mailer_urls.mailer_from_url(smtp_sink.url, settings.ROOT)}
    return smtp_sink


@pytest.fixture
def _named() -> None:
    translations = {language: {"name": name} for language, name in NAMES.items()}
    contact = {"contact_email": "people@example.org", "contact_details": POSTAL}
    SiteSettings.objects.update_or_create(
        pk=1, defaults={"name": "A coalition", "translations": translations, **contact}
    )


def public_or_spoken(name: str, language: str) -> bool:
    return not name.startswith("staff/") or language in {"en", "de", "fr", "ja", "zh-hant"}


def letters() -> Iterator[Mail]:
    languages = [code for code, _name in settings.LANGUAGES]
    for name, language, is_reminder in product(MAILS, languages, (False, True)):
        if public_or_spoken(name, language) and (not is_reminder or name.endswith("/confirmation.html")):
            context = context_of(name.removesuffix(".html")) | {"is_reminder": is_reminder}
            yield Mail(name.removesuffix(".html"), language, "ana@example.org", context, leaving_headers(URL))


def headers_of(raw: bytes) -> dict[str, str]:
    """Return the headers by their names in lower case, unfolded, as RFC 5322 says; each may come once."""
    head = raw.split(b"\r\n\r\n", 1)[0]
    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) <= 998
    pairs = [line.split(": ", 1) for line in re.sub(r"\r\n(?=[ \t])", "", head.decode()).split("\r\n")]
    found = {name.lower(): value for name, value in pairs}
    assert len(found) == len(pairs)
    return found


def decoded(value: str) -> str:
    """Return the words of RFC 2047 as text; blanks between two of them are none of the text's."""

    def text_of(match: re.Match[str]) -> str:
        assert len(match[0]) <= 75
        kind, content = match.groups()
        raw = base64.b64decode(content) if kind == "b" else quopri.decodestring(content, header=True)
        return raw.decode()

    return WORD.sub(text_of, re.sub(r"(?<=\?=)[ \t]+(?==\?)", "", value))


@pytest.mark.usefixtures("_named")
def test_every_header_of_every_mail_in_every_language_is_read_as_it_was_meant(sink):
    meant = []
    with mailers.default as connection:
        for number, mail in enumerate(letters()):
            message = build_message(mail, name=f"test.{number}")
            meant.append((mail, str(message.subject)))
            connection.send_messages([message])
    assert len(sink.mails) == len(meant) > 150
    for (mail, subject), came in zip(meant, sink.mails, strict=True):
        headers = headers_of(came.raw)
        name = NAMES.get(mail.language, "A coalition")
        assert decoded(headers["subject"]) == subject
        assert (decoded(headers["from"]), came.sender) == (f"{name} <campaign@example.org>", "campaign@example.org")
        assert headers["to"] == "ana@example.org"
        assert headers["reply-to"] == "people@example.org"
        assert headers["list-unsubscribe"] == f"<{URL}>"
        assert headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        assert headers["auto-submitted"] == "auto-generated"
        assert re.fullmatch(r"<test\.\d+@example\.org>", headers["message-id"])
        assert re.fullmatch(r"\w{3}, \d\d? \w{3} \d{4} [\d:]{8} [+-]\d{4}", headers["date"])


@pytest.mark.usefixtures("_named")
def test_every_mail_says_who_writes_and_where_they_are():
    for mail in letters():
        message: Any = build_message(mail, name="test")
        name, html = NAMES.get(mail.language, "A coalition"), message.alternatives[0][0]
        assert message.body.startswith(f"{name}\n\n")
        assert message.body.endswith(f"{name}\n{POSTAL}\n")
        assert html.count(name) in {2, 3}  # staff mail is signed with it as well
        assert "1 Main Street<br>10001 New York" in html


@pytest.mark.parametrize(
    "subject",
    [
        "=?x your Organraub? thảy … é אשרו את Überlebende größe توقيعك",
        "请确认您的签名 — " + "停止活摘器官 " * 20,
        "Überlebende in " + "Donaudampfschifffahrtsgesellschaft" * 4,
        "Plain, but of more than one line: " + "and on " * 30 + "to the end",
        "👩🏽‍⚕️ " * 20 + "e\u0301t encore",
    ],
)
def test_a_long_subject_loses_no_blank_and_no_letter(sink, subject):
    context = context_of("pages/newsletter") | {"subject": subject}
    message = build_message(Mail("pages/newsletter", "en", "a@example.org", context), name="t")
    with mailers.default as connection:
        connection.send_messages([message])
    assert decoded(headers_of(sink.mails[0].raw)["subject"]) == subject.strip()


def test_without_settings_of_the_site_the_coalition_is_named_all_the_same():
    with translation.override("en"):
        message = build_message(next(letters()), name="test")
    assert message.from_email.endswith("<campaign@example.org>")
    assert "Coalition" in message.from_email
    assert "Reply-To" not in message.extra_headers


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Bündnis, e.V.", "=?utf-8?b?QsO8bmRuaXMsIGUuVi4=?=\r\n <post@example.org>"),
        ("Coalition, Inc.", '"Coalition, Inc." <post@example.org>'),
        ('The "coalition"', '"The \\"coalition\\"" <post@example.org>'),
        ("", "post@example.org"),
    ],
)
def test_the_name_of_a_sender_is_one_name(name, written):
    assert mailbox(Address(name, addr_spec="post@example.org")) == written
