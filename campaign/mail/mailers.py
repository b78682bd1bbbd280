"""Turn `EMAIL_URL` into an entry of Django's MAILERS."""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

SMTP = "django.core.mail.backends.smtp.EmailBackend"
# Anymail's providers whose reports can be verified: the view for reports, and its argument for EMAIL_WEBHOOK_SECRET.
PROVIDERS = {
    "brevo": ("brevo.BrevoTrackingWebhookView", "webhook_secret"),
    "mailersend": ("mailersend.MailerSendTrackingWebhookView", "signing_secret"),
    "mailgun": ("mailgun.MailgunTrackingWebhookView", "webhook_signing_key"),
    "mailjet": ("mailjet.MailjetTrackingWebhookView", "webhook_secret"),
    "mailtrap": ("mailtrap.MailtrapTrackingWebhookView", "tracking_secret"),
    "mandrill": ("mandrill.MandrillCombinedWebhookView", "webhook_key"),
    "postal": ("postal.PostalTrackingWebhookView", "webhook_key"),
    "postmark": ("postmark.PostmarkTrackingWebhookView", "webhook_secret"),
    "resend": ("resend.ResendTrackingWebhookView", "webhook_secret"),
    "sendgrid": ("sendgrid.SendGridTrackingWebhookView", "tracking_webhook_verification_key"),
    "sparkpost": ("sparkpost.SparkPostTrackingWebhookView", "webhook_secret"),
}


def mailer_from_url(url: str, root: Path) -> dict[str, Any]:
    """Return the mailer that `url` names; a relative folder of `file://` is below `root`. Raises ValueError.

    >>> mailer_from_url("smtp://mail.example.org:2525", Path("/"))["OPTIONS"]["port"]
    2525
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {
            "BACKEND": "campaign.mail.eml_backend.EmailBackend",
            "OPTIONS": {"folder": root / unquote(parts.netloc + parts.path)},
        }
    if provider := provider_of(url):
        return {"BACKEND": f"anymail.backends.{provider}.EmailBackend", "OPTIONS": dict(parse_qsl(parts.query))}
    if parts.scheme in {"smtp", "smtps", "smtp+tls"}:
        return {"BACKEND": SMTP, "OPTIONS": smtp_options(parts)}
    raise ValueError(f"must begin with smtp://, smtps://, smtp+tls:// or file://, not {url.partition(':')[0]!r}")


def provider_of(url: str) -> str:
    """Return Anymail's name of the provider, or an empty string if mail goes another way.

    Raises ValueError for a provider whose reports cannot be verified.

    >>> provider_of("anymail+postmark://?server_token=x"), provider_of("smtp://localhost")
    ('postmark', '')
    """
    way, _, name = url.partition(":")[0].partition("+")
    if way != "anymail":
        return ""
    if name not in PROVIDERS:
        known = ", ".join(PROVIDERS)
        raise ValueError(f"the reports of {name!r} cannot be verified here; use its SMTP server, or one of {known}")
    return name


def smtp_options(parts: SplitResult) -> dict[str, Any]:
    return {
        "host": parts.hostname,
        "port": parts.port,
        "username": unquote(parts.username or "") or None,
        "password": unquote(parts.password or "") or None,
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp+tls",
        "timeout": 20,
    }
