"""`make dev` as whoever works on the site uses it."""

import subprocess
from collections.abc import Iterator

import httpx
import pytest

from standalone.supervision.process import wait_until
from tests.standalone.conftest import Checkout, lines_until

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


@pytest.fixture
def dev(checkout: Checkout) -> Iterator[subprocess.Popen[str]]:
    process = checkout.start(command="dev")
    lines_until(process, "Ctrl-C")
    yield process
    process.kill()
    process.wait()
    wait_until(checkout.is_quiet, seconds=60)


def page(checkout: Checkout, path: str) -> str:
    """Empty while the server starts anew."""
    try:
        return httpx.get(f"http://127.0.0.1:{checkout.port}{path}", timeout=60).text
    except httpx.TransportError:
        return ""


def relays(checkout: Checkout) -> set[int]:
    return {process.pid for process in checkout.children("relay")}


def test_changes_are_served_at_once_and_ctrl_c_stops_it(checkout: Checkout, dev: subprocess.Popen[str]) -> None:
    assert "Sign the petition" in page(checkout, "/style/")

    template = checkout.path / "templates" / "style.html"
    template.write_text(template.read_text().replace("<h2>Colours</h2>", "<h2>Colours written anew</h2>"))
    assert wait_until(lambda: "Colours written anew" in page(checkout, "/style/"), seconds=60)

    assert wait_until(lambda: bool(relays(checkout)), seconds=60)
    relays_before = relays(checkout)
    module = checkout.path / "campaign" / "web" / "style_page.py"
    module.write_text(module.read_text().replace("Sign the petition", "Sign it again"))
    assert wait_until(lambda: "Sign it again" in page(checkout, "/style/"), seconds=60)
    assert wait_until(lambda: bool(relays(checkout)) and not relays(checkout) & relays_before, seconds=60)

    dev.terminate()
    assert dev.wait(timeout=60) == 0
    assert wait_until(checkout.is_quiet, seconds=10), checkout.processes()
