"""What was found where the groups should be alike: one sentence for each check, also where a check could not be made."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.analyze.compare.comparison import Comparison
from reportgen.analyze.compare.likeness import Likeness, SplitTest
from reportgen.analyze.methods.proportions import newcombe_interval, wilson_interval
from reportgen.formats import listed, one_line, text_of
from reportgen.words.compare.terms import group_name, p_equation


def datasets_text(alike: Likeness) -> str:
    if not any(alike.datasets.values()):
        return "No run logged a data set, so this cannot be checked."
    if not alike.datasets_differ:
        names = next(iter(alike.datasets.values()))
        if len(names) > 4:
            return f"All groups logged the same {len(names)} data sets, told by their digests."
        return f"All groups logged {listed([one_line(name, 60) for name in names])}."
    return _by_group(alike.datasets)


def split_text(split: SplitTest) -> str:
    """ "9 runs of A and 31 of B, declared 1 : 1; p < 0.001 (exact)." """
    counts = listed([f"{n:,} of {group_name(label)}" for label, n in split.counts.items()])
    declared = " : ".join(f"{split.parts[label]:g}" for label in split.counts)
    test = "exact binomial test" if len(split.counts) == 2 else "chi-squared test"
    found = f"{counts}, declared {declared}; {p_equation(split.p)} ({test})."
    return f"{found} Runs of a group were lost or added: find out why before the verdict is used." if split.is_mismatch else found


def steps_text(alike: Likeness) -> str:
    if not alike.steps:
        return "No run logged more than one point, so this cannot be checked."
    if not alike.steps_differ:
        return f"Every run ends at step {next(iter(alike.steps.values()))[0]:,}."
    return "; ".join(
        f"{group_name(label)}: last step {low:,}" if low == high else f"{group_name(label)}: last step {low:,} to {high:,}"
        for label, (low, high) in alike.steps.items()
    )


def commits_text(alike: Likeness) -> str:
    if not any(alike.commits.values()):
        return "No run has a git commit, so this cannot be checked."
    if not alike.commits_differ:
        return f"All at commit {one_line(next(c for commits in alike.commits.values() for c in commits), 40)[:10]}."
    return "; ".join(
        f"{group_name(label)}: {listed([one_line(c, 40)[:10] for c in commits], 3)}"
        for label, commits in alike.commits.items()
        if commits
    )


def sources_text(alike: Likeness) -> str:
    return _named(alike.sources, "script or notebook")


def hardware_text(alike: Likeness) -> str:
    named = {label: tuple(f"{name} = {value}" for name, value in pairs) for label, pairs in alike.hardware.items()}
    return _named(named, "hardware")


def _named(found: Mapping[str, tuple[str, ...]], what: str) -> str:
    if not any(found.values()):
        return f"No run has its {what} on record, so this cannot be checked."
    if len({names for names in found.values() if names}) == 1:
        return f"All: {listed([one_line(name, 60) for name in next(names for names in found.values() if names)], 3)}."
    return _by_group(found)


def _by_group(found: Mapping[str, tuple[str, ...]]) -> str:
    return "; ".join(f"{group_name(label)}: {listed([one_line(n, 60) for n in names], 3)}" for label, names in found.items())


def failures_text(alike: Likeness) -> str:
    parts = []
    ended = [n for _, n in alike.failed.values() if n]
    if len(ended) > 2 and not any(bad for bad, _ in alike.failed.values()):
        return f"None of {sum(ended):,} runs failed or gave no finite value."
    for label, (bad, n) in alike.failed.items():
        if n:
            share = wilson_interval(bad, n)
            bounds = f"{text_of(share.low, 'percent')} to {text_of(share.high, 'percent')}"
            parts.append(f"{group_name(label)}: {bad} of {n} failed or not finite ({bounds})")
    return "; ".join(parts) or "No run has ended."


def failed_counts_text(alike: Likeness) -> str:
    """ "Failed runs: 0 of 6 in control and 1 of 7 in new."; empty where no run has ended."""
    counts = [f"{bad} of {n} in {group_name(label)}" for label, (bad, n) in alike.failed.items() if n]
    return f"Failed runs: {listed(counts, 8)}." if counts else ""


def success_rates_text(comparison: Comparison) -> str:
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
            parts.append(f"{group_name(label)} minus {group_name(baseline)}: {mid} pp (95 % interval {low} to {high})")
    return f"{'; '.join(parts)}." if parts else ""


def unfinished_text(comparison: Comparison) -> str:
    unfinished = [f"{group_name(g.label)}: {g.n_unfinished:,}" for g in comparison.groups if g.n_unfinished]
    return "; ".join(unfinished) if unfinished else "Every run has ended."


def configurations_text(comparison: Comparison) -> str:
    mixed = [g for g in comparison.groups if g.n_configurations > 1]
    ignored = sorted({name for g in comparison.groups for name in g.identifiers})
    tail = f" Not counted as configuration: {listed([one_line(name, 40) for name in ignored])}." if ignored else ""
    if not mixed:
        return f"One configuration in each group, seeds and folds aside.{tail}"
    return "; ".join(f"{group_name(g.label)}: {g.n_configurations:,} configurations" for g in mixed) + f".{tail}"
