"""What goes wrong is written into logs; nobody who signed stands there."""

import pytest

from tests.live.site import LiveSite
from tests.system.people import PETITION, press, sign

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
WORDS = ("canary", "birds.example", "birdsong")
TOKEN = "canary" * 8


def provoke(site: LiveSite) -> None:
    """Links, forms and bodies that fail in every way that a visitor can make them fail."""
    ask = site.http.request
    ask("GET", f"/petitions/confirm/{TOKEN}/?email=canary@birds.example")
    ask("GET", f"/letters/track/{TOKEN}/")
    ask("GET", "/canary@birds.example/")
    ask("POST", PETITION, data={"name": "Canary\x00Birdsong", "email": "canary@birds.example\x00", "country": "XX"})
    ask("POST", PETITION, content=b"\xff--x", headers={"Content-Type": "multipart/form-data; boundary=canary"})
    ask("POST", PETITION, data={f"canary{number}": "birdsong" for number in range(300)})
    ask("POST", "/admin/login/", data={"username": "canary@birds.example", "password": "birdsong"})
    ask("POST", PETITION, data={"email": "canary@birds.example"}, headers={"Origin": "https://birds.example"})


def test_after_provoked_errors_no_log_holds_a_person_or_a_token(site: LiveSite) -> None:
    site.smtp_sink.answers["refused.canary@birds.example"] = "550 no mailbox canary@birds.example"
    site.smtp_sink.answers["slow.canary@birds.example"] = "451 later, canary@birds.example"
    for name in ("refused", "slow", "fine"):
        sign(site, f"{name}.canary@birds.example", "Canarina Birdsong")
    provoke(site)
    press(site, site.link(site.mails("fine.canary@birds.example")[0], "/petitions/confirm/"))
    dead = "SELECT 1 FROM outbox_item WHERE strpos(reason, '550') > 0"
    assert site.wait_until(lambda: bool(site.query(dead)), seconds=120)
    logs = {name: (site.log / f"{name}.log").read_text(errors="replace").lower() for name in site.processes}
    assert "bad request" in logs["web"] or "warning" in logs["web"]
    assert {(name, word) for name, text in logs.items() for word in WORDS if word in text} == set()
