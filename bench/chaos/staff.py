"""`python -m bench.within bench.chaos.staff join ADDRESS ...`: subscribers; `send`: a new issue goes to all of them.

`send` prints the number of the issue.
"""

import sys

from campaign.supporters import subscriptions
from pages.newsletter import composing, sending


def main(name: str, *addresses: str) -> None:
    for address in addresses:
        subscriptions.join(address=address, language="en")
    if name == "send":
        issue = composing.compose_issue(by=None)
        sending.start(issue, by=None)
        print(issue.pk)


if __name__ == "__main__":
    main(*sys.argv[1:])
