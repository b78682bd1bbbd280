"""What people do on the live site, over HTTP."""

import hashlib

import httpx

from tests.live.forms import send
from tests.live.site import LiveSite

PETITION = "/petitions/end-forced-organ-harvesting/"
LETTERS = "/letters/senate-resolution-220/"
NEW_MEXICO = {"street": "100 Example St", "city": "Santa Fe", "state": "NM", "zip": "87501"}


def own_network(address: str) -> dict[str, str]:
    """Headers that give whoever has this address a network of their own: the live site believes this test."""
    network = ".".join(str(byte) for byte in hashlib.sha256(address.encode()).digest()[:3])
    return {"X-Forwarded-For": f"{network}.1"}


def count(site: LiveSite) -> int:
    """What the petition shows, once all who have confirmed are counted."""
    waiting = "SELECT 1 FROM petitions_countevent LIMIT 1"
    assert site.wait_until(lambda: not site.query(waiting), seconds=60), site.last_lines()
    return int(site.http.get(f"{PETITION}count.json").json()["count"])


def sign(site: LiveSite, address: str, name: str = "Ana Example", **more: str) -> httpx.Response:
    data = {"name": name, "email": address, "country": "DE", **more}
    return site.http.post(PETITION, data=data, headers=own_network(address))


def press(site: LiveSite, link: str) -> httpx.Response:
    """Open a mailed link and press its button."""
    page = site.http.get(link)
    assert page.status_code == 200, page.status_code
    answer = site.http.post(link)
    assert answer.has_redirect_location, (answer.status_code, answer.text[3000:6000])
    return answer


def write_letters(site: LiveSite, address: str, first_name: str = "Ana") -> httpx.Response:
    """From the campaign's page, over the texts and the preview, to "check your inbox"."""
    about = {"first_name": first_name, "last_name": "Example", "email": address, **NEW_MEXICO}
    texts = send(site.http, site.http.get(LETTERS), "zip", **about)
    preview = send(site.http, texts, "zip")
    return send(site.http, preview, "zip")
