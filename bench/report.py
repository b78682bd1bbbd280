"""Figures and how they are printed: one line each, with its goal where there is one."""

from dataclasses import dataclass

from bench import machine


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str = ""
    least: float | None = None  # the goal: at least this
    most: float | None = None  # or at most this

    @property
    def is_met(self) -> bool:
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)

    @property
    def goal(self) -> str:
        if self.least is None and self.most is None:
            return ""
        bound = f">= {number(self.least)}" if self.least is not None else f"<= {number(self.most or 0)}"
        return f"{bound:>9}  {'yes' if self.is_met else 'NO'}"

    def __str__(self) -> str:
        return f"  {self.name:<58}{number(self.value):>10} {self.unit:<6}{self.goal}".rstrip()


def number(value: float) -> str:
    """Three digits are all that a measurement is worth.

    >>> number(2865.4), number(0.5312), number(12.0)
    ('2,865', '0.531', '12')
    """
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def show(title: str, figures: list[Figure]) -> list[Figure]:
    print(f"\n{title}  (load average {machine.load()})", flush=True)
    for figure in figures:
        print(figure, flush=True)
    return figures
