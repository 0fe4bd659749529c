"""No text of a student's is code, a pattern or a template; nobody's failure is everybody's.

The test reads the package's source: each call that could run, import, match or fill in what it is
given has to be on the list below, with the reason why no student can choose that argument, or why
it does no harm where it is. A new one fails the test until somebody has thought about it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import course_utils.grading

PACKAGE = Path(course_utils.grading.__path__[0])
RUNS = {"eval", "exec", "__import__", "import_module", "find_spec", "run_module", "run_path"}
SHELL = {"os.system", "os.popen", "extractall"}
PATTERNS = {
    "compile",
    "match",
    "fullmatch",
    "search",
    "sub",
    "subn",
    "split",
    "findall",
    "finditer",
}
MESSAGES = {"debug", "info", "warning", "error", "exception", "critical", "log"}

COURSE = "text of the course's own code"
SANDBOX = "in the student's sandboxed process"
MASTER = "text of the master, in the examiner, where no line of a student's runs"
# Module, function, kind → why it is safe.
ALLOWED = {
    ("examiner/process.py", "_run", "eval"): MASTER,
    ("examiner/process.py", "_run", "exec"): MASTER,
    ("examiner/process.py", "_set_up", "exec"): MASTER,
    ("release/answer_runs.py", "execute", "exec"): "the teacher's answers and tests, at release",
    ("forkserver/child.py", "_become_examiner", "import_module"): "the coordinator names it",
    ("forkserver/child.py", "_run_operations_as_such", "import_module"): "a constant",
    ("forkserver/child.py", "_run_python", "exec"): "the kernel's or examiner's own start",
    ("forkserver/child.py", "_run_python", "run_module"): "the kernel's or examiner's own start",
    ("forkserver/child.py", "_spare_the_modules", "import_module"): "a constant",
    ("forkserver/preload.py", "load", "import_module"): "a fixed list, chosen by the master",
    ("kernels/figures.py", "_needs_display", "import_module"): "a constant",
    ("kernels/shell.py", "_execute", "shell"): SANDBOX,
    # Patterns.
    ("autograde/bundle.py", "_left_out", "glob"): "constant patterns; a name is matched with them",
    ("autograde/bundle.py", "without", "glob"): "the course's patterns, for the master's files",
    ("executor/reasons.py", "reason_of", "pattern"): "the name of a variable, escaped",
    ("intake/layouts.py", "_match", "pattern"): "a constant table; a path is matched with it",
    ("intake/names.py", "matched", "pattern"): "the teacher's patterns; a path is matched",
    ("intake/places.py", "chosen", "glob"): "the teacher's pattern; ids are matched with it",
    ("feedback/formgrader.py", "_rubrics", "pattern"): "the course's delimiters, escaped",
    ("feedback/formulas.py", "to_mathml", "pattern"): "a constant table",
    ("executor/lacks.py", "lacking", "pattern"): "a constant table, searched in a short text",
    ("scheme.py", "_pattern", "pattern"): "nbgrader's delimiters, escaped",
    ("scratch.py", "sweep", "glob"): "a constant",
    ("gradebook/tables.py", "", "pattern"): "put together from constants",
    ("release/voice.py", "", "pattern"): "put together from constants",
    # Templates.
    ("examiner/kernel_link.py", "_open", "template"): "a constant template",
    ("intake/candidates.py", "_name_notes", "template"): COURSE,
    ("intake/candidates.py", "_rivals", "template"): COURSE,
    ("intake/collect.py", "_make_plan", "template"): COURSE,
    ("intake/decoding.py", "", "template"): COURSE,
    ("intake/layouts.py", "_folders", "template"): COURSE,
    ("intake/layouts.py", "_gradescope", "template"): COURSE,
    ("intake/layouts.py", "_of_a_system", "template"): COURSE,
    ("intake/layouts.py", "_refuse_alike", "template"): COURSE,
    ("intake/run.py", "too_long", "template"): COURSE,
    ("kernels/figures.py", "matplotlib", "template"): COURSE,
    ("kernels/figures.py", "switch_backend", "template"): COURSE,
    ("kernels/figures.py", "toolkit", "template"): COURSE,
    ("lms/export.py", "column", "template"): "the teacher's title of a column",
    ("executor/resilient.py", "_execute", "template"): COURSE,
    ("executor/resilient.py", "_give_up", "template"): COURSE,
    ("executor/resilient.py", "_note", "template"): COURSE,
    ("executor/resilient.py", "_persist", "template"): COURSE,
    ("executor/resilient.py", "_settle", "template"): COURSE,
    ("executor/resilient.py", "_note_lacking", "template"): COURSE,
    ("executor/resilient.py", "start_new_kernel_client", "template"): COURSE,
    ("executor/lacks.py", "lacking", "template"): COURSE,
    ("rebuild/rebuild.py", "_named", "template"): COURSE,
    # A SystemExit gets past these, and no further than a job, ``Scheduler`` and ``_guarding``.
    ("examiner/agent.py", "_describe", "except Exception"): SANDBOX,
    ("executor/examine.py", "_attempt", "except Exception"): "a job catches the rest",
    ("executor/examine.py", "_run_again", "except Exception"): "a job catches the rest",
    ("examiner/process.py", "_set_up", "except Exception"): MASTER,
    ("autograde/cluster.py", "_demand_same", "except Exception"): "no submission's work",
    ("autograde/cluster.py", "cluster_pool", "except Exception"): "no submission's work",
    ("autograde/job.py", "holding", "except Exception"): "gives an error another name",
    ("release/answer_runs.py", "_of_answer", "except Exception"): "no submission's work",
    ("forkserver/preload.py", "load", "except Exception"): "no submission's work",
    ("kernels/endings.py", "_ended", "except Exception"): SANDBOX,
    ("examiner/streams.py", "_works", "except Exception"): SANDBOX,
    (
        "feedback/formulas.py",
        "to_mathml",
        "except Exception",
    ): "a parser of text, which runs nothing",
    ("feedback/markdown.py", "safe_markdown", "except Exception"): "a parser, which runs nothing",
}


def calls(tree: ast.AST, function: str = "") -> Iterator[tuple[str, ast.AST]]:
    """All nodes, each with the innermost function that it is in."""
    for node in ast.iter_child_nodes(tree):
        inside = function
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inside = node.name
        yield inside, node
        yield from calls(node, inside)


def kinds(node: ast.AST) -> Iterator[str]:
    """What about a node has to be thought about."""
    if isinstance(node, ast.ExceptHandler) and _name(node.type) == "Exception":
        yield "except Exception"
    if not isinstance(node, ast.Call):
        return
    name = ast.unparse(node.func)
    last = name.rpartition(".")[2]
    first = node.args[0] if node.args else None
    if last in RUNS:
        yield last
    if name in SHELL or last in SHELL or _is_true(node, "shell"):
        yield "shell"
    if name in {f"re.{way}" for way in PATTERNS} and not _constant(first):
        yield "pattern"
    if last in {"glob", "rglob", "iglob"} and not _constant(first):
        yield "glob"
    if last in {"fnmatch", "fnmatchcase", "filter"} and "fnmatch" in name:
        yield "glob"
    if last in {"format", "format_map"} and not _constant(getattr(node.func, "value", None)):
        yield "template"
    at = 1 if last == "log" else 0  # where a message's text stands: behind its level, or first
    filled_in = last in MESSAGES and "log" in name and len(node.args) > at + 1
    if filled_in and not _constant(node.args[at]):
        yield "log format"
    if last in {"execute", "text"} and isinstance(first, (ast.JoinedStr, ast.BinOp)):
        yield "SQL"
    if last == "suppress" and "Exception" in map(_name, node.args):
        yield "except Exception"


def _name(node: ast.AST | None) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _constant(node: ast.AST | None) -> bool:
    return node is None or isinstance(node, ast.Constant)


def _is_true(node: ast.Call, keyword: str) -> bool:
    return any(
        each.arg == keyword and isinstance(each.value, ast.Constant) and each.value.value is True
        for each in node.keywords
    )


def found() -> set[tuple[str, str, str]]:
    """Every place in the package."""
    return {
        (path.relative_to(PACKAGE).as_posix(), function, kind)
        for path in PACKAGE.rglob("*.py")
        for function, node in calls(ast.parse(path.read_text(encoding="utf-8")))
        for kind in kinds(node)
    }


def test_every_call_that_could_take_a_students_text_for_more_has_been_thought_about():
    assert found() - set(ALLOWED) == set()


def test_the_list_holds_nothing_that_is_gone():
    assert set(ALLOWED) - found() == set()


def test_the_hunt_sees_what_it_is_there_for():
    """One line of each kind, such as the one that once imported a file by a student's name."""
    lines = {
        "importlib.util.find_spec(name)": "find_spec",
        "import_module(name)": "import_module",
        "exec(source)": "exec",
        "subprocess.run(text, shell=True)": "shell",
        "os.system(text)": "shell",
        "archive.extractall(folder)": "shell",
        "re.fullmatch(pattern, path)": "pattern",
        "folder.glob(f'{student}*')": "glob",
        "fnmatch.fnmatchcase(name, pattern)": "glob",
        "note.format(1)": "template",
        "self.log.error(message, 1)": "log format",
        "db.execute(f'select {student}')": "SQL",
        "suppress(Exception)": "except Exception",
    }
    for line, kind in lines.items():
        assert [each for _, node in calls(ast.parse(line)) for each in kinds(node)] == [kind], line
