"""What a notebook lacks in Google Colab, where it is opened without its folder."""

import html
import shutil
import sys
from pathlib import Path

CLONE = Path("curso")  # where the set-up cell of a release puts the course's repository


def here() -> bool:
    """Whether this session runs in Google Colab."""
    return "google.colab" in sys.modules


def bring(unit: str, clone: Path = CLONE) -> list[Path]:
    """Copy the files that a unit's notebook reads into the working directory.

    What is there already is left as it is.

    Args:
        unit: short id of the unit, such as ``u1``.
        clone: the course's repository, as the set-up cell fetched it.

    Returns:
        The unit's pictures, in the order of their names.
    """
    released = next(clone.glob(f"release/{int(unit[1:]):02d}-*"), None)
    if released is None:
        return []
    for file in sorted(released.rglob("*")):
        target = Path(file.relative_to(released))
        if file.is_file() and file.suffix != ".ipynb" and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
    return sorted(Path("figuras").glob("*.svg"))


def show_pictures(pictures: list[Path]) -> None:
    """Show the pictures of the texts, which Colab can't load, folded below the set-up cell."""
    from IPython.display import HTML, display

    drawn = "".join(
        f'<figure style="background:white;padding:1em"><figcaption style="color:black">'
        f"{html.escape(picture.name)}</figcaption>{picture.read_text(encoding='utf-8')}</figure>"
        for picture in pictures
    )
    title = "Las figuras de los textos (Colab no las muestra en su lugar): ábrelas aquí"
    display(HTML(f'<details lang="es"><summary>{title}</summary>{drawn}</details>'))
