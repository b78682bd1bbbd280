"""What logs may hold of an address (campaign/observability/logs.py)."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, get_resolver

from campaign.observability.logs import scrubbed


def routes(patterns: list, before: str = "") -> Iterator[str]:
    for one in patterns:
        route = before + str(one.pattern)
        yield from [route] if isinstance(one, URLPattern) else routes(one.url_patterns, route)


def test_no_log_holds_the_token_of_any_link():
    secret = "dG9rZW4"
    with_token = [route for route in routes(get_resolver().url_patterns) if "token" in route]
    paths = [re.sub(r"\(\?P<token>[^)]*\)|<str:token>", secret, route).replace("^", "") for route in with_token]
    assert len(paths) > 10
    assert [path for path in paths if secret not in path or secret in scrubbed(f"/{path}")] == []
