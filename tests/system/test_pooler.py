"""The whole site behind PgBouncer in transaction mode, with far fewer connections than threads and processes."""

import os
import re
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import httpx
import pytest

from bench.load import http as load_http
from bench.load import loop
from bench.load.loop import Load
from bench.load.people import Person, people
from petitions.models.paper import BatchState
from standalone import paths
from standalone.ports import unused_port
from tests.environment import SETTINGS
from tests.live.forms import form_with
from tests.live.pooler import pooler
from tests.live.redis_server import RedisServer
from tests.live.site import LiveSite, create_database, drop_database
from tests.live.smtp_sink import SmtpSink
from tests.system.people import PETITION

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

POOL = 4  # connections to the database; the web server alone has thirty-two threads
SIGNERS, AT_ONCE = 200, 24
SLUG = "end-forced-organ-harvesting"
ADMIN_PAGES = [
    "/admin/",
    "/admin/petitions/petition/",
    "/admin/petitions/signature/",
    "/admin/petitions/heldsignature/",
    "/admin/outbox/item/",
    "/admin/letters/delivery/",
    "/admin/pages/page/",
    "/admin/audit/entry/",
]
POOLER_SEEN = """
from backoffice.doctor import database
database.connection.ensure_connection()
print("SEEN", len(list(database.pooler())))
"""
ROWS = "name,email,address,country\n" + "".join(f"Paper {n},,Street {n},DE\n" for n in range(300)) + "Eve,,,DE\n" * 7


@pytest.fixture(scope="module")
def pooled_site(static_files: Path, live_smtp_sink: SmtpSink) -> Iterator[LiveSite]:
    server_url = os.environ["DATABASE_URL"]
    urls = create_database(server_url)
    with paths.throw_away_home() as home, pooler(home, urls["DATABASE_URL"], POOL) as (url, process):
        redis = RedisServer(home)
        redis.start()
        settings = {
            **SETTINGS,
            **urls,
            "REDIS_URL": redis.url,
            "TRUSTED_PROXIES": "127.0.0.0/8",
            "DEMO_PASSWORD": "password-of-the-tests",
        }
        direct = LiveSite(port=unused_port(), settings=settings, log=home.log, smtp_sink=live_smtp_sink)
        for command in ("migrate", "seed_demo"):  # past the pooler, as the guide says
            direct.manage(command)
        settings["DATABASE_URL"] = f"{url}&pooler=transaction"
        site = LiveSite(port=unused_port(), settings=settings, log=home.log, smtp_sink=live_smtp_sink)
        site.start()
        yield site
        site.stop()
        redis.stop()
        assert "unsupported" not in process.last_lines(1000)
    drop_database(server_url, urls)


def drive(site: LiveSite, requests: list[bytes]) -> Load:
    return loop.drive(site.port, iter(requests), AT_ONCE, seconds=120)


def post_to(site: LiveSite, path: str, person: Person | None = None) -> bytes:
    return load_http.post(path, f"localhost:{site.port}", person.fields if person else {})


def test_hundreds_sign_and_confirm_at_once_through_a_few_connections(pooled_site: LiveSite) -> None:
    signers = list(islice(people("pooled"), SIGNERS))
    signed = drive(pooled_site, [post_to(pooled_site, PETITION, signer) for signer in signers])
    assert (signed.broken, signed.answers) == (0, {302: SIGNERS})
    links = [pooled_site.link(pooled_site.mails(one.email, seconds=120)[0], "/confirm/") for one in signers]
    confirmed = drive(pooled_site, [post_to(pooled_site, re.sub(r"^https?://[^/]+", "", link)) for link in links])
    assert (confirmed.broken, confirmed.answers) == (0, {302: SIGNERS})
    settled = "SELECT count(*) FROM petitions_signature WHERE state IN ('confirmed', 'held')"
    assert int(str(pooled_site.query(settled)[0][0])) >= SIGNERS
    assert "equals the rows" in pooled_site.manage("recount", "--check")


def test_the_doctor_sees_a_pooler_that_the_settings_do_not_name(pooled_site: LiveSite) -> None:
    undeclared = pooled_site.settings["DATABASE_URL"].replace(
        "pooler=transaction", "statement_timeout=0&lock_timeout=0&prepare_threshold=none"
    )
    other = LiveSite(
        port=unused_port(),
        settings={**pooled_site.settings, "DATABASE_URL": undeclared},
        log=pooled_site.log,
        smtp_sink=pooled_site.smtp_sink,
    )
    said = [site.manage("shell", "-c", POOLER_SEEN).splitlines()[-1] for site in (pooled_site, other)]
    other.http.close()
    assert said == ["SEEN 0", "SEEN 1"]


def logged_in(site: LiveSite) -> httpx.Client:
    http = httpx.Client(base_url=site.url, timeout=60, follow_redirects=True)
    form = form_with(http.get("/admin/login/"), "username")
    answer = http.post("/admin/login/", data={**form.values, "username": "demo", "password": "password-of-the-tests"})
    assert answer.status_code == 200
    return http


def test_staff_read_lists_and_load_paper_with_its_report(pooled_site: LiveSite) -> None:
    with closing(logged_in(pooled_site)) as http:
        assert {path: http.get(path).status_code for path in ADMIN_PAGES} == dict.fromkeys(ADMIN_PAGES, 200)
        page = http.get("/admin/petitions/paperbatch/add/")
        fields = form_with(page, "collector").values
        petition = pooled_site.query("SELECT id::text FROM petitions_petition WHERE slug = %s", SLUG)[0][0]
        fields |= {"petition": str(petition), "collector": "Ana", "place": "Bern", "collected_on": "2026-11-01"}
        fields |= {"language": "en", "country": ""}
        answer = http.post(page.url, data=fields, files={"file": ("rows.csv", ROWS.encode())})
        batch = re.search(r"/paperbatch/(\d+)/", str(answer.url))
        assert batch, answer.text[:5000]
        chosen = dict(re.findall(r'<select name="(\w+)".*?<option value="([^"]*)" selected', answer.text, re.DOTALL))
        token = form_with(answer, "csrfmiddlewaretoken").values
        http.post(answer.url.join("../load/"), data={**token, **chosen, "load": "1"})
        state = "SELECT state, good, faulty FROM petitions_paperbatch WHERE id = %s"
        loaded = [(str(BatchState.LOADED), 300, 7)]
        assert pooled_site.wait_until(lambda: pooled_site.query(state, batch[1]) == loaded, seconds=120), (
            pooled_site.query(state, batch[1]),
            pooled_site.last_lines(),
        )
        report = http.get(f"/admin/petitions/paperbatch/{batch[1]}/report/")
        assert (report.status_code, len(report.text.splitlines())) == (200, 8)


def test_the_file_for_the_coalition_is_written(pooled_site: LiveSite, tmp_path: Path) -> None:
    pooled_site.manage("export_signatures", SLUG, "--output", str(tmp_path / "out.signatures"))
    assert len((tmp_path / "out.signatures").read_bytes().splitlines()) > SIGNERS // 2


def test_nothing_went_wrong_meanwhile(pooled_site: LiveSite) -> None:
    """The last of this file: what the processes said."""
    pooled_site.query("SELECT 1")
    said = {name: process.last_lines(5000) for name, process in pooled_site.processes.items()}
    wrong = [line for text in said.values() for line in text.splitlines() if re.search(r"ERROR|Traceback", line)]
    assert wrong == []
    assert pooled_site.http.get("/readyz").json()["status"] == "ok"
