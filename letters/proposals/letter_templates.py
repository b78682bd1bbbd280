"""The texts that a campaign proposes: thanks to senators who support the ask, the request to all others."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from letters.constituency.finders import FINDERS, find
from letters.constituency.outcomes import Found
from letters.models import LetterCampaign, Office, Position, Stance
from letters.models.message import Message, render
from letters.models.sender import Sender
from letters.proposals import placeholders

# Invented people, so that staff see a letter as three different constituents would send it.
INVENTED = (
    Sender("Ana", "Example", "ana@example.org", "100 Example St", "Santa Fe", "NM", "87501", "NM"),
    Sender("Robin", "O'Example", "robin@example.org", "7 Prairie Rd", "Wichita", "KS", "67202", "KS"),
    Sender("Kim", "Example-Núñez", "kim@example.org", "PSC 3 Box 5", "APO", "AE", "09012", "TX"),
)


def bodies(
    campaign: LetterCampaign, offices: Sequence[Office], sender: Sender, language: str = ""
) -> dict[Office, str]:
    """Return the text for each office, with the placeholders filled; in the language that it reads, or in another."""
    thanked = supporters(campaign, offices)
    written = {office: campaign.letter_language(language or office.reads) for office in offices}
    return {
        office: placeholders.fill(
            campaign.proposed_body(written[office], is_supporter=office.pk in thanked),
            placeholders.values(campaign, office, sender, written[office]),
        )
        for office in offices
    }


def read_along(campaign: LetterCampaign, offices: Sequence[Office], sender: Sender, language: str) -> dict[Office, str]:
    """Return what is proposed to each office, in the writer's language, where its letter is in another."""
    own = campaign.letter_language(language)
    others = [office for office in offices if campaign.letter_language(office.reads) != own]
    return bodies(campaign, others, sender, own)


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
    known = Position.objects.filter(campaign=campaign, office__in=offices, stance=Stance.SUPPORTS)
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
    own = [campaign.default_subject, campaign.default_body, campaign.body_for_supporters]
    return "\n".join([*own, *translated])
