"""What the Nu HTML checker says to every page, in every state that a visitor can bring about, and to every mail."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.mail.examples import MAILS, html_of
from tests.journeys.states import every_state
from tests.journeys.test_every_page import LETTER, PATHS, PETITION
from tests.live.site import LiveSite

pytestmark = pytest.mark.system

ABOUT = {
    "first_name": "Ana",
    "last_name": "Núñez",
    "email": "ana@example.org",
    "street": "1 Example St",
    "city": "Santa Fe",
    "state": "NM",
    "zip": "87501",
}
POSTS = [
    (PETITION, {"name": "", "email": "nobody"}),
    (f"{LETTER}letters/", {"first_name": ""}),
    (f"{LETTER}letters/", ABOUT),
    (f"{LETTER}letters/", ABOUT | {"state": "DC", "zip": "20001"}),
    ("/petitions/mine/", {"email": "nobody"}),
    ("/newsletter/", {"email": "nobody"}),
]


@pytest.fixture
def checker() -> list[str]:
    """NU_HTML_CHECKER names vnu.jar (npm: vnu-jar), which needs Java. The gate brings both and never skips."""
    jar = os.environ.get("NU_HTML_CHECKER")
    if not jar:
        pytest.skip("NU_HTML_CHECKER names no vnu.jar")
    return ["java", "-Xss4m", "-jar", jar, "--errors-only"]


def documents(site: LiveSite) -> Iterator[tuple[str, bytes]]:
    for path in PATHS:
        yield path, site.http.get(path).content
    for path, typed in POSTS:
        yield f"post to {path} {len(typed)}", site.http.post(path, data=typed, follow_redirects=True).content
    for state, answer in every_state(site):
        yield state, answer.content
    for name in MAILS:
        yield f"mail {name}", html_of(name, "ar").encode()


@pytest.mark.timeout(300)
def test_every_document_is_valid(site: LiveSite, checker: list[str], tmp_path: Path) -> None:
    """All in one go, since Java takes its time to begin."""
    for number, (name, content) in enumerate(documents(site)):
        (tmp_path / f"{number} {name.replace('/', '_')}.html").write_bytes(content)
    checked = subprocess.run(
        [*checker, *map(str, tmp_path.iterdir())], capture_output=True, text=True, check=False, timeout=240
    )
    assert checked.stderr == ""
    assert checked.returncode == 0
