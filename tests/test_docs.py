"""What README and docs say is there: paths, names, settings, roles, decisions."""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import BinaryField

from backoffice import roles
from campaign import environment

ROOT = environment.ROOT
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"(?P<path>[\w.*-]+\.(?:py|md|html)|[\w.-]+/[\w.*/-]*)(?:: (?P<name>\w+))?")
TOP = {path.name for path in ROOT.iterdir()} - {"var"}  # what `make run` keeps there comes and goes
NAMES = {path.name for top in TOP if not top.startswith(".") for path in (ROOT / top).rglob("*")} | TOP
DECISIONS = ROOT / "docs" / "decisions"
NOBODYS = {"secrecy_period", "audit_link", "pages_issue"}  # bytes that are keys, or hashes of what staff wrote


def named_in(text: str) -> Iterator[tuple[str, str | None]]:
    """Each path in backticks, with the name that stands behind it: `petitions/signing/sign.py: sign`.

    Of a path without a folder, such as `urls.py`, all that can be said is that a file is called so somewhere.
    """
    for code in CODE.findall(text):
        found = PATH.fullmatch(code)
        if found and (found["path"].endswith((".py", ".md", ".html")) or found["path"].partition("/")[0] in TOP):
            yield found["path"], found["name"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_path_that_is_named_exists(page):
    folders = (ROOT, ROOT / "docs", ROOT / "tests", page.parent)
    for path, name in named_in(page.read_text()):
        if "/" not in path:
            assert path in NAMES
            continue
        found = [match for folder in folders for match in (*folder.glob(path), *folder.glob(f"{path}-*.md"))]
        assert found, path
        assert name is None or re.search(rf"\b{name}\b", found[0].read_text()), (path, name)


def test_the_map_shows_folders_that_are_there():
    """A line of an app begins with its folder; what else it names stands in that, or at the root."""
    block = (ROOT / "README.md").read_text().partition("## Map")[2].partition("\n##")[0]
    folder = ROOT
    for line in re.findall(r"^    .*$", block, re.MULTILINE):
        names = re.findall(r"[a-z_/]+/(?![a-z`])|[a-z_]+\.py", line)
        if not line.startswith("      "):
            folder = ROOT / names[0]
        assert [name for name in names if not ((folder / name).exists() or (ROOT / name).exists())] == [], line


def test_paths_are_found_in_text():
    text = "`petitions/urls.py`, `docs/`, `sign.py: sign`, `templates/emails/<app>/`, `/news/`, `make run`, `a/b`"
    assert list(named_in(text)) == [("petitions/urls.py", None), ("docs/", None), ("sign.py", "sign")]


def test_the_readme_lists_every_setting():
    assert environment.table() in (ROOT / "README.md").read_text()


def test_the_table_and_the_sentences_of_roles_are_current():
    page = (ROOT / "docs" / "roles.md").read_text()
    assert roles.permission_table() in page
    assert roles.list_of_sentences() in page


def test_the_index_lists_every_decision_under_its_title():
    rows = re.findall(r"^\| \[(\d{4})\]\((\S+)\) \| (.+?) \| \d{4}-\d\d-\d\d \| .+ \|$", index(), re.MULTILINE)
    files = sorted(DECISIONS.glob("0*.md"))
    expected = [(path.name[:4], path.name, path.read_text().partition("\n")[0].removeprefix("# ")) for path in files]
    assert rows == expected


def test_the_index_names_every_number_that_is_missing():
    numbers = {int(path.name[:4]) for path in DECISIONS.glob("0*.md")}
    missing = {number for number in range(1, max(numbers)) if number not in numbers}
    spans = re.findall(r"\b(\d{4}) to (\d{4})\b", index())
    assert {number for first, last in spans for number in range(int(first), int(last) + 1)} == missing


def index() -> str:
    return (DECISIONS / "README.md").read_text()


def test_every_table_with_something_hidden_is_on_the_map_of_what_is_stored_of_people():
    """What is encrypted, sealed or hashed is a column of bytes."""
    page = (ROOT / "docs" / "privacy.md").read_text()
    tables = {model._meta.db_table: model for model in apps.get_models()}
    hidden = {
        name for name, model in tables.items() if any(isinstance(field, BinaryField) for field in model._meta.fields)
    }
    of_people = set(re.findall(r"`([a-z]+_[a-z]+)`", page.partition("## In the database")[2].partition("\n## ")[0]))
    assert hidden - of_people == NOBODYS
    assert of_people <= set(tables)
