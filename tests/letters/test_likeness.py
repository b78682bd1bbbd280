"""How alike the letters of a campaign are, for staff."""

import pytest

from letters import tasks
from letters.models import LetterCampaign
from letters.submission.likeness import measure
from tests.letters.factories import make_campaign, make_confirmed, make_office, make_submission

pytestmark = pytest.mark.django_db
FORM_LETTER = "Dear Senator Heinrich,\n\nplease support this resolution, because what it speaks of must end now."


def write(campaign, bodies: list[str]) -> None:
    office = make_office()
    for number, body in enumerate(bodies):
        make_confirmed(campaign, [office], email=f"p{number}@example.org", body=body)


def test_copies_are_all_alike_and_letters_of_ones_own_are_not(admin_client):
    campaign = make_campaign()
    own = [f"Dear Senator,\n\n{f'word{number} ' * 20}" for number in range(5)]
    write(campaign, [*[FORM_LETTER] * 5, *own])
    tasks.measure_likeness()
    campaign.refresh_from_db()
    assert campaign.likeness is not None
    assert campaign.likeness["alike"] == round(100 * 10 / 45)  # of 45 pairs those of two copies
    assert campaign.likeness["letters"] == 10
    shown = admin_client.get(f"/admin/letters/lettercampaign/{campaign.pk}/change/").content.decode()
    assert "share 22% of their sequences of five words" in shown


def test_what_is_not_confirmed_or_too_little_is_not_measured():
    campaign = make_campaign()
    write(campaign, [FORM_LETTER] * 9)
    make_submission(campaign, [make_office("L000570", seat=1)], email="never@example.org")
    assert measure(campaign) is None
    assert LetterCampaign.objects.get().likeness is None
