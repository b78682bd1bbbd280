"""What a fault is."""

import random
from typing import ClassVar

from bench.chaos.stack import Stack


class Fault:
    """Injected, kept up for a while, healed. A subclass says no more than what is peculiar to it."""

    name: ClassVar[str]
    seconds: ClassVar[tuple[float, float]] = (8.0, 14.0)  # from inject to heal: least and most
    every: ClassVar[float] = 1.0  # seconds between two calls of `again`
    repeats_mail: ClassVar[bool] = False  # whether a worker may send a mail and not come to note it
    needs_small_disk: ClassVar[bool] = False

    def __init__(self, stack: Stack, chance: random.Random) -> None:
        self.stack, self.chance = stack, chance

    def obstacle(self) -> str:
        """Return why this fault cannot be injected here; empty if it can."""
        return ""

    def inject(self) -> None:
        """Bring it about, once. The other methods may do nothing; this one each fault has."""
        raise NotImplementedError

    def again(self) -> None:
        """Called again and again until it is healed."""

    def heal(self) -> None:
        """Take the cause away; the site itself is given no help."""
