"""Handing over (petitions/handover/): two people, a sealed file, opened without a database."""

import csv
import io
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from pypdf import PdfReader

from campaign.audit.models import Entry
from campaign.outbox.models import Item
from campaign.secrecy.keypairs import Keypair, new_keypair
from campaign.staff.dual_control import mails, workflow
from petitions.handover import approval, export_file, signature_book
from petitions.handover.export_file import Damaged
from petitions.handover.unseal import Signer
from petitions.models import HandOver, Petition, PetitionKey, Signature, State
from petitions.paper.sheets import printing
from tests.petitions.factories import end_wait, make_confirmed, make_handover, make_petition, make_signature, make_text
from tests.petitions.paper import load, make_staff

ROOT = Path(__file__).parents[2]


@pytest.fixture
def pair() -> Keypair:
    return new_keypair()


@pytest.fixture
def petition(db, pair):
    petition = make_petition(keypair=pair)
    make_confirmed(petition, "ana@example.org", name="=cmd|' /C calc'!A0")
    make_confirmed(petition, "wang@example.org", name="王小明", country="JP")
    load(petition, 'Paper Person,,"Street ""7"", 1",FR')
    make_signature(petition, "pending@example.org")
    return petition


@pytest.fixture
def parcel(petition, tmp_path) -> Path:
    file = tmp_path / "stop.signatures"
    call_command("export_signatures", "stop", output=file)
    return file


@pytest.fixture
def key(pair, tmp_path) -> Path:
    file = tmp_path / "private.key"
    file.write_text(pair.private + "\n")
    return file


def read(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(encoding), newline="")))


def test_the_file_holds_all_confirmed_signatures_sealed_with_counts_and_wordings(parcel):
    content = parcel.read_bytes()
    assert b"/C calc" not in content
    assert "王小明".encode() not in content
    manifest = export_file.check_export(io.BytesIO(content))
    assert manifest.totals["by_country"] == {"DE": 1, "JP": 1, "FR": 1}
    assert manifest.totals["by_channel"] == {"web": 2, "paper": 1}
    assert [text["body"] for text in manifest.head["texts"].values()] == ["One.\n\nTwo."]


def test_neither_the_file_nor_the_letter_of_the_book_holds_a_draft(petition):
    make_text(petition, version=2, title="Not decided yet", is_draft=True)
    manifest = export_file.check_export(b"".join(export_file.write_export(petition)).splitlines(keepends=True))
    assert [text["version"] for text in manifest.head["texts"].values()] == [1]
    assert signature_book.letter(manifest, date(2026, 12, 10))["letter"]["title"] == "Stop it"


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Second"), ("ko", "Second"), ("zh-hans", "停止"), ("zh-hant", "停止")]
)
def test_the_book_has_the_newest_text_of_the_language_or_its_stand_in_else_that_of_the_oldest(db, language, title):
    petition = make_petition()
    make_text(petition, version=2, title="Second")
    make_text(petition, "zh-hant", title="停止")
    manifest = export_file.check_export(b"".join(export_file.write_export(petition)).splitlines(keepends=True))
    with translation.override(language):
        assert signature_book.letter(manifest, date(2026, 12, 10))["letter"]["title"] == title


def test_a_text_that_came_from_a_browser_has_its_paragraphs_in_the_book_and_on_sheets(db):
    petition = make_petition()
    text = make_text(petition, version=2, body="One.\r\n\r\nTwo.")
    manifest = export_file.check_export(b"".join(export_file.write_export(petition)).splitlines(keepends=True))
    assert signature_book.letter(manifest, date(2026, 12, 10))["letter"]["paragraphs"] == ["One.", "Two."]
    assert printing.data(petition, text, [1])["halves"] == [["One."], ["Two."]]


def test_a_changed_or_shortened_file_is_refused(parcel):
    content = parcel.read_bytes()
    lines = content.splitlines(keepends=True)
    broken = [
        content[:-10],
        content.replace(b"JP", b"KP"),
        b"".join(lines[:2] + lines[3:]),
        lines[0],
        b"",
        b"x\n",
        content + b"\n",
    ]
    for damaged in broken:
        with pytest.raises(Damaged):
            export_file.check_export(io.BytesIO(damaged))


def test_the_exact_table_gives_back_what_was_written_and_the_safe_one_cannot_act(parcel, key, tmp_path):
    exact, safe = tmp_path / "exact.csv", tmp_path / "safe.csv"
    call_command("unseal", str(parcel), key=[key], csv=exact, spreadsheet=safe)
    assert [row["name"] for row in read(exact)] == ["=cmd|' /C calc'!A0", "王小明", "Paper Person"]
    assert read(exact)[2]["address"] == 'Street "7", 1'
    assert (read(exact)[2]["channel"], read(exact)[1]["email"]) == ("paper", "wang@example.org")
    assert exact.read_bytes().count(b"\r\n") == 4
    assert read(safe, "utf-8-sig")[0]["name"] == "'=cmd|' /C calc'!A0"


def test_what_was_opened_is_for_its_owner_alone_and_told(parcel, key, tmp_path, capsys):
    made = {form: tmp_path / f"made.{form}" for form in ("csv", "spreadsheet", "book")}
    made["csv"].write_text("of an earlier day, for all to read")
    made["csv"].chmod(0o644)
    call_command("unseal", str(parcel), key=[key], **made)
    assert [path.stat().st_mode & 0o777 for path in made.values()] == [0o600] * 3
    told = capsys.readouterr().err
    assert "3 signatures opened" in told
    assert export_file.check_export(io.BytesIO(parcel.read_bytes())).totals["sha256"] in told


def test_what_cannot_be_opened_leaves_no_table_behind(parcel, tmp_path):
    wrong, made = tmp_path / "wrong.key", tmp_path / "made.csv"
    wrong.write_text(new_keypair().private)
    with pytest.raises(CommandError, match="none of the keys"):
        call_command("unseal", str(parcel), key=[wrong], csv=made)
    assert not list(tmp_path.glob("made*"))


@pytest.mark.parametrize("content", [b"no key", b"\xff\xfe", b"", b"ab" * 31])
def test_a_file_that_is_no_private_key_is_named(parcel, tmp_path, content):
    wrong = tmp_path / "wrong.key"
    wrong.write_bytes(content)
    with pytest.raises(CommandError, match=r"wrong\.key is not what create_keypair wrote"):
        call_command("unseal", str(parcel), key=[wrong])


def test_what_is_no_file_is_not_written_over(parcel, key, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(CommandError, match="is no file"):
        call_command("unseal", str(parcel), key=[key], csv=pipe)


def test_a_day_is_written_in_one_way(parcel, key):
    with pytest.raises(CommandError, match="write it as 2026-11-22"):
        call_command("unseal", str(parcel), "--key", str(key), "--date", "10.12.2026")


def test_the_same_input_gives_the_same_bytes(parcel, petition, key, tmp_path):
    outputs = []
    for run in ("one", "two"):
        made = {form: tmp_path / f"{run}.{form}" for form in ("csv", "spreadsheet", "book")}
        call_command("unseal", str(parcel), key=[key], **made)
        outputs.append([path.read_bytes() for path in made.values()])
    assert outputs[0] == outputs[1]
    assert outputs[0][2].startswith(b"%PDF")
    assert b"".join(export_file.write_export(petition)) == parcel.read_bytes()


def test_signatures_whose_names_are_deleted_count_and_are_said_to_be_left_out(petition, key, tmp_path, capsys):
    Signature.objects.filter(country="JP").update(sealed=b"")
    file, exact, book = (tmp_path / name for name in ("some.signatures", "exact.csv", "book.pdf"))
    call_command("export_signatures", "stop", output=file)
    call_command("unseal", str(file), key=[key], csv=exact, book=book)
    assert "1 of 3 signatures are left out" in capsys.readouterr().err
    assert [row["name"] for row in read(exact)] == ["=cmd|' /C calc'!A0", "Paper Person"]
    totals = export_file.check_export(io.BytesIO(file.read_bytes())).totals
    assert (totals["total"], totals["cleared"]) == (3, 1)
    letter = PdfReader(book).pages[0].extract_text()
    assert "3 signatures" in letter
    assert "1 of them is not listed" in " ".join(letter.split())


def test_signatures_under_two_keys_need_both(petition, key, tmp_path, capsys):
    newer = new_keypair()
    petition.active_key = PetitionKey.objects.create(petition=petition, public_key=newer.public)
    petition.save()
    make_confirmed(petition, "late@example.org", name="Late")
    with pytest.raises(CommandError, match="needed as well"):
        call_command("unseal", "stop", key=[key])
    other = tmp_path / "newer.key"
    other.write_text(newer.private)
    capsys.readouterr()
    call_command("unseal", "stop", "--key", str(key), "--key", str(other))
    assert "Late" in capsys.readouterr().out
    wrong = tmp_path / "wrong.key"
    wrong.write_text(new_keypair().private)
    with pytest.raises(CommandError, match="none of the keys"):
        call_command("unseal", "stop", key=[wrong])


def test_a_file_is_opened_without_database_and_settings(parcel, key, tmp_path):
    kept = ("PATH", "LD_LIBRARY_PATH")  # the latter: some Pythons find their own library by it
    bare = {"HOME": str(tmp_path)} | {name: os.environ[name] for name in kept if name in os.environ}
    command = [sys.executable, str(ROOT / "manage.py"), "unseal", str(parcel), "--key", str(key)]
    done = subprocess.run(command, env=bare, capture_output=True, text=True, check=False)
    assert "王小明" in done.stdout, done.stderr


def may_export(name: str) -> User:
    person = make_staff(name, is_superuser=False)
    permission = Permission.objects.get(codename="export_signatures")
    person.user_permissions.add(permission)
    User.objects.filter(pk=person.pk).update(date_joined=timezone.now() - timedelta(days=8))
    return User.objects.get(pk=person.pk)


def test_one_person_alone_gets_no_file(client, petition):
    one = may_export("one")
    client.force_login(one)
    asked = {"petition": petition.pk, "reason": "to Geneva"}
    page = client.post("/admin/petitions/handover/add/", asked, follow=True).content.decode()
    handover = HandOver.objects.get()
    assert f"Waits for a colleague: {handover}" in page
    assert page.index("This waits for a second person") < page.index("Requested by")
    assert client.post(f"/admin/petitions/handover/{handover.pk}/approve/").status_code == 403
    answer = client.post(f"/admin/petitions/handover/{handover.pk}/do/")
    assert (answer.status_code, HandOver.objects.get().times_taken) == (302, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        HandOver.objects.update(approved_by=one, approved_at="2026-01-01T00:00Z")


def test_with_a_second_person_the_sealed_file_is_taken_noted_and_announced(
    client, petition, outbox_drained, mailoutbox
):
    one, two, third = (may_export(name) for name in ("one", "two", "third"))
    handover = make_handover(petition, by=one)
    client.force_login(two)
    assert client.post(f"/admin/petitions/handover/{handover.pk}/approve/").status_code == 302
    end_wait(handover)
    client.force_login(third)
    assert client.post(f"/admin/petitions/handover/{handover.pk}/do/").status_code == 403
    client.force_login(one)
    content = b"".join(client.post(f"/admin/petitions/handover/{handover.pk}/do/").streaming_content)
    assert export_file.check_export(io.BytesIO(content)).totals["total"] == 3
    assert list(Entry.objects.order_by("pk").values_list("act", "who")) == [
        ("handover.requested", "one"), ("handover.approved", "two"), ("handover.taken", "one"),
    ]  # fmt: skip
    Item.objects.exclude(kind=mails.NOTICE).delete()
    outbox_drained()
    for name in ("one", "two", "third"):
        assert len([mail for mail in mailoutbox if mail.to == [f"{name}@example.org"]]) == 3
    act, steps = "Hand-over of the signatures of “Stop it”", ("needs a second person", "approved, waits", "done")
    assert {mail.subject for mail in mailoutbox} == {f"{act}: {step}" for step in steps}


def test_without_the_permission_there_is_no_page_and_no_approval(client, petition):
    handover = make_handover(petition, by=may_export("one"))
    client.force_login(make_staff("other", is_superuser=False))
    for path in ("", "add/", f"{handover.pk}/change/"):
        assert client.get(f"/admin/petitions/handover/{path}").status_code == 403
    assert client.post(f"/admin/petitions/handover/{handover.pk}/approve/").status_code == 403
    with pytest.raises(PermissionDenied):
        workflow.approve(handover, by=make_staff("third", is_superuser=False))


def test_an_approval_is_over_after_a_week(petition):
    one, two = may_export("one"), may_export("two")
    handover = make_handover(petition, by=one)
    workflow.approve(handover, by=two)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE petitions_handover SET opens_at = now() - interval '8 days'")
    with pytest.raises(workflow.NotOpen):
        approval.take(HandOver.objects.for_work().get(), by=one)


def test_the_page_offers_the_file_only_to_the_two_and_only_for_a_week(client, petition):
    one, two, third = (may_export(name) for name in ("one", "two", "third"))
    handover = make_handover(petition, by=one)
    workflow.approve(handover, by=two)
    end_wait(handover)
    page = f"/admin/petitions/handover/{handover.pk}/change/"
    offered = []
    for person in (one, two, third):
        client.force_login(person)
        offered.append("Take the file" in client.get(page).content.decode())
    assert offered == [True, True, False]
    assert "it can be done by one or two" in client.get(page).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE petitions_handover SET opens_at = now() - interval '8 days'")
    assert "The approval is over" in client.get(page).content.decode()


def test_every_volume_holds_as_many_signatures(petition, monkeypatch):
    monkeypatch.setattr(signature_book, "SIGNATURES_PER_PART", 2)
    monkeypatch.setattr(signature_book, "VOLUME", 4)
    manifest = export_file.check_export(b"".join(export_file.write_export(petition)).splitlines(keepends=True))
    people = [Signer(f"P{number}", "", "", "", "DE", "web", "en", "", "", "en 1") for number in range(9)]
    volumes = signature_book.volume_parts(people, manifest, date(2026, 12, 10))
    assert [sum(len(part.get("rows", [])) for part in parts) for parts in volumes] == [4, 4, 1]


def test_a_name_that_is_longer_than_its_column_does_not_run_into_the_next(petition):
    manifest = export_file.check_export(b"".join(export_file.write_export(petition)).splitlines(keepends=True))
    people = [Signer(name, "", "", "", "DE", "web", "en", "", "", "en 1") for name in ("W" * 255, "Ж" * 255)]
    (book,) = signature_book.volumes(people, manifest, language="en", day=date(2026, 12, 10))
    lines = PdfReader(io.BytesIO(book)).pages[-1].extract_text().splitlines()
    assert max(map(len, lines)) < 100


def test_the_book_holds_reasons_under_column_heads_and_numbers_its_pages(petition):
    manifest = export_file.check_export(b"".join(export_file.write_export(petition)).splitlines(keepends=True))
    reasons = ["Every life\ncounts.", "", "لأن كل حياة مهمة"] * 40
    people = [Signer("A. Name", "a@example.org", "", reason, "DE", "web", "en", "", "", "en 1") for reason in reasons]
    (book,) = signature_book.volumes(people, manifest, language="en", day=date(2026, 12, 10))
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(book)).pages]
    assert len(pages) > 4
    assert [f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1)] == [True] * len(pages)
    assert ["Name and reason Country Day" in page for page in pages] == [False, False] + [True] * (len(pages) - 2)
    assert "Every life counts." in pages[2]
    assert "are for the addressee alone" in pages[0]
    assert "a@example.org" not in "".join(pages)


def test_what_is_not_confirmed_is_not_handed_over(petition):
    Signature.objects.filter(country="JP").update(state=State.WITHDRAWN)
    Petition.objects.update(asked_by="x")
    assert (
        export_file.check_export(b"".join(export_file.write_export(petition)).splitlines(keepends=True)).totals["total"]
        == 2
    )
