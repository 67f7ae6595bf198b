"""What belongs to runs and cannot be read is in the books also when no history is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.collect import Selection, collect
from reportgen.collect.selection import UNREADABLE
from tests.collect.file_stores import Store


@pytest.mark.parametrize("with_history", [True, False])
def test_params_that_cannot_be_read_are_left_out_with_and_without_histories(tmp_path: Path, with_history: bool) -> None:
    store = Store(tmp_path / "mlruns")
    store.experiment()
    run = store.run(1, files={"params/lr": "1", "tags/a": "b", "metrics/loss": "1 0.5 0\n"})
    (run / "params" / "link").symlink_to("/etc/hostname")
    snapshot = collect(str(store.root), Selection(with_history=with_history))
    row = next(row for row in snapshot.ledger if row.item == "params")
    assert (row.n_store, row.n_read, row.left_out) == (2, 1, ((UNREADABLE, 1),))
    assert [problem.slug for problem in snapshot.problems] == ["params-unreadable"]
