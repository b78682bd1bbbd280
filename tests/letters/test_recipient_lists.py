"""Lists of recipients: how those on one are addressed, and what a seat is there."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from letters.delivery.paper.pdf import envelope
from letters.models import LetterCampaign, Office, RecipientList
from letters.models.recipients.recipient_lists import US_SENATE
from tests.letters.factories import make_campaign, make_list, make_member, make_office

pytestmark = pytest.mark.django_db


def test_what_was_there_before_is_the_senates():
    """Also what the release before writes, which knows of no lists."""
    columns = "name, first_name, last_name, party, bioguide, state, senate_class, term_starts_on, term_ends_on"
    rest = "is_current, website, contact_form, needs_prefix, needs_phone, needs_topic, is_senate_api_stopped"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO letters_office ({columns}, {rest}, postal_address, phone, email, email_given_by, channels,"  # noqa: S608
            " corrected_fields) VALUES ('Nora New', 'Nora', 'New', 'Democrat', 'N000001', 'NM', 2, '2027-01-03',"
            " '2033-01-03', true, '', '', false, false, false, false, '', '', '', '', '{}', '{}')"
        )
    office = Office.objects.get(directory_id="N000001")
    assert (office.recipient_list_id, office.title_and_name, office.code) == (US_SENATE, "Senator New", "SNM02")
    assert (str(office), office.area_in_words) == ("Nora New (D-NM)", "New Mexico")
    assert [one.slug for one in make_campaign().recipient_lists] == [office.recipient_list_id]


def test_everybody_on_a_list_is_addressed_as_it_says():
    chamber = make_list(form_of_address="Mr. or Ms. {last_name}", name_on_envelope="{name}, MP")
    member = make_member(chamber, area="DE", area_name="Germany", postal_address="1 Street, 10000 City")
    assert (member.title_and_name, member.full_title) == ("Mr. or Ms. Member1", "Mr. or Ms. Maria Member1")
    assert envelope(member) == ["Maria Member1, MP", "A Parliament", "1 Street", "10000 City"]
    assert (str(member), member.code, member.area_in_words) == ("Maria Member1 (DE)", "xx-parliament-1", "Germany")


def test_a_form_of_address_names_the_person():
    with pytest.raises(ValidationError, match="last_name"):
        RecipientList(slug="x", name="X", form_of_address="Minister").full_clean()


def test_an_area_may_have_many_members_unless_their_seats_are_told_apart():
    parliament = make_list()
    first = make_member(parliament, 1, area="DE")
    make_member(parliament, 2, area="DE")
    assert first.holder is None
    make_member(parliament, 3, area="NM", seat=2)
    make_office(seat=2)  # another list's seat
    with pytest.raises(IntegrityError, match="office_one_in_each_seat"), transaction.atomic():
        make_member(parliament, 4, area="NM", seat=2)


def test_whoever_follows_in_the_seat_of_a_list_is_the_successor():
    house = make_list("us-house", country="US", office_code="H{area}")
    former = make_member(house, 1, area="NM-03", seat=1, is_current=False)
    make_office(seat=1)
    new = make_member(house, 2, area="NM-03", seat=1)
    assert former.holder == new
    assert (new.code, new.region, new.area_in_words) == ("HNM03", "NM", "New Mexico")


def test_a_campaign_is_to_the_senate_unless_it_says_otherwise():
    parliament = make_list()
    campaign = LetterCampaign.objects.get(pk=make_campaign(list_slugs=[parliament.slug, US_SENATE]).pk)
    assert [one.slug for one in campaign.recipient_lists] == [US_SENATE, parliament.slug]
