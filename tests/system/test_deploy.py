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
from contextlib import contextmanager
from http.client import HTTPSConnection
from pathlib import Path
from select import select
from typing import Any

import httpx
import pytest
import yaml
from django.conf import settings

from campaign.observability.logs import TOKEN_IN_PATH
from standalone.ports import unused_port
from standalone.supervision.process import Process, wait_until
from tests.live.certificates import certificate
from tests.live.lacking import lacking
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
    if not found:
        lacking("nginx")
    return found


@contextmanager
def nginx_before(web: int, folder: Path, static_files: Path) -> Iterator[tuple[httpx.Client, Process]]:
    """Our file for nginx, with a web server on that port or with none."""
    nginx, port = program(), unused_port()
    certificate(folder)
    text = (DEPLOY / "nginx" / "campaign.conf.template").read_text()
    replaced = {
        "${SITE_WEB}": f"127.0.0.1:{web}",
        "${SITE_HOST}": "localhost",
        "listen 80;": f"listen 127.0.0.1:{unused_port()};",
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "/etc/letsencrypt/live/localhost/": f"{folder}/",
        "/var/log/nginx/": f"{folder}/",
        "/var/cache/nginx/": f"{folder}/",
        "/srv/campaign/static/": f"{static_files}/",
    }
    for written, here in replaced.items():
        assert written in text
        text = text.replace(written, here)
    (folder / "campaign.conf").write_text(re.sub(r"    listen \[::\].*\n", "", text))
    user = "root" if os.geteuid() == 0 else "nobody"
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
    command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "start.log")]
    process = Process("nginx", command, {"PATH": os.environ["PATH"]}, folder / "nginx.log")
    process.start()
    trusted = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
    with httpx.Client(base_url=f"https://localhost:{port}", verify=trusted, timeout=60) as client:
        yield client, process
    process.stop()


@pytest.fixture
def proxied(site: LiveSite, tmp_path: Path, static_files: Path) -> Iterator[tuple[httpx.Client, Path]]:
    """The site as a browser asks for it over https, through nginx with our file, and what nginx wrote down."""
    with nginx_before(site.port, tmp_path, static_files) as (client, process):
        assert site.wait_until(lambda: says(client, 200, "/healthz") or not process.is_running(), seconds=60), (
            process.last_lines()
        )
        yield client, tmp_path


@pytest.fixture
def alone(tmp_path: Path, static_files: Path) -> Iterator[httpx.Client]:
    """Nginx with no web server behind it."""
    with nginx_before(unused_port(), tmp_path, static_files) as (client, process):
        assert wait_until(lambda: says(client, 404, "/metrics"), seconds=60), process.last_lines()
        yield client


def says(client: httpx.Client, status: int, path: str) -> bool:
    try:
        return client.get(path).status_code == status
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


@pytest.fixture
def film() -> Iterator[tuple[str, bytes]]:
    """The address of a film, and what it holds."""
    folder, content = Path(settings.MEDIA_ROOT, "films", "5e" * 16), os.urandom(3_500_000)
    folder.mkdir(parents=True)
    (folder / "film.mp4").write_bytes(content)
    yield f"/media/films/{folder.name}/film.mp4", content
    shutil.rmtree(folder)


def test_a_film_is_asked_for_in_pieces_and_each_of_them_once(
    proxied: tuple[httpx.Client, Path], film: tuple[str, bytes]
) -> None:
    client, folder = proxied
    where, content = film
    for asked in ("bytes=0-", "bytes=0-1", "bytes=1500000-1500009", "bytes=-7"):
        part = client.get(where, headers={"Range": asked})
        first, _, last = asked.removeprefix("bytes=").partition("-")
        start, stop = (int(first), int(last or len(content) - 1) + 1) if first else (len(content) - 7, len(content))
        assert (part.status_code, part.content == content[start:stop]) == (206, True)
        assert part.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(content)}"
    whole = client.get(where)
    assert (whole.status_code, whole.content == content) == (200, True)
    assert "immutable" in whole.headers["cache-control"]
    kept = [path for path in (folder / "campaign-films").rglob("*") if path.is_file()]
    assert len(kept) == 4  # pieces of a megabyte
    assert client.get(where, headers={"Range": "bytes=9000000-"}).status_code == 416
    assert client.get(where.replace("5e", "6f")).status_code == 404
    Path(settings.MEDIA_ROOT, where.removeprefix("/media/")).rename(folder / "elsewhere")
    assert client.get(where).content == content


@pytest.mark.parametrize(
    ("path", "size", "is_taken"),
    [
        (PETITION, 2_000_000, False),
        ("/admin/petitions/paperbatch/add/", 30_000_000, True),
        ("/admin/pages/film/add/", 30_000_000, True),
        ("/admin/pages/picture/add/", 15_000_000, True),
        ("/admin/pages/picture/add/", 30_000_000, False),
    ],
)
def test_each_place_takes_what_the_site_takes_there(
    proxied: tuple[httpx.Client, Path], path: str, size: int, is_taken: bool
) -> None:
    """What nginx takes is refused by the site, as nobody is logged in: in its own words, or by hanging up."""
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


@pytest.mark.parametrize(
    ("path", "size"),
    [(PETITION, 1_000), ("/admin/pages/picture/add/", 15_000_000), ("/admin/petitions/paperbatch/add/", 30_000_000)],
)
def test_a_form_that_nobody_takes_gets_a_page_that_says_what_to_do(alone: httpx.Client, path: str, size: int) -> None:
    """A large one too, which is larger than what is taken where that page is."""
    answer = alone.post(path, content=b"x" * size)
    assert answer.status_code == 502
    assert answer.headers["cache-control"] == "no-store"
    assert "your browser usually still has what you typed" in answer.text
    assert not re.findall(r"https?://|\bsrc=|\bhref=", answer.text)


def test_a_third_upload_of_paper_from_one_address_is_not_taken_in(alone: httpx.Client) -> None:
    """Whoever it is: the site is asked only once all of it has come."""
    trusted = ssl.create_default_context()
    trusted.check_hostname, trusted.verify_mode = False, ssl.CERT_NONE
    trusted.maximum_version = ssl.TLSVersion.TLSv1_2  # whose server says nothing but its answer once hands are shaken
    uploads = [HTTPSConnection("127.0.0.1", alone.base_url.port, context=trusted, timeout=60) for _ in range(3)]
    for upload in uploads:
        upload.putrequest("POST", "/admin/petitions/paperbatch/add/")
        upload.putheader("Content-Length", "500000000")
        upload.endheaders()
    answered, _, _ = select([upload.sock for upload in uploads], [], [], 60)
    assert answered
    (refused,) = (upload for upload in uploads if upload.sock in answered)
    assert refused.getresponse().status == 429
    for upload in uploads:
        upload.close()


def test_no_place_of_visitors_is_without_a_limit_of_floods() -> None:
    """Read from the file: from this machine itself, whom nginx asks for, nothing is limited."""
    text = (DEPLOY / "nginx" / "campaign.conf.template").read_text()
    places = dict(re.findall(r"^    location ([^{]+) \{\n(.*?)^    \}", text, re.MULTILINE | re.DOTALL))
    visited = {name for name, block in places.items() if "proxy_pass" in block and "/admin/" not in name}
    assert visited == {"/", "/media/films/"}
    assert all("limit_req zone=campaign_floods" in places[name] for name in visited)


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


def test_the_proxy_can_read_the_static_files_of_the_image_and_nobody_else_its_keys() -> None:
    """A new volume has the rights that its folder has in the image."""
    made = re.findall(r"install -d .* -m (\d+) ((?:/data/\w+ ?)+)", (settings.ROOT / "Dockerfile").read_text())
    rights = {folder: mode for mode, folders in made for folder in folders.split()}
    volumes = yaml.safe_load((settings.ROOT / "compose.yaml").read_text())["x-site"]["volumes"]
    assert {volume.partition(":")[2] for volume in volumes} == set(rights)
    assert rights.pop("/data/static") == "0755"
    assert set(rights.values()) == {"0700"}


def test_no_container_of_the_site_knows_the_owners_password() -> None:
    """But that which migrates, and ends."""
    composed: dict[str, Any] = yaml.safe_load((settings.ROOT / "compose.yaml").read_text())
    knows = {name for name, service in composed["services"].items() if "OWNER" in str(service.get("environment"))}
    assert knows == {"migrated", "database"}
    assert all(composed["services"][name]["read_only"] for name in commands())


def test_a_container_without_capabilities_does_not_begin_as_root() -> None:
    """The images of servers begin so, and then could not become the account that they are meant to run as."""
    services: dict[str, Any] = yaml.safe_load((settings.ROOT / "compose.yaml").read_text())["services"]
    bare = {name: service for name, service in services.items() if "cap_drop" in service}
    assert "broker" in bare
    assert not [name for name, service in bare.items() if service["image"] != "campaign-site" and "user" not in service]


def test_nginx_hides_the_tokens_that_the_site_hides() -> None:
    template = (DEPLOY / "nginx" / "campaign.conf.template").read_text()
    in_nginx = re.search(r"\(\?:(confirm[^)]*)\)/\)", template)
    assert in_nginx
    assert set(in_nginx[1].split("|")) == set(re.findall(r"[a-z][a-z-]+", TOKEN_IN_PATH.pattern)) - {"admin"}
