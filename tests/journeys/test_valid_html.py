"""What the Nu HTML checker says to every page, in every state that a visitor can bring about."""

import os
import subprocess
from pathlib import Path

import pytest

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


@pytest.mark.timeout(300)
def test_every_page_is_valid(site: LiveSite, checker: list[str], tmp_path: Path) -> None:
    answers = [(path, site.http.get(path)) for path in PATHS]
    answers += [(f"post to {path}", site.http.post(path, data=typed)) for path, typed in POSTS]
    for path, answer in answers:
        (tmp_path / f"{path.replace('/', '_')}.html").write_bytes(answer.content)
    checked = subprocess.run(
        [*checker, *map(str, tmp_path.iterdir())], capture_output=True, text=True, check=False, timeout=240
    )
    assert checked.stderr == ""
    assert checked.returncode == 0
