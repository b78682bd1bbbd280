"""Letters on paper, which staff print in batches and post or hand over; each waits until they have."""

from letters.delivery.channels.base import Answer, BeforeHandOver, Channel, ForStaff
from letters.models import ChannelName, Delivery, Office
from letters.models.deliveries import TO_BE_PRINTED
from letters.models.message import Message


class PrintChannel(Channel):
    name = ChannelName.PRINT

    def reaches(self, office: Office) -> bool:
        return bool(office.postal_address)

    def deliver(self, delivery: Delivery, message: Message, hand_over: BeforeHandOver) -> Answer:
        return ForStaff(TO_BE_PRINTED)
