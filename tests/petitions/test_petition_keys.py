"""Keys of petitions: what is pasted is what `create_keypair` printed, and its private half opens what is sealed."""

import os
import shutil
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client

from campaign.secrecy.keypairs import new_keypair, public_half, with_check
from petitions.models import Petition, PetitionKey
from petitions.models.key import validate_public_key
from tests.petitions.desk import form_of, page_of
from tests.petitions.factories import make_confirmed, make_petition

pytestmark = pytest.mark.django_db


def paste(client: Client, petition: Petition, text: str) -> Any:
    values = form_of(client, page_of(petition))
    return client.post(page_of(petition), {**values, "keys-TOTAL_FORMS": 2, "keys-1-public_key": text})


@pytest.fixture
def printed(tmp_path, capsys) -> tuple[str, str]:
    """What `create_keypair` printed, and what it wrote."""
    call_command("create_keypair", str(tmp_path / "private.key"))
    return capsys.readouterr().out, (tmp_path / "private.key").read_text().strip()


@pytest.mark.parametrize("spelling", [str, str.upper])
def test_the_printed_line_is_taken_in_either_case(client, campaigner, printed, spelling):
    line, private = printed
    petition = make_petition()
    assert paste(client, petition, spelling(line)).status_code == 302
    assert PetitionKey.objects.latest("pk").public_key == public_half(private)


def slip(line: str) -> str:
    return ("1" if line[0] == "0" else "0") + line[1:]


@pytest.mark.parametrize(
    "pasted",
    [
        lambda line, private: slip(line),
        lambda line, private: line[:64],
        lambda line, private: private,
        lambda line, private: f"{private}{line[64:]}",
        lambda line, private: f"{line[:62]}{line[64:]}",
        lambda line, private: "yes",
    ],
    ids=["a wrong digit", "no check", "the private key", "the private key with the check", "too short", "words"],
)
def test_anything_else_is_refused_with_the_reason(client, campaigner, printed, pasted):
    petition = make_petition()
    answer = paste(client, petition, pasted(*printed))
    assert "a digit is wrong or missing, or it is the private key" in answer.content.decode()
    assert petition.keys.count() == 1


def test_a_pair_is_made_beside_any_settings_whatever_they_say(tmp_path):
    unneeded = shutil.ignore_patterns("__pycache__", "fonts")
    shutil.copytree(settings.ROOT / "campaign", tmp_path / "campaign", ignore=unneeded)
    shutil.copy(settings.ROOT / "manage.py", tmp_path)
    (tmp_path / ".env").write_text("DEBUG=no\nSITE_URL=nonsense\nMAIL_NETWORK_BURST=many\nSECRET_KEY=x\n")
    command = [sys.executable, "manage.py", "create_keypair", "private.key"]
    place = {"PATH": os.environ["PATH"], "PYTHONPATH": str(settings.ROOT)}
    made = subprocess.run(command, cwd=tmp_path, env=place, capture_output=True, text=True, check=False)
    assert (made.returncode, (tmp_path / "private.key").exists()) == (0, True), made.stderr


def test_a_key_to_which_nothing_can_be_sealed_is_refused(client, campaigner):
    assert "Nothing can be sealed" in paste(client, make_petition(), with_check("0" * 64)).content.decode()
    with pytest.raises(ValidationError):
        validate_public_key("01" + "0" * 62)


def test_a_key_that_was_stored_in_capitals_is_opened_by_its_private_half(tmp_path, capsys):
    pair = new_keypair()
    make_confirmed(make_petition(keypair=pair))
    PetitionKey.objects.update(public_key=pair.public.upper())
    (tmp_path / "key").write_text(pair.private)
    call_command("unseal", "stop", "--key", str(tmp_path / "key"))
    assert "Ana Test" in capsys.readouterr().out
