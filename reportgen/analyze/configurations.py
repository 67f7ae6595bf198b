"""Which runs are of one configuration over time (parameters but seeds and folds, of one experiment), and what it is called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from reportgen.analyze.replicates import Configuration, configuration, group_label, naming_by_experiment, varying_params
from reportgen.analyze.runs import Run

ConfigurationKey = tuple[str, Configuration, str]
"""Experiment, parameters, and the name of a run that has no parameters."""


class Configurations:
    """The configurations of some runs: the key of each run's, and its label."""

    def __init__(self, runs: Sequence[Run]) -> None:
        finished = [run for run in runs if run.finished]
        by_experiment: dict[str, list[Run]] = {}
        for run in finished:
            by_experiment.setdefault(run.experiment_id, []).append(run)
        # Paths, ids and dates differ from run to run and make no configuration.
        self._without = naming_by_experiment(finished)
        self._varying = {
            id_: tuple(name for name in varying_params(members) if name not in self._without[id_])
            for id_, members in by_experiment.items()
        }
        self._several = len(by_experiment) > 1

    def of(self, run: Run) -> ConfigurationKey:
        """What runs of one configuration have in common."""
        found = configuration(run, without=self._without.get(run.experiment_id, ()))
        return (run.experiment_id, found, "" if run.params else run.name)

    def label(self, run: Run) -> str:
        """What tells it from the others of its experiment; the experiment, where there are several."""
        words = group_label([run], self._varying.get(run.experiment_id, ())) if self._varying.get(run.experiment_id) else ""
        place = run.experiment if self._several or not words else ""
        return ": ".join(word for word in (place, words) if word) if run.params else (run.name or run.run_id[:8])


def start_of(run: Run) -> datetime:
    """The start of a run that has one."""
    assert run.started_at is not None  # runs without a start are in no period
    return run.started_at


def periods_ago(run: Run, start: datetime, length: timedelta) -> int:
    """How many periods of ``length`` lie between the run's start and ``start``; 0 for the period just before it."""
    return int((start - start_of(run) - timedelta(microseconds=1)) / length)
