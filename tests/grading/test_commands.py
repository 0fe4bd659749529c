"""The command line as an instructor meets it: help with examples, JSON."""

import argparse
import json
from collections.abc import Iterator

import pytest

from course_utils.grading.commands.cli import _parser, main
from tests.grading.courses import ROOT


def subcommands() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in _parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


@pytest.mark.parametrize(("name", "parser"), subcommands())
def test_the_help_of_every_command_shows_a_call_that_it_takes(name, parser):
    examples = [line for line in parser.format_help().splitlines() if "example: " in line]
    assert examples
    for example in examples:
        words = example.partition("example: course ")[2].split()
        assert words[0] == name
        assert callable(_parser().parse_args(words).run)


def test_check_answers_in_json(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert main(["check", "u1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"01-regresion-logistica-keras": []}
