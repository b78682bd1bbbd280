"""Settings from the environment (or `.env`), typed and checked.

The README's table of settings is made from the fields below (`python -m campaign.environment`). What is missing or too
weak for production is named on standard error, and the process exits with 1.
"""

import os
import re
import sys
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from email_validator import validate_email
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from campaign.mail import mailers
from campaign.secrecy import keypairs

ROOT = Path(__file__).resolve().parent.parent
WEAK = "not-a-secret-only-for-development-"
DEVELOPMENT_KEY = "ZGV2ZWxvcG1lbnQta2V5LW5vdC1mb3ItcHJvZHVjdGk="

SENDER = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")
CommaSeparated = Annotated[list[str], NoDecode]


class Environment(BaseSettings):
    model_config = SettingsConfigDict(extra="ignore")

    SECRET_KEY: str = Field(WEAK * 2, description="Signs sessions and links; 50 random characters or more")
    DEBUG: bool = Field(False, description="Tracebacks in the browser and weak keys allowed; never in production")
    SITE_URL: str = Field(
        "http://localhost:8000",
        description="Public address of the site, without a slash at its end; https turns on secure cookies and HSTS",
    )
    ALLOWED_HOSTS: CommaSeparated = Field(
        [], description="Host names served, comma-separated; SITE_URL's host is always one"
    )
    DATABASE_URL: str = Field(
        pattern="^postgres(ql)?://",
        description="PostgreSQL 15 or newer, `postgresql://user:password@host/name`, with parameters where the defaults of `campaign/database/__init__.py` do not suit; several servers, and a pooler in between: `docs/deploy.md`; `make run` brings its own where there is none",
    )
    OWNER_DATABASE_URL: str = Field(
        "",
        pattern="^(postgres(ql)?://.*)?$",
        description="The same database, for the role that owns its tables, for the commands `migrate`, `backup`, `restore` and `setup` alone; `migrate` then lets the role of `DATABASE_URL` do no more than the site needs (`docs/deploy.md`); empty: one role for both",
    )
    REPLICA_URL: str = Field(
        "",
        pattern="^(postgres(ql)?://.*)?$",
        description="A standby of the same database that `manage.py backup` reads, so that the primary is left to those who sign, by a role that may read every table; empty: the primary",
    )
    REDIS_URL: str = Field(
        pattern="^(rediss?|unix)://",
        description="Redis or Valkey, the Celery broker: `redis://` or `unix://`; `make run` brings its own where there is none",
    )
    EMAIL_URL: str = Field(
        "file://var/mail",
        description="`smtp://`, `smtps://` (TLS), `smtp+tls://` (STARTTLS), `file://` (a folder of .eml), or an Anymail provider: `anymail+postmark://?server_token=...`",
    )
    EMAIL_WEBHOOK_SECRET: str = Field(
        "",
        description="What the Anymail provider signs its reports to `/mail/events/` with: its signing key (Mailgun, MailerSend, Mailtrap, Mandrill, Postal, SendGrid), or `user:password` in the address (Brevo, Mailjet, Postmark, Resend, SparkPost); empty: no reports",
    )
    DEFAULT_FROM_EMAIL: str = Field(
        "campaign@example.org", description="Sender of all mail: an address, or `Name <address>`"
    )
    MAIL_NETWORK_BURST: int = Field(
        50,
        ge=1,
        description="Mails to unproven addresses that may be asked for at once from one network (/24, or /64 and /48); more of them wait in the outbox",
    )
    MAIL_NETWORK_SECONDS: float = Field(
        10,
        gt=0,
        description="Seconds from one of those that wait for their network to the next; a mail waits a day at most",
    )
    MAIL_DOMAIN_BURST: int = Field(
        200,
        ge=1,
        description="Mails to unproven addresses that may go to one domain at once, but for the great providers and domains that staff allowed; more of them wait",
    )
    MAIL_DOMAIN_SECONDS: float = Field(
        5, gt=0, description="Seconds from one of those that wait for their domain to the next"
    )
    FIELD_KEYS: CommaSeparated = Field(
        [DEVELOPMENT_KEY],
        description="Fernet keys for encrypted columns, comma-separated: the first encrypts, all decrypt",
    )
    ADDRESS_HASH_KEY: str = Field(
        WEAK, description="Key of the fingerprints of mail addresses, 32 random characters or more; can never change"
    )
    LETTER_CHANNELS: CommaSeparated = Field(
        ["sandbox", "email"], description="Channels that letters may take, comma-separated"
    )
    LETTER_WITHDRAWAL_MINUTES: int = Field(
        15, ge=0, description="Minutes during which a confirmed letter can be taken back before delivery begins"
    )
    LETTER_RETURN_ADDRESS: str = Field(
        "",
        description="Address to which letters sent by SMTP come back, such as `letters@bounces.example.org`; mail to it with anything after a `+` must reach LETTER_INBOX_URL; empty: the sender of mail",
    )
    LETTER_INBOX_URL: str = Field(
        "",
        description="Where letters that came back, offices' automatic answers and refusals are read: `imaps://user:password@host/INBOX`, or `file:///folder` of .eml; empty: nowhere",
    )
    LETTER_INBOX_SENDERS: CommaSeparated = Field(
        ["senate.gov"], description="Domains whose refusals are believed, comma-separated"
    )
    LETTER_INBOX_SERVER: str = Field(
        "",
        description="Name by which our mail server signs its Authentication-Results; without it no refusal is believed",
    )
    SENATORS_LIST_URL: str = Field(
        "",
        pattern="^(https://.*)?$",
        description="Where staff may fetch the list of senators at a click, such as `https://unitedstates.github.io/congress-legislators/legislators-current.json`; empty: they upload it",
    )
    SENATE_API_URL: str = Field(
        "", description="Base address of the Senate's system for constituents' letters, https; empty: not used"
    )
    SENATE_API_HOSTS: CommaSeparated = Field(
        ["soapbox.senate.gov"], description="The only hosts that SENATE_API_URL may name, comma-separated"
    )
    SENATE_API_KEY: str = Field("", description="Key that the Senate gave to the delivery agent")
    SENATE_API_MESSAGES_PATH: str = Field(
        "/api/testing-messages/",
        description="Where messages are posted; confirm it with the Senate, also for production",
    )
    SENATE_API_OFFICES_PATH: str = Field(
        "/api/active_offices/", description="Where the list of offices that take part is read"
    )
    SENATE_API_AGENT: str = Field("", description="Legal name of the approved delivery agent")
    SENATE_API_ACK_EMAIL: str = Field("", description="Address to which the Senate's system reports later refusals")
    SENATE_API_CONTACT_NAME: str = Field("", description="Who the Senate can ask about a message")
    SENATE_API_CONTACT_EMAIL: str = Field("", description="Their address")
    SENATE_API_CONTACT_PHONE: str = Field(
        "", pattern=r"^(\d{3}-\d{3}-\d{4})?$", description="Their number, ddd-ddd-dddd"
    )
    SENATE_API_RATE: float = Field(5, gt=0, le=10, description="Letters a second to all offices together")
    SENATE_API_OFFICE_RATE: float = Field(2, gt=0, description="Letters a second to one office")
    SENATE_API_CLOSED: str = Field(
        "Sun 00:00-06:00, Wed 05:00-07:00",
        description="Hours in which the Senate's system is closed, in the time of Washington",
    )
    SENATE_API_CA_FILE: str = Field("", description="Certificates to trust instead of the machine's own, for tests")
    HOUSE_API_URL: str = Field(
        "",
        description="Base address of the system of the House of Representatives, https; empty: not used. Who sends is as for the Senate",
    )
    HOUSE_API_HOSTS: CommaSeparated = Field(
        [], description="The only hosts that HOUSE_API_URL may name, comma-separated"
    )
    HOUSE_API_KEY: str = Field("", description="Key that the House gave to the delivery agent")
    HOUSE_API_MESSAGES_PATH: str = Field("", description="Where messages are posted there, as the House says")
    HOUSE_API_OFFICES_PATH: str = Field("", description="Where its list of offices that take part is read")
    HOUSE_API_RATE: float = Field(5, gt=0, le=10, description="Letters a second to all its offices together")
    HOUSE_API_OFFICE_RATE: float = Field(2, gt=0, description="Letters a second to one of its offices")
    HOUSE_API_CLOSED: str = Field("", description="Hours in which its system is closed, in the time of Washington")
    TRUSTED_PROXIES: CommaSeparated = Field(
        [], description="Networks whose X-Forwarded-For is believed, comma-separated; none by default"
    )
    STATIC_FOLDER: str = Field("var/static", description="Folder that `collectstatic` fills and that is served")
    MEDIA_FOLDER: str = Field(
        "var/media",
        description="Folder of the pictures, documents and films that staff upload, the same for all web processes; goes into the backup",
    )
    MEDIA_BUCKET: str = Field(
        "",
        pattern=r"^(s3(\+http)?://[^:/@]+:[^:/@]+@[^/@]+/[^/?]+(\?region=[\w-]+)?)?$",
        description="Instead of `MEDIA_FOLDER`, storage that speaks S3, for several machines: `s3://KEY:SECRET@host/bucket?region=name`, parts that hold `/` or `:` percent-encoded; empty: the folder. It needs the packages of `requirements-extras.lock`",
    )
    KEY_FOLDER: str = Field(
        "var/keys",
        description="Folder of the keys of periods, the same for all workers and for web; apart from the database, and never in a backup",
    )
    JOURNAL_FOLDER: str = Field(
        "var/journal",
        description="Folder of what must outlive a restored backup, each machine's own or one for all; on another disk than the database and in another backup, or in none",
    )
    JOURNAL_DAYS: int = Field(
        35, ge=1, description="Days for which the journal is kept; more than backups of the database are"
    )
    BACKUP_KEY: str = Field(
        "",
        description="Public key to which `manage.py backup` encrypts, the whole line that `create_keypair` prints; its private half is kept elsewhere; empty: no backups by the site itself",
    )
    LOG_FORMAT: Literal["line", "json"] = Field(
        "line", description="How processes log to standard error: lines for people, or `json`, one object a line"
    )
    SENTRY_DSN: str = Field(
        "",
        pattern="^(https?://.*)?$",
        description="Where faults are told, to Sentry or a service that speaks like it (GlitchTip, Bugsink), without addresses, forms and variables; empty: in the logs alone",
    )
    OTLP_ENDPOINT: str = Field(
        "",
        pattern="^(https?://.*)?$",
        description="Collector of OpenTelemetry that is told how long answers and work take (`http://127.0.0.1:4318`), without addresses, pages and statements; empty: none. It needs the packages of `requirements-extras.lock`",
    )
    KEEP_SECONDS: float = Field(
        2,
        ge=0,
        le=10,
        description="Seconds for which a web process shows a finished public page again, and reuses what it read, before it asks the database anew; 0: never",
    )
    PIN_PROCESSES: bool = Field(
        True,
        description="Whether each web process keeps to a processor of its own; 0 where several containers share a machine, which do not see each other and may choose the same, or where something else hands out processors",
    )
    LEAVE_URL: str = Field(
        "https://www.bing.com/",
        pattern=r"^https?://",
        description="Where “Leave this page” leads: a site that says nothing about a visitor and opens everywhere",
    )
    CARD_FRAMED_BY: CommaSeparated = Field(
        ["*"],
        description="Sites that may show a petition's card in a frame, comma-separated (`https://partner.example`); `*`: every site",
    )
    ONION_URL: str = Field(
        "",
        pattern=r"^(https?://[a-z2-7]{56}\.onion)?$",
        description="Address of this site as a Tor onion service, without a slash at its end; public pages name it to Tor Browser",
    )
    SECURITY_CONTACT: str = Field(
        "",
        pattern=r"^((https://|mailto:)\S+)?$",
        description="Where whoever finds a weakness can report it, for `/.well-known/security.txt`: `mailto:` or `https://`; empty: the sender of mail",
    )
    STAFF_SECOND_FACTOR: bool | None = Field(
        None,
        description="Whether staff log in with a code beside their password: 1, and 0 only with DEBUG or DEMO; unset: not with these, else always",
    )
    HANDOVER_WAIT_DAYS: int = Field(
        7,
        ge=1,
        description="Days for which the accounts of the two people of a hand-over must have been staff's, with the same second factor and changed by nobody; for as long others are told of one at addresses that were changed",
    )
    DUAL_CONTROL_WAIT_HOURS: int = Field(
        24,
        ge=0,
        description="Hours from a second person's approval of a hand-over or another key until it can be done; meanwhile anybody who is told can stop it. Less than 12 only with DEBUG or DEMO",
    )
    NEWSLETTER_WAIT_MINUTES: int = Field(
        30,
        ge=0,
        description="Minutes from the press of “Send” until an issue of the newsletter goes out; meanwhile anybody who may send can stop it. Less than 10 only with DEBUG or DEMO",
    )
    DEMO: bool = Field(False, description="Set by `make run`: demo content and a page that shows outgoing mail")

    @field_validator(
        "ALLOWED_HOSTS",
        "CARD_FRAMED_BY",
        "FIELD_KEYS",
        "LETTER_CHANNELS",
        "LETTER_INBOX_SENDERS",
        "SENATE_API_HOSTS",
        "HOUSE_API_HOSTS",
        "TRUSTED_PROXIES",
        mode="before",
    )
    @classmethod
    def split(cls, value: str | list[str]) -> list[str]:
        parts = value.split(",") if isinstance(value, str) else value
        return [part.strip() for part in parts if part.strip()]

    @field_validator("FIELD_KEYS")
    @classmethod
    def check_keys(cls, keys: list[str]) -> list[str]:
        if not keys:
            raise ValueError("at least one key is needed")
        for key in keys:
            Fernet(key)
        return keys

    @field_validator("EMAIL_URL")
    @classmethod
    def check_mailer(cls, url: str) -> str:
        mailers.mailer_from_url(url, ROOT)
        return url

    @field_validator("DEFAULT_FROM_EMAIL")
    @classmethod
    def check_sender(cls, sender: str) -> str:
        """Return the sender with its name in quotes, as mail needs it where the name holds more than English words.

        Refuse what Django's mailers refuse: letters such as é before the @.
        """
        found = SENDER.fullmatch(sender.strip())
        name, address = (found["name"], found["address"]) if found else ("", sender.strip())
        validate_email(address, allow_smtputf8=False, check_deliverability=False)
        plain = " ".join(name.strip().strip('"').replace("\\", "").replace('"', "'").split())
        if not plain.isprintable():
            raise ValueError("the name holds control characters")
        return f'"{plain}" <{address}>' if plain else address

    @field_validator("BACKUP_KEY")
    @classmethod
    def check_backup_key(cls, line: str) -> str:
        if line and not keypairs.is_public_key(keypairs.checked(line)):
            raise ValueError("no public key")
        return line

    @field_validator("TRUSTED_PROXIES")
    @classmethod
    def check_networks(cls, networks: list[str]) -> list[str]:
        for network in networks:
            (IPv6Network if ":" in network else IPv4Network)(network)
        return networks

    @field_validator("SITE_URL")
    @classmethod
    def check_site_url(cls, url: str) -> str:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise ValueError("must be an http or https address")
        return url.rstrip("/")

    @model_validator(mode="after")
    def refuse_what_is_weak(self) -> Self:
        weak = [] if self.DEBUG else self.missing_or_weak()
        if weak:
            raise ValueError(f"missing or too weak for production: {', '.join(weak)}")
        return self

    def missing_or_weak(self) -> list[str]:
        tests = {
            "SECRET_KEY": len(self.SECRET_KEY) < 50 or WEAK in self.SECRET_KEY,
            "FIELD_KEYS": DEVELOPMENT_KEY in self.FIELD_KEYS,
            "ADDRESS_HASH_KEY": len(self.ADDRESS_HASH_KEY) < 32 or WEAK in self.ADDRESS_HASH_KEY,
            "DEFAULT_FROM_EMAIL": "DEFAULT_FROM_EMAIL" not in self.model_fields_set and not self.DEMO,
            "DUAL_CONTROL_WAIT_HOURS": self.DUAL_CONTROL_WAIT_HOURS < 12 and not self.DEMO,
            "NEWSLETTER_WAIT_MINUTES": self.NEWSLETTER_WAIT_MINUTES < 10 and not self.DEMO,
            "STAFF_SECOND_FACTOR": self.STAFF_SECOND_FACTOR is False and not self.DEMO,
        }
        return [name for name, is_weak in tests.items() if is_weak]

    def group(self, prefix: str) -> dict[str, Any]:
        """Return the settings whose names begin with `prefix`, by the rest of their names in lower case."""
        names = [name for name in type(self).model_fields if name.startswith(prefix)]
        return {name.removeprefix(prefix).lower(): getattr(self, name) for name in names}

    @property
    def asks_second_factor(self) -> bool:
        return not (self.DEBUG or self.DEMO) if self.STAFF_SECOND_FACTOR is None else self.STAFF_SECOND_FACTOR

    @property
    def security_contact(self) -> str:
        return self.SECURITY_CONTACT or f"mailto:{parseaddr(self.DEFAULT_FROM_EMAIL)[1]}"

    @property
    def is_https(self) -> bool:
        return self.SITE_URL.startswith("https:")

    @property
    def hosts(self) -> list[str]:
        named = [urlsplit(url).hostname for url in (self.SITE_URL, self.ONION_URL)]
        return [*self.ALLOWED_HOSTS, *filter(None, named)]


def load() -> Environment:
    """Return the checked environment; on failure print one line for each fault and exit with 1."""
    try:
        file = None if "NO_ENV_FILE" in os.environ else ROOT / ".env"  # without it for what needs no site (manage.py)
        return Environment(_env_file=file)  # type: ignore[call-arg]  # filled from the environment
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            name = ".".join(map(str, fault["loc"])) or "settings"
            print(f"{name}: {fault['msg']}", file=sys.stderr)
        raise SystemExit(1) from None


def forget() -> None:
    """Remove the settings from the environment: granian copies what is left there into every request."""
    for name in Environment.model_fields:
        os.environ.pop(name, None)


def table() -> str:
    """Return the README's table of settings, in Markdown."""
    rows = [f"| `{name}` | {field.description} |" for name, field in Environment.model_fields.items()]
    return "\n".join(["| setting | meaning |", "|---|---|", *rows])


if __name__ == "__main__":
    print(table())
