"""What was found where the groups should be alike: one sentence for each check, also where a check could not be made."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.compare.likeness import Likeness, SplitTest
from reportgen.analyze.methods.proportions import newcombe_interval, wilson_interval
from reportgen.formats import one_line, text_of
from reportgen.words.catalogue import Say
from reportgen.words.compare.terms import group_name, p_equation


def datasets_text(alike: Likeness, say: Say) -> str:
    if not any(alike.datasets.values()):
        return say("likeness-run-logged-data-set")
    if not alike.datasets_differ:
        names = next(iter(alike.datasets.values()))
        if len(names) > 4:
            return say("likeness-all-groups-logged-same", n_names=len(names))
        return say("likeness-all-groups-logged", name=say.listed([one_line(name, 60) for name in names]))
    return _by_group(alike.datasets, say)


def split_text(split: SplitTest, say: Say) -> str:
    """ "9 runs of A and 31 of B, declared 1 : 1; p < 0.001 (exact)." """
    counts = say.listed([say("likeness-of", n=n, label=group_name(label)) for label, n in split.counts.items()])
    declared = " : ".join(f"{split.parts[label]:g}" for label in split.counts)
    test = say("likeness-exact-binomial-test") if len(split.counts) == 2 else say("likeness-chi-squared-test")
    found = say("likeness-declared", counts=counts, declared=declared, p_equation=p_equation(split.p), test=test)
    return say("likeness-runs-group-lost-added", found=found) if split.is_mismatch else found


def steps_text(alike: Likeness, say: Say) -> str:
    if not alike.steps:
        return say("likeness-run-logged-more-point")
    if not alike.steps_differ:
        return say("likeness-every-run-ends-step", next=next(iter(alike.steps.values()))[0])
    return say("list-clause-separator").join(
        (
            say("likeness-last-step", label=group_name(label), low=low)
            if low == high
            else say("likeness-last-step-2", label=group_name(label), low=low, high=high)
            for label, (low, high) in alike.steps.items()
        )
    )


def commits_text(alike: Likeness, say: Say) -> str:
    if not any(alike.commits.values()):
        return say("likeness-run-git-commit-cannot")
    if not alike.commits_differ:
        return say("likeness-all-commit", next=one_line(next(c for commits in alike.commits.values() for c in commits), 40)[:10])
    return say("list-clause-separator").join(
        (
            say.named(group_name(label), say.listed([one_line(c, 40)[:10] for c in commits], 3))
            for label, commits in alike.commits.items()
            if commits
        )
    )


def sources_text(alike: Likeness, say: Say) -> str:
    return _named(alike.sources, say("likeness-script-notebook"), say)


def hardware_text(alike: Likeness, say: Say) -> str:
    named = {label: tuple(f"{name} = {value}" for name, value in pairs) for label, pairs in alike.hardware.items()}
    return _named(named, "hardware", say)


def _named(found: Mapping[str, tuple[str, ...]], what: str, say: Say) -> str:
    if not any(found.values()):
        return say("likeness-run-record-cannot-checked", what=what)
    if len({names for names in found.values() if names}) == 1:
        return say(
            "likeness-all",
            name=say.listed([one_line(name, 60) for name in next(names for names in found.values() if names)], 3),
        )
    return _by_group(found, say)


def _by_group(found: Mapping[str, tuple[str, ...]], say: Say) -> str:
    return say("list-clause-separator").join(
        (say.named(group_name(label), say.listed([one_line(n, 60) for n in names], 3)) for label, names in found.items())
    )


def failures_text(alike: Likeness, say: Say) -> str:
    parts = []
    ended = [n for _, n in alike.failed.values() if n]
    if len(ended) > 2 and not any(bad for bad, _ in alike.failed.values()):
        return say("likeness-none-runs-failed-gave", sum=sum(ended))
    for label, (bad, n) in alike.failed.items():
        if n:
            share = wilson_interval(bad, n)
            bounds = say("likeness-to", low=text_of(share.low, "percent"), high=text_of(share.high, "percent"))
            parts.append(say("likeness-failed-finite", label=group_name(label), bad=bad, n=n, bounds=bounds))
    return say("list-clause-separator").join(parts) or say("likeness-run-ended")


def failed_counts_text(alike: Likeness, say: Say) -> str:
    """ "Failed runs: 0 of 6 in control and 1 of 7 in new."; empty where no run has ended."""
    counts = [say("likeness-of-in", bad=bad, n=n, label=group_name(label)) for label, (bad, n) in alike.failed.items() if n]
    return say("likeness-failed-runs", counts=say.listed(counts, 8)) if counts else ""


def success_rates_text(comparison: Comparison, say: Say) -> str:
    """Success rates compared, where many runs of a group failed (Newcombe's interval); empty elsewhere."""
    alike, baseline = comparison.alike, comparison.baseline
    if alike is None or not alike.many_failed or baseline is None:
        return ""
    bad_a, n_a = alike.failed.get(baseline, (0, 0))
    parts = []
    for label, (bad, n) in alike.failed.items():
        if label != baseline and n and n_a:
            found = newcombe_interval(n_a - bad_a, n_a, n - bad, n)
            low, mid, high = (text_of(x * 100, "change", 0) for x in (found.low, found.value, found.high))
            parts.append(
                say(
                    "likeness-minus-pp-95-interval",
                    label=group_name(label),
                    baseline=group_name(baseline),
                    mid=mid,
                    low=low,
                    high=high,
                )
            )
    return say.stop(say.clauses(parts)) if parts else ""


def unfinished_text(comparison: Comparison, say: Say) -> str:
    unfinished = [say.named(group_name(g.label), f"{g.n_unfinished:,}") for g in comparison.groups if g.n_unfinished]
    return say("list-clause-separator").join(unfinished) if unfinished else say("likeness-every-run-ended")


def configurations_text(comparison: Comparison, say: Say) -> str:
    mixed = [g for g in comparison.groups if g.n_configurations > 1]
    ignored = sorted({name for g in comparison.groups for name in g.identifiers})
    tail = say("likeness-counted-configuration", name=say.listed([one_line(name, 40) for name in ignored])) if ignored else ""
    if not mixed:
        return say("likeness-configuration-group-seeds-folds", tail=tail)
    return (
        say("list-clause-separator").join(
            say("likeness-configurations", label=group_name(g.label), n_configurations=g.n_configurations) for g in mixed
        )
        + f".{tail}"
    )
