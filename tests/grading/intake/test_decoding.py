"""An answer's accents come out as they were typed, whatever the file was saved in."""

import json

import pytest

from course_utils.grading.intake import notebooks
from course_utils.grading.intake.decoding import CUT, ENCODING, GUESSED, PAGE, SCRIPT, decode
from course_utils.grading.rebuild.cells import StudentCell
from course_utils.grading.rebuild.notes import Refusal

ANSWER = (
    "def tamaño(época, ángulo):\n"
    "    # ¿Y la función de pérdida? ¡También!\n"
    '    return "año, más, aquí, razón, útil, pingüino, Ñandú"'
)
ENCODINGS = ["cp1252", "latin-1", "iso8859_15", "mac_roman", "cp850"]


def saved(source: str, encoding: str) -> bytes:
    """A notebook with one cell."""
    cell = {"cell_type": "code", "source": source, "metadata": {}}
    return json.dumps({"cells": [cell], "nbformat": 4}, ensure_ascii=False).encode(encoding)


def read(content: bytes) -> str:
    (cell,), notes = notebooks.read(content)
    assert isinstance(cell, StudentCell)
    assert notes == [ENCODING]
    return cell.source


@pytest.mark.parametrize("encoding", [*ENCODINGS, "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_an_answer_comes_out_as_it_was_typed(encoding):
    assert read(saved(ANSWER, encoding)) == ANSWER


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("word", ["función", "año", "está", "Índice", "¿qué?", "vergüenza"])
def test_one_word_is_enough(encoding, word):
    assert read(saved(f"# {word}", encoding)) == f"# {word}"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("cp1252", "5 € — “así”"), ("iso8859_15", "x = '5 €'"), ("cp1252", "Sí: Kullback–Leibler"),
     ("mac_roman", "“así” — qué…"), ("cp1252", "Gràcies, això és tot")],
)  # fmt: skip
def test_signs_that_the_encodings_write_differently(encoding, text):
    assert read(saved(text, encoding)) == text


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_utf_8_with_some_bytes_of_another_encoding(encoding):
    content = saved(f"{ANSWER}\n# @", "utf-8").replace(b"@", "añadió esto".encode(encoding))
    assert read(content) == f"{ANSWER}\n# añadió esto"


@pytest.mark.parametrize("encoding", ["cp1251", "iso8859_7", "shift_jis", "gbk"])
def test_what_is_no_spanish_is_shown_to_a_person(encoding):
    text = {"cp1251": "ответ", "iso8859_7": "απάντηση", "shift_jis": "答えは", "gbk": "答案是"}
    _, notes = decode(saved(text[encoding] * 3, encoding))
    assert notes == [GUESSED]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<<<<<<< HEAD\n{\n=======\n{", CUT),
        ("# Mi tarea\n\nhola", CUT),
        ("# Mi tarea\nimport numpy as np", SCRIPT),
        ("# %%\nx = 1", SCRIPT),
        ("from numpy import mean", SCRIPT),
        ("\n<html lang='es'>", PAGE),
    ],
)
def test_what_a_file_is_said_to_be_is_what_it_is(text, reason):
    with pytest.raises(Refusal) as refused:
        notebooks.read(text.encode())
    assert str(refused.value) == reason
