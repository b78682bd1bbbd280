"""Fill an empty site with the first petition: a draft, or, in a demo, an open one with a key pair made for it."""

import os
import tomllib
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.db import transaction

from campaign.appeals.models import Visibility
from campaign.revisions import history
from campaign.secrecy.keypairs import new_keypair, public_half
from petitions.counting.monitoring import add_first_milestones
from petitions.models import Petition, PetitionKey, PetitionText

SLUG = "end-forced-organ-harvesting"
ASKED_BY = "International Coalition to End Organ Pillaging in China"
PETITION_TEXTS = Path(__file__).parent / "data" / "petition"  # one file for each language


@transaction.atomic
def seed_petitions(*, is_demo: bool) -> Petition | None:
    """Create the petition; return None if the site has one already.

    A demo's is published, and its key must never be used for a real petition.
    """
    if Petition.objects.exists():
        return None
    petition = Petition.objects.create(
        slug=SLUG,
        asked_by=ASKED_BY,
        goal=10_000,
        history_url="https://dafoh.org/",
        next_step_url="/how-you-can-help/",
        local_step_country="US",
        local_step_url="/letters/senate-resolution-220/",
    )
    PetitionText.objects.bulk_create(petition_text(petition, file) for file in sorted(PETITION_TEXTS.glob("*.toml")))
    add_first_milestones(petition)
    if is_demo:
        publish_with_demo_key(petition)
    history.record(petition, by=None, note="first content")
    return petition


def publish_with_demo_key(petition: Petition) -> None:
    note = "Demo key; replace it before anybody signs in earnest"
    petition.active_key = PetitionKey.objects.create(petition=petition, public_key=demo_public_key(), note=note)
    petition.visibility = Visibility.PUBLISHED
    petition.save()


def petition_text(petition: Petition, file: Path) -> PetitionText:
    return PetitionText(petition=petition, language=file.stem, **tomllib.loads(file.read_text(encoding="utf-8")))


def demo_key_file() -> Path:
    return Path(settings.ROOT) / "var" / "demo" / "petition.key"


def demo_public_key() -> str:
    """Return the public key of the demo, whose private key lies in `demo_key_file`, to try `unseal` with.

    All demos in this folder share one pair, since a new one could not open what was sealed before.
    """
    file = demo_key_file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        keep_first(file, new_keypair().private)
    return public_half(file.read_text().strip())


def keep_first(file: Path, secret: str) -> None:
    """Write the secret whole or not at all, and never over another one, however many processes begin at once."""
    with NamedTemporaryFile("w", dir=file.parent) as new, suppress(FileExistsError):
        new.write(secret + "\n")
        new.flush()
        os.link(new.name, file)
