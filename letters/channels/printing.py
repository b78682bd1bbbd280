"""On paper, printed by the coalition in batches and posted or handed over; letters wait for staff to do it."""

from letters.channels.base import Answer, Channel, ForStaff, HandOver
from letters.models import ChannelName, Delivery, Office
from letters.rendering import Message

TO_BE_PRINTED = "to be printed and taken to the office"


class PrintChannel(Channel):
    name = ChannelName.PRINT

    def reaches(self, office: Office) -> bool:
        return bool(office.postal_address)

    def deliver(self, delivery: Delivery, message: Message, hand_over: HandOver) -> Answer:
        return ForStaff(TO_BE_PRINTED)
