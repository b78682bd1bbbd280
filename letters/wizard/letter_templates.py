"""The texts that a campaign proposes: thanks to senators who support the ask, the request to all others."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from random import Random

from letters.constituency.finders import FINDERS, find
from letters.constituency.outcomes import Found
from letters.models import THANKED, LetterCampaign, Office, Position
from letters.models.campaigns import PARAGRAPHS
from letters.models.message import Message, render
from letters.models.sender import Sender, fingerprint_of_person
from letters.wizard import placeholders

# Invented people, so that staff see a letter as three different constituents would send it.
INVENTED = (
    Sender("Ana", "Example", "ana@example.org", "100 Example St", "Santa Fe", "NM", "87501", "NM"),
    Sender("Robin", "O'Example", "robin@example.org", "7 Prairie Rd", "Wichita", "KS", "67202", "KS"),
    Sender("Kim", "Example-Núñez", "kim@example.org", "PSC 3 Box 5", "APO", "AE", "09012", "TX"),
)


def bodies(
    campaign: LetterCampaign, offices: Sequence[Office], sender: Sender, *, variation: int = 0
) -> dict[Office, str]:
    """Return the text for each office, with paragraphs chosen for this writer and the placeholders filled.

    The same writer has the same paragraphs at every step; another `variation` has others.
    """
    thanked = supporters(campaign, offices)
    texts = {}
    for office in offices:
        text = text_for(campaign, is_supporter=office.pk in thanked)
        text = text.replace(PARAGRAPHS, paragraphs_for(campaign, office, sender, variation))
        texts[office] = placeholders.fill(text, placeholders.values(campaign, office, sender))
    return texts


def paragraphs_for(campaign: LetterCampaign, office: Office, sender: Sender, variation: int) -> str:
    """Return some of the campaign's paragraphs, in an order of this letter's own."""
    offered = [" ".join(one.split()) for one in re.split(r"\n\s*\n", campaign.paragraphs.replace("\r\n", "\n"))]
    offered = [one for one in offered if one]
    wanted = min(campaign.paragraphs_per_letter, len(offered))
    seed = f"{campaign.pk} {office.directory_id} {fingerprint_of_person(sender).hex()}"
    Random(seed).shuffle(offered)  # noqa: S311
    first = variation * (wanted if wanted < len(offered) else 1)
    return "\n\n".join(offered[(first + place) % len(offered)] for place in range(wanted))


def example(campaign: LetterCampaign, sender: Sender) -> list[tuple[Office, Message]]:
    """Return the letters that `sender` would send without changing a word."""
    texts = bodies(campaign, offices_for(campaign, sender), sender)
    return [(office, render(subject(campaign, office, sender), text, sender)) for office, text in texts.items()]


def offices_for(campaign: LetterCampaign, sender: Sender) -> list[Office]:
    """Return those to whom `sender` would write; of lists by which they have nobody, the first."""
    offices: list[Office] = []
    for recipients in campaign.recipient_lists:
        given = {**dict.fromkeys(FINDERS[recipients.finder].asks, ""), **asdict(sender)}
        outcome = find(recipients, given)
        offices += outcome.offices if isinstance(outcome, Found) else Office.objects.on_list(recipients)[:1]
    return offices


def supporters(campaign: LetterCampaign, offices: Iterable[Office]) -> set[int]:
    known = Position.objects.filter(campaign=campaign, office__in=offices, stance__in=THANKED)
    return set(known.values_list("office", flat=True))


def text_for(campaign: LetterCampaign, *, is_supporter: bool) -> str:
    return campaign.body_for_supporters if is_supporter and campaign.body_for_supporters else campaign.default_body


def subject(campaign: LetterCampaign, office: Office, sender: Sender) -> str:
    return placeholders.fill(campaign.default_subject, placeholders.values(campaign, office, sender))


def templates(campaign: LetterCampaign) -> str:
    """Return all texts by staff in which placeholders may stand."""
    return f"{campaign.default_subject}\n{campaign.default_body}\n{campaign.body_for_supporters}\n{campaign.paragraphs}"
