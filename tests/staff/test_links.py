"""What staff may give visitors to follow (campaign/staff/editing/link_checks.py)."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from letters.models import LetterCampaign
from petitions.models import Petition

HARMFUL = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "//evil.example",
    "/\\evil.example",
    "data:text/html,x",
    "https:///x",
]
CAMPAIGN = partial(LetterCampaign, list_slugs=["xx-parliament"])  # which need not be about a bill
FIELDS = [(Petition, "next_step_url"), (Petition, "local_step_url"), (CAMPAIGN, "alternative_url")]


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "name"), FIELDS)
@pytest.mark.parametrize("address", HARMFUL)
def test_scripts_and_other_sites_in_disguise_are_refused(model, name, address):
    with pytest.raises(ValidationError) as refused:
        model(**{name: address}).clean()
    assert name in refused.value.message_dict


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "name"), FIELDS)
@pytest.mark.parametrize(
    "address", ["", "/", "/petitions/stop/", "https://partner.example/x", "HTTP://partner.example"]
)
def test_paths_and_other_sites_are_accepted(model, name, address):
    model(**{name: address}).clean()
