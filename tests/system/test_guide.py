"""The guide's own commands, from first to last, on a server made for the test; then people use what they built."""

import re
import ssl
import textwrap
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from campaign.secrecy.keypairs import new_keypair, public_half
from standalone.supervision.process import wait_until
from tests.live.bare_debian.machine import BareDebian, bare_debian, can_be_made
from tests.live.certificates import certificate
from tests.live.forms import send
from tests.live.smtp_sink import Mail, SmtpSink
from tests.system.people import LETTERS, NEW_MEXICO, PETITION

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]
GUIDE = Path("docs/deploy.md")
MAIL_PORT = 2525
OURS = {"SITE_HOST": "localhost", "EMAIL_URL": f"smtp://127.0.0.1:{MAIL_PORT}"}  # instead of what the guide invents
ORIGIN = "https://localhost"
PASSWORD = "a long one of the tests"
# What is done in the admin, by two people with a second factor, once the site is there.
PUBLISH = """
runuser -u postgres -- psql --quiet --dbname campaign --command "
    INSERT INTO petitions_petitionkey (petition_id, public_key, note) SELECT id, '{key}', '' FROM petitions_petition;
    UPDATE petitions_petition SET visibility = 'published',
        active_key_id = (SELECT id FROM petitions_petitionkey WHERE public_key = '{key}');
    UPDATE letters_lettercampaign SET visibility = 'published';
"
"""


def blocks() -> list[str]:
    """What stands indented under “First time”, up to the containers."""
    section = GUIDE.read_text().split("\n## First time\n")[1].split("\n### ")[0]
    found = re.findall(r"(?:^ {7}\S.*\n(?:^(?: {7}.*)?\n(?= {7}))*)+", section, re.MULTILINE)
    return [textwrap.dedent(block) for block in found]


def with_ours(block: str) -> str:
    """As whoever sets up a site fills in the first block."""
    for name, value in OURS.items():
        block, number = re.subn(rf"^{name}=.*$", f"{name}='{value}'", block, flags=re.MULTILINE)
        assert number == 1
    return block


def with_key() -> str:
    return PUBLISH.format(key=public_half(new_keypair().private).partition("-")[0].lower())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[BareDebian]:
    if not can_be_made():
        pytest.skip("only root who may mount an overlay can make a server of its own")
    (tmp_path / "certificates").mkdir()
    certificate(tmp_path / "certificates")
    with bare_debian(tmp_path, tmp_path / "certificates") as server:
        yield server


def test_a_site_is_set_up_by_the_guide_and_people_sign_and_write_through_it(server: BareDebian, tmp_path: Path) -> None:
    sink = SmtpSink(MAIL_PORT)
    server.visit(sink.start)
    values, *others, setup, processes, proxy, doctor = blocks()
    for block in (with_ours(values), *others):
        server.run(block)
    done = server.begin(setup)
    person = server.terminal
    person.answer("Username", "ana")
    person.answer("Email", "ana@example.org")
    person.answer("Password", PASSWORD)
    person.answer("Password (again)", PASSWORD)
    for words in ("Superuser created", "What is left", "every migration is applied", done):
        person.wait_for(words)
    server.run(processes)
    server.run(proxy)
    server.run(with_key())
    trusted = ssl.create_default_context(cafile=str(tmp_path / "certificates" / "fullchain.pem"))
    with httpx.Client(base_url=ORIGIN, verify=trusted, timeout=60, headers={"Origin": ORIGIN}) as visitor:
        server.visit(lambda: sign_and_write(visitor, sink))
    server.run(f"SSL_CERT_FILE=/given/certificates/fullchain.pem {doctor.strip()} || true")
    report = person.screen.rpartition("What is left")[2].rpartition("\nSettings")[2]
    assert f"{ORIGIN} answers" in report
    assert "Traceback" not in person.screen

    log = (server.root / "var/log/nginx/campaign.log").read_text()
    assert "/petitions/confirm/[token]" in log
    assert not re.search(r"127\.0\.0\.1|203\.0\.113|example\.org|\?", log)
    kept = (server.root / "etc/campaign/site.env").read_text()
    assert "campaign_owner" not in kept
    assert (server.root / "etc/campaign/site.env").stat().st_mode & 0o077 == 0
    server.visit(sink.stop)


def sign_and_write(visitor: httpx.Client, sink: SmtpSink) -> None:
    assert wait_until(lambda: visitor.get("/readyz").status_code == 200, seconds=60)
    page = visitor.get(PETITION)
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    signer, writer = "signer@example.org", "writer@example.org"
    signed = visitor.post(
        PETITION,
        data={"name": "Ana Beispiel", "country": "DE", "consent": "on", "email": signer},
        headers={"X-Forwarded-For": "203.0.113.77"},
    )
    assert signed.status_code == 302, signed.text
    press(visitor, first_mail(sink, signer), "/petitions/confirm/")
    assert wait_until(lambda: visitor.get(f"{PETITION}count.json").json()["count"] == 1, seconds=60)

    about = {"first_name": "Ana", "last_name": "Example", "email": writer, **NEW_MEXICO}
    texts = send(visitor, visitor.get(LETTERS), "zip", **about)
    send(visitor, send(visitor, texts, "zip"), "zip")
    press(visitor, first_mail(sink, writer), "/letters/confirm/")


def first_mail(sink: SmtpSink, address: str) -> Mail:
    assert wait_until(lambda: bool(sink.to(address)), seconds=60)
    return sink.to(address)[0]


def press(visitor: httpx.Client, mail: Mail, path: str) -> None:
    """Open a mailed link, which leads to this site, and press its button."""
    link = next(found for found in re.findall(r"https://\S+", mail.text) if path in found)
    assert link.startswith(f"{ORIGIN}/")
    assert visitor.get(link).status_code == 200
    assert visitor.post(link).has_redirect_location
