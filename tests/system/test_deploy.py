"""What `deploy/` puts on a server: nginx in front of the running site over https, units, containers.

Somebody signs through it in test_guide.py.
"""

import json
import os
import re
import shlex
import shutil
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from django.conf import settings

from campaign.observability.logs import TOKEN_IN_PATH
from standalone.ports import unused_port
from standalone.supervision.process import Process
from tests.live.certificates import certificate
from tests.live.site import LiveSite
from tests.system.people import PETITION

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
DEPLOY = Path(settings.ROOT) / "deploy"
MAIN = """
daemon off; user {user}; pid {folder}/pid; error_log {folder}/main.log; worker_processes 1;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/passed; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/campaign.conf;
}}
"""


def program() -> str:
    found = shutil.which("nginx", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    if not found and os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail("REQUIRE_BROWSER is set and there is no nginx on this machine")
    if not found:
        pytest.skip("no nginx on this machine")
    return found


@pytest.fixture
def proxied(site: LiveSite, tmp_path: Path, static_files: Path) -> Iterator[tuple[httpx.Client, Path]]:
    """The site as a browser asks for it over https, through nginx with our file, and what nginx wrote down."""
    nginx, port = program(), unused_port()
    certificate(tmp_path)
    text = (DEPLOY / "nginx" / "campaign.conf.template").read_text()
    replaced = {
        "${SITE_WEB}": f"127.0.0.1:{site.port}",
        "${SITE_HOST}": "localhost",
        "listen 80;": f"listen 127.0.0.1:{unused_port()};",
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "/etc/letsencrypt/live/localhost/": f"{tmp_path}/",
        "/var/log/nginx/": f"{tmp_path}/",
        "/var/cache/nginx/": f"{tmp_path}/",
        "/srv/campaign/static/": f"{static_files}/",
    }
    for written, here in replaced.items():
        assert written in text
        text = text.replace(written, here)
    (tmp_path / "campaign.conf").write_text(re.sub(r"    listen \[::\].*\n", "", text))
    user = "root" if os.geteuid() == 0 else "nobody"
    (tmp_path / "nginx.conf").write_text(MAIN.format(folder=tmp_path, user=user))
    command = [nginx, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "start.log")]
    process = Process("nginx", command, {"PATH": os.environ["PATH"]}, tmp_path / "nginx.log")
    process.start()
    trusted = ssl.create_default_context(cafile=str(tmp_path / "fullchain.pem"))
    with httpx.Client(base_url=f"https://localhost:{port}", verify=trusted, timeout=60) as client:
        assert site.wait_until(lambda: is_up(client) or not process.is_running(), seconds=60), process.last_lines()
        yield client, tmp_path
    process.stop()


def is_up(client: httpx.Client) -> bool:
    try:
        return client.get("/healthz").status_code == 200
    except httpx.HTTPError:
        return False


def test_what_is_personal_is_never_kept_and_what_is_public_is(proxied: tuple[httpx.Client, Path]) -> None:
    client, folder = proxied
    for _ in range(3):
        for path in ("/", PETITION, "/petitions/confirm/unusable/", "/admin/login/"):
            client.get(path)
    kept = [path.read_bytes() for path in (folder / "campaign").rglob("*") if path.is_file()]
    keys = {line for text in kept for line in re.findall(rb"\nKEY: https\S+?(/\S*)\n", text)}
    assert b"/" in keys
    assert PETITION.encode() in keys
    assert not [key for key in keys if b"confirm" in key or b"admin" in key]


@pytest.mark.parametrize(
    ("path", "size", "is_taken"),
    [
        (PETITION, 2_000_000, False),
        ("/admin/petitions/paperbatch/add/", 30_000_000, True),
        ("/admin/pages/picture/add/", 15_000_000, True),
        ("/admin/pages/picture/add/", 30_000_000, False),
    ],
)
def test_each_place_takes_what_the_site_takes_there(
    proxied: tuple[httpx.Client, Path], path: str, size: int, is_taken: bool
) -> None:
    """What nginx takes is refused by the site, as nobody is logged in: with 403, or by hanging up on what it leaves."""
    client, _ = proxied
    answer = client.post(path, content=b"x" * size, headers={"Content-Type": "application/octet-stream"})
    assert answer.status_code in ({403, 502} if is_taken else {413})


def test_files_are_packed_and_may_be_kept_and_figures_are_not_for_everybody(
    proxied: tuple[httpx.Client, Path],
) -> None:
    client, _ = proxied
    style = re.search(r'href="(/static/[^"]+\.css)"', client.get("/").text)
    assert style
    answer = client.get(style[1], headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.headers["content-encoding"]) == (200, "gzip")
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/", headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
    assert client.get("/metrics").status_code == 404


def commands() -> dict[str, str]:
    """What starts each kind of process, as the guide says."""
    rows = re.findall(r"^\| (web|worker|scheduler|relay) \| [^|]+ \| `([^`]+)` \|$", guide(), re.MULTILINE)
    return dict(rows)


def guide() -> str:
    return (settings.ROOT / "docs" / "deploy.md").read_text()


def words(command: str) -> list[str]:
    """The command without where it is: its folder, host and port, and where the scheduler keeps its file."""
    shorter = re.sub(r"/srv/campaign/venv/bin/|--host \S+ |--port \S+ |--schedule \S+", "", command)
    return shlex.split(shorter.removeprefix("python ").replace("python manage.py", "manage.py"))


def test_units_and_containers_start_what_the_guide_says() -> None:
    assert set(commands()) == {"web", "worker", "scheduler", "relay"}
    services = yaml.safe_load((settings.ROOT / "compose.yaml").read_text())["services"]
    dockerfile = (settings.ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    image = re.search(r"^CMD \[(.+)\]$", dockerfile, re.MULTILINE)
    assert image
    for part, command in commands().items():
        unit = (DEPLOY / "systemd" / f"campaign-{part}.service").read_text()
        start = re.search(r"^ExecStart=(.+)$", unit, re.MULTILINE)
        assert start
        assert words(start[1]) == words(command)
        contained = services[part].get("command") or " ".join(json.loads(f"[{image[1]}]"))
        assert words(contained) == words(command)


def test_the_image_gets_what_the_site_is_made_of_and_nothing_else() -> None:
    let_in = re.findall(r"^!(\S+)$", (settings.ROOT / ".dockerignore").read_text(), re.MULTILINE)
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (settings.ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert sorted(let_in) == sorted(name for names in copied for name in names.split())
    assert {"tests", "bench", "standalone", "var", ".env"}.isdisjoint(let_in)


def test_no_container_of_the_site_knows_the_owners_password() -> None:
    """But that which migrates, and ends."""
    composed: dict[str, Any] = yaml.safe_load((settings.ROOT / "compose.yaml").read_text())
    knows = {name for name, service in composed["services"].items() if "OWNER" in str(service.get("environment"))}
    assert knows == {"migrated", "database"}
    assert all(composed["services"][name]["read_only"] for name in commands())


def test_nginx_hides_the_tokens_that_the_site_hides() -> None:
    template = (DEPLOY / "nginx" / "campaign.conf.template").read_text()
    in_nginx = re.search(r"\(\?:(confirm[^)]*)\)/\)", template)
    assert in_nginx
    assert set(in_nginx[1].split("|")) == set(re.findall(r"[a-z][a-z-]+", TOKEN_IN_PATH.pattern)) - {"admin"}
