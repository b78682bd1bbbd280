"""Throttle staff's logins: passwords cannot be tried by the thousand, and nobody can lock a colleague out for long.

drops = login_throttle.drops_of(request, name, "login", is_known_device=False)
if leaky_bucket.drip(drops): ...  # refused without a look at the password
leaky_bucket.take_back(drops)  # it was right
"""

from datetime import timedelta

from django.http import HttpRequest

from campaign.protection.limits.leaky_bucket import Drop, Rate
from campaign.protection.networks import client_address, networks_of
from campaign.secrecy.addresses import keyed_hash
from campaign.translation import for_staff_lazy

LOGINS_PER_NETWORK = Rate(burst=20, every=timedelta(minutes=1))
PER_NAME = Rate(burst=40, every=timedelta(seconds=30))
TOO_MANY = for_staff_lazy("Too many tries. Wait a few minutes, then try again.")


def login_drops(request: HttpRequest | None, name: str, what: str, *, is_known_device: bool) -> list[Drop]:
    """Return what a try of a `login` or a `code` counts for: its network and, on an unknown device, its name.

    So strangers who try a name from everywhere do not shut out its owner. Names that do not exist are treated the same.
    """
    client = client_address(request) if request else None
    networks = networks_of(client) if client else []
    drops = [(keyed_hash(network, f"{what} from"), LOGINS_PER_NETWORK) for network in networks]
    return drops if is_known_device else [*drops, (keyed_hash(name.casefold(), f"{what} as"), PER_NAME)]
