"""The demo's mailbox: pages that show the mail this site wrote, with links that can be followed.

They exist only while DEMO is set, and only for requests from the same machine.
"""

import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage
from functools import wraps
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaign.web.decorators import personal_page

MAILS_SHOWN = 100


def on_this_machine(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if not ip_address(request.META.get("REMOTE_ADDR") or "127.0.0.1").is_loopback:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@personal_page
@require_safe
@on_this_machine
def mailbox(request: HttpRequest) -> HttpResponse:
    files = sorted(mail_folder().glob("*.eml"), reverse=True)
    messages = [(path.name, read(path)) for path in files[:MAILS_SHOWN]]
    return render(
        request, "demo/mailbox.html", {"messages_shown": messages, "total": len(files), "folder": mail_folder()}
    )


@personal_page
@require_safe
@on_this_machine
def message(request: HttpRequest, name: str) -> HttpResponse:
    path = next((path for path in mail_folder().glob("*.eml") if path.name == name), None)
    if path is None:
        raise Http404
    mail = read(path)
    body = mail.get_body(("plain",))
    return render(request, "demo/message.html", {"mail": mail, "text": body.get_content() if body else ""})


def read(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def mail_folder() -> Path:
    options = settings.MAILERS["default"].get("OPTIONS", {})
    return Path(options.get("folder", settings.ROOT / "var" / "mail"))
