"""A backup is restored, by PostgreSQL's own programs: what went out does not go again, and nobody who left is back."""

import os
import re
import shutil
import subprocess
from ast import literal_eval
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from kombu import Connection

from campaign.outbox import claims
from campaign.outbox.tasks import execute
from standalone import run
from tests.live.site import LiveSite, site_of_its_own
from tests.live.smtp_sink import SmtpSink
from tests.system import lost_time

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]


@pytest.fixture
def own_site(smtp_sink: SmtpSink, static_files: Path, tmp_path: Path) -> Iterator[LiveSite]:
    """A site whose database may be taken from under it."""
    with site_of_its_own(smtp_sink, tmp_path, LETTER_CHANNELS="email", LETTER_WITHDRAWAL_MINUTES="0") as site:
        yield site


def program(site: LiveSite, name: str) -> str:
    """Of the server's own version where it is on this machine: an older one refuses."""
    folder = site.query("SELECT setting FROM pg_config WHERE name = 'BINDIR'")[0][0]
    found = shutil.which(name, path=f"{folder}{os.pathsep}{os.environ['PATH']}")
    assert found, f"no {name} on this machine"
    return found


def dump(site: LiveSite, path: Path) -> None:
    subprocess.run([program(site, "pg_dump"), "-Fc", "-f", path, site.owner_url], check=True)


def restore(site: LiveSite, path: Path) -> None:
    """In place of the database, as whoever has lost it does."""
    restoring, url = program(site, "pg_restore"), site.owner_url
    name = urlsplit(url).path.strip("/")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    subprocess.run([restoring, "-d", url, "--no-owner", path], check=True)


def in_shell(site: LiveSite, act: str) -> str:
    return site.manage("shell", "-c", f"from tests.system import lost_time; lost_time.{act}()")


def states(site: LiveSite, table: str) -> Counter[str]:
    statement = f"SELECT state, count(*) FROM {table} GROUP BY state"  # noqa: S608  # named by the test
    return Counter({str(row[0]): int(row[1]) for row in site.query(statement)})


def sign(site: LiveSite, address: str) -> None:
    data = {"name": "Ana Example", "email": address, "country": "DE"}
    assert site.http.post("/petitions/restored/", data=data).status_code == 302


def leave_in_redis(site: LiveSite, pairs: list[claims.Pair]) -> None:
    """A message of the relay that no worker has taken."""
    url = site.settings["REDIS_URL"].replace("unix://", "redis+socket://")
    with Connection(url) as connection:
        execute.apply_async(("petitions.confirmation", pairs), connection=connection)  # type: ignore[call-arg]  # is there


def names_of_mails(sink: SmtpSink) -> Counter[str]:
    return Counter(mail.message["Message-ID"] for mail in list(sink.mails))


def number_to(sink: SmtpSink, beginning: str) -> int:
    return sum(one.startswith(beginning) for mail in list(sink.mails) for one in mail.recipients)


def has_gone(site: LiveSite, beginning: str, number: int) -> None:
    """Wait until so many mails have gone to addresses that begin so."""
    is_so = site.wait_until(lambda: number_to(site.smtp_sink, beginning) == number, seconds=180)
    work = site.query("SELECT kind, state, reason, count(*) FROM outbox_item GROUP BY 1, 2, 3")
    assert is_so, (number_to(site.smtp_sink, beginning), work, site.last_lines())


def log_in(site: LiveSite) -> httpx.Client:
    http = httpx.Client(base_url=site.url, timeout=60, follow_redirects=True, headers={"Origin": site.url})
    http.get("/admin/login/")
    typed = {"username": lost_time.STAFF, "password": lost_time.PASSWORD, "next": "/admin/"}
    assert http.post("/admin/login/", data=typed | token(http)).url.path == "/admin/"
    return http


def token(http: httpx.Client) -> dict[str, str]:
    return {"csrfmiddlewaretoken": http.cookies["csrftoken"]}


def test_what_went_out_does_not_go_again_and_nobody_who_left_is_back(
    own_site: LiveSite, smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    site, backup = own_site, tmp_path / "backup"
    said = re.search(r"PUBLISHED (\[.*\])", in_shell(site, "prepare"))
    assert said
    published = [(pk, token) for pk, token, _ in literal_eval(said[1])]
    dump(site, backup)

    site.start()
    in_shell(site, "spend")
    for number in range(5):
        sign(site, f"lost{number}@lost{number}.example.org")
    for beginning, number in (("office", 90), ("pending", 30), ("reader", 50), ("lost", 5)):
        has_gone(site, beginning, number)
    for process in site.processes.values():
        process.stop()
    signatures = states(site, "petitions_signature")
    went_out = names_of_mails(smtp_sink)
    restore(site, backup)
    leave_in_redis(site, published)

    for process in site.processes.values():
        process.start()
    assert site.wait_until(lambda: run.answers(site.port), seconds=120), site.last_lines()
    staff = log_in(site)
    page = " ".join(staff.get("/admin/").text.split())
    assert "A backup was restored: nothing goes out until an administrator lets it" in page
    assert "The database is as of" in page
    assert "The newest line of the journal is from" in page
    assert "The journal has no gap" in page
    assert "<li>Signatures: 5</li>" in page
    assert "<li>Addresses that get nothing more: 50</li>" in page
    assert states(site, "petitions_signature") == signatures - Counter(pending=5)
    sign(site, "new@example.org")
    leases = "SELECT count(*) FROM outbox_item WHERE state IN ('published', 'running')"
    assert site.wait_until(lambda: site.query(leases) == [(0,)], seconds=120), site.last_lines()
    assert names_of_mails(smtp_sink) == went_out

    (link,) = re.findall(r'href="(/admin/journal/restoration/\d+/go-on/)"', page)
    assert "What goes out now cannot be called back." in staff.get(link).text
    assert names_of_mails(smtp_sink) == went_out
    assert "Mail and letters go on." in staff.post(link, data=token(staff)).text
    assert "A backup was restored" not in staff.get("/admin/").text
    in_shell(site, "let_everything_be_due")
    for beginning, number in (("office", 130), ("pending", 50), ("new@", 1)):
        has_gone(site, beginning, number)
    open_work = "SELECT kind, state FROM outbox_item WHERE kind <> 'petitions.reminder'"
    assert site.wait_until(lambda: site.query(open_work) == [], seconds=180), site.query(open_work)

    assert max(names_of_mails(smtp_sink).values()) == 1
    assert number_to(smtp_sink, "reader") == 50
    assert not [one for one in lost_time.SUPPRESSED if smtp_sink.to(one)]
    assert site.query("SELECT count(*) FROM outbox_suppression") == [(50,)]
    assert states(site, "supporters_subscriber") == Counter(confirmed=50, unsubscribed=20)
    assert states(site, "petitions_signature") == Counter(confirmed=10, pending=61, withdrawn=25)
    expected = Counter({state.value: len(numbers) for state, numbers in lost_time.SETTLED.items()})
    expected += Counter(accepted=90 + len(lost_time.LATER), unconfirmed=10, withdrawn=10)
    expected += Counter(unknown=len(lost_time.BEGUN))
    assert states(site, "letters_delivery") == expected
    assert "equals" in site.manage("recount", "--check")
    assert "Every entry fits" in site.manage("audit", "--check")
    assert site.query("SELECT who FROM audit_entry WHERE act = 'site.let-go-after-restore'") == [(lost_time.STAFF,)]
