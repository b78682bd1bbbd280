"""Mail: do the names of the domain say that this server may send for it, and does the server take mail?"""

import smtplib
import ssl
from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any

import dns.exception
import dns.resolver
import dns.reversename
from django.conf import settings

from backoffice.doctor.findings import Asked, Finding, bad, good, look
from campaign.mail import mailers

ANSWER_WITHIN = 5.0  # seconds
SERVER_WITHIN = 10.0  # seconds
# Under which providers put their keys; the mails themselves say which is used (`s=` in DKIM-Signature).
SELECTORS = (
    *["default", "dkim", "mail", "k1", "k2", "s1", "s2", "smtp", "mta", "key1", "selector1", "selector2", "google"],
    *["pm", "mandrill", "mte1", "mailjet", "brevo1", "mail1", "resend", "scph0316", "mlsend", "postal", "rwmt1"],
)


class Unanswered(Exception):
    """No server of names answered: nothing is known."""


class Names:
    """What the domain name system says."""

    def __init__(self, asked: Asked) -> None:
        self.resolver = dns.resolver.Resolver(configure=not asked.nameserver)
        self.resolver.lifetime = ANSWER_WITHIN
        if asked.nameserver:
            host, _, port = asked.nameserver.partition(":")
            self.resolver.nameservers, self.resolver.port = [host], int(port or 53)

    def ask(self, name: str, kind: str) -> list[Any]:
        """Return the records; none if there is none. Raises Unanswered."""
        try:
            return list(self.resolver.resolve(name, kind))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise Unanswered(str(error)) from None

    def texts(self, name: str, beginning: str) -> list[str]:
        found = (b"".join(record.strings).decode(errors="replace") for record in self.ask(name, "TXT"))
        return [text for text in found if text.lower().startswith(beginning.lower())]


def check(asked: Asked) -> Iterator[Finding]:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    if asked.is_offline:
        yield look(f"not looked at: what the names of {domain} say, and the mail server", "Run it without --offline.")
        return
    yield from server()
    try:
        names = Names(asked)
        yield from may_send(names, domain)
        yield from signed(names, domain, asked.dkim_selector)
        yield from policy(names, domain)
        yield from takes_answers(names, domain)
        yield from reverse_name(names)
    except (Unanswered, dns.resolver.NoResolverConfiguration) as error:
        yield look(f"not looked at: no server of names answered ({error})", "Run it where one can be asked.")


def may_send(names: Names, domain: str) -> Iterator[Finding]:
    records = names.texts(domain, "v=spf1")
    if not records:
        yield bad(
            f"{domain} has no SPF record: mail is taken for forged", f'A TXT record of {domain}: "v=spf1 ... -all"'
        )
    elif len(records) > 1:
        yield bad(f"{domain} has {len(records)} SPF records, so none counts", "Make one of them.")
    elif {"+all", "all"} & set(records[0].split()):
        yield bad(f"the SPF record of {domain} lets everybody send", "End it with -all or ~all.")
    else:
        yield good(f"{domain} says who may send (SPF)")


def signed(names: Names, domain: str, selector: str) -> Iterator[Finding]:
    tried = (selector,) if selector else SELECTORS
    for name in tried:
        if any("p=" in text for text in names.texts(f"{name}._domainkey.{domain}", "")):
            yield good(f"{domain} has a DKIM key under “{name}”")
            return
    if selector:
        yield bad(f"{domain} has no DKIM key under “{selector}”", "Publish what your mail server signs with.")
    else:
        yield look(
            f"no DKIM key of {domain} was found under a usual name",
            "Look at a mail that arrived: `s=` in its DKIM-Signature is the name; then --dkim NAME.",
        )


def policy(names: Names, domain: str) -> Iterator[Finding]:
    parents = domain.split(".")
    asked = [f"_dmarc.{'.'.join(parents[start:])}" for start in range(len(parents) - 1)]
    record = next((texts[0] for name in asked if (texts := names.texts(name, "v=DMARC1"))), "")
    if not record:
        yield bad(
            f"{domain} has no DMARC record: large providers refuse bulk mail",
            f'A TXT record of _dmarc.{domain}: "v=DMARC1; p=none"',
        )
    elif tags(record).get("p", "none") == "none":
        yield look(
            f"the DMARC record of {domain} asks for nothing (p=none)", "p=quarantine, once reports show no fault."
        )
    else:
        yield good(f"{domain} says what becomes of forged mail (DMARC)")


def tags(record: str) -> dict[str, str]:
    """Return what a record of DMARC says, in lower case.

    >>> tags("v=DMARC1; P = Reject; sp=none;")
    {'v': 'dmarc1', 'p': 'reject', 'sp': 'none'}
    """
    parts = (part.partition("=") for part in record.lower().split(";") if part.strip())
    return {name.strip(): value.strip() for name, _, value in parts}


def takes_answers(names: Names, domain: str) -> Iterator[Finding]:
    if not (names.ask(domain, "MX") or names.ask(domain, "A") or names.ask(domain, "AAAA")):
        yield bad(f"{domain} takes no mail: answers and bounces are lost", f"An MX record of {domain}.")


def reverse_name(names: Names) -> Iterator[Finding]:
    """Compare the name of our own mail server with that of its address; a provider minds its own."""
    host = smtp_server().get("host")
    if not host or host in {"localhost", "127.0.0.1", "::1"}:
        return
    for record in names.ask(host, "A")[:1]:
        pointers = [str(found) for found in names.ask(str(dns.reversename.from_address(record.address)), "PTR")]
        if not pointers:
            yield look(
                f"{record.address} ({host}) has no name (PTR)",
                "If this machine sends itself, have its provider set it.",
            )
        elif not any(found.address == record.address for found in names.ask(pointers[0], "A")):
            yield look(f"{record.address} is called {pointers[0]}, which is another address", "Have both say the same.")


def smtp_server() -> dict[str, Any]:
    """Return how the mail server is reached; nothing if mail goes by a provider's own way, or becomes files."""
    mailer = settings.MAILERS["default"]
    return mailer["OPTIONS"] if mailer["BACKEND"] == mailers.SMTP else {}


def server() -> Iterator[Finding]:
    """Greet the mail server as a mail would, with its certificate and our name, and send nothing."""
    options = smtp_server()
    if not options:
        return
    host, port = str(options["host"]), int(options["port"] or 0)
    context = ssl.create_default_context()
    try:
        with (
            smtplib.SMTP_SSL(host, port, timeout=SERVER_WITHIN, context=context)
            if options["use_ssl"]
            else smtplib.SMTP(host, port, timeout=SERVER_WITHIN)
        ) as smtp:
            if options["use_tls"]:
                smtp.starttls(context=context)
            if options["username"]:
                smtp.login(options["username"], options["password"] or "")
            smtp.ehlo_or_helo_if_needed()
    except (OSError, smtplib.SMTPException) as error:
        yield bad(f"the mail server {host} does not take us: {error}", "Look at EMAIL_URL. Mails wait meanwhile.")
        return
    yield good(f"the mail server {host} takes us")
    if not (options["use_ssl"] or options["use_tls"]) and host not in {"localhost", "127.0.0.1", "::1"}:
        yield bad(f"mail travels to {host} in the open", "smtp+tls:// or smtps:// in EMAIL_URL.")
