"""Limits on what is read of a submission."""

from dataclasses import dataclass

MEGABYTE = 2**20


@dataclass(frozen=True)
class Limits:
    """Bounds of one submission; anything larger is refused before it costs time or memory.

    Attributes:
        notebook: bytes of one notebook (saved figures take tens of megabytes).
        data: bytes of any other file.
        total: bytes read in all, ZIPs unpacked.
        files: files and folders that are counted.
        depth: levels of folders below the submission's own.
        brackets: JSON lists and objects of a notebook: each costs up to 72 bytes of memory.
        keys: names in JSON objects of a notebook.
        commas: JSON elements of a notebook.
        json_lines: lines of a notebook file whose merge conflicts are resolved.
        notebooks: notebooks of one submission that are compared.
        cells: cells of a notebook.
        source: characters of one code cell.
        text: characters of any other cell: Colab writes pictures into text cells.
        characters: of all cells together.
        lines: of all cells together.
        directory: bytes of a ZIP's table of contents.
    """

    notebook: int = 64 * MEGABYTE
    data: int = 16 * MEGABYTE
    total: int = 128 * MEGABYTE
    files: int = 300
    depth: int = 6
    brackets: int = 500_000
    keys: int = 500_000
    commas: int = 3_000_000
    json_lines: int = 500_000
    notebooks: int = 10
    cells: int = 2_000
    source: int = 200_000
    text: int = 4_000_000
    characters: int = 16_000_000
    lines: int = 100_000
    directory: int = MEGABYTE // 8


DEFAULT = Limits()
