"""Answers that do harm only when they are run."""

from course_utils.grading.intake import REVIEW
from tests.grading.intake.damage import Case, Damage

RUNTIME: list[Damage] = []


def runtime(state: str = REVIEW, says: str = "", lost: str = "first"):
    """Add a case to the list."""

    def add(apply):
        RUNTIME.append(Damage(apply, state, says, lost))
        return apply

    return add


def _first(case: Case, body: str) -> None:
    head = case.stub(case.first).split("\n")[0]
    case.cell(case.first)["source"] = f"{head}\n" + body
    case.write()


@runtime(says="se cerró de golpe")
def dies_in_a_test(case: Case) -> None:
    _first(case, "    import os\n    os._exit(1)")


@runtime(says="se cerró de golpe")
def dies_in_an_answer(case: Case) -> None:
    case.cell(case.first)["source"] += "\nimport os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
    case.write()


@runtime(says="se cerró de golpe", lost="")
def dies_in_a_scratch_cell(case: Case) -> None:
    case.put(case.at(case.second), "import os\nos._exit(1)")
    case.write()


@runtime(state="calificado", lost="")
def says_goodbye_in_a_scratch_cell(case: Case) -> None:
    case.put(case.at(case.second), "exit()")
    case.write()


@runtime(says="tardó demasiado")
def never_ends(case: Case) -> None:
    _first(case, "    while True:\n        pass")


@runtime(says="tardó demasiado")
def never_ends_and_will_not_be_interrupted(case: Case) -> None:
    _first(
        case,
        "    while True:\n        try:\n            while True:\n                pass\n"
        "        except BaseException:\n            pass",
    )
