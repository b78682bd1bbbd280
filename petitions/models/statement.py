"""The statement that signs: the signature, and in the same breath what it makes necessary (docs/decisions/0014)."""

from functools import cache

from campaign.outbox import work

# One statement for every address, new or known, so that no answer is slower than another. A pending signature takes
# the newest name and wording; a withdrawn one begins anew, online; all others stay as they are. One from paper gets a
# link. Codes can be tried again once the link has ended: five in a week stay too few to guess one.
# Nothing is written unless the petition is open now: what the caller has read may be a moment old.
UPSERT = """
    INSERT INTO petitions_signature AS s (
        petition_id, fingerprint, state, key_id, sealed, country, language, channel, text_id, consent_id,
        signed_on, nonce, token_digest, token_expires_at, hold_reason, code_tries
    )
    SELECT
        p.id, %(fingerprint)s, 'pending', %(key)s, %(sealed)s, %(country)s, %(language)s, %(channel)s, %(text)s,
        %(consent)s, current_date, %(nonce)s, %(token_digest)s, now() + %(lifetime)s,
        %(hold_reason)s, 0
    FROM petitions_petition p
    WHERE p.id = %(petition)s AND p.visibility = 'published' AND NOT p.is_paused
        AND NOT EXISTS (SELECT FROM protection_sitepause WHERE is_on)
        AND p.opens_at <= statement_timestamp() AND coalesce(p.closes_at > statement_timestamp(), true)
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
            WHEN s.state = 'withdrawn' OR s.state = 'pending' AND s.hold_reason = '' THEN excluded.hold_reason
            ELSE s.hold_reason END,
        nonce = CASE WHEN s.state = 'withdrawn' OR s.nonce IS NULL THEN excluded.nonce ELSE s.nonce END,
        token_digest = CASE
            WHEN s.state = 'withdrawn' OR s.nonce IS NULL THEN excluded.token_digest ELSE s.token_digest END,
        token_expires_at = CASE
            WHEN s.state IN ('pending', 'withdrawn') THEN excluded.token_expires_at ELSE s.token_expires_at END,
        code_tries = CASE
            WHEN s.state = 'withdrawn' OR s.state = 'pending' AND s.token_expires_at < now() THEN 0
            ELSE s.code_tries END,
        channel = CASE WHEN s.state = 'withdrawn' THEN excluded.channel ELSE s.channel END,
        confirmed_on = CASE WHEN s.state = 'withdrawn' THEN NULL ELSE s.confirmed_on END,
        batch_id = CASE WHEN s.state = 'withdrawn' THEN NULL ELSE s.batch_id END,
        batch_row = CASE WHEN s.state = 'withdrawn' THEN NULL ELSE s.batch_row END
    RETURNING s.id, s.state, s.nonce
"""
# `is_new`, once for each beginning: not for whoever has the mail sent again (petitions/beginnings.py).
PAYLOAD = "jsonb_build_object('signature', id, 'is_new', state = 'pending' AND nonce = %(nonce)s)"
PUT = work.PUT.format(kind="%(kind)s", payload=PAYLOAD, source="signed")
# The newest wish stands; an address that is confirmed already has its say on a page of its own (leaving_views.py).
VOICE = """
    INSERT INTO petitions_voice (signature_id, petition_id, words, state)
    SELECT id, %(petition)s, %(voice)s::bytea, 'waiting' FROM signed
    WHERE state = 'pending' AND %(voice)s::bytea IS NOT NULL
    ON CONFLICT (signature_id) DO UPDATE SET words = excluded.words, state = 'waiting'
"""
SILENCE = """
    DELETE FROM petitions_voice v USING signed
    WHERE v.signature_id = signed.id AND signed.state = 'pending' AND %(voice)s::bytea IS NULL
"""


@cache
def statement(*, is_aloud: bool) -> str:
    """With what one petition needs and no more."""
    parts = [f"signed AS ({UPSERT})", f"put AS ({PUT})"]
    if is_aloud:
        parts += [f"voiced AS ({VOICE})", f"silenced AS ({SILENCE})"]
    return f"WITH {', '.join(parts)} SELECT id FROM signed"  # noqa: S608  # all of it stands above
