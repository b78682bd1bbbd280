"""A letter in the format of Congress, "Communicating with Congress" 2.0.

Text proposed by the campaign goes as the organisation's statement, a constituent's own as their message. Name and
address have their own elements and are not repeated in the text.
"""

from functools import cache
from pathlib import Path

from lxml import etree

from campaign.database import clock
from letters.delivery.channels.congress.configuration import Api
from letters.delivery.channels.congress.windows import day_there
from letters.models import Delivery, LetterCampaign
from letters.models.message import Message
from letters.models.sender import Sender

Children = dict[str, "str | Children | list[tuple[str, str | Children]]"]


class Invalid(Exception):
    """The system would refuse this message; the error says why."""


def compose_xml(delivery: Delivery, message: Message, api: Api) -> bytes:
    """Return the validated document in UTF-8. Raises Invalid."""
    root = etree.Element("CWC")
    letter = delivery.letter
    try:
        fill(root, {
            "CWCVersion": "2.0",
            "Delivery": delivery_of(delivery, letter.campaign, api),
            "Recipient": {"MemberOffice": letter.office.code, "IsResponseRequested": "Y", "NewsletterOptIn": "N"},
            "Constituent": constituent_of(letter.constituent.sender),
            "Message": message_of(letter.campaign, message, is_own=letter.is_edited),
        })  # fmt: skip
    except ValueError as error:  # characters that XML cannot hold
        raise Invalid(str(error)) from error
    if not schema().validate(root):
        raise Invalid("; ".join(entry.message for entry in schema().error_log)[:500])
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def delivery_of(delivery: Delivery, campaign: LetterCampaign, api: Api) -> Children:
    return {
        "DeliveryId": delivery.delivery_id,
        "DeliveryDate": day_there(clock.now()),
        "DeliveryAgent": api.agent,
        "DeliveryAgentAckEmailAddress": api.ack_email,
        "DeliveryAgentContact": {
            "DeliveryAgentContactName": api.contact_name,
            "DeliveryAgentContactEmail": api.contact_email,
            "DeliveryAgentContactPhone": api.contact_phone,
        },
        "CampaignId": campaign.slug,
    }


def constituent_of(sender: Sender) -> Children:
    return {
        "Prefix": sender.prefix,
        "FirstName": sender.first_name,
        "LastName": sender.last_name,
        "Address1": sender.street,
        "City": sender.city,
        "StateAbbreviation": sender.state,
        "Zip": sender.zip,
        "Email": sender.email,
        "EmailValidation": "Y",
    }


def message_of(campaign: LetterCampaign, message: Message, *, is_own: bool) -> Children:
    return {
        "Subject": message.subject,
        "LibraryOfCongressTopics": [("LibraryOfCongressTopic", topic) for topic in campaign.topics],
        **bills_of(campaign),
        "ProOrCon": "Pro",
        "ConstituentMessage" if is_own else "OrganizationStatement": message.body,
    }


def bills_of(campaign: LetterCampaign) -> Children:
    if not campaign.bill_number:
        return {}
    bill: Children = {
        "BillCongress": str(campaign.bill_congress),
        "BillTypeAbbreviation": campaign.bill_type,
        "BillNumber": str(campaign.bill_number),
    }
    return {"Bills": {"Bill": bill}}


def fill(parent: etree._Element, children: Children | list[tuple[str, str | Children]]) -> None:
    """Append `children` in their order, one element a line."""
    parent.text = "\n"
    for name, content in children.items() if isinstance(children, dict) else children:
        element = etree.SubElement(parent, name)
        element.tail = "\n"
        if isinstance(content, str):
            element.text = content
        else:
            fill(element, content)


@cache
def schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(Path(__file__).with_name("cwc.rng")))
