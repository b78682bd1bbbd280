"""Where recipients stand: put down by hand or from a table, shown on a public board, thanked or asked by it."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from campaign.audit.models import Entry
from campaign.revisions.models import Version
from letters.models import LetterCampaign, Position
from letters.proposals import letter_templates
from tests.letters.factories import SENDER, make_campaign, make_list, make_member, make_office, make_offices
from tests.petitions.paper import spreadsheet
from tests.staff.test_conflicts import opened

pytestmark = pytest.mark.django_db
SOURCE = "https://www.congress.example/cosponsors"


def upload(client: Client, campaign: LetterCampaign, table: str, encoding: str = "utf-8") -> str:
    file = SimpleUploadedFile("stands.csv", table.encode(encoding))
    page = client.post(f"/admin/letters/lettercampaign/{campaign.pk}/stands/", {"file": file}, follow=True)
    return page.content.decode()


def stances() -> dict[str, str]:
    return dict(Position.objects.values_list("office__directory_id", "stance"))


@pytest.mark.parametrize(
    ("stance", "is_thanked"),
    [("cosponsor", True), ("supports", True), ("undecided", False), ("opposes", False), ("unknown", False)],
)
def test_who_supports_it_is_thanked_and_all_others_are_asked(stance, is_thanked):
    campaign = make_campaign(body_for_supporters="Dear [recipient],\n\nthank you.")
    office = make_office()
    Position.objects.create(campaign=campaign, office=office, stance=stance)
    body = letter_templates.bodies(campaign, [office], SENDER)[office]
    assert ("thank you." in body) == is_thanked


def test_a_table_is_put_down_by_id_or_name_and_can_be_taken_back(admin_client):
    campaign = make_campaign()
    make_offices()
    Position.objects.create(campaign=campaign, office=make_office("X000001", area="TX"), stance="opposes")
    heinrich, lujan = f"H001046;;Cosponsor;{SOURCE};2026-11-21", ";ben ray lujan;opposed;Speech;2026-10-02"
    table = f"id;Name;stance;source;date\n{heinrich}\n{lujan}\n"
    assert "The stands of 2 are put down." in upload(admin_client, campaign, table)
    assert stances() == {"H001046": "cosponsor", "L000570": "opposes", "X000001": "opposes"}
    assert Position.objects.get(stance="cosponsor").as_of == date(2026, 11, 21)
    assert Version.objects.of(campaign).count() == 2
    assert Entry.objects.filter(act="lettercampaign.changed").exists()


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Z999999,,supports,x,2026-11-21", "Z999999 is not in office"),
        ("H001046,,maybe,x,2026-11-21", "“maybe” is none of the stances"),
        ("H001046,,supports,,2026-11-21", "source and date are missing"),
        ("H001046,,supports,x,21.11.2026", "21.11.2026"),
        ("L000570,,supports,x,2026-11-21", "stands there twice"),
    ],
)
def test_one_faulty_line_is_named_and_nothing_is_put_down(admin_client, row, why):
    campaign = make_campaign()
    make_offices()
    table = f"id,name,stance,source,date\nL000570,,supports,x,2026-11-21\n{row}\n"
    shown = upload(admin_client, campaign, table)
    assert "Line 3: " in shown
    assert why in shown
    assert stances() == {}


def test_two_of_one_name_are_told_apart_by_their_ids_alone(admin_client):
    campaign = make_campaign()
    offices = [make_office(f"X00000{number}", area=area) for number, area in enumerate(("TX", "OH"))]
    table = "id,name,stance,source,date\n,Martin Heinrich,supports,x,2026-11-21\n"
    assert "is not in office" in upload(admin_client, campaign, table)
    table = "id,name,stance,source,date\nX999999,Martin Heinrich,supports,x,2026-11-21\n"
    assert "X999999 is not in office" in upload(admin_client, campaign, table)
    table = f"id,name,stance,source,date\n{offices[1].directory_id},,supports,x,2026-11-21\n"
    upload(admin_client, campaign, table)
    assert stances() == {"X000001": "supports"}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ('L000570,,supports,"a\0b",2026-11-21', "source and date are missing"),
        (f'L000570,,supports,"{"x" * 200_000}",2026-11-21', "Line 2: "),
        ('L000570,,supports,"not closed,2026-11-21', "This row cannot be read"),
    ],
    ids=["a zero", "a cell too long", "a quotation mark"],
)
def test_what_cannot_be_read_is_said_in_words(admin_client, row, why):
    campaign = make_campaign()
    make_offices()
    assert why in upload(admin_client, campaign, f"id,name,stance,source,date\n{row}\n")
    assert stances() == {}


def test_a_spreadsheet_in_another_language_will_do(admin_client):
    campaign = make_campaign()
    make_offices()
    rows = [["Kennung", "Haltung", "Quelle", "Datum"], ["L000570", "supports", "Rede", "2026-11-21"]]
    file = SimpleUploadedFile("haltung.xlsx", spreadsheet("xlsx", rows))
    admin_client.post(f"/admin/letters/lettercampaign/{campaign.pk}/stands/", {"file": file})
    assert stances() == {"L000570": "supports"}


@pytest.mark.parametrize("number", [3, 100])
def test_a_campaign_with_stands_of_everybody_and_all_languages_is_still_saved(admin_client, number):
    recipients = make_list()
    campaign = make_campaign(list_slugs=[recipients.slug], closes_at=timezone.now() + timedelta(days=30))
    for place in range(number):
        office = make_member(recipients, place)
        Position.objects.create(campaign=campaign, office=office, stance="supports", source="x", as_of=date(2026, 1, 2))
    for code, _name in settings.LANGUAGES[1:]:
        campaign.texts.create(language=code, title="T", ask="A", summary="S")
    page = f"/admin/letters/lettercampaign/{campaign.pk}/change/"
    typed = opened(admin_client, page) | {"title": ["Another title"], "_save": ["Save"]}
    assert admin_client.post(page, typed).status_code == 302
    campaign.refresh_from_db()
    assert campaign.title == "Another title"
    assert campaign.positions.count() == number


def test_who_may_not_change_a_campaign_puts_nothing_down(client):
    client.force_login(User.objects.create_user("viewer", is_staff=True))
    assert client.get(f"/admin/letters/lettercampaign/{make_campaign().pk}/stands/").status_code == 403


def test_the_board_is_there_only_where_staff_switch_it_on(client):
    make_campaign(), make_offices()
    assert client.get("/letters/support/answers/").status_code == 404
    assert "/answers/" not in client.get("/letters/support/").content.decode()
    LetterCampaign.objects.update(shows_board=True)
    assert "/letters/support/answers/" in client.get("/letters/support/").content.decode()


def test_the_board_tells_who_has_not_answered_and_what_others_said_with_source_and_day(client):
    campaign = make_campaign(shows_board=True)
    lujan, heinrich = make_offices()
    cruz = make_office("C001098", area="TX", name="Ted Cruz", last_name="Cruz")
    make_office("F000001", area="TX", seat=1, name="Former One", is_current=False)
    make_member(make_list(), 1, area="DE")  # of another list
    Position.objects.create(campaign=campaign, office=heinrich, stance="cosponsor", source=SOURCE, as_of="2026-11-21")
    Position.objects.create(campaign=campaign, office=cruz, stance="opposes")  # nobody could check it
    html = client.get("/letters/support/answers/").content.decode()
    silent, answered = html.split('id="answered"')
    assert "No answer yet: 1" in silent
    assert "New Mexico" in silent
    assert lujan.full_title in silent
    assert "Cosponsor" in answered
    assert f'href="{SOURCE}"' in answered
    assert "Nov. 21, 2026" in answered
    for nobody in ("Ted Cruz", "Former One", "Maria Member1"):
        assert nobody not in html
