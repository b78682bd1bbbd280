"""What a link brings along: its picture, its QR code, the card on other sites (campaign/sharing)."""

import re
import struct
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override

from campaign.sharing import pictures
from petitions.models import Petition, PetitionText, Total
from tests.letters.factories import make_campaign
from tests.pages.factories import make_news_item
from tests.petitions.factories import make_petition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_pictures() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def addresses() -> list[str]:
    news = make_news_item().get_absolute_url()
    return [make_petition().get_absolute_url(), make_campaign().get_absolute_url(), news]


def make_titled(title: str) -> Petition:
    petition = make_petition()
    PetitionText.objects.create(
        petition=petition, version=2, title=title, addressee="Two\nlines", summary="S", body="B"
    )
    return petition


def size(png: bytes) -> tuple[int, ...]:
    assert png.startswith(b"\x89PNG")
    return struct.unpack(">II", png[16:24])


def count(petition: Petition, number: int) -> None:
    Total.objects.update_or_create(petition=petition, defaults={"count": number})


def test_each_page_names_a_picture_of_the_size_it_has(client: Client) -> None:
    for address in addresses():
        page = client.get(address).content.decode()
        found = re.search(r'property="og:image" content="http://testserver([^"]+)"', page)
        assert found
        answer = client.get(found[1])
        assert answer["Content-Type"] == "image/png"
        assert size(answer.content) == (pictures.WIDTH, pictures.HEIGHT)
        assert f'og:image:width" content="{pictures.WIDTH}"' in page
        assert "max-age=3600" in answer["Cache-Control"]
        assert not answer.cookies


def test_the_picture_holds_the_true_count_and_is_drawn_once_an_hour(client: Client) -> None:
    petition = make_petition()
    address = f"{petition.get_absolute_url()}picture.png"
    pictured = []
    for number in (1, 2000):
        count(petition, number)
        words = render_to_string("petitions/picture.txt", {"petition": Petition.objects.get(), "site_name": "X"})
        pictured.append((pictures.title_lines(words)[3], client.get(address).content))
    assert [number for number, _ in pictured] == ["1", "2,000"]
    assert pictured[0][1] == pictured[1][1]
    cache.clear()
    assert client.get(address).content != pictured[0][1]


@pytest.mark.parametrize("sign", ["\v", "\x1e", "\x85", "\u2028", "\u2029"])
def test_signs_that_only_python_takes_for_an_end_of_line_move_no_words_of_a_picture(sign: str) -> None:
    title = pictures.title_lines(f"Site\nKind\nStop{sign}it\n5\npeople")
    assert title == ["Site", "Kind", "Stop it", "5", "people"]


@pytest.mark.parametrize("language", ["ar", "he", "ja", "ko", "zh-hant"])
def test_every_script_can_be_drawn(client: Client, language: str) -> None:
    petition = make_petition()
    with override(language):
        assert client.get(f"{petition.get_absolute_url()}picture.png").status_code == 200


def test_what_staff_write_is_never_markup_in_a_picture(client: Client) -> None:
    petition = make_titled('#panic("x") $ ] <script> \\')
    assert client.get(f"{petition.get_absolute_url()}picture.png").status_code == 200


def test_the_code_is_a_drawing(client: Client) -> None:
    for address in addresses()[:2]:
        answer = client.get(f"{address}qr.svg")
        assert answer["Content-Type"] == "image/svg+xml"
        assert answer.content.startswith(b"<?xml")


def test_what_is_removed_has_neither_picture_nor_card(client: Client) -> None:
    address = make_petition(visibility="removed").get_absolute_url()
    assert {client.get(f"{address}{name}").status_code for name in ("picture.png", "qr.svg", "card/")} == {410}


def test_only_the_card_may_be_framed(client: Client) -> None:
    address = make_petition().get_absolute_url()
    card, page = client.get(f"{address}card/"), client.get(address)
    assert "frame-ancestors *" in card["Content-Security-Policy"]
    assert "X-Frame-Options" not in card
    assert "script" not in card["Content-Security-Policy"]
    assert b"<script" not in card.content
    assert b"<form" not in card.content
    assert not card.cookies
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


def test_the_code_to_copy_survives_quotes_in_the_title(client: Client) -> None:
    petition = make_titled('Say "no" & <stop>')
    page = client.get(petition.get_absolute_url()).content.decode()
    assert "&lt;iframe src=&quot;http://testserver/petitions/stop/card/&quot;" in page
    assert "title=&quot;Say &amp;quot;no&amp;quot; &amp;amp; &amp;lt;stop&amp;gt;&quot;" in page
