import pytest

from campaign.protection.networks import believe_scheme


@pytest.mark.parametrize(
    ("said", "address", "believed"),
    [
        ("https", "192.0.2.1", "https"),
        ("https", "198.51.100.1", "http"),
        ("https", "", "http"),
        ("gopher", "192.0.2.1", "http"),
        (None, "192.0.2.1", "http"),
    ],
)
def test_only_a_trusted_proxy_says_that_a_visitor_came_by_https(settings, said, address, believed):
    settings.TRUSTED_PROXIES = ["192.0.2.0/24"]
    environ = {"wsgi.url_scheme": "http", "REMOTE_ADDR": address} | ({"HTTP_X_FORWARDED_PROTO": said} if said else {})
    believe_scheme(environ)
    assert environ["wsgi.url_scheme"] == believed
