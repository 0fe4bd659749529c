"""The attacks. Each takes the place of one exercise's answer, or changes the notebook as a whole.

``cell`` runs when the student's cell runs; ``body`` is the body of the function that the tests
call. Neither solves the exercise, so that each is worth 0 points unless it breaks something.
Whatever an attack reads it prints: the test searches the outputs for canaries.
"""

from dataclasses import dataclass

MARKER = "98765"  # seconds that left-over processes sleep: what the test looks for
# The attacks are real: outside the sandbox none may run, whatever a test's settings say.
GUARD = """
import os
if os.environ.get("LOGNAME") != "student" or "COURSE_SECRET" in os.environ:
    os._exit(3)
"""
ANYTHING = """
class Anything:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __len__(self): return 2
    def __getitem__(self, key): return self
    def __getattr__(self, name):
        if name.startswith("__"): raise AttributeError(name)
        return self
    def __call__(self, *args, **kwargs): return self
    def __float__(self): return 1.0
    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__
    __hash__ = object.__hash__
"""


@dataclass(frozen=True)
class Attack:
    """One attack in the place of an answer.

    Attributes:
        name: what it tries.
        cell: code that runs with the cell.
        body: body of the function that the tests call.
        deadly: whether it takes the kernel with it (a new one costs time).
    """

    name: str
    cell: str = ""
    body: str = "return Anything()"
    deadly: bool = False


_FORGE = """
import course_utils.grading.examiner.agent as agent
genuine = agent.__dict__.setdefault("genuine", agent.serve)
def serve(question):
    import json
    if json.loads(question)["op"] == "name": return genuine(question)
    return forged(json)
agent.serve = serve
"""
_HONEST_AGENT = """
import course_utils.grading.examiner.agent as agent, course_utils.grading.examiner.channel as line
agent.serve = agent.__dict__.get("genuine", agent.serve)
line.Line.send = line.__dict__.get("genuine", line.Line.send)
"""
_LINE = """
import course_utils.grading.examiner.channel as line
genuine_send = line.__dict__.setdefault("genuine", line.Line.send)
def send(self, text):
    import json, os, struct, time
    {}
    genuine_send(self, text)
line.Line.send = send
"""


def _forged(name: str, expression: str) -> Attack:
    return Attack(name, f"{_FORGE}\ndef forged(json): return {expression}\n")


def _on_the_line(name: str, statement: str) -> Attack:
    return Attack(name, _LINE.replace("{}", statement, 1))


def _in_kernel(name: str, cell: str) -> Attack:
    return Attack(name, cell)


def _answer(name: str, body: str) -> Attack:
    return Attack(name, _HONEST_AGENT, body)


FORGED = [
    _forged("an answer that is an always-equal object",
            '\'{"value": {"handle": 1, "type": "ndarray", "call": true}}\''),
    _forged("an array longer than its bytes",
            '\'{"value": {"array": ["array", "<f8", [1000000], "AAAA"]}}\''),
    _forged("an array of objects",
            '\'{"value": {"array": ["array", "|O", [1], "AAAAAAAAAAA="]}}\''),
    _forged("a pickle in place of an array",
            '\'{"value": {"array": ["array", "|V8", [1], "gASVAAAAAAA="]}}\''),
    _forged("an answer nested a million deep", '\'{"value": \' + "[" * 10**6 + "]" * 10**6 + "}"'),
    _forged("an answer of two hundred megabytes", '\'{"value": "\' + "x" * (200 << 20) + \'"}\''),
    _forged("an exception that skips the test",
            '\'{"error": {"kinds": ["SkipTest"], "text": "", "line": ""}}\''),
    _forged("an exception that ends an iteration",
            '\'{"error": {"kinds": ["StopIteration"], "text": "", "line": ""}}\''),
    _forged("an exception that ends a process",
            '\'{"error": {"kinds": ["SystemExit"], "text": "0", "line": ""}}\''),
    _forged("an answer that is no JSON", '"True"'),
    _forged("an answer that is a list", '"[1, 2, 3]"'),
    _forged("a dtype that is code", '\'{"value": {"array": ["array", "O,<f8(())", [1], ""]}}\''),
    _forged("negative and absurd shapes",
            '\'{"value": {"array": ["array", "<f8", [-1, -8], "AAAAAAAAAAA="]}}\''),
    _forged("three hundred thousand types", 'json.dumps({"value": {"list": '
            '[{"handle": n, "type": f"T{n}", "call": False} for n in range(300_000)]}})'),
    _forged("keys that have one hash", 'json.dumps({"value": {"set": '
            '[n * (2**61 - 1) for n in range(40_000)]}})'),
    _forged("integers of thousands of digits",
            '\'{"value": {"list": [\' + ",".join(["9" * 4299] * 20_000) + "]}}"'),
    _forged("a text that makes an array grow",
            'json.dumps({"value": {"list": ["x" * 100_000] + ["a"] * 100_000}})'),
    _forged("a tag that does not exist", '\'{"value": {"eval": "__import__(\\\'os\\\')"}}\''),
]  # fmt: skip

LINE = [
    _on_the_line("a text without end", "self._socket.sendall(struct.pack('!Q', 1 << 60))"),
    _on_the_line("a text that trickles",
                 "self._socket.sendall(struct.pack('!Q', 99)); "
                 "[(self._socket.sendall(b'x'), time.sleep(0.1)) for _ in range(98)]"),
    _on_the_line("hangs up", "self._socket.close()"),
    _on_the_line("answers before it is asked",
                 "[genuine_send(self, '{\"value\": true}') for _ in range(20)]"),
    _in_kernel("the folder of sockets closed", """
import os, pathlib
folder = pathlib.Path(get_ipython().config["IPKernelApp"]["connection_file"]).parent
for path in folder.iterdir():
    try: path.unlink()
    except OSError: pass
try: os.chmod(folder, 0)
except OSError: pass
"""),
]  # fmt: skip

PATCHES = [
    _in_kernel("NumPy's comparisons always true", """
import numpy as np
for name in ("allclose", "isclose", "array_equal", "equal", "all"):
    setattr(np, name, lambda *a, **k: np.bool_(True))
for name in dir(np.testing):
    if name.startswith("assert"): setattr(np.testing, name, lambda *a, **k: None)
"""),
    _in_kernel("the course's own comparison always true", """
import sys, course_utils.checks as checks, course_utils.checks.compare as compare
module = sys.modules["course_utils.checks.check"]
compare.same = checks.same = module.same = lambda *a, **k: True
module.Check.that = module.Check.equal = module.Check.run = lambda *a, **k: None
"""),
    _in_kernel("check does nothing", """
import course_utils.checks as checks
check = checks.check = lambda *a, **k: lambda test: None
"""),
    _in_kernel("exec, eval and compile replaced", """
import builtins
for name in ("exec", "eval", "compile"):
    genuine = getattr(builtins, name)
    setattr(builtins, name, lambda source, *a, _g=genuine, **k:
            _g("pass" if isinstance(source, str) and "check(" in source else source, *a, **k))
"""),
    _in_kernel("run_cell of the shell replaced", """
shell = get_ipython()
genuine_run = shell.run_cell
shell.run_cell = lambda source, *a, **k: genuine_run("" if "@check" in source else source, *a, **k)
"""),
    _in_kernel("do_execute of the kernel replaced", """
kernel = get_ipython().kernel
genuine_do = kernel.do_execute
def do_execute(code, *a, **k):
    return genuine_do("" if "@check" in code else code, *a, **k)
kernel.do_execute = do_execute
"""),
    _in_kernel("display hook that scores", """
import sys
sys.displayhook = lambda value: print(100.0)
get_ipython().displayhook.__class__.__call__ = lambda self, result=None: None
"""),
    _in_kernel("input transformers that empty tests", """
get_ipython().input_transformers_cleanup.append(
    lambda lines: ["pass\\n"] if any("@check" in line for line in lines) else lines)
"""),
    _in_kernel("AST transformers that drop asserts", """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
    def visit_Raise(self, node): return ast.Pass()
get_ipython().ast_transformers.append(Drop())
"""),
    _in_kernel("events before and after every cell", """
def cheat(*args):
    import sys
    module = sys.modules["course_utils.checks.check"]
    module.Check.fail = lambda *a, **k: None
for event in ("pre_run_cell", "post_run_cell", "pre_execute", "post_execute"):
    get_ipython().events.register(event, cheat)
"""),
    _in_kernel("a trace function", """
import sys, threading
def trace(frame, event, arg):
    if "check" in frame.f_code.co_filename: frame.f_trace_lines = False
    return None
sys.settrace(trace); threading.settrace(trace); sys.setprofile(lambda *a: None)
"""),
    _in_kernel("tracebacks that are never shown", """
shell = get_ipython()
shell.showtraceback = shell._showtraceback = lambda *a, **k: None
shell.set_custom_exc((Exception,), lambda *a, **k: None)
"""),
    _in_kernel("forged messages: results, replies, idle", """
kernel = get_ipython().kernel
parent = kernel.get_parent()
for kind, content in (
    ("execute_result", {"data": {"text/plain": "100.0"}, "metadata": {}, "execution_count": 1}),
    ("update_display_data", {"data": {"text/plain": "100.0"}, "metadata": {},
                             "transient": {"display_id": "x"}}),
    ("comm_open", {"comm_id": "x", "target_name": "jupyter.widget", "data": {"state": {}}}),
    ("clear_output", {"wait": False}),
):
    kernel.session.send(kernel.iopub_socket, kind, content, parent=parent)
"""),
    _in_kernel("a thread that patches again and again", """
import threading, time
def again():
    while True:
        import sys
        module = sys.modules["course_utils.checks.check"]
        module.Check.run = lambda *a, **k: None
        time.sleep(0.01)
threading.Thread(target=again, daemon=True).start()
"""),
    _in_kernel("import itself replaced", """
import builtins
genuine_import = builtins.__import__
def __import__(name, *a, **k):
    module = genuine_import(name, *a, **k)
    if name == "numpy.testing": module.assert_allclose = lambda *a, **k: None
    return module
builtins.__import__ = __import__
"""),
    _in_kernel("pickle and cloudpickle replaced", """
import pickle
pickle.loads = pickle.load = lambda *a, **k: Anything()
"""),
]  # fmt: skip

READS = [
    _in_kernel("reads every notebook on the disk", """
import os
for root, folders, files in os.walk("/"):
    folders[:] = [f for f in folders if f not in ("proc", "sys", "site-packages")]
    for name in files:
        if name.endswith((".ipynb", ".db", ".txt")) and "python" not in root:
            try: print(open(os.path.join(root, name), errors="replace").read()[:200000])
            except OSError: pass
"""),
    _in_kernel("reads the course by its path", """
for path in ("COURSE/source/UNIT/UNIT.ipynb", "COURSE/canary.txt", "../../../canary.txt",
             "COURSE/submitted/honest/UNIT/UNIT.ipynb", "COURSE/gradebook.db",
             "COURSE/autograded/honest/UNIT/UNIT.ipynb", "../../../source/UNIT/UNIT.ipynb"):
    try: print(open(path, errors="replace").read())
    except OSError as error: print(type(error).__name__)
"""),
    _in_kernel("writes classmates, gradebook and source", """
import sqlite3
for path in ("COURSE/submitted/honest/UNIT/UNIT.ipynb", "COURSE/source/UNIT/UNIT.ipynb",
             "COURSE/autograded/honest/UNIT/UNIT.ipynb", "COURSE/gradebook.db",
             "COURSE/nbgrader_config.py", "../../../gradebook.db"):
    try: open(path, "r+b").write(b"overwritten")
    except OSError as error: print(type(error).__name__)
try: sqlite3.connect("COURSE/gradebook.db").execute("update grade set auto_score = 100")
except Exception as error: print(type(error).__name__)
"""),
    _in_kernel("prints the environment of every process", """
import os
print(dict(os.environ))
for pid in ["self", "1", str(os.getppid())] + [str(n) for n in range(2, 4000)]:
    for part in ("environ", "cmdline", "cwd/canary.txt"):
        try: print(open(f"/proc/{pid}/{part}", errors="replace").read()[:2000])
        except OSError: pass
"""),
    _in_kernel("leaves start-up files behind", """
import os, site, sys
for folder in (os.path.expanduser("~/.ipython/profile_default/startup"), *site.getsitepackages(),
               os.path.dirname(__import__("course_utils").__file__), "/etc", "/usr/lib"):
    for name in ("00-cheat.py", "sitecustomize.py", "usercustomize.py", "cheat.pth"):
        try:
            os.makedirs(folder, exist_ok=True)
            open(os.path.join(folder, name), "w").write("import numpy; numpy.allclose = print")
            print("wrote", folder)
        except OSError: pass
"""),
    _in_kernel("talks to the network", """
import socket
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    try:
        s = socket.socket(socket.AF_INET, kind); s.settimeout(1)
        s.connect(("127.0.0.1", PORT)); s.send(b"hello")
    except OSError as error: print(type(error).__name__)
"""),
    _in_kernel("magics and shell commands", """
get_ipython().run_line_magic("load_ext", "autoreload")
get_ipython().system("cat COURSE/canary.txt COURSE/source/UNIT/UNIT.ipynb; env; ps aux")
get_ipython().run_cell_magic("bash", "", "cat COURSE/canary.txt || true; id; mount || true")
"""),
    _in_kernel("namespaces, mounts, other processes' memory", """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
os.makedirs("mounted", exist_ok=True)
print(libc.unshare(0x10000000), libc.mount(b"none", b"mounted", b"tmpfs", 0, None))
print(libc.ptrace(0x4206, os.getppid(), 0, 0), libc.setuid(0))
for pid in (1, os.getppid()):
    try: print(open(f"/proc/{pid}/mem", "rb").read(1))
    except OSError as error: print(type(error).__name__)
"""),
    _in_kernel("links to what it may not read", """
import os
for number, path in enumerate(("COURSE/canary.txt", "COURSE/source/UNIT/UNIT.ipynb")):
    for link in (os.symlink, os.link):
        try:
            link(path, f"link-{number}"); print(open(f"link-{number}").read())
        except OSError as error: print(type(error).__name__)
"""),
    _in_kernel("raises its own limits", """
import resource
for kind in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC):
    try: resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except (OSError, ValueError) as error: print(type(error).__name__)
"""),
]  # fmt: skip

ANSWERS = [
    _answer("an always-equal object", "return Anything()"),
    _answer("a float that equals everything", """
class Float(float):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __sub__ = __rsub__ = lambda self, other: 0.0
return Float(7.0)
"""),
    _answer("an array that equals everything", """
import numpy as np
class Array(np.ndarray):
    def __array_ufunc__(self, *a, **k): return np.bool_(True)
    def __array_function__(self, *a, **k): return True
    __eq__ = __lt__ = __gt__ = lambda self, other: np.bool_(True)
return np.zeros((2, 2)).view(Array)
"""),
    _answer("skips the test", "import unittest\nraise unittest.SkipTest()"),
    _answer("ends an iteration", "raise StopIteration()"),
    _answer("ends the program politely", "raise SystemExit(0)"),
    _answer("an interrupt", "raise KeyboardInterrupt()"),
    _answer("an outcome of the course's own", """
from course_utils.checks import Incorrect
raise Incorrect("u1-ej1", "✔ superadas", (), False)
"""),
    _answer("prints what it was called with and who called it", """
import sys, gc
frame = sys._getframe()
while frame:
    for value in frame.f_locals.values():
        if isinstance(value, str) and ("HIDDEN" in value or "CANARY" in value): print(value)
    frame = frame.f_back
print([o for o in gc.get_objects() if isinstance(o, str) and "BEGIN HIDDEN" in o])
print(get_ipython().user_ns.get("In"), list(get_ipython().history_manager.get_tail(50)))
"""),
    _answer("rich output in place of an answer", """
from IPython.display import HTML, SVG, Javascript, Math, display
display(HTML("<script>document.title='CHEAT'</script><img src=x onerror=alert(1)>"))
display(Javascript("alert(1)"), Math(r"\\href{javascript:alert(1)}{x}"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"))
"""),
    _answer("a million items", "return [0.0] * 1_100_000"),
    _answer("a container nested in itself", "found = []\nfound.append(found)\nreturn found"),
    _answer("a mapping without end", """
class Endless(dict):
    def items(self):
        while True: yield (1, 1)
    def __iter__(self): return iter(int, 1)
return iter(int, 1)
"""),
    _answer("changes the test's own arguments", """
for value in args:
    try: value[...] = 0
    except Exception: pass
return args[0] if args else None
"""),
]  # fmt: skip

DEADLY = [
    Attack("ends the process", _HONEST_AGENT, "import os\nos._exit(0)", True),
    Attack("kills everything that it may", _HONEST_AGENT,
           "import os\nos.kill(os.getppid(), 9)\nos.kill(-1, 9)", True),
    Attack("endless and deaf to interrupts", _HONEST_AGENT, """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    try:
        while True: pass
    except BaseException: pass
""", True),
    Attack("a flood of memory", _HONEST_AGENT, """
found = []
while True: found.append(bytearray(b"x" * (200 << 20)))
""", True),
    Attack("a flood of processes", _HONEST_AGENT, f"""
import subprocess, os
for _ in range(400): subprocess.Popen(["sleep", "{MARKER}"], start_new_session=True)
import time
time.sleep(8)
""", True),
    Attack("crashes the interpreter", _HONEST_AGENT,
           "import ctypes\nctypes.string_at(0)", True),
    Attack("memory that is in no process", _HONEST_AGENT, f"""
import os, time
found = []
for number in range(200):
    path = f"/dev/shm/{MARKER}-{{number}}"
    found.append(open(path, "wb")); found[-1].write(bytes(50 << 20)); os.unlink(path)
time.sleep(8)
""", True),
    Attack("a quarter of a million files", _HONEST_AGENT, """
import time
for number in range(250_000): open(f"file-{number}", "w").close()
time.sleep(8)
""", True),
]  # fmt: skip

FLOODS = [
    Attack("daemons that outlive the notebook", f"""
import os, subprocess
subprocess.Popen(["setsid", "sleep", "{MARKER}"], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: os.execvp("sleep", ["sleep", "{MARKER}"])
    os._exit(0)
"""),
    Attack("a flood of output", """
for _ in range(200): print("x" * 100_000)
for number in range(20_000): print(number)
"""),
    Attack("a flood of output during the test", "", """
for _ in range(100): print("x" * 1_000_000)
return 1
"""),
    Attack("a flood of files", """
try:
    for number in range(40): open(f"flood-{number}", "wb").write(bytes(100 << 20))
except OSError as error: print(type(error).__name__)
import glob, os
for path in glob.glob("flood-*"): os.remove(path)
"""),
    Attack("folders nested deeper than Python calls itself", """
import os, time
here = os.getcwd()
for _ in range(1500): os.mkdir("d"); os.chdir("d")
os.chdir(here); os.chmod("d", 0); time.sleep(3)
"""),
    Attack("leaves something for the next", f"""
import ctypes, os
libc = ctypes.CDLL(None)
print(libc.shmget({MARKER}, 4096, 0o1600), libc.msgget({MARKER}, 0o1600),
      libc.semget({MARKER}, 1, 0o1600), libc.mq_open(b"/{MARKER}", 0o102, 0o600, None))
for place in ("/dev/shm", "/tmp", "/var/tmp", "/dev/mqueue", os.environ["TMPDIR"]):
    try: open(f"{{place}}/{MARKER}", "w").write("for the next")
    except OSError: pass
"""),
]  # fmt: skip
