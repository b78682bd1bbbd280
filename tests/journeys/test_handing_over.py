"""Two people hand the petition over: one asks, the other agrees, the file is taken, and opened offline as a book."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from campaign.secrecy.keypairs import new_keypair
from tests.journeys.test_paper_comes_in import colleague
from tests.live.fixtures import follow, keep_picture
from tests.live.site import LiveSite
from tests.system.people import press, sign

pytestmark = [pytest.mark.system, pytest.mark.browser]
KEPT = ("PATH", "LD_LIBRARY_PATH")


@pytest.fixture
def private(site: LiveSite) -> Iterator[str]:
    """The private half of the only key, for a petition that nobody has signed; afterwards all is as before."""
    ((before,),) = site.query("SELECT public_key FROM petitions_petitionkey")
    pair = new_keypair()
    begin_anew(site, pair.public)
    yield pair.private
    begin_anew(site, str(before))


def begin_anew(site: LiveSite, key: str) -> None:
    site.query("DELETE FROM petitions_signature RETURNING id")
    site.query("UPDATE petitions_petitionkey SET public_key = %s RETURNING id", key)
    site.manage("recount")


def test_one_asks_another_agrees_and_the_book_is_made_elsewhere(
    browser: Browser, site: LiveSite, staff: Page, private: str, tmp_path: Path
) -> None:
    sign(site, "li@handover.example.org", "李小龍")
    press(site, site.link(site.mails("li@handover.example.org")[0], "/petitions/confirm/"))

    staff.goto("/admin/petitions/handover/add/")
    staff.get_by_label("Petition:").select_option(index=1)
    staff.get_by_label("Reason:").fill("To the High Commissioner, on Human Rights Day")
    follow(staff.get_by_role("button", name="Save", exact=True))
    expect(staff.get_by_text("This waits for a second person")).to_be_visible()
    keep_picture(staff, "a hand-over is asked for")
    path = staff.url

    other = colleague(browser, site, "colleague")
    other.goto(path)
    keep_picture(other, "a hand-over is to be approved")
    follow(other.get_by_role("button", name="Approve"))
    expect(other.get_by_text("Approved. Now it waits")).to_be_visible()
    other.context.close()

    staff.reload()
    expect(staff.get_by_role("button", name="Stop it")).to_be_visible()
    expect(staff.get_by_role("button", name="Take the file")).to_have_count(0)
    keep_picture(staff, "a hand-over waits")
    site.query("UPDATE petitions_handover SET opens_at = now() RETURNING id")
    staff.reload()
    keep_picture(staff, "a hand-over is approved")
    with staff.expect_download() as download:
        staff.get_by_role("button", name="Take the file").click()
    parcel = tmp_path / download.value.suggested_filename
    download.value.save_as(parcel)
    assert "李小龍".encode() not in parcel.read_bytes()
    letter, names = open_book(parcel, private, tmp_path)
    assert "1 signature" in letter
    assert "李小龍" in names


def open_book(parcel: Path, private: str, folder: Path) -> tuple[str, str]:
    """As on a machine of the coalition: no database, no settings, no network."""
    key, book = folder / "private.key", folder / "book.pdf"
    key.write_text(private)
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    command = [sys.executable, str(settings.ROOT / "manage.py"), "unseal", str(parcel), "--key", str(key), "--book"]
    subprocess.run([*command, str(book)], env={"HOME": str(folder), **kept}, check=True)
    pages = [page.extract_text() for page in PdfReader(book).pages]
    return pages[0], pages[-1]
