"""The statement that signs: it writes the signature and everything that must follow from it (docs/decisions/0014)."""

from functools import cache

from campaign.outbox import queue

# One statement for every address, new or known, so that no answer is slower than another. A pending signature takes the
# newest name and wording; a withdrawn one starts anew, online, and is held if it had been invalidated; all others stay
# as they are. One from paper gets a link. Nothing is written unless the petition is open now: what the caller has read
# may be a moment old. Rows are locked in the order of their fingerprints, so that two groups cannot deadlock.
GIVEN = """
    SELECT * FROM json_to_recordset(%(rows)s::json) AS row (
        petition bigint, fingerprint bytea, key bigint, sealed bytea, country text, language text, text bigint,
        consent bigint, nonce bytea, token_digest bytea, hold_reason text, sealed_secret bytea, voice bytea,
        mail_wait float8, network bytea, domain bytea, rule text, request text
    )
"""
UPSERT = """
    INSERT INTO petitions_signature AS s (
        petition_id, fingerprint, state, key_id, sealed, country, language, channel, text_id, consent_id,
        signed_on, nonce, token_digest, token_expires_at, hold_reason
    )
    SELECT
        p.id, g.fingerprint, 'pending', g.key, g.sealed, g.country, g.language, 'web', g.text, g.consent, current_date,
        g.nonce, g.token_digest, now() + %(lifetime)s, g.hold_reason
    FROM given g JOIN petitions_petition p ON p.id = g.petition
    WHERE p.visibility = 'published' AND NOT p.is_paused
        AND NOT EXISTS (SELECT FROM protection_sitepause WHERE is_on)
        AND p.opens_at <= statement_timestamp() AND coalesce(p.closes_at > statement_timestamp(), true)
    ORDER BY g.fingerprint
    ON CONFLICT (petition_id, fingerprint) DO UPDATE SET
        state = CASE WHEN s.state = 'withdrawn' THEN 'pending' ELSE s.state END,
        key_id = CASE WHEN s.state IN ('pending', 'withdrawn') THEN excluded.key_id ELSE s.key_id END,
        sealed = CASE WHEN s.state IN ('pending', 'withdrawn') THEN excluded.sealed ELSE s.sealed END,
        country = CASE WHEN s.state IN ('pending', 'withdrawn') THEN excluded.country ELSE s.country END,
        language = CASE WHEN s.state IN ('pending', 'withdrawn') THEN excluded.language ELSE s.language END,
        text_id = CASE WHEN s.state IN ('pending', 'withdrawn') THEN excluded.text_id ELSE s.text_id END,
        consent_id = CASE WHEN s.state IN ('pending', 'withdrawn') THEN excluded.consent_id ELSE s.consent_id END,
        signed_on = CASE WHEN s.state IN ('pending', 'withdrawn') THEN excluded.signed_on ELSE s.signed_on END,
        hold_reason = CASE
            WHEN s.hold_reason = 'judged' THEN s.hold_reason
            WHEN s.state = 'withdrawn' OR s.state = 'pending' AND s.hold_reason = '' THEN excluded.hold_reason
            ELSE s.hold_reason END,
        nonce = CASE WHEN s.state = 'withdrawn' OR s.nonce IS NULL THEN excluded.nonce ELSE s.nonce END,
        token_digest = CASE
            WHEN s.state = 'withdrawn' OR s.nonce IS NULL THEN excluded.token_digest ELSE s.token_digest END,
        token_expires_at = CASE
            WHEN s.state IN ('pending', 'withdrawn') THEN excluded.token_expires_at ELSE s.token_expires_at END,
        channel = CASE WHEN s.state = 'withdrawn' THEN excluded.channel ELSE s.channel END,
        confirmed_on = CASE WHEN s.state = 'withdrawn' THEN NULL ELSE s.confirmed_on END,
        batch_id = CASE WHEN s.state = 'withdrawn' THEN NULL ELSE s.batch_id END,
        batch_row = CASE WHEN s.state = 'withdrawn' THEN NULL ELSE s.batch_row END
    RETURNING s.id, s.petition_id, s.fingerprint, s.state, s.nonce
"""
SIGNED = """
    SELECT
        w.id, w.state, w.nonce = g.nonce AS has_nonce, g.petition, g.fingerprint, g.sealed_secret, g.voice, g.mail_wait,
        g.request
    FROM written w JOIN given g ON g.petition = w.petition_id AND g.fingerprint = w.fingerprint
"""
# `is_new` is true once for each fresh start, not when the mail is sent again (petitions/signing/followups.py).
PAYLOAD = "jsonb_build_object('signature', id, 'is_new', state = 'pending' AND has_nonce)"
PUT_CONFIRMATION = queue.put_sql(
    kind="%(kind)s",
    subject="id",
    payload=PAYLOAD,
    sealed="sealed_secret",
    due_at="statement_timestamp() + mail_wait * interval '1 second'",
    reason="CASE WHEN mail_wait > 0 THEN %(reason)s ELSE '' END",
    request="request",
    source="signed",
)
# The newest wish stands; an address that is confirmed already has its say on a page of its own
# (petitions/data_requests/views.py).
VOICE = """
    INSERT INTO petitions_voice (signature_id, petition_id, words, state)
    SELECT id, petition, voice, 'waiting' FROM signed
    WHERE state = 'pending' AND voice IS NOT NULL
    ON CONFLICT (signature_id) DO UPDATE SET words = excluded.words, state = 'waiting'
"""
SILENCE = """
    DELETE FROM petitions_voice v USING signed
    WHERE v.signature_id = signed.id AND signed.state = 'pending' AND signed.voice IS NULL
"""
# What moderators judge it by for a day (petitions/models/moderation/hold_trace.py).
TRACE = """
    INSERT INTO petitions_holdtrace (signature_id, hour, network, domain, rule)
    SELECT w.id, date_trunc('hour', now(), 'UTC'), g.network, g.domain, coalesce(g.rule, '')
    FROM written w JOIN given g ON g.petition = w.petition_id AND g.fingerprint = w.fingerprint
    WHERE g.hold_reason <> '' AND w.state = 'pending'
    ON CONFLICT (signature_id) DO UPDATE SET
        hour = excluded.hour, network = excluded.network, domain = excluded.domain, rule = excluded.rule
"""


@cache
def statement(*, is_aloud: bool, is_held: bool) -> str:
    """Return the SQL, with parts for reasons to be shown and for what is held only if a petition or row needs them."""
    parts = [f"given AS ({GIVEN})", f"written AS ({UPSERT})", f"signed AS ({SIGNED})", f"put AS ({PUT_CONFIRMATION})"]
    if is_aloud:
        parts += [f"voiced AS ({VOICE})", f"silenced AS ({SILENCE})"]
    if is_held:
        parts.append(f"traced AS ({TRACE})")
    return f"WITH {', '.join(parts)} SELECT petition, fingerprint, id FROM signed"  # noqa: S608  # all of it stands above
