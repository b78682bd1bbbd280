"""The forms of signers (petitions/signing/forms.py)."""

from campaign.web.forms.fields import LONGEST_ADDRESS
from petitions.signing.forms import AloudForm, NameForm
from tests.petitions.factories import make_petition


def test_what_one_visitor_typed_leaves_no_trace_in_the_fields_that_all_share(client, db):
    make_petition(asks_why=True)

    def shared() -> str:
        return repr([(vars(field), vars(field.widget)) for field in AloudForm.base_fields.values()])

    client.get("/petitions/stop/")
    before = shared()
    typed = {"name": "", "email": "nobody", "country": "XX", "reason": "x" * 300, "is_public": "on"}
    wrong = client.post("/petitions/stop/", typed, follow=True)
    assert wrong.status_code == 422
    assert shared() == before


def test_a_correction_takes_every_postal_address_that_paper_takes():
    assert NameForm({"name": "Ana", "postal": "x" * LONGEST_ADDRESS}).is_valid()
    assert not NameForm({"name": "Ana", "postal": "x" * (LONGEST_ADDRESS + 1)}).is_valid()
