"""A thief takes the database, its log, Redis, every file and key, and the proxy's log: whom do they find?

`python -m bench.leaks` takes the protections out one after another, and each time somebody must be found here.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis

from tests.live.forms import send
from tests.live.site import LiveSite, site_of_its_own
from tests.live.smtp_sink import SmtpSink
from tests.system import thief
from tests.system.nights import let_nights_pass
from tests.system.people import own_network, press, sign, write_letters
from tests.system.thief import Thief

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]

WANT_NEWS, WRITE, WITHDRAW, ERASE, DISOWN = range(30), range(30, 36), range(36, 42), range(42, 48), range(48, 54)
SLIP = range(54, 56)  # they paste their address into the browser's address line
SIGNERS = 200
JOIN = "from campaign.supporters import joining; joining.join_waiting()"
SLUG = "end-forced-organ-harvesting"


def address_of(number: int) -> str:
    return f"signer-{number}@birds.example.org"


def addresses(*groups: range) -> set[str]:
    return {address_of(number) for group in groups for number in group}


@pytest.fixture
def own_site(smtp_sink: SmtpSink, static_files: Path, tmp_path: Path, settings: Any) -> Iterator[LiveSite]:
    """A site with a proxy before it that writes everything down; this process reads with the site's keys."""
    with site_of_its_own(smtp_sink, tmp_path, LETTER_CHANNELS="sandbox", LETTER_WITHDRAWAL_MINUTES="0") as site:
        site.manage("seed_demo")
        site.http.event_hooks["response"].append(proxy_log(tmp_path / "log" / "access.log"))
        settings.KEY_FOLDER = tmp_path / "keys"
        site.start()
        yield site


def proxy_log(path: Path) -> Callable[[httpx.Response], None]:
    """Write as a proxy does by default, the address and the page before it included."""

    def write(response: httpx.Response) -> None:
        request = response.request
        line = f'{request.headers.get("X-Forwarded-For", "-")} "{request.method} {request.url.raw_path.decode()}"'
        with path.open("a") as file:
            file.write(f'{line} {response.status_code} "{response.headers.get("Location", "-")}"\n')

    return write


def in_parallel(act: Callable[[int], object], numbers: range) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, numbers))


def fill(site: LiveSite) -> None:
    """Two hundred sign; of these some tick news, write letters, withdraw, erase, or say that it was not they."""
    in_parallel(lambda number: sign_up(site, number), range(SIGNERS))
    in_parallel(lambda number: answer(site, number), range(SIGNERS))
    for number in [*WITHDRAW, *ERASE]:
        use_own_page(site, address_of(number), "withdraw" if number in WITHDRAW else "forget")
    for number in WRITE:
        write_letters(site, address_of(number))
        mail = next(mail for mail in site.mails(address_of(number), number=2) if "/letters/confirm/" in mail.text)
        press(site, site.link(mail, "/letters/confirm/"))
    for number in SLIP:
        httpx.get(f"{site.url}/{address_of(number)}/")  # the proxy's log has it then; nothing can be done about that
    site.manage("shell", "--command", JOIN)  # as the scheduler does every hour
    done = "SELECT 1 FROM outbox_item WHERE kind = 'letters.delivery'"
    assert site.wait_until(lambda: not site.query(done), seconds=120), site.last_lines()


def sign_up(site: LiveSite, number: int) -> None:
    answered = sign(site, address_of(number), **({"updates": "on"} if number in WANT_NEWS else {}))
    assert answered.status_code == 302
    assert site.http.get(answered.headers["Location"]).status_code == 200


def answer(site: LiveSite, number: int) -> None:
    (mail,) = site.mails(address_of(number), seconds=120)
    if number in DISOWN:
        link = site.link(mail, "/petitions/not-me/")
        assert send(site.http, site.http.get(link), "address").status_code == 200
    else:
        press(site, site.link(mail, "/petitions/confirm/"))


def use_own_page(site: LiveSite, address: str, act: str) -> None:
    site.http.post("/petitions/mine/", data={"email": address}, headers=own_network(address))
    mail = next(mail for mail in site.mails(address, number=2) if "/petitions/mine/" in mail.text)
    link = site.link(mail, "/petitions/mine/")
    assert site.http.get(link).status_code == 200
    assert site.http.post(f"{link.rstrip('/')}/{SLUG}/{act}/").has_redirect_location


def keep_redis(site: LiveSite, path: Path) -> None:
    with redis.Redis.from_url(site.settings["REDIS_URL"]) as client, path.open("wb") as file:
        for key in client.scan_iter():
            file.write(key + b"\n" + (client.dump(key) or b"") + b"\n")


def test_nobody_who_signed_is_found_four_days_later(own_site: LiveSite, tmp_path: Path) -> None:
    fill(own_site)
    keep_redis(own_site, tmp_path / "log" / "redis")
    loot = Thief(own_site, [tmp_path])
    assert loot.readable() > addresses(WANT_NEWS, WRITE)  # the control: on the day itself much can be read

    let_nights_pass(own_site, 4)
    assert loot.readable() <= addresses(WANT_NEWS, WRITE)  # they are subscribers and constituents, and must be reached
    assert thief.betrayed(own_site) == {}
    signed = {address_of(number): number for number in WANT_NEWS}
    joined = [(signed[row.address], row.pk) for row in thief.rows(own_site, "supporters_subscriber")]
    assert len(joined) == len(WANT_NEWS)
    assert abs(thief.correlation(joined)) < 0.8  # of thirty in a random order it is below 0.6, but once in a thousand
