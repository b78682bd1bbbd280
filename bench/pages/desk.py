"""`python -m bench.within bench.pages.desk subscribe N`, `compose`, `start`, `pause` or `resume`: the newest issue."""

import sys

from campaign.supporters import subscriptions
from pages.models import Issue
from pages.newsletter import composing, sending

ACTS = {"start": sending.start, "pause": sending.pause, "resume": sending.resume}


def subscribe(number: int) -> None:
    for reader in range(number):
        subscriptions.join(address=f"reader{reader}@example.org", language="en")


def main(name: str, *numbers: str) -> None:
    if name == "subscribe":
        subscribe(*map(int, numbers))
    elif name == "compose":
        composing.compose_issue(by=None)
    else:
        ACTS[name](Issue.objects.latest("id"), by=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
