"""The form on the senator's own site, to be filled in by the constituent: nothing here ever fills it in."""

from letters.delivery.channels.base import Answer, BeforeHandOver, Channel, NeedsConstituent
from letters.models import ChannelName, Delivery, Office
from letters.models.message import Message


class ContactFormChannel(Channel):
    name = ChannelName.CONTACT_FORM

    def reaches(self, office: Office) -> bool:
        return bool(office.contact_form)

    def deliver(self, delivery: Delivery, message: Message, hand_over: BeforeHandOver) -> Answer:
        return NeedsConstituent()
