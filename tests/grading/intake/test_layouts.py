"""Whose a file of a class's ZIP is: every system's own names, and nobody's file as another's."""

import itertools
from collections.abc import Iterable
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.grading.intake import layouts, names
from course_utils.grading.intake.collect import _free, _ids
from course_utils.grading.intake.names import Owner
from course_utils.grading.intake.people import Known, Student

UNIT = "04-superficie-bce-pytorch"
FILE = f"{UNIT}.ipynb"
ANA, LUIS = (
    Student("ana-nunez", "Ana", "Núñez", "anunez@uni.es", "42"),
    Student("luis-soto", "Luis", "Soto", "lsoto@uni.es", "43"),
)
EVA = Student("eva-paz", "Eva", "Paz", "epaz@uni.es", "44")
ROSTER = Known([ANA, LUIS], {"1327627": "ana-nunez"})
METADATA = """---
submission_11:
  :submitters:
  - :name: Ana Núñez
    :sid: '42'
    :email: anunez@uni.es
  :created_at: 2026-03-07 23:58:01.1 Z
submission_12:
  :submitters:
  - {":name": Luis Soto, ":sid": "", ":email": lsoto@uni.es}
submission_13:
  :submitters:
  - {":name": Eva Paz, ":sid": "44", ":email": e@uni.es}
  - {":name": Leo Gil, ":sid": "45", ":email": l@uni.es}
"""
BLACKBOARD = "Unidad_4_{}_attempt_2026-03-07-{}-58-01{}"


def owners(paths: Iterable[str], **settings) -> dict[str, str]:
    """Path → id, as a class without a roster has it."""
    reading = layouts.read(paths, UNIT, **settings)
    ids = names.student_ids(reading.owners.values())
    return {path: ids[found.name, found.number] for path, found in reading.owners.items()}


# Layout → paths, and what each student's id and file are: "" for a file that is nobody's.
CLASSES: dict[str, dict[str, tuple[str, str]]] = {
    "blackboard": {
        BLACKBOARD.format("anunez", 22, f"_{FILE}"): ("", ""),  # an earlier attempt
        BLACKBOARD.format("anunez", 23, f"_{FILE}"): ("anunez", FILE),
        BLACKBOARD.format("anunez", 23, ".txt"): ("", ""),
        BLACKBOARD.format("lsoto", 21, f"_mi_attempt_2026-01-01-00-00-00_{FILE}"): (
            "lsoto",
            f"mi_attempt_2026-01-01-00-00-00_{FILE}",
        ),
        BLACKBOARD.format("solo-texto", 21, ".txt"): ("solo-texto", "comentarios.txt"),
    },
    "brightspace": {
        f"12345-67890 - Ana Nunez - Mar 7, 2026 1158 PM - {FILE}": ("ana-nunez", FILE),
        "12346-67890 - Luis Soto - 7 de marzo de 2026 2358 - a - b.ipynb": (
            "luis-soto",
            "a - b.ipynb",
        ),
        "index.html": ("", ""),
    },
    "brightspace-folders": {
        f"Tarea/Ana Nunez - Mar 7, 2026 1158 PM/{FILE}": ("ana-nunez", FILE),
        f"Tarea/Luis Soto - Mar 7, 2026 958 AM/{FILE}": ("luis-soto", FILE),
        "Tarea/index.html": ("", ""),
    },
    "canvas-anonymous": {
        f"anon_ab12c_LATE_777_{FILE}": ("anon-ab12c", FILE),
        f"LATE_anon_cd34e_778_{FILE}": ("anon-cd34e", FILE),
    },
    "canvas-quiz": {
        f"nunezana42_question_9001_777_{FILE}": ("nunezana", FILE),
        f"soto_gil-luis43_question_9001_778_{FILE}": ("sotogilluis", FILE),
    },
    "canvas-text": {
        f"nunezana_42_777_{FILE}": ("nunezana", FILE),
        "sotoluis_LATE_43_text.html": ("sotoluis", "text.html"),
        f"perez_gil_eva_44_779_{FILE}": ("perez-gil-eva", FILE),
    },
    "gradescope": {
        "export/submission_metadata.yml": ("", ""),
        f"export/submission_11/{FILE}": ("ana-nunez", FILE),
        f"export/submission_12/sub/{FILE}": ("luis-soto", f"sub/{FILE}"),
        f"export/submission_13/{FILE}": ("", ""),  # two students of a group
    },
    "moodle-blind": {
        f"Participante_1327627_assignsubmission_file_/{FILE}": ("participante-1327627", FILE),
        f"Participante_1327628_assignsubmission_file_/{FILE}": ("participante-1327628", FILE),
    },
    "moodle-one-blind": {
        f"Participant_1327627_assignsubmission_file_/{FILE}": ("participant-1327627", FILE),
    },
    "moodle-not-latin": {
        f"李明_7_assignsubmission_file_/{FILE}": ("7", FILE),
        f"王芳_8_assignsubmission_file_/{FILE}": ("8", FILE),
    },
    "sakai": {
        "Tarea 4/grades.csv": ("", ""),
        f"Tarea 4/Núñez, Ana(anunez)/Submission attachment(s)/{FILE}": ("nunez-ana", FILE),
        "Tarea 4/Núñez, Ana(anunez)/timestamp.txt": ("", ""),
        f"Tarea 4/Núñez, Ana(anunez)/Feedback Attachment(s)/{FILE}": ("", ""),
        f"Tarea 4/Soto, Luis(lsoto)/Submission attachment(s)/x/{FILE}": ("soto-luis", f"x/{FILE}"),
    },
    "teams": {
        f"Submitted files/Ana Núñez/Tarea 4/Version 9/{FILE}": ("", ""),
        f"Submitted files/Ana Núñez/Tarea 4/Version 10/{FILE}": ("ana-nunez", FILE),
        f"Submitted files/Luis Soto/Tarea 4/Versión 1/{FILE}": ("luis-soto", FILE),
    },
    "drive-folders": {
        f"Entregas/Ana Núñez/{FILE}": ("ana-nunez", FILE),
        "Entregas/Ana Núñez/datos/x.csv": ("ana-nunez", "datos/x.csv"),
        f"Entregas/Luis Soto/entrega/{FILE}": ("luis-soto", f"entrega/{FILE}"),
        "Entregas/lista.pdf": ("", ""),
        "leeme.txt": ("", ""),
    },
    "classroom-other-title": {
        "Unidad 4 - Superficies - Ana Núñez.ipynb": (
            "ana-nunez",
            "Unidad 4 - Superficies - Ana Núñez.ipynb",
        ),
        "Unidad 4 - Superficies - Luis Soto.ipynb": (
            "luis-soto",
            "Unidad 4 - Superficies - Luis Soto.ipynb",
        ),
    },
    # Nobody is merged: a file without an owner has none.
    "flat": {"Ana_u4.ipynb": ("", ""), "Luis_u4.ipynb": ("", ""), "unidad4 Eva.ipynb": ("", "")},
    "flat-in-a-folder": {"Entregas/Ana_u4.ipynb": ("", ""), "Entregas/Luis_u4.ipynb": ("", "")},
    "flat-like-canvas": {
        "practica_1_2_ana.ipynb": ("", ""),
        "practica_1_2_luis.ipynb": ("", ""),
        "practica_1_2_eva.ipynb": ("", ""),
    },
    "groups": {
        f"Grupo A/Ana Núñez/{FILE}": ("", ""),
        f"Grupo A/Luis Soto/{FILE}": ("", ""),
        f"Grupo B/Eva Paz/{FILE}": ("", ""),
    },
    "one-folder": {f"Entregas/{FILE}": ("", ""), "Entregas/otro.ipynb": ("", "")},
    "alike": {f"Ana Núñez/{FILE}": ("", ""), f"Ana Nunez/{FILE}": ("", ""),
              f"Luis/{FILE}": ("luis", FILE)},
    # A student's own file is called like another student's, as other systems write it.
    "like-another": {
        f"Ana Núñez/sotoluis_43_778_{FILE}": ("ana-nunez", f"sotoluis_43_778_{FILE}"),
        f"Eva Paz/Luis Soto_2_assignsubmission_file_/{FILE}": (
            "eva-paz",
            f"Luis Soto_2_assignsubmission_file_/{FILE}",
        ),
    },
    "like-another-in-moodle": {
        f"Ana Núñez_1_assignsubmission_file_/Luis Soto_2_assignsubmission_file_/{FILE}": (
            "ana-nunez",
            f"Luis Soto_2_assignsubmission_file_/{FILE}",
        ),
    },
}  # fmt: skip


@pytest.mark.parametrize("layout", CLASSES)
def test_each_systems_files_go_to_their_students(layout):
    wanted = CLASSES[layout]
    reading = layouts.read(wanted, UNIT, text_of=lambda path: METADATA)
    found = owners(wanted, text_of=lambda path: METADATA)
    assert {path: found.get(path, "") for path in wanted} == {p: w[0] for p, w in wanted.items()}
    assert {path: reading.owners[path].file for path in found} == {
        path: file for path, (student, file) in wanted.items() if student
    }
    # Each file is spoken of, once.
    spoken = [*reading.owners, *reading.unowned, *reading.left_out]
    assert sorted(spoken) == sorted(wanted)


def test_blackboards_text_says_which_part_of_the_name_is_the_user():
    paths = [BLACKBOARD.format("a_nunez", 21, ".txt"), BLACKBOARD.format("a_nunez", 21, f"_{FILE}")]
    reading = layouts.read(
        paths, UNIT, text_of=lambda path: "Name: Ana Núñez (a_nunez)\nAssignment: Unidad_4\n"
    )
    (found,) = reading.owners.values()
    assert (found.name, found.also) == ("a_nunez", ("Ana Núñez",))
    forged = layouts.read(paths, UNIT, text_of=lambda path: "Name: Ana Núñez (lsoto)\n")
    assert [found.name for found in forged.owners.values()] == ["nunez"]


@pytest.mark.parametrize(
    "metadata", ["", "- a list", "submission_11: 3", ":\n:bad", "a: &a [*a]", "submission_11: {}"]
)
def test_gradescope_without_its_metadata_merges_nobody(metadata):
    paths = [f"export/submission_{number}/{FILE}" for number in (11, 12)]
    found = owners([*paths, "export/submission_metadata.yml"], text_of=lambda path: metadata)
    assert found == dict(zip(paths, ("submission-11", "submission-12"), strict=True))


def test_moodles_group_is_taken_off_where_the_zip_is_called_like_it():
    paths = [f"Grupo A-{name}_{n}_assignsubmission_file_/{FILE}"
             for n, name in enumerate(("Ana Núñez", "Luis García-Soto"))]  # fmt: skip
    assert sorted(owners(paths, archive="DL-Unidad 4-Grupo A-991").values()) == [
        "ana-nunez", "luis-garcia-soto",
    ]  # fmt: skip
    assert sorted(owners(paths, archive="otro").values()) == [
        "grupo-a-ana-nunez", "grupo-a-luis-garcia-soto",
    ]  # fmt: skip


IN_ROSTER = {
    "surname-first": f"Núñez Ana_9_assignsubmission_file_/{FILE}",
    "by-number": f"Participante_1327627_assignsubmission_file_/{FILE}",
    "group": f"Grupo A-Ana Núñez_9_assignsubmission_file_/{FILE}",
    "canvas": f"nunezana_42_777_{FILE}",
    "canvas-renamed": f"otronombre_42_777_{FILE}",
    "quiz": f"nunez_ana42_question_1_777_{FILE}",
    "sakai": f"T/Núñez, Ana(anunez)/Submission attachment(s)/{FILE}",
    "sakai-login": f"T/N., A.(anunez)/Submission attachment(s)/{FILE}",
    "brightspace": f"1-2 - Ana Nunez - Mar 7, 2026 1158 PM - {FILE}",
    "blackboard": f"U4_anunez_attempt_2026-03-07-23-58-01_{FILE}",
    "gradescope": f"export/submission_11/{FILE}",
    "drive": f"Entregas/Núñez, Ana/{FILE}",
    "in-a-group": f"Entregas/Grupo A/Ana Núñez/{FILE}",
}


def resolved(path: str, known: Known) -> str:
    reading = layouts.read([path], UNIT, known=known.knows, text_of=lambda path: METADATA)
    (found,) = reading.owners.values()
    return _ids([("zip", found)], known)["zip", found.name, found.number]


@pytest.mark.parametrize("system", IN_ROSTER)
def test_the_roster_knows_a_student_however_a_system_writes_them(system):
    assert resolved(IN_ROSTER[system], ROSTER) == "ana-nunez"


def test_the_same_name_with_another_number_is_somebody_else():
    assert resolved(f"nunezana_99_777_{FILE}", ROSTER) == "nunezana"


def test_two_owners_are_never_one_student_of_the_roster():
    twins = [Owner("Ana Núñez", number, FILE, "Moodle") for number in ("1", "2")]
    ids = _ids([("zip", twin) for twin in twins], ROSTER)
    assert sorted(ids.values()) == ["ana-nunez-1", "ana-nunez-2"]


def test_folders_of_groups_are_seen_through_where_the_roster_knows_the_students():
    paths = [f"Grupo A/Ana Núñez/{FILE}", f"Grupo B/Luis Soto/{FILE}"]
    assert list(owners(paths, known=ROSTER.knows).values()) == ["ana-nunez", "luis-soto"]


def test_a_students_folders_that_are_called_like_others_take_nobodys_place():
    mine = [f"Eva Paz/{name}/{FILE}" for name in ("Ana Núñez", "Luis Soto", "Eva Paz")]
    class_zip = [f"Ana Núñez/{FILE}", f"Nadie Conocido/{FILE}", *mine]
    found = layouts.read(class_zip, UNIT, known=Known([ANA, LUIS, EVA]).knows).owners
    own = {path: path.partition("/")[0] for path in class_zip}
    assert {path: found[path].name for path in class_zip} == own
    of_a_stranger = layouts.read(class_zip, UNIT, known=ROSTER.knows)
    assert {p: who.name for p, who in of_a_stranger.owners.items()} == {class_zip[0]: "Ana Núñez"}
    alone = layouts.read(mine, UNIT, known=Known([ANA, LUIS, EVA]).knows).owners
    assert {who.name for who in alone.values()} == {"Eva Paz"}


def test_one_name_in_two_groups_is_nobodys():
    paths = [f"A/Ana Núñez/{FILE}", f"B/Ana Núñez/{FILE}", f"B/Luis Soto/{FILE}"]
    assert owners(paths, known=ROSTER.knows) == {paths[2]: "luis-soto"}
    mine, beside = f"A/Ana Núñez/{FILE}", "B/Ana Núñez/datos.csv"
    assert owners([mine, beside, paths[2]], known=ROSTER.knows) == {
        mine: "ana-nunez",
        paths[2]: "luis-soto",
    }


def test_many_files_of_one_student_do_not_choose_the_layout():
    many = [f"Eva Paz/x/Version 1/{number}.csv" for number in range(9)]
    paths = [f"Ana Núñez/{FILE}", f"Luis Soto/{FILE}", *many]
    reading = layouts.read(paths, UNIT)
    assert reading.system == layouts.FOLDERS
    assert set(reading.owners) == set(paths)


def test_a_number_and_a_name_of_two_students_are_nobodys():
    found = Owner("Ana Núñez", LUIS.number, FILE, "Brightspace")
    assert ROSTER.find(found) == ""
    assert ROSTER.find(Owner("Luis Soto", "1327627", FILE, "Moodle")) == ""
    assert list(_ids([("zip", found)], ROSTER).values()) == ["ana-nunez-43"]
    namesake = Known([Student("a", "", "Gil", "ana@uni.es", ""),
                      Student("b", "Berta", "Paz", "gil@uni.es", "")])  # fmt: skip
    assert namesake.find(Owner("gil", "", FILE, "folders")) == ""


def test_an_id_that_is_made_is_nobody_elses():
    people = [Owner("Ana", "1", FILE), Owner("Ana", "2", FILE), Owner("Ana 1", "", FILE)]
    ids = _ids([("zip", who) for who in people], Known())
    assert ids == {("zip", "Ana", "1"): "", ("zip", "Ana", "2"): "ana-2", ("zip", "Ana 1", ""): ""}
    roster = Known([Student("ana", "Ana", "", "", "7"), Student("ana-9", "Ana", "", "", "8")])
    assert list(_ids([("zip", Owner("Ana", "9", FILE))], roster).values()) == [""]


WORDS = st.sampled_from(["Ana", "Núñez", "luis", "43", "u4", UNIT, "Grupo A", "a - b", "x_1_2_y",
                         "Participante_5", "_", "(3)", "submission_1", "Version 2"])  # fmt: skip
PATHS = st.lists(WORDS, min_size=1, max_size=4).map(lambda parts: "/".join(parts))


@settings(max_examples=300, deadline=None)
@given(st.lists(PATHS, min_size=1, max_size=8, unique=True))
def test_no_two_folders_of_a_hand_made_zip_become_one_student(paths):
    files = [f"{path}/{n}.ipynb" for n, path in enumerate(paths)]
    reading = layouts.read(files, UNIT)
    assert sorted([*reading.owners, *reading.unowned, *reading.left_out]) == sorted(files)
    found = owners(files)
    for left, right in itertools.combinations(found, 2):
        if found[left] == found[right]:
            same = layouts.read(files, UNIT).owners
            assert (same[left].name, same[left].number) == (same[right].name, same[right].number)


def test_names_that_collide_with_files_or_folders_stay_apart():
    used = {"timestamp.txt"}
    files = ["a", "a/b", "A", "c/d", "c", "timestamp.txt", "c/d", "otra-a"]
    given_names = [PurePosixPath(_free(file, used).lower()) for file in files]
    assert len(set(given_names)) == len(files)
    folders = {folder for name in given_names for folder in name.parents}
    assert folders.isdisjoint(given_names)
    assert PurePosixPath("timestamp.txt") not in given_names
