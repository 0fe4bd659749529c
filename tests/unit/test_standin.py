"""Stand-ins, with both sides in one process: what a test cell can and cannot do with them."""

import json
import sys
import types
from collections.abc import Iterator

import numpy as np
import pytest

from course_utils.checks import ExecutionError, Incorrect, NotStarted, check
from course_utils.grading.examiner import agent, errors, wire
from course_utils.grading.examiner.errors import student_error
from course_utils.grading.examiner.standin import Link, StandIn


class Student:
    """What a student's notebook might define."""

    def __init__(self) -> None:
        self.rate = 0.5
        self.items = [1.0, 2.0]

    def half(self, x: float) -> float:
        """A method."""
        return x * self.rate

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: object) -> object:
        return self.items[index]  # type: ignore[index]


def mean(x: np.ndarray) -> np.ndarray:
    return np.mean(x, axis=0)


def careless(x: np.ndarray) -> np.ndarray:
    x -= x.mean()
    return x


def stub(x: object) -> None:
    raise NotImplementedError()


def finished(x: float) -> float:
    raise NotImplementedError()
    return 2 * x


def division(x: float) -> float:
    return x / 0


def many_types(count: int) -> list[object]:
    return [type(f"T{number}", (), {})() for number in range(count)]


@pytest.fixture
def link(monkeypatch: pytest.MonkeyPatch) -> Iterator[Link]:
    """A link to a notebook in this very process."""
    notebook = types.ModuleType("__main__")
    notebook.__dict__.update(
        Student=Student,
        mean=mean,
        careless=careless,
        stub=stub,
        finished=finished,
        number=7,
        division=division,
        many_types=many_types,
    )
    monkeypatch.setitem(sys.modules, "__main__", notebook)
    link = Link(agent.serve)
    yield link
    link.forget()


def test_functions_are_called_with_values(link):
    assert link.name("mean")(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist() == [2.0, 3.0]
    assert link.name("number") == 7


def test_a_missing_name_is_a_name_error(link):
    with pytest.raises(NameError, match="'nothing' is not defined"):
        link.name("nothing")


def test_objects_give_attributes_items_and_length(link):
    student = link.name("Student")()
    assert type(student).__name__ == "Student"
    assert (student.rate, len(student), student[1], list(student)) == (0.5, 2, 2.0, [1.0, 2.0])
    assert student.half(3.0) == 1.5
    student.rate = 2.0
    assert student.half(3.0) == 6.0
    assert not hasattr(student, "history")


@pytest.mark.parametrize(
    "use",
    [lambda s: s == 1, lambda s: s != 1, lambda s: s < 1, bool, float, int, hash, lambda s: s + 1,
     lambda s: 1 - s, lambda s: 1 in s, abs, lambda s: {s}],
)  # fmt: skip
def test_a_stand_in_has_no_value_of_its_own(link, use):
    with pytest.raises(TypeError):
        use(link.name("Student")())


def test_arguments_come_back_only_as_values(link):
    x = np.array([1.0, 3.0])
    value, (after,) = link.name("careless").call_with_arguments((x,), {})
    assert value.tolist() == after.tolist() == [-1.0, 1.0]
    assert x.tolist() == [1.0, 3.0]


def test_functions_of_the_test_travel_by_value(link):
    scale = 3.0

    def probe(student, x):
        return student.half(x) * scale

    student = link.name("Student")()
    assert student.run_beside(probe, (student, 4.0)) == 6.0


def test_a_stub_left_above_an_answer_is_seen_from_outside(link):
    with pytest.raises(ExecutionError, match="delante de tu solución"):
        check("u9-ej1")(lambda c: c.call(link.name("finished"), 1))


def test_what_a_visible_test_notes_costs_no_question(link):
    asked: list[str] = []
    counting = Link(lambda question: asked.append(question) or agent.serve(question))
    student = counting.name("Student")
    counts = []
    for hidden in (True, False):
        asked.clear()
        check("u9-ej1", hidden=hidden)(lambda c: c.equal(c.call(student).half(3.0), 1.5))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_check_finds_the_same_outcomes_through_stand_ins(link):
    stub, careless, mean = map(link.name, ("stub", "careless", "mean"))
    with pytest.raises(NotStarted):

        @check("u1-ej1")
        def _untouched(c):
            c.call(stub, 1)

    with pytest.raises(Incorrect, match="Cambiaste"):

        @check("u1-ej1")
        def _changed(c):
            c.unchanged(careless, np.array([1.0, 3.0]), sentence="Cambiaste x.")

    with pytest.raises(Incorrect, match="eje"):

        @check("u1-ej1")
        def _wrong(c):
            c.equal(c.call(mean, np.eye(2) * 4), 1.0, mistakes={"Otro eje.": [2.0, 2.0]})


def test_a_call_that_went_well_costs_one_question(link, monkeypatch):
    mean, asked = link.name("mean"), []
    monkeypatch.setattr(
        link, "_ask", lambda question: asked.append(question) or agent.serve(question)
    )

    @check("u1-ej1")
    def _right(c):
        c.equal(c.call(mean, np.eye(2) * 4), [2.0, 2.0])

    assert len(asked) == 1


def test_an_error_brings_its_kind_its_text_and_its_line(link):
    with pytest.raises(ZeroDivisionError) as caught:
        link.name("division")(1.0)
    assert str(caught.value) == "float division by zero"
    assert "return x / 0" in caught.value.student_line


@pytest.mark.parametrize(
    "kind", ["StopIteration", "SystemExit", "SkipTest", "AssertionError", "1x"]
)
def test_no_exception_of_the_students_ends_more_than_a_call(kind):
    answer = json.dumps({"error": {"kinds": [kind], "text": "x", "line": ""}})
    link = Link(lambda _: answer)
    with pytest.raises(Exception, match="x") as caught:
        link.name("f")
    assert not isinstance(caught.value, (StopIteration, AssertionError))


@pytest.mark.parametrize("answer", ["{}", "[]", "x", '{"value": {"eval": "1"}}', '{"error": 1}'])
def test_a_malformed_answer_is_an_error_of_the_students(answer):
    with pytest.raises(Exception, match=r"^$|no se entiende"):
        Link(lambda _: answer).name("f")


def test_with_the_next_question_what_was_asked_for_is_dropped(link):
    student = link.name("Student")()
    link.forget()
    link.name("number")
    assert agent._objects == {}
    with pytest.raises(KeyError):
        _ = student.rate


def test_models_come_back_as_state():
    import torch

    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    before = model.weight.detach().clone()

    def train(model, optimizer):
        model(torch.ones(1, 2)).sum().backward()
        optimizer.step()
        return model.weight

    link = Link(agent.serve)
    value, (trained, _) = link.call(train, (model, optimizer), {}, back=True)
    assert torch.equal(model.weight, before)
    assert torch.allclose(trained.weight, before - 0.5)
    assert torch.allclose(value, trained.weight)


def test_a_state_that_does_not_fit_the_model_is_said():
    import torch

    def grow(model):
        model.weight = torch.nn.Parameter(torch.ones(1, 3))

    with pytest.raises(ValueError, match="ya no tiene su forma"):
        Link(agent.serve).call(grow, (torch.nn.Linear(2, 1),), {}, back=True)


def test_a_stand_in_is_known_by_its_type_alone(link):
    assert issubclass(type(link.name("Student")), StandIn)
    assert not isinstance(link.name("Student")(), Student)


def test_types_and_requests_are_counted_and_each_test_begins_anew(link, monkeypatch):
    monkeypatch.setattr(wire, "MAX_TYPES", 3)
    monkeypatch.setattr(wire, "MAX_REQUESTS", 20)
    for _ in range(2):
        many = link.name("many_types")
        assert len(many(2)) == 2
        with pytest.raises(ValueError, match="grande"):
            many(4)
        with pytest.raises(ValueError, match="grande"):  # and so is what comes after it
            link.name("number")
        assert link.allowance.spent
        link.forget()
    mean = link.name("mean")
    for _ in range(19):
        mean(np.ones(2))
    with pytest.raises(ValueError, match="grande"):
        mean(np.ones(2))


def test_classes_of_errors_are_not_kept_without_end():
    for number in range(1_000):
        student_error({"kinds": [f"E{number}"]})
    assert errors._kind.cache_info().currsize <= 256
