"""The two groups and the metric that a sentence is about, with their numbers printed alike: one number of decimals for all."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reportgen.analyze.compare.comparison import MetricComparison
from reportgen.analyze.compare.difference import Difference
from reportgen.analyze.compare.values import GroupValues
from reportgen.analyze.methods.samples import mean
from reportgen.analyze.metrics import Metric
from reportgen.formats import agreeing_digits, text_of
from reportgen.words.catalogue import Say
from reportgen.words.compare.terms import group_name
from reportgen.words.quantities import change_words, digits_with, label_of, value_words


@dataclass(frozen=True, slots=True)
class DifferenceWords:
    """The words of one difference ``d`` in one metric; ``digits`` is shared by all of the comparison."""

    metric: Metric
    d: Difference
    a: GroupValues
    b: GroupValues
    digits: int
    say: Say

    @property
    def name_a(self) -> str:
        return group_name(self.d.baseline)

    @property
    def name_b(self) -> str:
        return group_name(self.d.group)

    @property
    def label(self) -> str:
        return label_of(self.metric)

    def value(self, value: float | None) -> str:
        return value_words(self.metric, value, self.digits)

    def change(self, *deltas: float | None) -> tuple[str, ...]:
        """Differences with their signs, without unit; of percentages in points."""
        if self.metric.format == "percent":
            return tuple(text_of(None if delta is None else delta * 100, "change", self.digits) for delta in deltas)
        return tuple(change_words(self.metric, delta, self.digits) for delta in deltas)

    @property
    def unit(self) -> str:
        return self.say("subject-pp") if self.metric.format == "percent" else ""

    def size(self, size: float | None) -> str:
        """A difference without its sign; of percentages in points."""
        if size is None or self.metric.format != "percent":
            return self.value(size)
        return self.say("subject-pp-2", size=text_of(size * 100, "number", self.digits))

    def delta(self) -> str:
        return f"{self.change(self.d.delta)[0]}{self.unit}"

    def means(self) -> str:
        """ "mean 0.912 against 0.905"; of the pairs when runs are paired, which is said where some runs have no partner."""
        if (pairing := self.d.pairing) is not None:
            which = self.say("subject-pairs", n=pairing.n) if pairing.left_a or pairing.left_b else ""
            return self.say(
                "subject-mean-against", mean=self.value(mean(pairing.b)), mean_2=self.value(mean(pairing.a)), which=which
            )
        return self.say("subject-mean-against-2", mean=self.value(self.b.mean), mean_2=self.value(self.a.mean))

    def interval(self) -> str:
        delta, low, high = self.change(self.d.delta, self.d.low, self.d.high)
        return f"{delta} [{low}, {high}]{self.unit}"


def words_of(compared: MetricComparison, difference: Difference, metric: Metric, say: Say) -> DifferenceWords:
    values = {group.label: group for group in compared.groups}
    return DifferenceWords(
        metric, difference, values[difference.baseline], values[difference.group], comparison_digits(metric, compared), say
    )


def comparison_digits(metric: Metric, compared: MetricComparison) -> int:
    """One number of decimals for every mean, interval and difference of a metric."""
    groups = [(g.high - g.low) / 2 for g in compared.groups if g.low is not None and g.high is not None]
    pairs = [(d.high - d.low) / 2 for d in compared.differences if d.low is not None and d.high is not None]
    digits = digits_with(metric, [*groups, *pairs])
    if metric.digits_given:
        return digits
    f = 100.0 if metric.format == "percent" else 1.0
    told = [
        (f * means[0], f * means[1], f * d.delta)
        for d in compared.differences
        if d.delta is not None and (means := _means_of(compared, d)) is not None
    ]
    least = digits_with(replace(metric, digits=0), [*groups, *pairs], most=12)
    return agreeing_digits(told, digits, min(digits, least) if groups or pairs else digits)


def _means_of(compared: MetricComparison, d: Difference) -> tuple[float, float] | None:
    """The two means that stand beside the difference: those of the pairs, or those of the groups."""
    if d.pairing is not None:
        return mean(d.pairing.a), mean(d.pairing.b)
    values = {group.label: group.mean for group in compared.groups}
    a, b = values.get(d.baseline), values.get(d.group)
    return None if a is None or b is None else (a, b)
