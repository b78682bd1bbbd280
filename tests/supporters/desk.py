"""Staff of a role at the desk, and lists that they upload."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from campaign.secrecy.addresses import fingerprint
from campaign.supporters import subscriptions
from campaign.supporters.models import Subscriber, SubscriberImport
from tests.conftest import drain

ADD = "/admin/supporters/subscriberimport/add/"
ABOUT = {
    "name": "Spring fair", "language": "en", "proof": "record", "wording": "Yes, write to me.", "place": "A fair",
    "consented_on": "2026-03-01", "tags": "",
}  # fmt: skip


def member(role: str, name: str = "staff") -> User:
    user = User.objects.create_user(name, f"{name}@example.org", "a-password-of-the-tests", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def post_list(desk: Client, content: bytes | str, file: str = "list.csv", **about: str) -> Any:
    data = content if isinstance(content, bytes) else content.encode()
    return desk.post(ADD, {**ABOUT, **about, "file": SimpleUploadedFile(file, data)})


def upload(desk: Client, content: bytes | str, file: str = "list.csv", **about: str) -> SubscriberImport:
    answer = post_list(desk, content, file, **about)
    assert answer.status_code == 302, answer.content.decode()
    return SubscriberImport.objects.latest("pk")


def load(desk: Client, content: bytes | str, **about: str) -> SubscriberImport:
    """Upload a list, look at it, and have all of it loaded."""
    one = upload(desk, content, **about)
    press(desk, one, "load")
    drain()
    one.refresh_from_db()
    return one


def make_import() -> SubscriberImport:
    """Made without a file."""
    consent = subscriptions.current_consent("en")
    return SubscriberImport.objects.create(name="Fair", consent=consent, place="x", consented_on="2026-03-01")


def press(desk: Client, one: SubscriberImport, button: str) -> str:
    page = f"/admin/supporters/subscriberimport/{one.pk}/{button}/"
    return desk.post(page, follow=True).content.decode()


def confirm(name: str = "ana") -> None:
    """Use the link of the mail that asks to confirm."""
    row: Any = Subscriber.objects.get(fingerprint=print_of(name))
    subscriptions.confirm(language="en", token_digest=bytes(row.token_digest))


def print_of(name: str) -> bytes:
    return fingerprint(f"{name}@example.org", subscriptions.PURPOSE)


def addresses(rows: Iterable[Any]) -> list[Any]:
    return sorted((row.address for row in rows), key=str)


def make_list(names: Iterable[str], columns: str = "email", more: str = "") -> str:
    return "\n".join([columns, *(f"{name}@example.org{more}" for name in names)])


def numbered(number: int, start: int = 0) -> list[str]:
    return [f"p{n}" for n in range(start, start + number)]
