"""The guide's own commands, from first to last, on a server made for the test; then people use what they built."""

import re
import shutil
import ssl
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from campaign.backups.manifest import Manifest
from campaign.secrecy.keypairs import new_keypair, public_half, with_check
from standalone.supervision.process import wait_until
from tests.live.bare_debian.machine import BareDebian, bare_debian, can_be_made
from tests.live.certificates import certificate
from tests.live.forms import send
from tests.live.lacking import lacking
from tests.live.smtp_sink import Mail, SmtpSink
from tests.system.people import LETTERS, NEW_MEXICO, PETITION

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]
GUIDE = Path("docs/deploy.md")
MAIL_PORT = 2525
OURS = {"SITE_HOST": "localhost", "EMAIL_URL": f"smtp://127.0.0.1:{MAIL_PORT}"}  # instead of what the guide invents
ORIGIN = "https://localhost"
PASSWORD = "a long one of the tests"
VERSION = "v1.1.0"  # as the guide invents it
# What is done in the admin, by two people with a second factor, once the site is there.
PUBLISH = """
runuser -u postgres -- psql --quiet --dbname campaign --command "
    INSERT INTO petitions_petitionkey (petition_id, public_key, note) SELECT id, '{key}', '' FROM petitions_petition;
    UPDATE petitions_petition SET visibility = 'published',
        active_key_id = (SELECT id FROM petitions_petitionkey WHERE public_key = '{key}');
    UPDATE letters_lettercampaign SET visibility = 'published';
"
"""


def blocks(heading: str) -> list[str]:
    """What stands indented under the heading, up to the next one."""
    section = re.split(r"\n##+ ", GUIDE.read_text().split(f"\n## {heading}\n")[1])[0]
    found = re.findall(r"(?:^ {4}.*\n(?:^\n(?= {4}))*)+", section, re.MULTILINE)
    return [textwrap.dedent(block) for block in found]


def with_ours(block: str) -> str:
    """As whoever sets up a site fills in the first block."""
    for name, value in OURS.items():
        block, number = re.subn(rf"^{name}=.*$", f"{name}='{value}'", block, flags=re.MULTILINE)
        assert number == 1
    return block


def with_key() -> str:
    return PUBLISH.format(key=public_half(new_keypair().private).partition("-")[0].lower())


@contextmanager
def new_machine(folder: Path) -> Iterator[tuple[BareDebian, httpx.Client, SmtpSink]]:
    """A server with nothing of ours on it, a browser and a mail server in its network."""
    certificates = folder / "certificates"
    certificates.mkdir(parents=True)
    certificate(certificates)
    trusted = ssl.create_default_context(cafile=str(certificates / "fullchain.pem"))
    sink = SmtpSink(MAIL_PORT)
    with (
        bare_debian(folder, certificates) as server,
        httpx.Client(base_url=ORIGIN, verify=trusted, timeout=60, headers={"Origin": ORIGIN}) as visitor,
    ):
        server.visit(sink.start)
        yield server, visitor, sink
        server.visit(sink.stop)


def test_a_site_is_set_up_by_the_guide_and_stands_again_on_a_new_machine(tmp_path: Path) -> None:
    if not can_be_made():
        lacking("the right to mount an overlay")
    kept = tmp_path / "kept"
    with new_machine(tmp_path / "first") as (server, visitor, sink):
        set_up(server, visitor, sink)
        keep(server, kept)
        bring_a_new_version(server, visitor, sink)
    with new_machine(tmp_path / "second") as (server, visitor, sink):
        stand_again(server, visitor, sink, kept)


def set_up(server: BareDebian, visitor: httpx.Client, sink: SmtpSink) -> None:
    """Follow “First time”; then people sign and write."""
    values, *others, setup, processes, proxy, doctor = blocks("First time")
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
    server.visit(lambda: sign_and_write(visitor, sink))
    server.run(f"SSL_CERT_FILE=/given/certificates/fullchain.pem {doctor.strip()} || true")
    report = person.screen.rpartition("What is left")[2].rpartition("\nSettings")[2]
    assert f"{ORIGIN} answers" in report

    server.run(setup.partition("(. /etc")[0])  # as whoever pastes it again does
    assert "campaign_owner:@" not in (server.root / "etc/campaign/owner.env").read_text()


def bring_a_new_version(server: BareDebian, visitor: httpx.Client, sink: SmtpSink) -> None:
    """Follow “A new version”, past one that nobody signed, and go back."""
    which, *others, back = blocks("A new version")
    for block in (which.replace(VERSION, f"{VERSION}-unsigned"), *others):
        server.run(block)
    assert "STOP: nothing was installed" in server.terminal.screen
    assert releases_at_work(server) == {"/srv/campaign/releases/first/site"}
    for block in (which, *others):
        server.run(block)
    assert releases_at_work(server) == {f"/srv/campaign/releases/{VERSION}/site"}
    server.run(back)
    assert releases_at_work(server) == {"/srv/campaign/releases/first/site"}
    server.visit(lambda: sign_and_confirm(visitor, sink, "later@example.org", count=2))
    assert "Traceback" not in server.terminal.screen

    log = (server.root / "var/log/nginx/campaign.log").read_text()
    assert "/petitions/confirm/[token]" in log
    assert not re.search(r"127\.0\.0\.1|203\.0\.113|example\.org|\?", log)
    kept = (server.root / "etc/campaign/site.env").read_text()
    assert "campaign_owner" not in kept
    assert (server.root / "etc/campaign/site.env").stat().st_mode & 0o077 == 0


def keep(server: BareDebian, kept: Path) -> None:
    """Make a backup by the guide's unit and the public half of a key; carry it and the settings away."""
    pair = new_keypair()
    server.run(f"echo \"BACKUP_KEY='{with_check(pair.public)}'\" >> /etc/campaign/site.env")
    server.run(blocks("Backups")[0])
    (made,) = (server.root / "var/backups/campaign").glob("campaign-2*")
    assert Manifest.read(made).rows["petitions_signature"] == 1
    shutil.copytree(made, kept / made.name)
    for name in ("site.env", "passwords"):
        shutil.copy2(server.root / "etc/campaign" / name, kept)
    (kept / "backup.key").write_text(pair.private)


def stand_again(server: BareDebian, visitor: httpx.Client, sink: SmtpSink, kept: Path) -> None:
    """Follow what the guide says for an emergency; nothing goes out before somebody lets it."""
    shutil.copytree(kept, server.root / "root" / "kept")
    values, packages, database, _, processes, proxy, doctor = blocks("First time")
    folder_of_backups, settings, restoring = blocks("Backups")
    for block in (settings, with_ours(values), packages, database, restoring, processes, proxy, folder_of_backups):
        server.run(block)
    assert "STOP" not in server.terminal.screen
    assert not (server.root / "var/lib/campaign/restore").exists()
    server.visit(lambda: sign(visitor, "returned@example.org"))
    server.run(f"SSL_CERT_FILE=/given/certificates/fullchain.pem {doctor.strip()} || true")
    assert f"{ORIGIN} answers" in server.terminal.screen
    assert sink.mails == []
    server.run("deploy/manage reconcile")
    server.visit(lambda: confirm(visitor, sink, "returned@example.org", count=2))
    assert "Traceback" not in server.terminal.screen


def sign_and_write(visitor: httpx.Client, sink: SmtpSink) -> None:
    assert wait_until(lambda: visitor.get("/readyz").status_code == 200, seconds=60)
    page = visitor.get(PETITION)
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    sign_and_confirm(visitor, sink, "signer@example.org", count=1)

    writer = "writer@example.org"
    about = {"first_name": "Ana", "last_name": "Example", "email": writer, **NEW_MEXICO}
    texts = send(visitor, visitor.get(LETTERS), "zip", **about)
    send(visitor, send(visitor, texts, "zip"), "zip")
    press(visitor, first_mail(sink, writer), "/letters/confirm/")


def sign_and_confirm(visitor: httpx.Client, sink: SmtpSink, signer: str, *, count: int) -> None:
    sign(visitor, signer)
    confirm(visitor, sink, signer, count=count)


def sign(visitor: httpx.Client, signer: str) -> None:
    assert wait_until(lambda: visitor.get("/readyz").status_code == 200, seconds=60)
    signed = visitor.post(
        PETITION,
        data={"name": "Ana Beispiel", "country": "DE", "consent": "on", "email": signer},
        headers={"X-Forwarded-For": "203.0.113.77"},
    )
    assert signed.status_code == 302, signed.text


def confirm(visitor: httpx.Client, sink: SmtpSink, signer: str, *, count: int) -> None:
    press(visitor, first_mail(sink, signer), "/petitions/confirm/")
    assert wait_until(lambda: visitor.get(f"{PETITION}count.json").json()["count"] == count, seconds=60)


def releases_at_work(server: BareDebian) -> set[str]:
    """Return the folders in which the processes of the site were started."""
    names = ("web", "worker", "relay", "scheduler")
    pids = [(server.root / f"run/campaign-{name}.pid").read_text() for name in names]
    folders = [str((server.root / "proc" / pid / "cwd").readlink()) for pid in pids]
    return {folder[folder.index("/srv/") :] for folder in folders}  # as they are called there


def first_mail(sink: SmtpSink, address: str) -> Mail:
    assert wait_until(lambda: bool(sink.to(address)), seconds=60)
    return sink.to(address)[0]


def press(visitor: httpx.Client, mail: Mail, path: str) -> None:
    """Open a mailed link, which leads to this site, and press its button."""
    link = next(found for found in re.findall(r"https://\S+", mail.text) if path in found)
    assert link.startswith(f"{ORIGIN}/")
    assert visitor.get(link).status_code == 200
    assert visitor.post(link).has_redirect_location
