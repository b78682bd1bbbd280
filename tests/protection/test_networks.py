"""Where a request comes from: behind no proxy, one or three, with IPv4 and IPv6, and with what strangers claim."""

from ipaddress import ip_address

import pytest

from campaign.protection.networks import client_address, networks_of

TRUSTED = ["10.0.0.0/8", "2001:db8:ffff::/48"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("198.51.100.7", "", "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),  # nobody who may say so
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.3, 10.0.0.2", "203.0.113.9"),  # three proxies of ours
        ("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.3, 10.0.0.2", "203.0.113.9"),  # and a claim of the visitor's
        ("10.0.0.1", "203.0.113.9,198.51.100.7,10.0.0.2", "198.51.100.7"),  # a proxy in the middle is not ours
        ("10.0.0.1", "10.9.9.9, 10.0.0.3, 10.0.0.2", "10.9.9.9"),  # somebody inside
        ("10.0.0.1", "203.0.113.9, rubbish, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", ", ,", "10.0.0.1"),
        ("2001:db8:ffff::1", "2001:db8:1:2::9", "2001:db8:1:2::9"),
        ("::ffff:10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("", "203.0.113.9", None),  # a socket without addresses
    ],
)
def test_the_nearest_address_that_is_no_proxy_of_ours_counts(rf, settings, peer, forwarded, expected):
    settings.TRUSTED_PROXIES = TRUSTED
    found = client_address(rf.get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded}))
    assert found == (ip_address(expected) if expected else None)


def test_whoever_has_a_network_of_ipv6_has_one_share_of_each_limit():
    """A home has at least a /64, often a /56 or /48, and can take another address for each request."""
    one, same_home, same_provider, other = (
        networks_of(ip_address(text))
        for text in ("2001:db8:1:2::9", "2001:db8:1:2:ffff:1:2:3", "2001:db8:1:ffff::1", "2001:db8:2:2::9")
    )
    assert one == same_home
    assert (one[0] == same_provider[0], one[1] == same_provider[1]) == (False, True)
    assert not set(one) & set(other)


def test_an_ipv4_address_has_no_share_of_its_own_by_being_written_otherwise(rf):
    plain, mapped = (client_address(rf.get("/", REMOTE_ADDR=text)) for text in ("203.0.113.9", "::ffff:203.0.113.9"))
    assert plain
    assert plain == mapped
    assert networks_of(plain) == networks_of(ip_address("203.0.113.200"))
