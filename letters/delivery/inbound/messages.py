"""What any mail in the box is made of: its text, and the marks of our letters that it names."""

import re
from email.message import EmailMessage, Message
from html import unescape

from django.utils.html import strip_tags

from letters.delivery.returned_mail import marks

TEXT = {"text/plain", "text/xml", "application/xml"}
LINE_ENDS = re.compile(r"<br\b[^>]*>|</(?:p|div|tr|li|h[1-6]|table)\s*>", re.IGNORECASE)
UNSEEN = re.compile(r"<(style|script|head)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
TO_US = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
ANSWERED = ("In-Reply-To", "References")


def body_text(message: EmailMessage) -> str:
    """Return all its text, in its order: plain, XML, and HTML as the text that it shows, if there is no plain one."""
    parts = [part for part in message.walk() if part.get_content_type() in TEXT]
    texts = [as_text(part) for part in parts]
    if not any(part.get_content_type() == "text/plain" for part in parts):
        texts += [text_of_html(as_text(part)) for part in message.walk() if part.get_content_type() == "text/html"]
    return "\n".join(texts)


def as_text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode(charset_of(part), "replace") if isinstance(payload, bytes) else ""


def charset_of(part: Message) -> str:
    charset = part.get_content_charset() or "utf-8"
    try:
        "".encode(charset)
    except LookupError:
        return "utf-8"
    return charset


def text_of_html(html: str) -> str:
    """Return what a page shows, a line for each of its lines.

    >>> text_of_html("<style>p{}</style><p>Status:&nbsp;<b>Rejected</b></p>Id: A<br>B")
    'Status:\\xa0Rejected\\nId: A\\nB'
    """
    return unescape(strip_tags(LINE_ENDS.sub("\n", UNSEEN.sub("", html)))).strip()


def letters_named(message: EmailMessage) -> list[str]:
    """Return the delivery IDs of the letters that this mail is about, by marks that only this site can make."""
    headers = [value for name in (*TO_US, *ANSWERED) for value in message.get_all(name, [])]
    return marks.ids_in([*headers, *(text for part in message.walk() for text in returned_headers(part))])


def returned_headers(part: Message) -> list[str]:
    """Return what a bounce gives back of the letter that tells which one it is."""
    if part.get_content_type() == "message/rfc822":
        return [str(inner.get("Message-ID", "")) for inner in part.get_payload() if isinstance(inner, Message)]
    if part.get_content_type() == "text/rfc822-headers":
        return re.findall(r"^Message-ID:.*(?:\n[ \t].*)?", as_text(part), re.IGNORECASE | re.MULTILINE)
    return []
