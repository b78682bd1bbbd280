"""The texts that a campaign proposes: thanks to senators who support the ask, the request to all others."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from random import Random

from letters.constituency.finders import FINDERS, find
from letters.constituency.outcomes import Found
from letters.models import THANKED, LetterCampaign, Office, Position
from letters.models.campaigns import PARAGRAPHS
from letters.models.message import Message, render
from letters.models.sender import Sender, fingerprint_of_person
from letters.proposals import placeholders

# Invented people, so that staff see a letter as three different constituents would send it.
INVENTED = (
    Sender("Ana", "Example", "ana@example.org", "100 Example St", "Santa Fe", "NM", "87501", "NM"),
    Sender("Robin", "O'Example", "robin@example.org", "7 Prairie Rd", "Wichita", "KS", "67202", "KS"),
    Sender("Kim", "Example-Núñez", "kim@example.org", "PSC 3 Box 5", "APO", "AE", "09012", "TX"),
)


@dataclass(frozen=True)
class Along:
    """What is read beside a letter, and not sent."""

    text: str
    language: str


def bodies(
    campaign: LetterCampaign, offices: Sequence[Office], sender: Sender, language: str = "", *, variation: int = 0
) -> dict[Office, str]:
    """Return the text for each office, with paragraphs chosen for this writer and the placeholders filled.

    It is in the language that the office reads, or in another. The same writer has the same paragraphs at every step;
    another `variation` has others.
    """
    thanked = supporters(campaign, offices)
    texts = {}
    for office in offices:
        of_letter = campaign.letter_language(office.reads)
        written = campaign.letter_language(language) if language else of_letter
        text = campaign.proposed_body(written, is_supporter=office.pk in thanked)
        offered = campaign.paragraphs if of_letter == campaign.language else ""
        text = text.replace(PARAGRAPHS, paragraphs_for(campaign, offered, office, sender, variation))
        texts[office] = placeholders.fill(text, placeholders.values(campaign, office, sender, written))
    return texts


def have_paragraphs(campaign: LetterCampaign, offices: Sequence[Office]) -> bool:
    """Return whether any of the letters holds paragraphs that were chosen for it."""
    if not campaign.paragraphs.strip():
        return False
    thanked = supporters(campaign, offices)
    return any(
        campaign.letter_language(office.reads) == campaign.language
        and PARAGRAPHS in campaign.proposed_body(campaign.language, is_supporter=office.pk in thanked)
        for office in offices
    )


def paragraphs_for(campaign: LetterCampaign, text: str, office: Office, sender: Sender, variation: int) -> str:
    """Return some of the paragraphs of `text`, in an order of this letter's own."""
    offered = [" ".join(one.split()) for one in re.split(r"\n\s*\n", text.replace("\r\n", "\n"))]
    offered = [one for one in offered if one]
    wanted = min(campaign.paragraphs_per_letter, len(offered))
    seed = f"{campaign.pk} {office.directory_id} {fingerprint_of_person(sender).hex()}"
    Random(seed).shuffle(offered)  # noqa: S311
    first = variation * (wanted if wanted < len(offered) else 1)
    return "\n\n".join(offered[(first + place) % len(offered)] for place in range(wanted))


def read_along(
    campaign: LetterCampaign, offices: Sequence[Office], sender: Sender, language: str, *, variation: int = 0
) -> dict[Office, Along]:
    """Return what is proposed to each office, in the writer's language, where its letter is in another.

    It is in the campaign's own language if nothing is proposed in the writer's.
    """
    own = campaign.letter_language(language)
    others = [office for office in offices if campaign.letter_language(office.reads) != own]
    texts = bodies(campaign, others, sender, own, variation=variation)
    return {office: Along(text, own) for office, text in texts.items()}


def example(campaign: LetterCampaign, sender: Sender) -> list[tuple[Office, Message]]:
    """Return the letters that `sender` would send without changing a word."""
    texts = bodies(campaign, offices_for(campaign, sender), sender)
    return [
        (
            office,
            render(subject(campaign, office, sender), text, sender, campaign.letter_language(office.reads)),
        )
        for office, text in texts.items()
    ]


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


def subject(campaign: LetterCampaign, office: Office, sender: Sender) -> str:
    language = campaign.letter_language(office.reads)
    return placeholders.fill(
        campaign.proposed_subject(language), placeholders.values(campaign, office, sender, language)
    )


def templates(campaign: LetterCampaign) -> str:
    """Return all texts by staff in which placeholders may stand."""
    translated = [
        text
        for one in campaign.translations.values()
        for text in (one.letter_subject, one.letter_body, one.letter_for_supporters)
    ]
    own = [campaign.default_subject, campaign.default_body, campaign.body_for_supporters, campaign.paragraphs]
    return "\n".join([*own, *translated])
