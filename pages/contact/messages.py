"""Put a message into the outbox, or drop it beyond the limits. The answer is the same."""

from datetime import timedelta

from campaign.outbox import queue
from campaign.protection.limits import leaky_bucket
from campaign.protection.limits.leaky_bucket import Rate
from campaign.protection.networks import Address, networks_of
from campaign.secrecy.addresses import keyed_hash

MESSAGES_PER_NETWORK = Rate(burst=5, every=timedelta(minutes=10))
PER_SITE = Rate(burst=100, every=timedelta(minutes=1))


def write(*, to: str, name: str, email: str, message: str, language: str, client: Address | None) -> None:
    """Put the message into the outbox unless it exceeds the limits; it is encrypted until sent, and then deleted."""
    if is_within_limits(client):
        secret = {"address": to, "name": name, "email": email, "message": message}
        queue.put("pages.contact", payload={"language": language}, secret=secret)


def is_within_limits(client: Address | None) -> bool:
    drops = [(contact_meter_key(network), MESSAGES_PER_NETWORK) for network in (networks_of(client) if client else ())]
    return not leaky_bucket.drip([*drops, (contact_meter_key("everybody"), PER_SITE)])


def contact_meter_key(text: str) -> bytes:
    return keyed_hash(text, "contact")
