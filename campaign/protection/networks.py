"""Where a request comes from, as far as that can be believed, and the networks that limits are kept for.

Network addresses are never stored: limits use keyed hashes that expire.
"""

from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address


def client_address(request: HttpRequest) -> Address | None:
    """Return the nearest address that is not a trusted proxy's, or None on a socket without addresses.

    X-Forwarded-For counts only as far as proxies in TRUSTED_PROXIES wrote it.
    """
    hops = [request.META.get("REMOTE_ADDR", ""), *reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(","))]
    found: Address | None = None
    for hop in hops:
        address = parse(hop)
        if address is None:
            break
        found = address
        if not is_trusted(address):
            break
    return found


def believe_scheme(environ: dict[str, Any]) -> None:
    """Treat the request as https if X-Forwarded-Proto says so and comes from a proxy in TRUSTED_PROXIES."""
    if environ.get("HTTP_X_FORWARDED_PROTO") == "https":
        address = parse(environ.get("REMOTE_ADDR", ""))
        if address and is_trusted(address):
            environ["wsgi.url_scheme"] = "https"


def parse(text: str) -> Address | None:
    """Return the address, or None if it is not one; IPv4 written as IPv6 becomes IPv4."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_trusted(address: Address) -> bool:
    return any(address in network for network in trusted(tuple(settings.TRUSTED_PROXIES)))


@cache
def trusted(networks: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(network) for network in networks]


def networks_of(address: Address) -> list[str]:
    """Return the networks that share a limit with `address`, /24 or /64 and /48, in hexadecimal digits.

    >>> networks_of(ip_address("192.0.2.7"))
    ['c00002/24']
    """
    lengths = [24] if address.version == 4 else [64, 48]
    return [f"{int(address) >> address.max_prefixlen - length:x}/{length}" for length in lengths]
