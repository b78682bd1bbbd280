"""`python -m bench.within bench.letters.lining_up N`: N letters in line for the Senate's system.

From as many people, to all offices in turn; they stand as delivery leaves them (letters/delivery/handler.py).
"""

import json
import sys
from typing import Any

from django.db import connection, transaction

from campaign.secrecy.encryption import encrypt
from letters.delivery import dispatch
from letters.models import ChannelName, LetterCampaign
from letters.wizard import consent

PRIVATE = {
    "first_name": "Ana", "last_name": "Example", "email": "ana@example.org", "street": "100 Example St",
    "city": "Example City", "state": "NM", "zip": "87501", "residence": "NM", "prefix": "Dr.",
}  # fmt: skip
CONTENT = {"subject": "Please", "body": "As your constituent I ask you to support the aims of this resolution. " * 20}
LINE = """
    WITH offices AS (
        SELECT id, state, row_number() OVER (ORDER BY state, senate_class) - 1 AS place FROM letters_office
    ), people AS (
        INSERT INTO letters_constituent (
            campaign_id, state, language, person, private, nonce, confirm_digest, track_digest, consent_id, expires_at,
            created_at, confirmed_at
        )
        SELECT %(campaign)s, o.state, 'en', decode(md5(n::text), 'hex'), %(private)s, decode(md5('n' || n), 'hex'),
            sha256(('c' || n)::bytea), sha256(('t' || n)::bytea), %(consent)s, now() + interval '7 days',
            now() - interval '1 hour', now() - n * interval '1 millisecond'
        FROM generate_series(1, %(number)s) n JOIN offices o ON o.place = n %% (SELECT count(*) FROM offices)
        RETURNING id, state, person
    ), letters AS (
        INSERT INTO letters_letter (constituent_id, office_id, campaign_id, person, content, is_edited)
        SELECT p.id, (SELECT min(o.id) + p.id %% 2 FROM offices o WHERE o.state = p.state), %(campaign)s, p.person,
            %(content)s, true
        FROM people p
        RETURNING id, office_id
    )
    INSERT INTO letters_delivery (
        letter_id, state, delivery_id, channel, message_sha256, attempts_made, held_because, bound_to, queued_for,
        queued_office_id, ready_at
    )
    SELECT id, 'ready', md5(id::text), '', encode(sha256(id::text::bytea), 'hex'), 0, '', '', %(channel)s, office_id,
        now() - interval '1 hour' + id * interval '1 microsecond'
    FROM letters
"""
ITEMS = """
    WITH items AS (
        INSERT INTO outbox_item (kind, payload, state, due_at, token, attempts, reason)
        SELECT %s, jsonb_build_object('delivery', id), 'waiting', now() + interval '6 hours', 3, 0, 'waits for its turn'
        FROM letters_delivery
        RETURNING id, payload
    )
    UPDATE letters_delivery SET queued_item = items.id
    FROM items WHERE letters_delivery.id = (items.payload ->> 'delivery')::bigint
"""


@transaction.atomic
def fill(number: int) -> None:
    campaign = LetterCampaign.objects.all()[0].pk
    given: dict[str, Any] = {
        "campaign": campaign,
        "consent": consent.current_wording().pk,
        "number": number,
        "channel": ChannelName.SENATE_API,
    }
    secrets = {"private": encrypt(json.dumps(PRIVATE)), "content": encrypt(json.dumps(CONTENT))}
    with connection.cursor() as cursor:
        cursor.execute(LINE, given | secrets)
        cursor.execute(ITEMS, [dispatch.IN_TURN])


if __name__ == "__main__":
    fill(int(sys.argv[1]))
