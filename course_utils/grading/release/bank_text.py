"""How a wrong answer of the bank is written as a right one with its mistake put in.

Directives stand in comments above an answer. A short replacement takes one line::

    # from: vectorised
    # replace: x.mean(axis=0) → x.mean()

One of whole lines is commented out, as an editor does it, with "# " before each line. Where nothing
follows ``# with:``, the lines are taken out::

    # from: loops
    # replace:
    #     for i in range(n):
    #         total += x[i]
    # with:
    #     total = x[0]

Each text must occur exactly once in the answer as it is by then; replacements are made in order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_DIRECTIVE = re.compile(r"^#\s+(points|says|like|from|replace):\s*(.*)$")
_BLOCK_ENDS = re.compile(r"^# (points|says|like|from|replace|with):")
_ARROW = "→"


@dataclass(frozen=True)
class Replacement:
    """One text for another.

    Attributes:
        old: text that occurs once.
        new: what takes its place.
        lines: whether both are whole lines.
    """

    old: str
    new: str
    lines: bool

    def apply(self, source: str) -> str:
        """Make the replacement.

        Raises:
            ValueError: the old text does not occur exactly once, or is the new one.
        """
        if self.old == self.new:
            raise ValueError(f"'{self.old}' is replaced by itself")
        text = f"\n{source}"  # so that a whole line has a line's end before it, wherever it stands
        old, new = (f"\n{self.old}\n", f"\n{self.new}\n") if self.lines else (self.old, self.new)
        if self.lines and not self.new:
            new = "\n"
        starts = [at for at in range(len(text)) if text.startswith(old, at)]
        if len(starts) != 1:
            raise ValueError(f"'{self.old}' occurs {len(starts)} times, not once")
        return (text[: starts[0]] + new + text[starts[0] + len(old) :])[1:]


@dataclass
class Directives:
    """What the comments above an answer say.

    Attributes:
        single: ``points``, ``says``, ``like`` and ``from``.
        replacements: in order.
        source: text of the answer below them.
    """

    single: dict[str, str] = field(default_factory=dict)
    replacements: list[Replacement] = field(default_factory=list)
    source: str = ""


def read(body: str) -> Directives:
    """Read the text below an answer's head.

    Raises:
        ValueError: a directive is written wrongly.
    """
    lines, found = body.strip("\n").splitlines(), Directives()
    while lines and (match := _DIRECTIVE.match(lines[0])):
        name, value = match[1], match[2].strip()
        lines.pop(0)
        if name == "replace":
            found.replacements.append(_inline(value) if value else _block(lines))
        elif name in found.single or not value:
            raise ValueError(f"'# {name}:' stands there twice, or says nothing")
        else:
            found.single[name] = value
    found.source = "\n".join(lines).strip("\n") + "\n"
    return found


def _inline(value: str) -> Replacement:
    old, *new = (part.strip() for part in value.split(_ARROW))
    if len(new) != 1 or not old:
        raise ValueError(f"'# replace: {value}' must have one text, one {_ARROW}, one text")
    return Replacement(old, new[0], lines=False)


def _block(lines: list[str]) -> Replacement:
    """Take a replacement of whole lines from the top of the lines."""
    old = "\n".join(_commented(lines))
    if not old or not lines or lines.pop(0).rstrip() != "# with:":
        raise ValueError("'# replace:' needs lines below it, then '# with:'")
    return Replacement(old, "\n".join(_commented(lines)), lines=True)


def _commented(lines: list[str]) -> Iterator[str]:
    while lines and lines[0].startswith("#") and not _BLOCK_ENDS.match(lines[0]):
        yield lines.pop(0)[1:].removeprefix(" ").rstrip()
