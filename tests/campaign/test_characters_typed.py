"""What keyboards of other scripts and copied texts put into addresses, numbers and codes is read as it is meant."""

import pytest
from django.core.exceptions import ValidationError

from campaign.outbox.models import Item
from campaign.web.forms.fields import AddressField
from letters.wizard.fields import ZipField
from petitions.models import Signature
from petitions.paper.imports.rows import Fault, Person, Reading, layout_of, numbered_rows, open_table, read
from petitions.signing.confirming import code_for
from tests.petitions.factories import make_petition

SPELLINGS = [
    "taro＠example.org",
    "taro@example.org\u200b",
    "\ufefftaro@example.org",
    "ｔａｒｏ@example.org",
    "taro@example．org",
    "taro@example。org",
    "\u3000taro@example.org\xa0",
    "taro@exam\u00adple.org",
    "ta\u2060ro@example.org\u200d",
]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", SPELLINGS)
def test_every_form_takes_the_address_that_is_meant(client, typed):
    make_petition()
    for path in ("/petitions/stop/", "/newsletter/", "/newsletter/leave/", "/petitions/mine/"):
        assert client.post(path, {"name": "Taro", "email": typed, "country": "JP"}).status_code == 302
    assert {item.secret["address"] for item in Item.objects.all()} == {"taro@example.org"}


@pytest.mark.parametrize("typed", SPELLINGS)
def test_files_of_paper_and_of_subscribers_are_read_alike(typed):
    assert read("Taro", typed, "", "ＪＰ\u200b").email == "taro@example.org"


@pytest.mark.parametrize("typed", ["layla٢٠٢٦@example.org", "layla۲۰۲۶＠example.org", "layla２０２６@example.org"])
def test_digits_of_an_arabic_or_japanese_keyboard_are_those_of_the_address(typed):
    assert AddressField().clean(typed) == read("Layla", typed, "", "EG").email == "layla2026@example.org"


@pytest.mark.parametrize("typed", ["taro\0@example.org", "taro\ud800@example.org", "ta ro@example.org", "taro＠"])
def test_what_is_no_address_stays_none(typed):
    with pytest.raises(ValidationError):
        AddressField().clean(typed)
    with pytest.raises(Fault):
        read("Taro", typed, "", "JP")


@pytest.mark.parametrize("typed", ["９０２１０", "٩٠٢١٠", "۹۰۲۱۰", "90210\u200b", " 90210\xa0", "\u202a90210\u202c"])
def test_a_zip_code_of_any_keyboard(typed):
    assert ZipField().clean(typed) == "90210"


@pytest.mark.django_db
@pytest.mark.parametrize("spell", ["{}\u200b", "\u202a{}\u202c", "\u3000{}"])
def test_a_code_that_was_copied_from_the_mail(client, spell, outbox_drained):
    make_petition()
    to = client.post("/petitions/stop/", {"name": "Ana", "email": "ana@example.org", "country": "DE"})
    passage = to["Location"].split("to=")[1]
    code = code_for(Signature.objects.get().nonce or b"").translate({48 + n: 0xFF10 + n for n in range(10)})
    client.post("/petitions/stop/code/", {"to": passage, "code": spell.format(code)})
    assert Signature.objects.get().state == "confirmed"


@pytest.mark.parametrize(
    ("written", "code"),
    [("uk", "GB"), ("DEU", "DE"), ("Deutschland", "DE"), ("japon", "JP"), ("台灣", "TW"), ("Cote d’Ivoire", "CI")],
)
def test_files_name_countries_as_offices_write_them(written, code):
    assert read("Ana", "ana@example.org", "", written).country == code


def test_columns_without_a_name_are_left_out():
    lines = [b"name,,email,country,", b"Ana,x,ana@example.org,DE,"]
    table = open_table([b"\n".join(lines)], Reading())
    (row,) = numbered_rows(table.records, layout_of(table.reading))
    assert row == (2, Person("Ana", "DE", "", "ana@example.org"))
