"""The rehearsal: records exactly what a real channel would hand over, and has no way to send anything."""

from collections.abc import Sequence

from letters.delivery.channels.base import Accepted, Answer, BeforeHandOver, Channel
from letters.models import ChannelName, Delivery, Office, SandboxMessage
from letters.models.message import Message


class SandboxChannel(Channel):
    name = ChannelName.SANDBOX
    is_local = True

    def reaches(self, office: Office) -> bool:
        return True

    def deliver(self, delivery: Delivery, message: Message, hand_over: BeforeHandOver) -> Answer:
        return Accepted()

    def keep(self, taken: Sequence[tuple[Delivery, Message]]) -> None:
        SandboxMessage.objects.bulk_create(
            SandboxMessage(
                delivery=delivery,
                recipient=str(delivery.letter.office),
                sha256=message.sha256,
                message=f"{message.subject}\n\n{message.text}",
            )
            for delivery, message in taken
        )
