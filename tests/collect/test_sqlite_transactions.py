"""Connections of one process let go of a file together."""

from __future__ import annotations

import threading
import time

from reportgen.collect.sql.sqlite_transactions import SqliteTransactions


def test_who_comes_late_waits_until_all_are_done() -> None:
    transactions = SqliteTransactions(seconds=0.02)
    events: list[str] = []
    began, go = threading.Event(), threading.Event()

    def first() -> None:
        with transactions.transaction():
            began.set()
            go.wait(5)
            events.append("first ends")

    def late() -> None:
        with transactions.transaction():
            events.append("late begins")

    one = threading.Thread(target=first)
    one.start()
    assert began.wait(5)
    with transactions.transaction():  # within the moment: it joins
        pass
    time.sleep(0.05)
    two = threading.Thread(target=late)
    two.start()
    two.join(0.1)
    assert two.is_alive()
    assert events == []
    go.set()
    one.join(5)
    two.join(5)
    assert events == ["first ends", "late begins"]


def test_alone_means_that_no_turn_is_open_and_none_begins() -> None:
    transactions = SqliteTransactions(seconds=10)
    events: list[str] = []
    began, go = threading.Event(), threading.Event()

    def reader(name: str) -> None:
        with transactions.transaction():
            events.append(f"{name} begins")
            began.set()
            go.wait(5)
        events.append(f"{name} ends")

    one = threading.Thread(target=reader, args=("one",))
    one.start()
    assert began.wait(5)
    threading.Timer(0.05, go.set).start()
    with transactions.exclusive():
        assert events[0] == "one begins"
        assert go.is_set()
        two = threading.Thread(target=reader, args=("two",))
        two.start()
        two.join(0.1)
        assert "two begins" not in events
    one.join(5)
    two.join(5)
    assert "two ends" in events
