"""The form on the senator's own site, in the constituent's own hands: nothing here ever fills it in."""

from letters.channels.base import Answer, Channel, HandOver, NeedsConstituent
from letters.models import ChannelName, Delivery, Office
from letters.rendering import Message


class ContactFormChannel(Channel):
    name = ChannelName.CONTACT_FORM

    def reaches(self, office: Office) -> bool:
        return bool(office.contact_form)

    def deliver(self, delivery: Delivery, message: Message, hand_over: HandOver) -> Answer:
        return NeedsConstituent()
