"""`python -m bench.petitions.desk [--rows N]`: the staff's pages over five million signatures, seconds and queries."""

import argparse

from bench import machine
from bench.parts import run
from bench.stage import Stage, stage

SLICE = 500_000
# Four of five confirmed, one in fifty held; each a box of 176 bytes, as most names and addresses make.
SIGNATURES = """
    INSERT INTO petitions_signature (
        petition_id, fingerprint, state, key_id, sealed, country, language, channel, text_id, consent_id, hold_reason,
        signed_on, confirmed_on, nonce, token_digest, token_expires_at, batch_id, batch_row
    )
    SELECT p.id, substr(sha256(n::text::bytea), 1, 16), s.state, p.active_key_id,
        decode(repeat(md5(n::text), 11), 'hex'),
        (ARRAY['DE','FR','JP','US','TW','CA','GB','AU','KR','ES'])[1 + n % 10], 'en',
        CASE WHEN n % 7 = 0 THEN 'paper' ELSE 'web' END, t.id, 0,
        CASE WHEN s.state = 'held' THEN (ARRAY['network','domain','country'])[1 + n % 3] ELSE '' END,
        current_date - n % 150, CASE WHEN s.state <> 'pending' THEN current_date - n % 150 END,
        CASE WHEN n % 7 > 0 THEN decode(md5('n' || n), 'hex') END,
        CASE WHEN n % 7 > 0 THEN substr(sha256(('t' || n)::bytea), 1, 16) END,
        CASE WHEN s.state = 'pending' THEN now() + interval '1 day' END,
        CASE WHEN n % 7 = 0 THEN b.id END, CASE WHEN n % 7 = 0 THEN n END
    FROM generate_series({first}, {last}) n
    CROSS JOIN LATERAL (SELECT CASE n % 50 WHEN 1 THEN 'held' WHEN 2 THEN 'withdrawn' WHEN 3 THEN 'invalidated'
        ELSE CASE WHEN n % 10 = 4 THEN 'pending' ELSE 'confirmed' END END AS state) s
    CROSS JOIN (SELECT id, active_key_id FROM petitions_petition ORDER BY id LIMIT 1) p
    CROSS JOIN (SELECT id FROM petitions_petitiontext ORDER BY id LIMIT 1) t
    CROSS JOIN (SELECT min(id) AS id FROM petitions_paperbatch) b
"""
BATCHES = """
    INSERT INTO petitions_paperbatch (
        petition_id, text_id, consent_id, place, collected_on, scan, source, country, state, size,
        bytes_read, lines_read, good, matched, faulty, rejected, problem
    )
    SELECT p.id, t.id, c.id, 'Town ' || n, current_date, encode(sha256(n::text::bytea), 'hex'),
        'rows.csv', '', 'loaded', 0, 0, 10, 10, 0, 0, 0, ''
    FROM generate_series(1, 5000) n
    CROSS JOIN (SELECT id FROM petitions_petition ORDER BY id LIMIT 1) p
    CROSS JOIN (SELECT id FROM petitions_petitiontext ORDER BY id LIMIT 1) t
    CROSS JOIN (SELECT min(id) AS id FROM supporters_consent) c
"""
CONSENT = "INSERT INTO supporters_consent (purpose, language, wording) VALUES ('signature', 'en', 'You agree.')"
VOICES = """
    INSERT INTO petitions_voice (signature_id, petition_id, words, state)
    SELECT id, petition_id, %s, 'waiting' FROM petitions_signature WHERE state IN ('confirmed', 'pending') LIMIT 50000
    ON CONFLICT DO NOTHING
"""
ENTRIES = """
    INSERT INTO audit_entry (who, act, "on", details)
    SELECT 'demo', 'signatures.released', 'petitions.petition 1', '{"number": 1}' FROM generate_series(1, 200000)
"""
REMINDERS = """
    INSERT INTO outbox_item (kind, payload, state, due_at, token, attempts, reason)
    SELECT 'petitions.reminder', jsonb_build_object('signature', n), 'waiting', now() + interval '2 days', 0, 0, ''
    FROM generate_series(1, 300000) n
"""


def fill(on: Stage, number: int) -> None:
    on.execute(CONSENT, BATCHES)
    for first in range(1, number + 1, SLICE):
        last = min(first + SLICE - 1, number)
        on.execute(SIGNATURES.format(first=first, last=last))
        print(f"{last:,} signatures", flush=True)
    on.execute(ENTRIES, REMINDERS, "VACUUM ANALYZE")
    on.manage("recount")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.petitions.desk", description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000, help="signatures (5,000,000)")
    options = parser.parse_args()
    print(machine.described(), flush=True)
    with stage() as on:
        fill(on, options.rows)
        on.run("bench.petitions.desk_pages")
    return 0


if __name__ == "__main__":
    run(main)
