"""Whether the time of the last submit's answer tells that this person has written before."""

import statistics
import time
from collections.abc import Iterator
from itertools import count

import httpx

from bench.report import Figure
from bench.stage import HOST, Stage
from tests.live.forms import form_with, send

LETTERS = "/letters/senate-resolution-220/"
ABOUT = {"last_name": "Example", "street": "100 Example St", "city": "Santa Fe", "state": "NM", "zip": "87501"}
TIMES = 40
CONFIRM = (
    "UPDATE letters_constituent SET confirmed_at = now()",
    "UPDATE letters_delivery SET state = 'ready', ready_at = now()",
)


def figures(stage: Stage) -> list[Figure]:
    """In turn, so that whatever else happens on the machine happens to both."""
    stage.execute("TRUNCATE letters_constituent, outbox_item CASCADE")
    with stage.web() as port, httpx.Client(base_url=f"http://{HOST}:{port}", timeout=30) as http:
        known, pending = "known@example.org", "pending@example.org"
        submitted(http, known)
        stage.execute(*CONFIRM)
        submitted(http, pending)
        strangers = (f"new{number}@example.org" for number in count())
        took = {"new": [0.0], "confirmed": [0.0], "waiting": [0.0]}
        for _ in range(TIMES):
            took["new"].append(submitted(http, next(strangers)))
            took["confirmed"].append(submitted(http, known))
            took["waiting"].append(submitted(http, pending))
    return list(compared({who: statistics.median(times[1:]) for who, times in took.items()}))


def submitted(http: httpx.Client, address: str) -> float:
    """Milliseconds of the last submit alone."""
    about = {**ABOUT, "first_name": "Ana", "email": address}
    texts = send(http, http.get(LETTERS), "zip", **about)
    preview = send(http, texts, "zip")
    form = form_with(preview, "zip")
    begun = time.perf_counter()
    answer = http.post(form.action, data=form.values)
    took = (time.perf_counter() - begun) * 1000
    assert answer.status_code == httpx.codes.SEE_OTHER, answer.status_code
    return took


def compared(medians: dict[str, float]) -> Iterator[Figure]:
    new = medians["new"]
    yield Figure("submit by somebody new, median", new, "ms")
    for who in ("confirmed", "waiting"):
        yield Figure(f"of that, by somebody whose letters are {who}", medians[who] / new, "", least=0.9, most=1.1)
