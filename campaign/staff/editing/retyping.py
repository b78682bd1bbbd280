"""Nothing typed into the admin is lost because the session is over, or the cookies are gone.

A form that is posted without a session is answered with the page for logging in, which carries what was typed, sealed,
in a hidden field. Once the password is right, the session has it, for an hour at most and under the key of a period;
once the code is right too, the form is shown again as it was typed. Nothing is saved before somebody presses the
button again. Passwords, codes and files are not carried, and nothing at all of the pages that take them.
"""

import base64
import binascii
import json
import logging
import re
import zlib
from datetime import timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, QueryDict
from django.utils.crypto import get_random_string

from campaign.database import clock
from campaign.secrecy import passages
from campaign.secrecy.encryption import decrypt_json, seal_json
from campaign.secrecy.periods.keys import FolderAway, KeyGone, Purpose
from campaign.staff.login import known_devices
from campaign.translation import for_staff_lazy

logger = logging.getLogger(__name__)

CARRIED = "typed"  # the hidden field, and what the session calls it
PURPOSE = "staff typed"
NEVER_CARRIED = re.compile(r"password|secret|csrf|(^|[-_])code$", re.IGNORECASE)
NEVER_HELD = {
    *("login", "logout", "second_factor", "second_factor_set_up", "recovery_codes"),
    *("accept_invitation", "password_change", "auth_user_password_change", "verify_address", "stop_act"),
}  # names of pages whose forms hold passwords and codes, or nothing that was typed
HELD_FOR = timedelta(hours=1)
LONGEST = 400_000  # characters of the hidden field, so that the page for logging in can still be posted
NOT_SAVED = for_staff_lazy(
    "Nothing was saved yet: your session was over, or the browser's cookies were gone. What you typed stands here; look"
    " at it and save it again."
)
SHOW_AGAIN = ("_add", "_change", "_translate", "_paper_type")  # ends of the names of views that do
FILES_LOST = for_staff_lazy("A file cannot be carried over: choose it again.")

type Typed = dict[str, Any]  # by, path, fields, had_files; and until, once the session has it


def typed_in(request: HttpRequest) -> Typed | None:
    """Return what was posted, or None if nothing of it may be carried."""
    match = request.resolver_match
    if match is None or match.namespaces != ["admin"] or match.url_name in NEVER_HELD:
        return None
    fields = {name: values for name, values in request.POST.lists() if not NEVER_CARRIED.search(name)}
    if not any(value for values in fields.values() for value in values):
        return None
    owner = known_devices.owner_of(request)
    by = request.user.pk or (owner and owner.pk)
    return {"by": by, "path": request.get_full_path(), "fields": fields, "had_files": bool(request.FILES)}


def carried(request: HttpRequest) -> str:
    """Return what was typed for a hidden field, or nothing if there is nothing to carry, or too much."""
    typed = typed_in(request)
    if typed is None:
        return ""
    packed = base64.b64encode(zlib.compress(json.dumps(typed).encode())).decode()
    field = passages.in_form({"z": packed, "salt": get_random_string(12)}, PURPOSE)
    return field if len(field) <= LONGEST else ""


def unpacked(field: str) -> Typed | None:
    values = passages.read(field, PURPOSE) if field else None
    if values is None:
        return None
    try:
        typed: Typed = json.loads(zlib.decompress(base64.b64decode(values["z"])))
    except (KeyError, ValueError, binascii.Error, zlib.error):
        return None
    return typed


def hold_typed(request: HttpRequest, typed: Typed | None) -> None:
    """Keep what was typed in the session until its form is shown again; an hour at most, and for nobody else."""
    if typed is None or typed["by"] not in {None, request.user.pk}:
        return
    held = {**typed, "until": (clock.now() + HELD_FOR).timestamp()}
    try:
        request.session[CARRIED] = base64.b64encode(seal_json(held, Purpose.PAGE)).decode()
    except OSError as error:
        logger.error("the keys of periods cannot be read: %s", error)


def take_typed(request: HttpRequest) -> Typed | None:
    """Return what was typed into the form at the address that is asked for, once."""
    if CARRIED not in request.session:
        return None
    typed = read_held(request.session[CARRIED])
    if typed and typed["path"] != request.get_full_path():
        return None
    del request.session[CARRIED]
    return typed


def read_held(box: str) -> Typed | None:
    """Return what a session holds, or None once its hour is over."""
    try:
        held: Typed = decrypt_json(base64.b64decode(box))
    except (KeyGone, FolderAway, InvalidToken, ValueError):
        return None
    return held if held.get("until", 0) > clock.now().timestamp() else None


def post_again(request: HttpRequest, typed: Typed) -> None:
    """Turn the request into one that posts what was typed, to be shown and not saved."""
    data = QueryDict(mutable=True)
    for name, values in typed["fields"].items():
        data.setlist(name, values)
    request.FILES.clear()  # reads the request itself, which would otherwise replace what is set below
    request.method = "POST"
    request.POST = data  # type: ignore[assignment]
    show_again(request, NOT_SAVED, *([FILES_LOST] if typed["had_files"] else []))


def show_again(request: HttpRequest, *reasons: Any) -> None:
    """Let the form be shown as it was typed, with these reasons, and not be saved."""
    request.__dict__["shown_again"] = list(reasons)


def shown_again(request: HttpRequest) -> list[str]:
    """Return what to say of a form that is shown as it was typed and must not be saved; nothing for any other."""
    return request.__dict__.get("shown_again", [])


def forget_messages(request: HttpRequest) -> None:
    """Take back what a view said of a success that has been rolled back."""
    list(get_messages(request))


def is_form(request: HttpRequest) -> bool:
    """Return whether the view that is asked for shows a form again as it was typed, if it must not save it."""
    match = request.resolver_match
    return bool(match and match.url_name and match.url_name.endswith(SHOW_AGAIN))


def typed_lines(typed: Typed) -> list[tuple[str, str]]:
    return [(name, value) for name, values in typed["fields"].items() for value in values]


def comes_from_here(request: HttpRequest) -> bool:
    """Return whether a page of this site posted it, and no other site in the name of staff."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    ours = {f"{request.scheme}://{request.get_host()}", settings.SITE_URL}
    return origin in ours if site is None else site == "same-origin"
