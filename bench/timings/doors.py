"""Forms and links that take an address: what somebody sends to each."""

import secrets
from collections.abc import Callable, Mapping
from typing import NamedTuple

import httpx

from tests.live.forms import form_with, send

PETITION = "/petitions/end-forced-organ-harvesting/"
LETTERS = "/letters/senate-resolution-220/"
HOME = {"street": "100 Example St", "city": "Santa Fe", "state": "NM", "zip": "87501"}


class Person(NamedTuple):
    address: str
    passage: str  # what the page after signing carries on
    token: str  # of the mailed link; empty for whoever has none


def new_address(domain: str = ".example.org") -> str:
    """Return an address at a domain of its own, so that no limit of domains is met; all are of one length."""
    return f"{secrets.token_hex(4)}@{secrets.token_hex(4)}{domain}"


def sign(http: httpx.Client, who: Person) -> httpx.Request:
    return http.build_request(
        "POST", PETITION, data={"name": "Ana Example", "email": who.address, "country": "DE", "updates": ""}
    )


def send_mail_again(http: httpx.Client, who: Person) -> httpx.Request:
    return http.build_request("POST", f"{PETITION}check-email/", data={"to": who.passage, "email": who.address})


def enter_code(http: httpx.Client, who: Person) -> httpx.Request:
    return http.build_request("POST", f"{PETITION}code/", data={"to": who.passage, "code": "0000 0000"})


def open_link(http: httpx.Client, who: Person) -> httpx.Request:
    return http.build_request("GET", f"/petitions/confirm/{who.token}/")


def ask_for_own_data(http: httpx.Client, who: Person) -> httpx.Request:
    return http.build_request("POST", "/petitions/mine/", data={"email": who.address})


def subscribe(http: httpx.Client, who: Person) -> httpx.Request:
    return http.build_request("POST", "/newsletter/", data={"email": who.address})


def write_letters(http: httpx.Client, who: Person) -> httpx.Request:
    """The last submit; the steps before it know nothing of anybody."""
    about = {**HOME, "first_name": "Ana", "last_name": "Example", "email": who.address}
    texts = send(http, http.get(LETTERS), "zip", **about)
    form = form_with(send(http, texts, "zip"), "zip")
    return http.build_request("POST", form.action, data=form.values)


DOORS: Mapping[str, Callable[[httpx.Client, Person], httpx.Request]] = {
    "sign": sign,
    "send the mail again": send_mail_again,
    "enter a code": enter_code,
    "open the link": open_link,
    "ask for own data": ask_for_own_data,
    "subscribe": subscribe,
    "write letters": write_letters,
}
