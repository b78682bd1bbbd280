"""The first days of a site: what is still to be done is told, and ticked by what is found."""

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from backoffice.first_steps import FIRST_STEPS, first_steps
from campaign.outbox import rehearsals
from campaign.outbox.heartbeats import SitePart
from campaign.outbox.models import Heartbeat
from campaign.staff.accounts import address_verification
from letters.models import ChannelName, Delivery, LetterCampaign
from letters.models.delivery_states import State
from pages.models import Page, SiteSettings
from petitions.models import Petition, Total
from tests.letters.factories import make_campaign, make_office, make_ready
from tests.pages.factories import make_page, make_staff
from tests.pages.test_roles import member
from tests.petitions.factories import make_petition

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    make_campaign()
    return make_staff()


def done(user: User) -> list[str]:
    return [step.name for step, is_done in first_steps(user) if is_done]


MAKERS: dict[str, Callable[[], object]] = {
    "name": lambda: SiteSettings.objects.create(name="A coalition"),
    "privacy": lambda: make_page("privacy"),
    "rehearsal": lambda: rehearsals.begin(by="staff"),
}


def do(name: str) -> None:
    """The step, as somebody would have done it."""
    if name in MAKERS:
        MAKERS[name]()
    elif name == "mail":
        Heartbeat.objects.create(part=SitePart.MAIL_SERVER)
    elif name == "second":
        other = User.objects.create_superuser("other", "other@example.org", "a-password-of-the-tests")
        address_verification.mark_verified(other)
    elif name == "petition":
        make_petition()
    elif name == "signature":
        Total.objects.update_or_create(petition=Petition.objects.first() or make_petition(), defaults={"count": 1})
    elif name == "recipients":
        make_office()
    else:
        delivery = make_ready(make_office("L000570", is_current=False))
        accepted = {"state": State.ACCEPTED, "channel": ChannelName.SANDBOX}
        Delivery.objects.filter(pk=delivery.pk).update(**accepted)


def test_on_a_new_site_nothing_is_done_and_one_query_finds_that(administrator, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert done(administrator) == []
    assert len(first_steps(administrator)) == len(FIRST_STEPS)


@pytest.mark.parametrize("name", [step.name for step in FIRST_STEPS])
def test_a_step_that_was_done_is_ticked(administrator, name):
    do(name)
    assert name in done(administrator)


def test_once_all_is_done_the_list_is_gone(client, administrator):
    client.force_login(administrator)
    assert "The first days" in client.get(reverse("admin:index")).content.decode()
    for step in FIRST_STEPS:
        do(step.name)
    assert first_steps(administrator) == []
    assert "The first days" not in client.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_superuser": False}])
def test_a_second_administrator_must_be_able_to_act(administrator, change):
    do("second")
    User.objects.filter(username="other").update(**change)
    assert done(administrator) == []


def test_where_no_letters_are_written_nothing_is_to_be_done_for_them(administrator):
    LetterCampaign.objects.update(visibility="removed")
    assert done(administrator) == ["recipients", "letter"]


def test_a_draft_and_a_term_that_is_over_do_not_count(administrator):
    do("privacy")
    Page.objects.update(state="draft")
    make_office(term_ends_on=date(2001, 1, 1))
    assert done(administrator) == []


def test_recipients_whose_terms_have_no_end_are_imported_as_well(administrator):
    make_office(term_ends_on=None)
    assert done(administrator) == ["recipients"]


def test_others_have_other_work(client):
    editor = member("Editor")
    assert first_steps(editor) == []
