"""What all tests share."""

from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the bank of answers came to, and how the engines compare."""
    _compare_engines(terminalreporter)
    total: Counter[str] = Counter()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            total.update(dict(getattr(report, "user_properties", [])).get("bank", {}))
    if not total:
        return
    terminalreporter.section("bank of answers")
    terminalreporter.line(
        f"{total['answers']} answers to {total['exercises']} exercises graded with nbgrader: "
        f"{total['right']} right ones, of which {total['lost']} lost a point; "
        f"{total['wrong']} wrong ones, of which {total['full']} got full marks; "
        f"{total['unsaid']} without their sentence"
    )


def _compare_engines(terminalreporter: pytest.TerminalReporter) -> None:
    reports = (r for of in ("passed", "failed") for r in terminalreporter.stats.get(of, []))
    rows = [row for r in reports for kind, row in r.user_properties if kind == "engines"]
    if not rows:
        return
    terminalreporter.section("engines")
    heads = ("hand-ins", "cells", "different", "fork s", "cold s", "Dask s")
    for name, *values in [("", *heads), *rows]:
        terminalreporter.line(f"{name:60s}" + "".join(f"{value:>11}" for value in values))
