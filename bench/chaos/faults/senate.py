"""The Senate's system busy, silent, or gone after it has taken a letter."""

from bench.chaos.faults.base import Fault

MOODS = ("503 busy", "500 an error", "hang up", "sleep", "429 slow down")


class SenateMoody(Fault):
    name = "senate-moody"

    def inject(self) -> None:
        self.again()

    def again(self) -> None:
        self.stack.senate.moods += self.chance.choices(MOODS, k=5)

    def heal(self) -> None:
        self.stack.senate.moods.clear()


FAULTS = (SenateMoody,)
