"""An issue to many subscribers, paused half-way by staff's own function, resumed; the mail server counts who got it."""

import time
from collections import Counter
from collections.abc import Callable

from bench.report import Figure
from bench.stage import Stage

DESK = "bench.pages.desk"
IN_HAND = "SELECT count(*) FROM outbox_item WHERE state IN ('published', 'running')"
PATIENCE = 1200  # seconds


def figures(stage: Stage, number: int) -> list[Figure]:
    got: Counter[str] = Counter()
    stage.sink.listener = lambda recipient, message: got.update([recipient])
    stage.run(DESK, "subscribe", str(number))
    stage.run(DESK, "compose")
    with stage.playing(*stage.mail_workers()):
        begun_at = time.monotonic()
        stage.run(DESK, "start")
        wait(stage, lambda: got.total() >= number // 3)
        stage.run(DESK, "pause")
        wait(stage, lambda: not stage.value(IN_HAND))
        paused_at = got.total()
        stage.interruption.pause(5)
        moved = got.total() - paused_at
        stage.run(DESK, "resume")
        wait(stage, lambda: not stage.value("SELECT count(*) FROM pages_issue WHERE state = 'sending'"))
        seconds = time.monotonic() - begun_at
    return [
        Figure("had it when paused", paused_at),
        Figure("got it during the pause", moved, most=0),
        Figure("got it never", number - len(got), most=0),
        Figure("got it twice", sum(times > 1 for times in got.values()), most=0),
        Figure(
            "the ledger says sent",
            stage.value("SELECT count(*) FROM pages_dispatch WHERE state = 'sent'"),
            least=number,
        ),
        Figure("from the button to the last, with the pause", seconds, "s"),
    ]


def wait(stage: Stage, is_done: Callable[[], bool]) -> None:
    stage.interruption.wait_until(is_done, seconds=PATIENCE)
