"""What may be said of one group against the baseline in one metric: the answer of a test, or why none is made.

The rules are those of "minimum samples and degenerate cases": one run gives no uncertainty, two give an interval, three or
four a test of very large effects, five or more everything; groups without any variation are never tested (SciPy would say
p = 0.0). Each rule has a type here, so that nothing can be said that its rule forbids. Delta is B − A throughout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from reportgen.analyze.compare.groups import Stray
from reportgen.analyze.compare.pairing import Pairing
from reportgen.analyze.compare.unequal_sizes import are_unequal
from reportgen.analyze.methods.estimates import Estimate, StudentEstimate
from reportgen.analyze.runs import RunKey
from reportgen.model import Goal, Outcome

if TYPE_CHECKING:  # the methods load the large half of SciPy: only when a test is made
    from reportgen.analyze.compare.effects import Effects
    from reportgen.analyze.compare.interim_looks import Look
    from reportgen.analyze.compare.margin import MarginVerdict

Test = Literal["welch", "paired", "corrected"]
FamilyName = Literal["holm", "dunnett", "games-howell", "tukey"]
Method = Literal["welch", "paired", "corrected", "dunnett", "games-howell", "tukey", "none"]
Reason = Literal[
    "tested",
    "two_runs",
    "one_run",
    "no_values",
    "no_variation",
    "identical",
    "same_difference",
    "sweep",
    "folds",
    "too_large",
    "units",
    "tasks",
]

Lowered = Literal["datasets", "hardware"]
"""Why a difference that a test shows is not put down to the groups: they were measured on different data, or, for time and
cost, on different machines."""

Withdrawal = Literal["failures", "shared_keys", "split"]
"""Why what a test shows is not claimed: more than a fifth of a side's runs failed, the runs that share a key say another
difference than all runs, or the numbers of runs are not those of the declared split."""


# --- why no test is made ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Units:
    """One metric that was logged in two units, as their sizes show: fractions beside percentages, seconds beside milliseconds."""

    factor: int
    small: tuple[RunKey, ...]
    large: tuple[RunKey, ...]
    example: tuple[float, float]
    """A value of each."""


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A side has no finite value, values whose squares are no floats, or the values are in two units."""

    reason: Literal["no_values", "too_large", "units"]
    units: Units | None = None


@dataclass(frozen=True, slots=True)
class BestOf:
    """The expected best of ``k`` runs of each search: equal effort, and no test."""

    k: int
    a: float
    b: float


@dataclass(frozen=True, slots=True)
class Searches:
    """A group holds several configurations: its runs are trials of a search, not repeats."""

    reason: ClassVar[Literal["sweep"]] = "sweep"
    delta: float
    best_of: BestOf | None
    """None without a direction."""
    strays: tuple[tuple[str, tuple[Stray, ...]], ...] = ()
    """(group, runs of other configurations) where these alone make the groups searches."""


@dataclass(frozen=True, slots=True)
class Dependent:
    """The runs are no samples of their own: folds of one data set that cannot be paired, or runs on several data sets."""

    reason: Literal["folds", "tasks"]
    delta: float


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a single run of the larger group would lie, for one run against four or more."""

    low: float
    high: float
    inside: bool
    """Whether the one run lies between them."""


@dataclass(frozen=True, slots=True)
class OneRun:
    """One run on a side."""

    reason: ClassVar[Literal["one_run"]] = "one_run"
    delta: float
    placement: Placement | None


@dataclass(frozen=True, slots=True)
class Unvarying:
    """No run differs from its group, every pair is equal, or every pair differs by the same amount."""

    reason: Literal["no_variation", "identical", "same_difference"]
    delta: float


@dataclass(frozen=True, slots=True)
class TwoRuns:
    """Two runs on a side, or two pairs: an interval only."""

    reason: ClassVar[Literal["two_runs"]] = "two_runs"
    test: Test
    """Whose interval it is."""
    delta: float
    low: float
    high: float
    lift: Estimate | None
    """The relative difference."""


Untested = Unmeasured | Searches | Dependent | OneRun | Unvarying | TwoRuns


# --- the answer of a test --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Family:
    """The tests that a p-value is adjusted with."""

    name: FamilyName
    n: int
    p: float
    """Adjusted over them."""


@dataclass(frozen=True, slots=True)
class Power:
    """What these runs could have found. Numbers are of runs per group (or pairs), None beyond 10,000 and for folds."""

    detectable: float
    """The true difference that this many runs would find four times in five."""
    n_needed: int | None = None
    """To find the observed difference four times in five."""
    n_for_half: int | None = None
    """To find half of ``detectable`` four times in five."""
    n_past_margin: int | None = None
    """To tell the observed improvement from the margin four times in five, one-sided; also None without a margin, and when it
    lies on it."""


@dataclass(frozen=True, slots=True)
class Margin:
    """The smallest difference that matters, in the metric's unit."""

    size: float
    alpha: float
    """One-sided level of its bounds."""


@dataclass(frozen=True, slots=True)
class WithoutPairs:
    """The same runs by Welch's test: how far the answer rests on the pairs."""

    n_a: int
    n_b: int
    test: StudentEstimate


@dataclass(frozen=True, slots=True)
class Success:
    """How many runs of two groups ended well and with a finite value, where that is not almost all of them."""

    bad_a: int
    n_a: int
    bad_b: int
    n_b: int
    difference: Estimate
    """Of the shares of success, group − baseline (Newcombe)."""
    p: float
    """Fisher's exact test."""
    n_non_finite: int
    """Of the bad ones of both sides, those that finished with NaN or infinity."""


@dataclass(frozen=True, slots=True)
class Tested:
    """Three runs on each side at least, and a test that the design chose before a value was seen."""

    reason: ClassVar[Literal["tested"]] = "tested"
    test: Test
    student: StudentEstimate
    """The headline test with its t and degrees of freedom."""
    delta: float
    low: float
    high: float
    power: Power
    lift: Estimate | None = None
    """The relative difference; None for folds, near zero, and in a declared family."""
    family: Family | None = None
    """None when this is the only test."""
    effects: Effects | None = None
    """Other ways to ask the same values; None where only the test was asked for."""
    margin: MarginVerdict | None = None
    """Against the declared margin; primary metric only."""
    look: Look | None = None
    """Which of the declared looks this is, whose level decided; None without a plan."""
    without_pairs: WithoutPairs | None = None
    """Of a paired test; not of folds."""
    lowered: tuple[Lowered, ...] = ()
    success: Success | None = None
    """Only of the primary metric, and only where more than a fifth of a group's runs failed."""
    p_check: float | None = None
    """p of the permutation test, which must agree where groups are of unequal sizes; None elsewhere."""
    is_split_mismatch: bool = False
    """Whether the numbers of runs are not those of the declared split."""

    @property
    def p(self) -> float:
        """Before Holm's adjustment; the other families' p is adjusted by itself."""
        return self.student.p if self.family is None or self.family.name == "holm" else self.family.p


# --- the two sides ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs that a difference is made over."""

    pairing: Pairing
    correlation: float | None
    """None below three pairs."""
    won: int | None
    """Pairs that B won, by the metric's direction; None without one."""


@dataclass(frozen=True, slots=True)
class PartlyPaired:
    """What the runs say that share a key, where not all do: the groups are then not compared by it."""

    pairing: Pairing
    delta: float
    low: float | None
    """None below three pairs, for folds, and where every pair differs by the same amount."""
    high: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Group B against the baseline A in one metric."""

    metric: str
    goal: Goal
    """The metric's direction."""
    baseline: str
    group: str
    n_a: int
    """Values of the baseline that were used, or pairs."""
    n_b: int
    result: Tested | Untested
    pairs: Pairs | PartlyPaired | None = None
    level: float = 0.95
    """Of the interval."""
    alpha: float = 0.05
    """What the decisive p is held against."""

    @property
    def reason(self) -> Reason:
        return self.result.reason

    @property
    def tested(self) -> Tested | None:
        return self.result if isinstance(self.result, Tested) else None

    @property
    def pairing(self) -> Pairing | None:
        return self.pairs.pairing if isinstance(self.pairs, Pairs) else None

    @property
    def partly(self) -> PartlyPaired | None:
        return self.pairs if isinstance(self.pairs, PartlyPaired) else None

    @property
    def method(self) -> Method:
        """The test, or the family that has its own; of an interval without a test whose interval it is."""
        match self.result:
            case Tested(family=Family(name="dunnett" | "games-howell" | "tukey" as name)):
                return name
            case Tested(test=test) | TwoRuns(test=test):
                return test
            case _:
                return "none"

    @property
    def delta(self) -> float | None:
        return None if isinstance(self.result, Unmeasured) else self.result.delta

    @property
    def improvement(self) -> float | None:
        """``delta`` with the sign that makes positive better; None without a direction."""
        if self.delta is None or self.goal == "none":
            return None
        return -self.delta if self.goal == "minimize" and self.reason != "identical" else self.delta

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The ends of the interval, where there is one."""
        return (self.result.low, self.result.high) if isinstance(self.result, Tested | TwoRuns) else None

    @property
    def low(self) -> float | None:
        return self.bounds[0] if self.bounds else None

    @property
    def high(self) -> float | None:
        return self.bounds[1] if self.bounds else None

    @property
    def p(self) -> float | None:
        return self.tested.p if self.tested else None

    @property
    def p_holm(self) -> float | None:
        """Adjusted within its family by Holm; None when the family is this one test, and in other families."""
        family = self.tested.family if self.tested else None
        return family.p if family is not None and family.name == "holm" else None

    @property
    def p_decisive(self) -> float | None:
        return self.p if self.p_holm is None else self.p_holm

    @property
    def is_shown(self) -> bool | None:
        """Whether the test shows a difference; None where none was made."""
        return None if self.p_decisive is None else self.p_decisive <= self.alpha * (1 + 1e-9) and not self.is_doubted

    @property
    def is_doubted(self) -> bool:
        """Whether a second test must agree with what the test shows, and does not."""
        p = self.tested.p_check if self.tested else None
        return p is not None and p > self.alpha and self.p_decisive is not None and self.p_decisive <= self.alpha * (1 + 1e-9)

    @property
    def p_of_both(self) -> float | None:
        """The larger p of the two tests, where a second one must agree: for a table that makes no verdict of it."""
        check = self.tested.p_check if self.tested else None
        return self.p_decisive if self.p_decisive is None or check is None else max(self.p_decisive, check)

    @property
    def is_unequal(self) -> bool:
        """Whether it is of two independent groups of so unequal sizes that a second test must agree."""
        return self.tested is not None and self.pairing is None and are_unequal(self.n_a, self.n_b)

    @property
    def lift(self) -> Estimate | None:
        """The relative difference."""
        return self.result.lift if isinstance(self.result, Tested | TwoRuns) else None

    @property
    def power(self) -> Power | None:
        return self.tested.power if self.tested else None

    @property
    def effects(self) -> Effects | None:
        return self.tested.effects if self.tested else None

    @property
    def margin(self) -> MarginVerdict | None:
        return self.tested.margin if self.tested else None

    @property
    def look(self) -> Look | None:
        return self.tested.look if self.tested else None

    @property
    def lowered(self) -> tuple[Lowered, ...]:
        return self.tested.lowered if self.tested else ()

    @property
    def units(self) -> Units | None:
        """The two units that the values are in; None where they are in one."""
        return self.result.units if isinstance(self.result, Unmeasured) else None

    @property
    def won(self) -> int | None:
        """Pairs that B won; None without pairs or a direction."""
        return self.pairs.won if isinstance(self.pairs, Pairs) else None

    @property
    def strays(self) -> tuple[tuple[str, tuple[Stray, ...]], ...]:
        """(group, runs of other configurations) where these alone keep the groups from being compared."""
        return self.result.strays if isinstance(self.result, Searches) else ()

    @property
    def is_conditional(self) -> bool:
        """Whether it speaks only of the runs that succeeded, too few of all."""
        return self.tested is not None and self.tested.success is not None

    @property
    def is_contradicted(self) -> bool:
        """Whether the runs that share a key say another difference than all runs: intervals without a common value."""
        shared, own = self.partly, self.bounds
        if shared is None or own is None or shared.low is None or shared.high is None:
            return False
        return shared.high < own[0] or shared.low > own[1]

    @property
    def withdrawn(self) -> tuple[Withdrawal, ...]:
        """Why nothing good is said of the group though its test would say it; empty where nothing is withdrawn."""
        if self.tested is None or self._tested_outcome(self.tested) not in ("better", "equivalent", "not_worse"):
            return ()
        reasons: tuple[tuple[Withdrawal, bool], ...] = (
            ("failures", self.is_conditional),
            ("shared_keys", self.is_contradicted),
            ("split", self.tested.is_split_mismatch),
        )
        return tuple(reason for reason, holds in reasons if holds)

    @property
    def is_past_margin(self) -> bool | None:
        """Whether an improvement of the margin or more is shown; None without bounds against a declared margin."""
        within = self.margin
        return None if within is None or within.low is None else within.low > within.margin and not within.is_doubted

    @property
    def rests_on_pairs(self) -> bool:
        """Whether the answer would be another without the pairs."""
        found = self.tested.without_pairs if self.tested else None
        return found is not None and (found.test.p <= self.alpha) != self.is_shown

    @property
    def outcome(self) -> Outcome:
        """Better and worse come from a test alone, and only with a direction; a declared margin can make it milder."""
        match self.result:
            case Tested() as tested:
                return "incomparable" if self.withdrawn else self._tested_outcome(tested)
            case Unvarying():
                return "unclear"
            case Searches() | Dependent() | Unmeasured(reason="too_large" | "units"):
                return "incomparable"
            case _:
                return "too_few"

    def _tested_outcome(self, tested: Tested) -> Outcome:
        if tested.lowered:
            return "incomparable"
        improvement, margin = self.improvement, tested.margin
        if improvement is None:
            return "different" if self.is_shown else "unclear"
        if margin is not None and margin.equivalent:
            return "equivalent"
        if self.is_shown:
            return "better" if improvement > 0 else "worse"
        return "not_worse" if margin is not None and margin.state == "PASS" else "unclear"
