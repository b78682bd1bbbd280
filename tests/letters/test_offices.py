"""Each of the hundred offices can be reached, by ways that are honest (letters/channels,
letters/constituency/congress/data/offices.csv)."""

import pytest

from backoffice.first_content.letters import seed_letters
from letters.delivery.channels import CLASSES, Channels
from letters.models import Attempt, Delivery, Office
from letters.models.delivery_states import State
from tests.letters.factories import make_confirmed, make_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return seed_letters(is_demo=True)


def test_with_the_default_settings_every_office_is_in_the_rehearsal(campaign):
    channels = Channels()
    names = [channels.of(office).name for office in Office.objects.current()]
    assert names == ["sandbox"] * 100


@pytest.mark.parametrize("name", ["contact_form", "print"])
def test_every_office_can_be_reached_by_the_constituents_hand_and_by_the_coalitions(campaign, settings, name):
    settings.LETTER_CHANNELS = [name]
    channels = Channels()
    assert {channels.of(office).name for office in Office.objects.current()} == {name}
    assert len(channels.made) == 1


def test_every_form_is_on_the_senates_own_site(campaign):
    assert all(".senate.gov/" in office.contact_form for office in Office.objects.current())


def test_no_form_is_ever_filled_in_by_a_robot(campaign, settings, outbox_drained, no_network):
    settings.LETTER_CHANNELS = ["contact_form"]
    offices = list(Office.objects.current())
    make_confirmed(campaign, offices)
    make_due()
    outbox_drained()
    assert Delivery.objects.filter(state=State.NEEDS_CONSTITUENT, channel="contact_form").count() == 100
    assert Attempt.objects.filter(handed_over_at__isnull=True).count() == 100


def test_the_only_ways_are_those_that_offices_agreed_to():
    assert set(CLASSES) == {"sandbox", "senate_api", "house_api", "email", "contact_form", "print"}


def test_no_office_has_an_address_that_it_did_not_give(campaign):
    assert not Office.objects.exclude(email="").exists()
