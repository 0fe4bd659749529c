"""What the course tells a student about a submission: notes, and reasons for a refusal."""

from dataclasses import dataclass
from typing import Any

LONGEST_NAME = 60


@dataclass(frozen=True)
class Note:
    """One Spanish sentence for the student.

    Attributes:
        text: the sentence.
        review: whether a person should look at the submission because of the note.
    """

    text: str
    review: bool = False


class Refusal(Exception):
    """A submission or one of its files can't be used; the Spanish message tells the student why."""


def shown(name: str) -> str:
    """Make a name that a student chose harmless for a sentence in a page, a CSV or a terminal."""
    plain = "".join(sign if sign.isalnum() or sign in " ._-()," else "·" for sign in name)
    return f"«{plain if len(plain) <= LONGEST_NAME else plain[: LONGEST_NAME - 1] + '…'}»"


def to_json(notes: list[Note]) -> list[dict[str, Any]]:
    """Convert notes to the form in which a notebook's metadata and the records store them."""
    return [{"text": note.text, "review": note.review} for note in notes]


def from_json(stored: list[dict[str, Any]]) -> list[Note]:
    """Read the notes that ``to_json`` wrote."""
    return [Note(note["text"], note["review"]) for note in stored]
