"""The first petition, for an empty site. Its demo key pair is made on the spot: never use it for a real petition."""

import os
from pathlib import Path

from django.conf import settings
from django.db import transaction

from campaign.supporters.sealing import new_keypair
from petitions.models import Petition, PetitionKey, PetitionText
from petitions.models.petition import Visibility
from petitions.watch import add_first_milestones

SLUG = "end-forced-organ-harvesting"
ASKED_BY = (
    "The International Coalition to End Organ Pillaging in China. "
    "Doctors Against Forced Organ Harvesting (DAFOH) started this petition in 2013."
)
ADDRESSEE = "To the United Nations High Commissioner for Human Rights"
TITLE = "Act now to end forced organ harvesting in China"
SUMMARY = (
    "Ask the United Nations High Commissioner for Human Rights to act against the killing of prisoners of conscience "
    "for their organs, and for an end to the persecution of Falun Gong."
)
BODY = """\
We, the undersigned, address the United Nations High Commissioner for Human Rights out of concern for people who are \
killed in China so that their organs can be sold.

In 2006 two Canadian lawyers, David Kilgour and David Matas, published an independent report on the taking of organs \
from prisoners of conscience, most of them practitioners of Falun Gong. In 2016 an update with Ethan Gutmann estimated \
60,000 to 100,000 transplants a year in China. In March 2020 the China Tribunal, sitting in London, found unanimously, \
and sure beyond reasonable doubt, that forced organ harvesting had taken place. In 2021 twelve mandate holders of the \
United Nations' own Special Procedures said that they were extremely alarmed, and called for independent monitoring.

We ask the High Commissioner:

1. to call for immediate action to end forced organ harvesting from prisoners of conscience in China;

2. to begin an investigation that brings those responsible to justice;

3. to call on the government of China to end at once the persecution of Falun Gong, whose practitioners are its main \
victims.

When this petition was first circulated, from July to November 2013, nearly 1.5 million people in more than 50 \
countries and regions signed it, many of them on paper. Those signatures are part of its history. The number on this \
page counts only people who have signed and confirmed here."""


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
        next_step_label="See what else you can do",
    )
    PetitionText.objects.create(petition=petition, addressee=ADDRESSEE, title=TITLE, summary=SUMMARY, body=BODY)
    petition.active_key = PetitionKey.objects.create(
        petition=petition, public_key=demo_public_key(), note="Demo key; replace it before anybody signs in earnest"
    )
    petition.visibility = Visibility.PUBLISHED
    petition.save()
    add_first_milestones(petition)
    return petition


def demo_key_file() -> Path:
    return Path(settings.ROOT) / "var" / "demo" / "petition.key"


def demo_public_key() -> str:
    """The public half of a new pair; the private half goes where the demo's reader finds it for `unseal`."""
    pair = new_keypair()
    file = demo_key_file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as private:
        private.write(pair.private + "\n")
    return pair.public
