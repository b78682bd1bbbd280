"""Signatures of four months, made up, as rows that count: for pictures of what visitors will see."""

from tests.live.site import LiveSite

# More each month, most in a few countries, one in six on paper; some countries with so few that they are not named.
SIGNATURES = """
    WITH signed AS (
        INSERT INTO petitions_signature (
            petition_id, fingerprint, state, key_id, sealed, country, language, channel, text_id, consent_id,
            hold_reason, signed_on, confirmed_on
        )
        SELECT p.id, substr(sha256(n::text::bytea), 1, 16), 'confirmed', p.active_key_id,
            decode(repeat(md5(n::text), 11), 'hex'), (%s::text[])[1 + floor(power(random(), 2.5) * %s)], 'en',
            CASE WHEN random() < 0.16 THEN 'paper' ELSE 'web' END, t.id, 0, '', d.day, d.day
        FROM generate_series(1, %s) n
        CROSS JOIN LATERAL (
            SELECT current_date - 1 - floor(CASE n %% 5
                WHEN 0 THEN 24 + 9 * power(random(), 1.5) WHEN 1 THEN 70 + 14 * power(random(), 1.5)
                ELSE 118 * power(random(), 1.3) END)::int AS day
        ) d
        CROSS JOIN (SELECT id, active_key_id FROM petitions_petition ORDER BY id LIMIT 1) p
        CROSS JOIN (SELECT id FROM petitions_petitiontext ORDER BY id LIMIT 1) t
        RETURNING petition_id, country, channel, confirmed_on
    )
    INSERT INTO petitions_countevent (petition_id, country, channel, day, change)
    SELECT petition_id, country, channel, confirmed_on, count(*) FROM signed GROUP BY 1, 2, 3, 4
    RETURNING id
"""
MILESTONE = """
    INSERT INTO petitions_milestone (petition_id, count, reached_at)
    SELECT min(id), 10000, now() - interval '21 days' FROM petitions_petition
    ON CONFLICT (petition_id, count) DO UPDATE SET reached_at = excluded.reached_at
    RETURNING id
"""
OPENED = "UPDATE petitions_petition SET opens_at = now() - interval '121 days', goal = 50000 RETURNING id"
COUNTRIES = [
    *("US", "DE", "TW", "GB", "FR", "JP", "CA", "AU", "KR", "IT", "ES", "SE", "NL", "PL", "CZ", "CH", "AT", "NZ"),
    *("BR", "IN", "IL", "DK", "NO", "IE", "MX", "VN", "UA", "ZA", "PT", "FI", "LI", "MC"),
]


def sign(site: LiveSite, number: int) -> None:
    """Have the site count `number` signatures more, and wait until its pages show them."""
    before = count(site)
    site.query(SIGNATURES, COUNTRIES, len(COUNTRIES), number)
    site.query(MILESTONE)
    site.query(OPENED)
    assert site.wait_until(lambda: count(site) == before + number, seconds=60), site.last_lines()


def count(site: LiveSite) -> int:
    return int(site.query("SELECT coalesce(sum(count), 0) FROM petitions_total")[0][0])
