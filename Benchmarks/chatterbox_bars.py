"""The bars of chatterbox_vs_reference.py, one list, and the figures that they are held to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median


@dataclass
class Figures:
    """What was measured of one model: every round's figure, by name; seconds unless the name says otherwise."""

    ours: dict[str, list[float]] = field(default_factory=dict)
    theirs: dict[str, list[float]] = field(default_factory=dict)

    def add(self, side: dict[str, list[float]], values: dict[str, float]) -> None:
        for name, value in values.items():
            side.setdefault(name, []).append(value)

    def our(self, name: str) -> float:
        return median(self.ours[name])

    def their(self, name: str) -> float:
        return median(self.theirs[name])

    def ratio(self, name: str) -> float:
        """How many times as long the reference takes."""
        return self.their(name) / self.our(name)

    @property
    def real_time_factor(self) -> float:
        return self.our("whole") / self.our("audio")


@dataclass(frozen=True)
class Bar:
    """A figure that one model must reach: at least so much where `least`, else at most."""

    model: str
    name: str
    least: bool
    needed: float
    unit: str
    measure: Callable[[Figures], float]

    @property
    def need(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.needed:g}{self.unit}"


@dataclass(frozen=True)
class Verdict:
    """What came of a bar; one that nothing was measured for is missed."""

    bar: Bar
    measured: float | None

    @property
    def reached(self) -> bool:
        if self.measured is None:
            return False
        return self.measured >= self.bar.needed if self.bar.least else self.measured <= self.bar.needed

    @property
    def shown(self) -> str:
        return "nothing" if self.measured is None else f"{self.measured:.3g}{self.bar.unit}"


LEAST, MOST = True, False

BARS = (
    Bar("turbo", "Turbo, whole request, warm voice", LEAST, 5, "×", lambda turbo: turbo.ratio("whole")),
    Bar("turbo", "Turbo, whole request, real-time factor", MOST, 1, "", lambda turbo: turbo.real_time_factor),
    Bar("nano", "Nano, whole request, real-time factor", MOST, 0.6, "", lambda nano: nano.real_time_factor),
    Bar("standard", "Standard, whole request, 10 steps, CFG", LEAST, 3.5, "×", lambda it: it.ratio("whole")),
    Bar("turbo", "T3 Turbo, per token", LEAST, 6, "×", lambda turbo: turbo.ratio("token")),
    Bar("turbo", "T3 Turbo, per token", MOST, 13, " ms", lambda turbo: 1000 * turbo.our("token")),
    Bar(
        "turbo", "T3 Turbo, per token, of the time that reading matrices, keys and values takes", MOST, 1.3, "×",
        lambda turbo: turbo.our("token_by_line"),
    ),
    Bar("turbo", "T3 Turbo, prefill of ten words, warm voice", MOST, 0.15, " s", lambda turbo: turbo.our("prefill")),
    Bar("turbo", "vocoder", LEAST, 1.3, "×", lambda turbo: turbo.ratio("vocoder")),
    Bar("turbo", "Turbo, flow, per step", LEAST, 1.8, "×", lambda turbo: turbo.ratio("step")),
    Bar("standard", "Standard, flow, per step", LEAST, 1.8, "×", lambda standard: standard.ratio("step")),
    Bar(
        "turbo", "Turbo, first audio of ten words, of a whole request's time", MOST, 40, " %",
        lambda turbo: 100 * turbo.our("first_audio") / turbo.our("whole"),
    ),
    Bar(
        "turbo", "T3 Turbo, tokens a second, 8 at once against 8 in a row", LEAST, 2, "×",
        lambda turbo: turbo.our("throughput"),
    ),
    Bar(
        "turbo", "8 requests at once, the last one's end against 8 in a row", MOST, 1, "×",
        lambda turbo: turbo.our("together") / (8 * turbo.our("whole")),
    ),
    Bar(
        "turbo", "T3 Turbo, 8 at once, longest wait for a token against the median", MOST, 3, "×",
        lambda turbo: turbo.our("wait"),
    ),
    Bar("turbo", "Turbo, resident memory, loaded", MOST, 1.3, " GB", lambda turbo: turbo.our("loaded_gb")),
    Bar("turbo", "Turbo, resident memory after a request", MOST, 1.3, " GB", lambda turbo: turbo.our("used_gb")),
    Bar("turbo", "Turbo, memory's growth over the requests", MOST, 2, " %", lambda turbo: turbo.our("growth_percent")),
    Bar("turbo", "Turbo, from start to the first token, files in the cache", MOST, 2, " s", lambda it: it.our("start")),
)  # fmt: skip


def judge(measured: dict[str, Figures]) -> list[Verdict]:
    """A verdict for every bar of the models that were measured."""
    verdicts = []
    for bar in BARS:
        if bar.model not in measured:
            continue
        try:
            value = bar.measure(measured[bar.model])
        except KeyError:
            value = None
        verdicts.append(Verdict(bar, value))
    return verdicts
