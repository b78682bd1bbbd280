"""`python -m bench.within bench.timings.known N`: writes N people for each door and state, and prints them as JSON."""

import json
import sys
from collections.abc import Callable, Mapping

from bench.timings.doors import PETITION, Person, new_address
from campaign.outbox import suppressions
from campaign.protection.models import DomainRule
from campaign.secrecy import passages, tokens
from campaign.supporters import subscriptions
from campaign.supporters.models import Subscriber, SubscriberState
from petitions.data_requests import self_service
from petitions.models import Petition, Signature, State
from petitions.public import selectors
from petitions.signing import confirming, consent, sign
from petitions.signing.views import passage_of

BLOCKED = "*.blocked.org"
SLUG = PETITION.strip("/").rpartition("/")[2]
Make = Callable[[Petition, str], object]


def pending(petition: Petition, address: str) -> Signature:
    pk = sign.sign(
        petition=petition,
        text=selectors.text_of(petition, "en"),
        consent=consent.current(petition),
        name="Ana Example",
        address=address,
        country="DE",
        language="en",
    )
    return Signature.objects.select_related("petition").get(pk=pk)


def confirmed(petition: Petition, address: str, *, hold_reason: str = "") -> Signature:
    signature = pending(petition, address)
    Signature.objects.filter(pk=signature.pk).update(hold_reason=hold_reason)
    confirming.confirm(token_of(signature))
    return signature


def held(petition: Petition, address: str) -> Signature:
    return confirmed(petition, address, hold_reason="network")


def withdrawn(petition: Petition, address: str) -> None:
    self_service.withdraw(confirmed(petition, address))


def invalidated(petition: Petition, address: str) -> None:
    Signature.objects.filter(pk=confirmed(petition, address).pk).update(state=State.INVALIDATED)


def suppressed(petition: Petition, address: str) -> None:
    suppressions.add(suppressions.fingerprint_of(address), suppressions.Cause.NOT_ME)


def out_of_tries(petition: Petition, address: str) -> None:
    pending(petition, address)
    for _ in range(confirming.CODE_TRIES.burst + 1):
        confirming.confirm_by_code(petition=petition, address=address, code="00000000")


def nothing(petition: Petition, address: str) -> None:
    """Nobody has heard of the address."""


def asked_for_news(petition: Petition, address: str) -> Subscriber:
    return subscriptions.upsert(address, "en")


def joining(petition: Petition, address: str) -> None:
    pk = asked_for_news(petition, address).pk
    Subscriber.objects.filter(pk=pk).update(state=SubscriberState.JOINING)


def subscribed(petition: Petition, address: str) -> Subscriber:
    return subscriptions.join(address=address, language="en")


def unsubscribed(petition: Petition, address: str) -> None:
    Subscriber.objects.filter(pk=subscribed(petition, address).pk).unsubscribe()


SIGNERS: Mapping[str, Make] = {
    "new": nothing,
    "pending": pending,
    "confirmed": confirmed,
    "held": held,
    "withdrawn": withdrawn,
    "invalidated": invalidated,
    "suppressed": suppressed,
    "blocked": nothing,
}
# The first state of each is what the others are compared with.
STATES: Mapping[str, Mapping[str, Make]] = {
    "sign": SIGNERS,
    "send the mail again": SIGNERS,
    "enter a code": {**SIGNERS, "out of tries": out_of_tries},
    "open the link": {state: SIGNERS[state] for state in ("pending", "confirmed", "held")},
    "ask for own data": SIGNERS,
    "subscribe": {
        "new": nothing,
        "pending": asked_for_news,
        "joining": joining,
        "confirmed": subscribed,
        "unsubscribed": unsubscribed,
        "suppressed": suppressed,
    },
    "write letters": {"new": nothing, "suppressed": suppressed},
}


def person(petition: Petition, state: str, make: Make) -> Person:
    address = new_address(BLOCKED.removeprefix("*")) if state == "blocked" else new_address()
    made = make(petition, address)
    typed = {"name": "Ana Example", "email": address, "country": "DE", "updates": False}
    token = token_of(made) if isinstance(made, Signature) else ""
    return Person(address, passages.in_form(typed, passage_of(petition)), token)


def token_of(signature: Signature) -> str:
    return tokens.token_for(signature.nonce or b"", sign.TOKEN_PURPOSE)


def main(number: str) -> None:
    DomainRule.objects.get_or_create(pattern=BLOCKED, defaults={"verdict": DomainRule.Verdict.BLOCKED})
    petition = selectors.get_petition(SLUG)
    made = {
        door: {state: [person(petition, state, make) for _ in range(int(number))] for state, make in states.items()}
        for door, states in STATES.items()
    }
    print(json.dumps(made))


if __name__ == "__main__":
    main(sys.argv[1])
