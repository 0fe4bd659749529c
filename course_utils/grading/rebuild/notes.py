"""What the course tells a student about a hand-in: notes, and reasons why it can't be graded."""

from dataclasses import dataclass
from typing import Any

LONGEST_NAME = 60


@dataclass(frozen=True)
class Note:
    """One Spanish sentence for the student.

    Attributes:
        text: the sentence.
        review: whether a person should look at the hand-in because of it.
    """

    text: str
    review: bool = False


class Refusal(Exception):
    """A hand-in, or one file of it, can't be used; the message is the student's Spanish reason."""


def shown(name: str) -> str:
    """A name that a student chose, made harmless for a sentence in a page, a CSV or a terminal."""
    plain = "".join(sign if sign.isalnum() or sign in " ._-()," else "·" for sign in name)
    return f"«{plain if len(plain) <= LONGEST_NAME else plain[: LONGEST_NAME - 1] + '…'}»"


def to_json(notes: list[Note]) -> list[dict[str, Any]]:
    """Notes as a notebook's metadata and the records hold them."""
    return [{"text": note.text, "review": note.review} for note in notes]


def from_json(stored: list[dict[str, Any]]) -> list[Note]:
    """The notes that ``to_json`` wrote."""
    return [Note(note["text"], note["review"]) for note in stored]
