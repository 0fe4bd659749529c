"""What happens to notebooks between a student and a teacher, each with what must come of it.

Every damage starts from the same right submission of a unit, so the list runs on any unit.
"""

import codecs
import copy
import gzip
import io
import json
import os
import socket
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course_utils.grading.intake import GRADED, REVIEW, UNREADABLE

Notebook = dict[str, Any]
CONFLICT = "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> otra\n"
MEGABYTE = 2**20


class Case:
    """One student's folder, to be filled.

    Args:
        folder: the hand-in's folder, which is there.
        unit: name of the unit.
        right: a released notebook with right answers.
        released: the released notebook.
    """

    def __init__(self, folder: Path, unit: str, right: NotebookNode, released: NotebookNode):
        self.folder, self.unit = folder, unit
        self.nb: Notebook = json.loads(json.dumps(right))
        self.blank: Notebook = json.loads(json.dumps(released))
        self.path = folder / f"{unit}.ipynb"
        self.first, self.second = self.exercises()[:2]

    def exercises(self) -> list[str]:
        """Names of the code answers."""
        return [
            cell["id"]
            for cell in self.nb["cells"]
            if cell["cell_type"] == "code"
            and cell["metadata"].get("nbgrader", {}).get("solution", False)
        ]

    def at(self, name: str) -> int:
        """Index of a cell by its id."""
        return next(i for i, cell in enumerate(self.nb["cells"]) if cell.get("id") == name)

    def cell(self, name: str) -> dict[str, Any]:
        """A cell by its id."""
        found: dict[str, Any] = self.nb["cells"][self.at(name)]
        return found

    def stub(self, name: str) -> str:
        """The released text of a cell."""
        return next(cell["source"] for cell in self.blank["cells"] if cell["id"] == name)

    def put(self, index: int, source: str, kind: str = "code") -> None:
        """Insert a cell such as a student adds: no id, no nbgrader metadata."""
        cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source}
        if kind == "code":
            cell |= {"outputs": [], "execution_count": None}
        self.nb["cells"].insert(index, cell)

    def drop(self, *names: str) -> None:
        """Delete cells."""
        self.nb["cells"] = [cell for cell in self.nb["cells"] if cell.get("id") not in names]

    def tests(self) -> list[str]:
        """Names of the test cells."""
        return [
            cell["id"] for cell in self.nb["cells"] if cell["id"].endswith(("-visible", "-oculto"))
        ]

    def reflection(self) -> str:
        """Name of the written answer."""
        return next(c["id"] for c in self.nb["cells"] if c["id"].endswith("-reflexion"))

    def text(self) -> str:
        """The notebook as JSON."""
        return json.dumps(self.nb, ensure_ascii=False, indent=1)

    def write(self, content: str | bytes | None = None, path: Path | None = None) -> Path:
        """Write the notebook, or something else, to its place or to another."""
        path = path or self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        content = self.text() if content is None else content
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def zipped(self, *members: tuple[str, bytes], path: Path | None = None) -> None:
        """Write a ZIP in place of the notebook."""
        self.write(zip_of(*members), path or self.folder / "entrega.zip")

    def outside(self, name: str) -> Path:
        """A path in the course's folder that is nobody's hand-in."""
        student = self.folder.parent
        return student.parents[1] / "afuera" / student.name / name

    def named(self, name: str) -> None:
        """Write the notebook under another name."""
        self.write(path=self.folder / name)


@dataclass(frozen=True)
class Damage:
    """One way to be damaged.

    Attributes:
        apply: fills a case's folder.
        state: how it must end.
        says: fragment of the note; empty: there must be no note.
        lost: "" for full marks, "first" where the first exercise is lost, "all" for no points.
    """

    apply: Callable[[Case], Any]
    state: str
    says: str
    lost: str

    @property
    def name(self) -> str:
        """A student's id."""
        return self.apply.__name__.replace("_", "-")


DAMAGES: list[Damage] = []


def damage(state: str = GRADED, says: str = "", lost: str = "") -> Callable[[Any], Any]:
    """Add a damage to the list."""

    def add(apply: Callable[[Case], Any]) -> Callable[[Case], Any]:
        DAMAGES.append(Damage(apply, state, says, lost))
        return apply

    return add


def zip_of(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP in memory."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def each_cell(case: Case, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change every cell, then write."""
    for cell in case.nb["cells"]:
        change(cell)
    case.write()


# --- honest ones: nothing to note ---------------------------------------------------------------


@damage()
def untouched(case: Case) -> None:
    case.write()


@damage()
def byte_order_mark(case: Case) -> None:
    case.write(codecs.BOM_UTF8 + case.text().encode())


@damage()
def windows_line_ends_in_the_file(case: Case) -> None:
    case.write(case.text().replace("\n", "\r\n"))


@damage()
def windows_line_ends_in_the_cells(case: Case) -> None:
    each_cell(case, lambda cell: cell.update(source=cell["source"].replace("\n", "\r\n")))


@damage()
def old_mac_line_ends_in_the_cells(case: Case) -> None:
    each_cell(case, lambda cell: cell.update(source=cell["source"].replace("\n", "\r")))


@damage()
def sources_as_lists(case: Case) -> None:
    each_cell(case, lambda cell: cell.update(source=cell["source"].splitlines(keepends=True)))


@damage()
def format_4_0_without_ids(case: Case) -> None:
    case.nb["nbformat_minor"] = 0
    each_cell(case, lambda cell: cell.pop("id"))


@damage()
def format_4_5_with_missing_ids(case: Case) -> None:
    for cell in case.nb["cells"][::2]:
        del cell["id"]
    case.write()


@damage()
def duplicate_cell_ids(case: Case) -> None:
    each_cell(case, lambda cell: cell.update(id="misma"))


@damage()
def invalid_cell_ids(case: Case) -> None:
    each_cell(case, lambda cell: cell.update(id="¡no vale! " * 20))


@damage()
def no_notebook_metadata(case: Case) -> None:
    case.nb["metadata"] = {}
    case.write()


@damage()
def no_metadata_key_at_all(case: Case) -> None:
    del case.nb["metadata"]
    case.write()


@damage()
def another_kernel(case: Case) -> None:
    case.nb["metadata"] = {"kernelspec": {"name": "julia-1.9", "display_name": "Julia"}}
    case.write()


@damage()
def a_kernel_of_another_name(case: Case) -> None:
    spec = {"name": "conda-env-tf-py", "display_name": "tf", "language": "python"}
    case.nb["metadata"] = {"kernelspec": spec, "language_info": {"name": "python"}}
    case.write()


@damage()
def outputs_of_forty_megabytes(case: Case) -> None:
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBO" * 10**7}}
    case.cell(case.first)["outputs"] = [picture]
    case.write()


@damage()
def outputs_that_are_no_outputs(case: Case) -> None:
    case.cell(case.first)["outputs"] = [{"output_type": "magic"}, 3, None]
    case.write()


@damage()
def an_execution_count_in_words(case: Case) -> None:
    case.cell(case.first)["execution_count"] = "tercera"
    case.write()


@damage()
def a_format_of_the_future(case: Case) -> None:
    case.nb |= {"nbformat": 9, "nbformat_minor": 9}
    case.write()


@damage()
def no_format_number(case: Case) -> None:
    del case.nb["nbformat"], case.nb["nbformat_minor"]
    case.write()


@damage()
def widgets_state(case: Case) -> None:
    case.nb["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"x": 1}}
    case.write()


@damage()
def half_a_character(case: Case) -> None:
    case.cell(case.first)["source"] += "\ud83d"
    case.write(json.dumps(case.nb))


@damage()
def a_null_character(case: Case) -> None:
    case.cell(case.first)["source"] += "\0"
    case.write()


@damage()
def nbgrader_metadata_of_an_old_schema(case: Case) -> None:
    for cell in case.nb["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["schema_version"] = 1
    case.write()


@damage()
def nbgrader_metadata_of_a_newer_schema(case: Case) -> None:
    for cell in case.nb["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["schema_version"] = 99
    case.write()


@damage()
def locks_and_flags_turned_over(case: Case) -> None:
    for cell in case.nb["cells"]:
        flags = cell["metadata"].get("nbgrader", {})
        for flag in {"grade", "solution", "locked"} & set(flags):
            flags[flag] = not flags[flag]
    case.write()


@damage()
def nbgrader_metadata_that_is_only_a_name(case: Case) -> None:
    for cell in case.nb["cells"]:
        if "nbgrader" in cell["metadata"]:
            name = cell["metadata"]["nbgrader"]["grade_id"]
            cell["metadata"]["nbgrader"] = {"grade_id": name}
    case.write()


@damage()
def an_unknown_managed_cell(case: Case) -> None:
    case.put(3, "mas = 1")
    case.nb["cells"][3]["metadata"] = {"nbgrader": {"grade_id": "inventada", "grade": True}}
    case.write()


@damage()
def scratch_cells_that_fail(case: Case) -> None:
    case.put(case.at(case.first) + 1, "1 / 0")
    case.put(case.at(case.second), "esto no es python")
    case.write()


@damage()
def scratch_cells_that_print_and_draw(case: Case) -> None:
    case.put(case.at(case.second), "import sys\nprint('hola', file=sys.stderr)\nprint('x' * 10000)")
    case.put(0, "# Mis apuntes\n\n![](nada.png)", "markdown")
    case.write()


@damage()
def moved_cells(case: Case) -> None:
    case.nb["cells"].reverse()
    case.write()


@damage()
def a_copied_cell_without_changes(case: Case) -> None:
    index = case.at(case.first)
    case.nb["cells"].insert(index, copy.deepcopy(case.nb["cells"][index]))
    case.write()


@damage()
def an_untouched_copy_of_an_answer(case: Case) -> None:
    index = case.at(case.first)
    other = copy.deepcopy(case.nb["cells"][index]) | {"source": case.stub(case.first)}
    case.nb["cells"].insert(index + 1, other)
    case.write()


@damage()
def a_picture_of_a_megabyte_in_a_text_cell(case: Case) -> None:
    case.put(3, f"![x.png](data:image/png;base64,{'iVBO' * 250_000})", "markdown")
    case.write()


@damage()
def checkpoints_beside_it(case: Case) -> None:
    case.write()
    name = f"{case.unit}-checkpoint.ipynb"
    case.write(json.dumps(case.blank), case.folder / ".ipynb_checkpoints" / name)


@damage(REVIEW, says="la hora de tu entrega")
def a_broken_timestamp(case: Case) -> None:
    case.write()
    (case.folder / "timestamp.txt").write_text("ayer a la tarde")


@damage(REVIEW, says="la hora de tu entrega")
def a_time_of_an_unknown_zone(case: Case) -> None:
    case.write()
    (case.folder / "timestamp.txt").write_text("2026-03-07 23:59:00 ART")


@damage()
def a_data_file_beside_it(case: Case) -> None:
    case.write()
    (case.folder / "datos.csv").write_text("a,b\n1,2\n")


@damage()
def own_files_beside_it(case: Case) -> None:
    case.write()
    case.write("def doble(x):\n    return 2 * x\n", case.folder / "mis_funciones.py")
    case.write('{"lr": 0.1}', case.folder / "config.json")
    case.write("1,2\n", case.folder / "datos" / "mios.csv")


@damage()
def own_files_that_are_zips_inside(case: Case) -> None:
    case.write()
    for name in ("datos.npz", "modelo.keras", "pesos.pt"):
        case.write(zip_of(("config.json", b"{}")), case.folder / name)


@damage(says="«datos.xlsx», «modelo.pkl» no se usaron")
def own_files_of_other_kinds(case: Case) -> None:
    case.write()
    case.write(zip_of(("[Content_Types].xml", b"")), case.folder / "datos.xlsx")
    case.write(b"\x80\x04N.", case.folder / "modelo.pkl")


@damage(REVIEW, "Tu código nombra «modelo.pkl»")
def a_file_that_is_left_out_and_named_in_a_cell(case: Case) -> None:
    case.put(case.at(case.first), "try:\n    open('modelo.pkl')\nexcept OSError:\n    pass")
    case.write()
    case.write(b"\x80\x04N.", case.folder / "modelo.pkl")


@damage(says="se llama como una biblioteca")
def a_module_called_like_a_library(case: Case) -> None:
    case.write()
    case.write("raise SystemExit", case.folder / "numpy.py")


@damage(says="su nombre, o el de una de sus carpetas, no se acepta")
def a_folder_called_like_the_notebook(case: Case) -> None:
    case.zipped((f"x/{case.unit}.ipynb", case.text().encode()), (f"{case.unit}.ipynb/x.csv", b"1"))


@damage(says="«timestamp.txt» no se usó: la hora")
def a_time_of_ones_own_in_a_zip(case: Case) -> None:
    case.zipped(
        (f"{case.unit}.ipynb", case.text().encode()), ("timestamp.txt", b"2000-01-01 00:00:00 UTC")
    )


# --- Colab ---------------------------------------------------------------------------------------


def as_colab(case: Case) -> None:
    case.nb["metadata"] = {
        "colab": {"provenance": [], "toc_visible": True, "gpuType": "T4"},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "accelerator": "GPU",
    }
    for cell in case.nb["cells"]:
        if cell["cell_type"] == "code":
            cell["metadata"] |= {"colab": {"base_uri": "https://localhost:8080/"}}
            cell["metadata"] |= {"outputId": "0f1e2d3c-4b5a-4c6d-8e7f-001122334455"}


@damage()
def colab_4_0(case: Case) -> None:
    as_colab(case)
    case.nb["nbformat_minor"] = 0
    each_cell(case, lambda cell: cell["metadata"].update(id=cell.pop("id")))


@damage()
def colab_4_5_with_added_cells(case: Case) -> None:
    as_colab(case)
    case.put(case.at(case.second), "2 + 2")
    case.put(case.at(case.second), "Una nota", "markdown")
    case.write()


@damage()
def colab_badge_first(case: Case) -> None:
    as_colab(case)
    badge = '<a href="https://colab.research.google.com/github/x"><img src="x.svg"/></a>'
    case.put(0, badge, "markdown")
    case.nb["cells"][0]["metadata"] = {"id": "view-in-github", "colab_type": "text"}
    case.write()


@damage(says="«Copia de")
def colab_copy(case: Case) -> None:
    as_colab(case)
    case.named(f"Copia de {case.unit}.ipynb")


# --- names ---------------------------------------------------------------------------------------


@damage(says="se llamaba")
def downloaded_twice(case: Case) -> None:
    case.named(f"{case.unit} (1).ipynb")


@damage(says="se llamaba")
def capital_letters(case: Case) -> None:
    case.named(f"{case.unit.upper()}.IPYNB")


@damage(says="se llamaba")
def jupyters_copy(case: Case) -> None:
    case.named(f"{case.unit}-Copy1.ipynb")


@damage(says="se llamaba")
def a_name_of_ones_own(case: Case) -> None:
    case.named("entrega FINAL <b>ahora.ipynb")


@damage(says="se llamaba")
def a_text_files_extension(case: Case) -> None:
    case.named(f"{case.unit}.ipynb.txt")


@damage(says="se llamaba")
def saved_as_json(case: Case) -> None:
    case.named(f"{case.unit}.json")


@damage()
def one_folder_deeper(case: Case) -> None:
    case.write(path=case.folder / "Mi unidad" / f"{case.unit}.ipynb")


@damage()
def a_zip_with_the_notebook(case: Case) -> None:
    case.zipped((f"{case.unit}.ipynb", case.text().encode()))


@damage(says="se llamaba")
def a_zip_with_a_folder_and_a_copy(case: Case) -> None:
    case.zipped((f"unidad/Copia de {case.unit}.ipynb", case.text().encode()), ("__MACOSX/._x", b""))


@damage()
def a_zip_called_notebook(case: Case) -> None:
    case.zipped((f"{case.unit}.ipynb", case.text().encode()), path=case.path)


@damage()
def a_unit_folder_in_capitals(case: Case) -> None:
    target = case.folder.with_name(case.unit.upper())
    case.folder.rmdir()
    case.write(path=target / f"{case.unit}.ipynb")


@damage(says="se llamaba")
def a_notebook_beside_the_units_folder(case: Case) -> None:
    case.folder.rmdir()
    case.write(path=case.folder.with_name(f"Copia de {case.unit}.ipynb"))


@damage(says="se llamaba")
def a_notebook_called_anything_in_the_students_folder(case: Case) -> None:
    case.folder.rmdir()
    case.write(path=case.folder.with_name("mi tarea.ipynb"))


@damage()
def a_folder_called_anything(case: Case) -> None:
    case.folder.rmdir()
    case.write(path=case.folder.with_name("Semana 1") / f"{case.unit}.ipynb")


@damage()
def a_zip_beside_the_units_folder(case: Case) -> None:
    content = (f"{case.unit}.ipynb", case.text().encode())
    case.zipped(content, path=case.folder.with_name(f"{case.unit}.zip"))


@damage(says="se llamaba")
def a_notebook_beside_an_empty_units_folder(case: Case) -> None:
    case.write(path=case.folder.with_name("entrega.ipynb"))


@damage(says="más de un notebook; se usó «Copia de")
def the_work_is_beside_the_units_folder(case: Case) -> None:
    case.write(path=case.folder.with_name(f"Copia de {case.unit}.ipynb"))
    case.write(json.dumps(case.blank))


# --- more than one -------------------------------------------------------------------------------


@damage(says="más de un notebook; se usó «Copia de")
def the_work_is_in_the_copy(case: Case) -> None:
    case.named(f"Copia de {case.unit}.ipynb")
    case.write(json.dumps(case.blank))


@damage()
def the_same_twice(case: Case) -> None:
    case.write()
    case.named(f"{case.unit} (1).ipynb")


@damage(REVIEW, "igual cantidad de respuestas")
def two_with_equal_work(case: Case) -> None:
    case.write()
    case.cell(case.first)["source"] += "\n# otra versión"
    case.named("versión de Ana.ipynb")


def _older_beside_newer(case: Case, newer: str) -> None:
    case.named(newer)
    case.cell(case.first)["source"] += "\n# otra versión"
    case.write()


@damage(REVIEW, "(1).ipynb», la copia más nueva")
def downloaded_again_by_chrome(case: Case) -> None:
    _older_beside_newer(case, f"{case.unit} (1).ipynb")


@damage(REVIEW, "-2.ipynb», la copia más nueva")
def handed_in_again_in_canvas(case: Case) -> None:
    _older_beside_newer(case, f"{case.unit}-2.ipynb")


@damage(REVIEW, "_1.ipynb», la copia más nueva")
def numbered_with_an_underscore(case: Case) -> None:
    _older_beside_newer(case, f"{case.unit}_1.ipynb")


@damage(REVIEW, "una copia que Jupyter guarda por su cuenta")
def a_checkpoint_alone(case: Case) -> None:
    case.named(f"{case.unit}-checkpoint.ipynb")


@damage(REVIEW, "(1).ipynb», con más respuestas, y no")
def a_newer_copy_without_answers_is_no_equal(case: Case) -> None:
    _older_beside_newer(case, f"{case.unit} (1).ipynb")
    case.write(json.dumps(case.blank), case.folder / f"{case.unit} (2).ipynb")


@damage(says="-1.ipynb», con más respuestas")
def the_work_is_in_a_numbered_copy_beside_the_units_folder(case: Case) -> None:
    case.write(path=case.folder.with_name(f"{case.unit}-1.ipynb"))
    case.write(json.dumps(case.blank))


@damage(says="ipynb», con más respuestas")
def the_work_is_in_the_numbered_ones_elder(case: Case) -> None:
    case.write()
    case.write(json.dumps(case.blank), case.folder / f"{case.unit}-1.ipynb")


@damage(says="con más respuestas")
def a_zip_that_comes_before_the_notebook_by_its_name(case: Case) -> None:
    content = case.text().encode()
    case.zipped((f"{case.unit}.ipynb", content), path=case.folder / "00.zip")
    case.write(json.dumps(case.blank))


@damage(says="con más respuestas")
def a_zip_of_the_release_before_the_notebook(case: Case) -> None:
    content = json.dumps(case.blank).encode()
    case.zipped((f"{case.unit}.ipynb", content), path=case.folder / "00.zip")
    case.write()


@damage()
def twelve_json_files_before_the_notebook(case: Case) -> None:
    for number in range(12):
        case.write("{}", case.folder / f"00-{number}.json")
    case.write()


@damage(says="no se usó: El archivo está vacío")
def an_empty_one_and_a_good_copy(case: Case) -> None:
    case.named(f"{case.unit} (1).ipynb")
    case.write(b"")


@damage(says="es un enlace")
def a_link_beside_it(case: Case) -> None:
    case.write()
    (case.folder / "clave.csv").symlink_to("/etc/hostname")


@damage(says="se llama como una biblioteca")
def a_module_that_hides_numpy(case: Case) -> None:
    case.write()
    (case.folder / "numpy.py").write_text("raise SystemExit")


# --- encodings and formats -----------------------------------------------------------------------


@damage(says="UTF-8")
def utf_16(case: Case) -> None:
    case.write(case.text().encode("utf-16"))


@damage(says="UTF-8")
def utf_16_without_mark(case: Case) -> None:
    case.write(case.text().encode("utf-16-le"))


@damage(says="UTF-8")
def utf_32(case: Case) -> None:
    case.write(case.text().encode("utf-32"))


@damage(says="UTF-8")
def windows_1252(case: Case) -> None:
    only_signs_of(case, "cp1252")
    in_spanish(case)
    case.write(case.text().encode("cp1252"))


@damage(says="UTF-8")
def mac_roman(case: Case) -> None:
    only_signs_of(case, "mac_roman")
    in_spanish(case)
    case.write(case.text().encode("mac_roman"))


@damage(says="UTF-8")
def latin_9(case: Case) -> None:
    only_signs_of(case, "iso8859_15")
    in_spanish(case)
    case.write(case.text().encode("iso8859_15"))


@damage(says="UTF-8")
def code_page_850(case: Case) -> None:
    only_signs_of(case, "cp850")
    in_spanish(case)
    case.write(case.text().encode("cp850"))


def in_spanish(case: Case) -> None:
    """Add a cell whose accents only one reading gets right."""
    case.put(0, "# ¿Qué función? Mañana, en el año de la razón.", "markdown")


@damage(says="UTF-8")
def one_stray_byte(case: Case) -> None:
    case.put(0, "Mañana", "markdown")
    case.write(case.text().encode().replace("Mañana".encode(), b"Ma\xf1ana"))


def only_signs_of(case: Case, encoding: str) -> None:
    """Leave the signs that an encoding has; the others stand in cells that are the course's."""
    for cell in case.nb["cells"]:
        cell["source"] = cell["source"].encode(encoding, "replace").decode(encoding)


@damage(says="nbformat 3")
def format_3(case: Case) -> None:
    def old(cell: dict[str, Any]) -> None:
        cell.pop("id")
        if cell["cell_type"] == "code":
            cell |= {"input": cell.pop("source"), "language": "python", "collapsed": False}
            cell["prompt_number"] = cell.pop("execution_count")

    cells = case.nb.pop("cells")
    for cell in cells:
        old(cell)
    heading = {"cell_type": "heading", "level": 2, "source": "Mi título", "metadata": {}}
    case.nb |= {"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": [heading, *cells]}]}
    case.write()


@damage(REVIEW, "celdas estaban dañadas")
def cells_that_are_no_cells(case: Case) -> None:
    case.nb["cells"][2:2] = [None, {"cell_type": "code", "source": 3}, "texto"]
    case.write()


@damage(says="espacios invisibles")
def pasted_from_a_phone(case: Case) -> None:
    cell = case.cell(case.first)
    cell["source"] = cell["source"].replace("    ", "\u00a0\u00a0\u00a0\u00a0") + "\u200b"
    case.write()


# --- metadata ------------------------------------------------------------------------------------


@damage(says="datos internos")
def metadata_stripped(case: Case) -> None:
    case.nb["metadata"] = {}
    case.nb["nbformat_minor"] = 4
    each_cell(case, lambda cell: (cell.pop("id"), cell.update(metadata={})))


@damage(says="datos internos")
def only_nbgraders_metadata_stripped(case: Case) -> None:
    each_cell(case, lambda cell: cell["metadata"].pop("nbgrader", None))


@damage(says="datos internos")
def cells_without_metadata_key(case: Case) -> None:
    each_cell(case, lambda cell: (cell.pop("id"), cell.pop("metadata")))


@damage(says="puntos cambiados")
def points_raised(case: Case) -> None:
    for name in case.tests():
        case.cell(name)["metadata"]["nbgrader"]["points"] = 100
    case.write()


@damage(says="etiquetas")
def tests_tagged_to_be_skipped(case: Case) -> None:
    for name in case.tests():
        case.cell(name)["metadata"]["tags"] = ["skip-execution", "demostracion"]
    case.write()


# --- cells ---------------------------------------------------------------------------------------


@damage(REVIEW, "más de una respuesta")
def two_answers_the_last_is_right(case: Case) -> None:
    index = case.at(case.first)
    wrong = copy.deepcopy(case.nb["cells"][index])
    wrong["source"] = case.stub(case.first).replace("raise NotImplementedError()", "return None")
    case.nb["cells"].insert(index, wrong)
    case.write()


@damage(says="repartida")
def split_in_two_with_metadata(case: Case) -> None:
    index = case.at(case.first)
    lines = case.cell(case.first)["source"].split("\n")
    second = copy.deepcopy(case.nb["cells"][index])
    case.nb["cells"][index]["source"] = "\n".join(lines[:2])
    second["source"] = "\n".join(lines[2:])
    case.nb["cells"].insert(index + 1, second)
    case.write()


@damage(says="repartida")
def split_in_two_without_metadata(case: Case) -> None:
    index = case.at(case.first)
    lines = case.cell(case.first)["source"].split("\n")
    case.nb["cells"][index]["source"] = "\n".join(lines[:2])
    case.put(index + 1, "\n".join(lines[2:]))
    case.write()


@damage(says="estaba en otra celda")
def moved_to_a_new_cell_beside(case: Case) -> None:
    answer = case.cell(case.first)["source"]
    case.cell(case.first)["source"] = case.stub(case.first)
    case.put(case.at(case.first) + 1, answer)
    case.write()


@damage(says="estaba en otra celda")
def moved_to_the_end(case: Case) -> None:
    answer = case.cell(case.first)["source"]
    case.cell(case.first)["source"] = ""
    case.put(len(case.nb["cells"]), answer)
    case.write()


@damage(says="estaba en otra celda")
def answer_cell_replaced_by_a_new_one(case: Case) -> None:
    answer = case.cell(case.first)["source"]
    case.put(case.at(case.first), answer)
    case.drop(case.first)
    case.write()


@damage(says="estaba en otra celda")
def answer_written_over_the_test(case: Case) -> None:
    answer = case.cell(case.first)["source"]
    case.cell(case.first)["source"] = case.stub(case.first)
    case.cell(f"{case.first}-visible")["source"] = answer
    case.write()


@damage(REVIEW, "la reflexión")
def reflection_written_in_the_question(case: Case) -> None:
    name = case.reflection()
    answer = case.cell(name)["source"]
    case.cell(name)["source"] = case.stub(name)
    case.cell(f"{name}-enunciado")["source"] += f"\n\n{answer}"
    case.write()


@damage(REVIEW, "la reflexión")
def reflection_in_a_new_cell(case: Case) -> None:
    name = case.reflection()
    answer = case.cell(name)["source"]
    case.cell(name)["source"] = case.stub(name)
    case.put(case.at(name) + 1, answer, "markdown")
    case.write()


@damage(REVIEW, "Falta la celda de la respuesta", "first")
def answer_deleted(case: Case) -> None:
    case.drop(case.first)
    case.write()


@damage(says="Faltaban celdas del curso")
def a_test_deleted(case: Case) -> None:
    case.drop(f"{case.first}-visible")
    case.write()


@damage(says="Faltaban celdas del curso")
def all_tests_deleted(case: Case) -> None:
    case.drop(*case.tests())
    case.write()


@damage(says="Faltaban celdas del curso")
def set_up_deleted(case: Case) -> None:
    case.drop(f"{case.first.partition('-')[0]}-preparacion")
    case.write()


@damage(says="Faltaban celdas del curso")
def only_the_answers(case: Case) -> None:
    names = [*case.exercises(), case.reflection()]
    case.nb["cells"] = [case.cell(name) for name in names]
    case.write()


@damage(says="celdas del curso cambiadas")
def a_test_weakened(case: Case) -> None:
    case.cell(f"{case.first}-visible")["source"] = "assert True"
    case.write()


@damage(says="celdas del curso cambiadas", lost="first")
def a_wrong_answer_and_a_weakened_test(case: Case) -> None:
    case.cell(f"{case.first}-visible")["source"] = "1"
    source = case.stub(case.first).replace("raise NotImplementedError()", "return None")
    case.cell(case.first)["source"] = source
    case.drop(f"{case.first}-oculto")
    case.write()


@damage(says="celdas del curso cambiadas")
def a_statement_and_the_set_up_edited(case: Case) -> None:
    case.cell(f"{case.first}-enunciado")["source"] += "\n\nNo entiendo esto."
    case.cell(f"{case.first.partition('-')[0]}-preparacion")["source"] = "raise SystemExit"
    case.write()


@damage(says="otro tipo")
def an_answer_turned_into_text(case: Case) -> None:
    cell = case.cell(case.first)
    del cell["outputs"], cell["execution_count"]
    cell["cell_type"] = "markdown"
    case.write()


@damage(says="otro tipo")
def a_test_turned_raw(case: Case) -> None:
    cell = case.cell(f"{case.first}-visible")
    del cell["outputs"], cell["execution_count"]
    cell["cell_type"] = "raw"
    case.write()


@damage(says="otro tipo")
def the_reflection_turned_into_code(case: Case) -> None:
    cell = case.cell(case.reflection())
    cell |= {"cell_type": "code", "outputs": [], "execution_count": None}
    case.write()


@damage(REVIEW, "conflicto de Git", "first")
def conflict_marks_in_a_cell(case: Case) -> None:
    answer = case.cell(case.first)["source"]
    case.cell(case.first)["source"] = CONFLICT.format(answer, answer)
    case.write()


@damage(REVIEW, "conflicto de Git")
def a_half_done_merge(case: Case) -> None:
    text = case.text()
    line = next(line for line in text.split("\n") if '"source"' in line and "def " in line)
    other = line.replace("def ", "def otra_")
    case.write(text.replace(f"{line}\n", CONFLICT.format(line, other)))


@damage(REVIEW, "más texto del que se acepta", "first")
def data_pasted_into_an_answer(case: Case) -> None:
    case.cell(case.first)["source"] += "\ndatos = [" + "1, " * 200_000 + "]"
    case.write()


@damage(says="", lost="first")
def a_syntax_error(case: Case) -> None:
    case.cell(case.first)["source"] += "\n    return ("
    case.write()


@damage(says="No hay ninguna respuesta", lost="all")
def the_release_itself(case: Case) -> None:
    case.write(json.dumps(case.blank))


@damage(REVIEW, "Detrás del final del notebook")
def nothing_but_nuls_behind_it(case: Case) -> None:
    case.write(case.text().encode() + b"\0" * 5000)


@damage(REVIEW, "Detrás del final del notebook")
def the_tail_of_an_older_save_behind_it(case: Case) -> None:
    case.write(case.text() + 'dística y convexidad.\\n"\n  ]\n }\n]}')


@damage(says="finales de línea")
def lines_without_their_ends(case: Case) -> None:
    each_cell(case, lambda cell: cell.update(source=cell["source"].split("\n")))


@damage(says="finales de línea")
def one_cell_without_line_ends(case: Case) -> None:
    case.cell(case.first)["source"] = case.cell(case.first)["source"].split("\n")
    case.write()


@damage()
def lines_that_end_as_only_python_ends_them(case: Case) -> None:
    case.put(case.at(case.first), "x = 'a\u2028b\u2028c'")
    each_cell(case, lambda cell: cell.update(source=cell["source"].splitlines(keepends=True)))


def _as_databricks(case: Case, text: Callable[[str], str]) -> None:
    def change(cell: dict[str, Any]) -> None:
        cell.pop("id")
        cell["metadata"] = {"application/vnd.databricks.v1+cell": {"nuid": "0f1e"}}
        if cell["cell_type"] == "markdown":
            code = {"cell_type": "code", "outputs": [], "execution_count": None}
            cell |= code | {"source": text(cell["source"])}

    each_cell(case, change)


@damage(says="datos internos")
def databricks(case: Case) -> None:
    _as_databricks(case, lambda text: f"%md\n{text}")


@damage(says="datos internos")
def databricks_through_a_script(case: Case) -> None:
    _as_databricks(case, lambda text: "# MAGIC %md\n# MAGIC " + text.replace("\n", "\n# MAGIC "))


# --- what can't be graded ------------------------------------------------------------------------


@damage(UNREADABLE, "0 bytes")
def empty(case: Case) -> None:
    case.write(b"")


@damage(UNREADABLE, "0 bytes")
def only_blanks(case: Case) -> None:
    case.write(b" \r\n\t\0\0\n")


@damage(UNREADABLE, "cortado o dañado")
def cut_off(case: Case) -> None:
    case.write(case.text()[:-200])


@damage(UNREADABLE, "cortado o dañado")
def noise(case: Case) -> None:
    case.write(bytes(range(1, 256)) * 40)


@damage(UNREADABLE, "página web")
def the_page_around_it(case: Case) -> None:
    case.write("<!DOCTYPE html><html><body>Iniciar sesión</body></html>")


@damage(UNREADABLE, "PDF")
def a_pdf(case: Case) -> None:
    case.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")


@damage(UNREADABLE, "programa de Python")
def a_script(case: Case) -> None:
    case.write("import numpy as np\ndef f(x):\n    return x\n")


@damage(UNREADABLE, "puntero de Git LFS")
def a_pointer_of_git_lfs(case: Case) -> None:
    case.write("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 65000\n")


@damage(UNREADABLE, "comprimido (gzip)")
def gzip_called_notebook(case: Case) -> None:
    case.write(gzip.compress(case.text().encode()))


@damage(UNREADABLE, "documento de Office")
def a_word_document_called_notebook(case: Case) -> None:
    case.write(zip_of(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")))


@damage(UNREADABLE, "una imagen")
def a_picture_called_notebook(case: Case) -> None:
    case.write(b"\x89PNG\r\n\x1a\n")


@damage(UNREADABLE, "cortado o dañado")
def a_damaged_notebook_beside_data(case: Case) -> None:
    case.write("{}", case.folder / "00-config.json")
    case.write(case.text()[:-200])


@damage(UNREADABLE, "No está el notebook")
def a_hidden_file_in_the_students_folder(case: Case) -> None:
    case.folder.rmdir()
    case.write(b"x", case.folder.with_name(".entrega.docx"))


@damage(UNREADABLE, "no tiene celdas")
def other_json(case: Case) -> None:
    case.write('{"cookies": []}')


@damage(UNREADABLE, "no tiene celdas")
def no_cells(case: Case) -> None:
    case.nb["cells"] = []
    case.write()


@damage(UNREADABLE, "cortado o dañado")
def a_list(case: Case) -> None:
    case.write("[1, 2]")


@damage(UNREADABLE, "unidad 7")
def another_unit(case: Case) -> None:
    prefix = case.first.partition("-")[0]
    text = case.text().replace(f'"{prefix}-', '"u7-').replace("def ", "def otra_")
    case.nb = json.loads(text.replace("class ", "class Otra"))
    for cell in case.nb["cells"]:
        cell["source"] = f"{cell['source']} # otra"
    case.write()


@damage(UNREADABLE, "No es el notebook de esta unidad")
def something_else(case: Case) -> None:
    case.nb["cells"] = []
    case.put(0, "print('hola')")
    case.write()


@damage(UNREADABLE, "No hay ningún archivo")
def nothing(case: Case) -> None:
    assert not list(case.folder.iterdir())


@damage(UNREADABLE, "Hay: «informe.docx»")
def another_document_in_the_students_folder(case: Case) -> None:
    case.folder.rmdir()
    case.write(b"x", case.folder.with_name("informe.docx"))


@damage(UNREADABLE, "es un enlace")
def a_link_in_place_of_the_students_folder(case: Case) -> None:
    outside = case.write(path=case.outside(f"{case.unit}.ipynb"))
    case.folder.rmdir()
    case.folder.parent.rmdir()
    case.folder.parent.symlink_to(outside.parent)


@damage(UNREADABLE, "Hay: «informe.docx»")
def another_document(case: Case) -> None:
    case.write(b"x", case.folder / "informe.docx")


@damage(UNREADABLE, "es un enlace")
def a_symbolic_link(case: Case) -> None:
    outside = case.write(path=case.outside("x.ipynb"))
    case.path.symlink_to(outside)


@damage(UNREADABLE, "es un enlace a otro archivo")
def a_hard_link(case: Case) -> None:
    outside = case.write(path=case.outside("x.ipynb"))
    os.link(outside, case.path)


@damage(UNREADABLE, "no es un archivo común")
def a_pipe(case: Case) -> None:
    os.mkfifo(case.path)


@damage(UNREADABLE, "es un enlace")
def a_device(case: Case) -> None:
    case.path.symlink_to("/dev/zero")


@damage(UNREADABLE, "no se puede abrir")
def a_socket(case: Case) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(case.folder)  # a socket's path is short
        server.bind(case.path.name)
        os.chdir(here)


@damage(UNREADABLE, "es un enlace")
def a_linked_folder(case: Case) -> None:
    outside = case.write(path=case.outside(f"{case.unit}.ipynb"))
    case.folder.rmdir()
    case.folder.symlink_to(outside.parent)


@damage(UNREADABLE, "No está el notebook")
def a_file_in_place_of_the_folder(case: Case) -> None:
    case.folder.rmdir()
    case.folder.write_text("x")


@damage(UNREADABLE, "demasiado grande")
def a_hundred_megabytes(case: Case) -> None:
    case.write(b"")
    os.truncate(case.path, 100 * MEGABYTE)


@damage(UNREADABLE, "demasiados datos")
def nested_a_thousand_deep(case: Case) -> None:
    case.write('{"cells": ' + "[" * 100_000 + "]" * 100_000 + "}")


@damage(UNREADABLE, "demasiado texto")
def a_million_lines(case: Case) -> None:
    case.put(0, "\n" * 1_000_000, "markdown")
    case.write()


@damage(UNREADABLE, "50000 celdas")
def fifty_thousand_cells(case: Case) -> None:
    case.nb["cells"] = [{"cell_type": "markdown", "metadata": {}, "source": "x"}] * 50_000
    case.write(json.dumps(case.nb))


@damage(UNREADABLE, "demasiados datos")
def lists_of_nothing(case: Case) -> None:
    case.write('{"cells": [' + "[]," * 3_000_000 + "[]]}")


@damage(UNREADABLE, "al descomprimirlo")
def a_zip_bomb(case: Case) -> None:
    case.zipped((f"{case.unit}.ipynb", b"\0" * (300 * MEGABYTE)))


@damage(UNREADABLE, "fuera de la entrega")
def a_zip_that_climbs_out(case: Case) -> None:
    case.zipped((f"../../{case.unit}.ipynb", case.text().encode()))


@damage(UNREADABLE, "fuera de la entrega")
def a_zip_with_an_absolute_path(case: Case) -> None:
    case.zipped((f"/tmp/{case.unit}.ipynb", case.text().encode()))


@damage(UNREADABLE, "dentro de otro")
def a_zip_in_a_zip(case: Case) -> None:
    case.zipped(("x.zip", zip_of((f"{case.unit}.ipynb", case.text().encode()))))


@damage(UNREADABLE, "dañado o incompleto")
def a_broken_zip(case: Case) -> None:
    content = zip_of((f"{case.unit}.ipynb", case.text().encode()))
    case.write(content[: len(content) // 2], case.folder / "entrega.zip")


@damage(UNREADABLE, "de un modo que no se acepta")
def a_zip_bomb_of_another_kind(case: Case) -> None:
    content = zip_of(("x.ipynb", b"\0" * (60 * MEGABYTE)), method=zipfile.ZIP_BZIP2)
    case.write(content, case.folder / "entrega.zip")


@damage(UNREADABLE, "dañado dentro del ZIP")
def a_zip_bomb_that_claims_to_be_small(case: Case) -> None:
    content = bytearray(zip_of(("x.ipynb", b"\0" * (60 * MEGABYTE))))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(mark) + offset
        content[at : at + 4] = (1000).to_bytes(4, "little")
    case.write(bytes(content), case.folder / "entrega.zip")


@damage(UNREADABLE, "dañado dentro del ZIP")
def a_zip_with_a_broken_member(case: Case) -> None:
    content = bytearray(zip_of((f"{case.unit}.ipynb", case.text().encode())))
    content[200:260] = b"\0" * 60
    case.write(bytes(content), case.folder / "entrega.zip")


@damage(UNREADABLE, "contraseña")
def a_zip_with_a_password(case: Case) -> None:
    content = bytearray(zip_of((f"{case.unit}.ipynb", case.text().encode())))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    case.write(bytes(content), case.folder / "entrega.zip")


@damage(UNREADABLE, "demasiados archivos")
def a_zip_of_ten_thousand_files(case: Case) -> None:
    case.zipped(*((f"{number}.txt", b"") for number in range(1000)))


@damage(UNREADABLE, "archivo comprimido que no se puede abrir")
def a_rar(case: Case) -> None:
    case.write(b"Rar!\x1a\x07", case.folder / "entrega.rar")


@damage(UNREADABLE, "más de 300")
def a_thousand_files(case: Case) -> None:
    for number in range(1000):
        (case.folder / f"{number}.txt").write_text("")


@damage(UNREADABLE, "carpetas dentro de carpetas")
def folders_in_folders(case: Case) -> None:
    case.write(path=case.folder.joinpath(*["a"] * 20, f"{case.unit}.ipynb"))
