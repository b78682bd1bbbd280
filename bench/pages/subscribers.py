"""`python -m bench.pages.subscribers [--rows N] [--many N]`: a list loaded, exported, taken back; segments.

Each part goes on with what those before it left.
"""

import json

from bench.parts import Parts, measure, parser, run
from bench.report import Figure
from bench.stage import Stage

JOBS = "bench.pages.subscriber_jobs"
# As many more as are wanted, of two languages, with boxes of the usual size; nobody could open them.
FILL = """
    INSERT INTO supporters_subscriber (
        fingerprint, address, language, country, source_id, state, consent_id, nonce, unsubscribe_digest, confirmed_at
    )
    SELECT decode(md5(n::text), 'hex'), decode(repeat(md5(n::text), 4), 'hex'),
        CASE n % 3 WHEN 0 THEN 'de' ELSE 'en' END, CASE n % 5 WHEN 0 THEN 'CH' ELSE '' END,
        (SELECT min(id) FROM supporters_subscriberimport), 'confirmed',
        (SELECT min(id) FROM supporters_consent), decode(md5(n::text), 'hex'), decode(md5(n::text), 'hex'), current_date
    FROM generate_series(1, {number}) AS n
"""


def job(on: Stage, act: str, number: int) -> list[Figure]:
    figures = json.loads(on.output(JOBS, act, str(number)))
    wrong = figures.pop("wrong", 0)
    return [Figure("rows that differ from those expected", wrong, most=0), *(Figure(*pair) for pair in figures.items())]


def segments(on: Stage, many: int) -> list[Figure]:
    on.execute(FILL.format(number=many - on.value("SELECT count(*) FROM supporters_subscriber")))
    on.execute("VACUUM ANALYZE supporters_subscriber")  # as PostgreSQL does by itself within minutes
    return job(on, "segments", many)


PARTS: Parts = {
    "Import": lambda on, to: job(on, "load", to.rows),
    "Export": lambda on, to: job(on, "export", to.rows),
    "Taking back": lambda on, to: job(on, "undo", to.rows),
    "Segments": lambda on, to: segments(on, to.many),
}


def main() -> int:
    options = parser("bench.pages.subscribers", __doc__, PARTS)
    options.add_argument("--rows", type=int, default=200_000, help="in the list (200,000)")
    options.add_argument("--many", type=int, default=1_000_000, help="subscribers among whom segments are counted")
    return measure(PARTS, options.parse_args())


if __name__ == "__main__":
    run(main)
