"""Petitions and letters that nobody can join just now, on the live site."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.live.site import LiveSite

STOPPED = {
    "paused": "is_paused = true",
    "closed": "closes_at = now()",
    "not open yet": "opens_at = now() + interval '1 day', closes_at = NULL",
}
GOING_ON = "is_paused = false, opens_at = now() - interval '1 day', closes_at = now() + interval '1 year'"


def put(site: LiveSite, state: str) -> None:
    site.query(f"UPDATE petitions_petition SET {state} RETURNING id")  # noqa: S608  # written in this file
    site.query(f"UPDATE letters_lettercampaign SET {state} RETURNING id")  # noqa: S608  # written in this file


@contextmanager
def stopped(site: LiveSite, how: str) -> Iterator[None]:
    put(site, STOPPED[how])
    yield
    put(site, GOING_ON)
