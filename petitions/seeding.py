"""The first petition, for an empty site. Its demo key pair is made on the spot: never use it for a real petition."""

import os
import tomllib
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.db import transaction

from campaign.secrecy.keypairs import new_keypair, public_half
from petitions.models import Petition, PetitionKey, PetitionText
from petitions.models.petition import Visibility
from petitions.watch import add_first_milestones

SLUG = "end-forced-organ-harvesting"
ASKED_BY = "International Coalition to End Organ Pillaging in China"
TEXTS = Path(__file__).parent / "data" / "texts"  # one file for each language


@transaction.atomic
def seed_petitions() -> Petition | None:
    """The petition, published and open; None if the site has one already."""
    if Petition.objects.exists():
        return None
    petition = Petition.objects.create(
        slug=SLUG,
        asked_by=ASKED_BY,
        goal=10_000,
        next_step_url="/how-you-can-help/",
        local_step_country="US",
        local_step_url="/letters/senate-resolution-220/",
    )
    PetitionText.objects.bulk_create(text_of(petition, file) for file in sorted(TEXTS.glob("*.toml")))
    petition.active_key = PetitionKey.objects.create(
        petition=petition, public_key=demo_public_key(), note="Demo key; replace it before anybody signs in earnest"
    )
    petition.visibility = Visibility.PUBLISHED
    petition.save()
    add_first_milestones(petition)
    return petition


def text_of(petition: Petition, file: Path) -> PetitionText:
    return PetitionText(petition=petition, language=file.stem, **tomllib.loads(file.read_text(encoding="utf-8")))


def demo_key_file() -> Path:
    return Path(settings.ROOT) / "var" / "demo" / "petition.key"


def demo_public_key() -> str:
    """The public half of the pair whose private half lies where the demo's reader finds it for `unseal`.

    One pair for all demos of this folder: a new one would lock what the others have sealed.
    """
    file = demo_key_file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        keep_first(file, new_keypair().private)
    return public_half(file.read_text().strip())


def keep_first(file: Path, secret: str) -> None:
    """Whole or not at all, and never over another, however many begin at once."""
    with NamedTemporaryFile("w", dir=file.parent) as new, suppress(FileExistsError):
        new.write(secret + "\n")
        new.flush()
        os.link(new.name, file)
