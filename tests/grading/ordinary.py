"""Ordinary things that a cell does, as data: each must give the same marks wherever it is graded.

A row is the text of a cell that leaves what it saw in ``visto``, and what that is on a machine
without any sandbox. ``test_ordinary`` puts every row into a cell of the student's own and into an
answer cell, and grades both at each level, forked and cold.
"""

from dataclasses import dataclass
from typing import Any, Final

FILES: Final = {
    "mis_funciones.py": "def doble(x):\n    return 2 * x\n",
    "paquete/__init__.py": "",
    "paquete/util.py": "from mis_funciones import doble\nCUATRO = doble(2)\n",
    "ayuda.py": "AYUDA = 7\n",
    "datos/notas.csv": "a,b\n1,2\n3,4\n",
}  # what lies beside the notebook


@dataclass(frozen=True)
class Row:
    """One ordinary thing.

    Attributes:
        name: what it is.
        cell: text of the cell; it leaves what it saw in ``visto``.
        expected: what ``visto`` is.
        before: cells that only an own cell can be, such as ``%%writefile``; they come first.
        stock: whether a plain kernel gives the same; else ``why`` says what happens there.
        why: reason for another expectation than that of a plain kernel.
        refused: whether Landlock refuses it; ``why`` says why that stays.
        quick: whether ``make test`` looks at it too.
    """

    name: str
    cell: str
    expected: Any = True
    before: tuple[str, ...] = ()
    stock: bool = True
    why: str = ""
    refused: bool = False
    quick: bool = False


def _saying(command: str) -> str:
    return f"get_ipython().system({command!r})\nvisto = _exit_code == 0"


SHELL = (
    Row("!ls", "!ls\nvisto = _exit_code", 0, quick=True),
    Row("x = !echo", "x = !echo hola\nvisto = list(x)", ["hola"], quick=True),
    Row("!! and %sx", "x = get_ipython().run_line_magic('sx', 'echo uno')\nvisto = list(x)",
        ["uno"]),
    Row("%system", "visto = list(get_ipython().run_line_magic('system', 'echo dos'))", ["dos"]),
    Row("a missing program", "!no-existe-este-programa\nvisto = _exit_code", 127, quick=True),
    Row("a program that fails", "!exit 3\nvisto = _exit_code", 3),
    Row("a signal ends a program", "!kill -9 $$\nvisto = _exit_code", -9),
    Row("!nvidia-smi where there is none", "!nvidia-smi-0\nvisto = _exit_code != 0"),
    Row("names in a command", "n = 3\nx = !echo {n} $n\nvisto = list(x)", ["3 3"]),
    Row("a command that reads input", "!cat\nvisto = _exit_code", 0, stock=False,
        why="stock waits for a terminal that nobody writes to"),
    Row("a long output", "x = !seq 5000\nvisto = len(x)", 5000),
    Row("a command behind &", "try:\n    get_ipython().system('true &')\n    visto = ''\n"
        "except OSError as e:\n    visto = str(e)", "Background processes not supported."),
    Row("!pip --version", "!pip --version\nvisto = _exit_code", 0, quick=True),
    Row("%pip --version", "%pip --version\nvisto = True", quick=True),
    Row("!pip install what is there", "!pip install -q numpy\nvisto = _exit_code", 0),
    Row("!python -c", "x = !python -c 'print(1 + 1)'\nvisto = list(x)", ["2"]),
    Row("!python own file", "x = !python -c 'import ayuda; print(ayuda.AYUDA)'\n"
        "visto = list(x)", ["7"]),
    Row("os.system", "import os\nvisto = os.system('exit 3')", 768, quick=True),
    Row("os.popen", "import os\nvisto = os.popen('echo hola').read()", "hola\n"),
    Row("subprocess.run", "import subprocess\n"
        "r = subprocess.run(['ls'], capture_output=True, text=True)\n"
        "visto = [r.returncode, 'ayuda.py' in r.stdout]", [0, True], quick=True),
    Row("subprocess of a missing program", "import subprocess\ntry:\n"
        "    subprocess.run(['no-existe-esto'])\nexcept FileNotFoundError:\n    visto = True"),
    Row("subprocess with a shell", "import subprocess\n"
        "visto = subprocess.check_output('echo a | tr a b', shell=True, text=True)", "b\n"),
    Row("sys.executable", "import subprocess, sys\nvisto = subprocess.check_output("
        "[sys.executable, '-c', 'import numpy; print(5)'], text=True)", "5\n"),
    Row("%%bash", "visto = salida.strip()", "hola",
        before=("%%bash --out salida\necho hola",)),
    Row("run_cell_magic('bash')", "get_ipython().run_cell_magic('bash', '--out salida', "
        "'echo hola')\nvisto = salida.strip()", "hola", quick=True),
    Row("%%sh that fails", "visto = True", before=("%%sh --no-raise-error\nexit 2",)),
    Row("%%python", "visto = salida.strip()", "9",
        before=("%%script python --out salida\nprint(4 + 5)",)),
    Row("!nproc", _saying("nproc")),
    Row("!free", _saying("cat /proc/meminfo")),
    Row("!cat /proc/cpuinfo", _saying("cat /proc/cpuinfo")),
    Row("!cat /proc/loadavg", _saying("cat /proc/loadavg")),
    Row("!cat /proc/uptime", _saying("cat /proc/uptime")),
    Row("!cat /proc/self/status", _saying("cat /proc/self/status"), refused=True,
        why="on Landlock /proc shows a kernel itself only: it would show everybody's processes"),
    Row("!cat /etc/os-release", _saying("cat /etc/os-release")),
    Row("!df", _saying("df -h .")),
    Row("!uname", _saying("uname -a")),
    Row("!date", _saying("date")),
    Row("!whoami", _saying("whoami")),
    Row("!id", _saying("id")),
    Row("!hostname", _saying("uname -n")),
    Row("!env", _saying("env")),
    Row("!which python", _saying("command -v python")),
    Row("!head of own data", "x = !head -1 datos/notas.csv\nvisto = list(x)", ["a,b"]),
    Row("!mkdir, !touch, !rm", "!mkdir -p nuevo && touch nuevo/a && rm -r nuevo\n"
        "visto = _exit_code", 0),
    Row("! and /tmp", "x = !echo hola > /tmp/de_la_consola && cat /tmp/de_la_consola\n"
        "visto = list(x)", ["hola"], quick=True),
    Row("! and Python share /tmp", "!echo hola > /tmp/de_los_dos\n"
        "visto = open('/tmp/de_los_dos').read()", "hola\n"),
    Row("a wrong address for a download", "import subprocess\nvisto = subprocess.run("
        "['sh', '-c', 'curl -s --max-time 5 http://127.0.0.1:9/x']).returncode != 0"),
)  # fmt: skip

STORED = (
    Row("a file beside the notebook", "open('salida.txt', 'w').write('hola')\n"
        "visto = open('salida.txt').read()", "hola", quick=True),
    Row("/tmp/x", "with open('/tmp/registro.txt', 'w') as f:\n    f.write('hola')\n"
        "visto = open('/tmp/registro.txt').read()", "hola", quick=True),
    Row("/tmp with pathlib", "from pathlib import Path\np = Path('/tmp/carpeta_mia')\n"
        "p.mkdir(exist_ok=True)\n(p / 'a.txt').write_text('b')\n"
        "visto = [[q.name for q in p.iterdir()], (p / 'a.txt').exists()]", [["a.txt"], True],
        quick=True),
    Row("/tmp shows nobody else's files", "import os\nvisto = [n for n in os.listdir('/tmp') "
        "if n.startswith(('cu-', 'k-', 'pytest'))]", [], stock=False,
        why="without a sandbox /tmp is everybody's"),
    Row("/tmp with os", "import os, shutil\nos.makedirs('/tmp/uno/dos', exist_ok=True)\n"
        "os.rename('/tmp/uno/dos', '/tmp/uno/tres')\nvisto = os.listdir('/tmp/uno')\n"
        "shutil.rmtree('/tmp/uno')", ["tres"]),
    Row("np.save in /tmp", "np.save('/tmp/m.npy', np.arange(3))\n"
        "visto = np.load('/tmp/m.npy').tolist()", [0, 1, 2], quick=True),
    Row("np.save beside", "np.savez('m.npz', a=np.arange(3))\n"
        "visto = np.load('m.npz')['a'].tolist()", [0, 1, 2]),
    Row("np.loadtxt", "visto = np.loadtxt('datos/notas.csv', delimiter=',', skiprows=1)"
        ".tolist()", [[1, 2], [3, 4]]),
    Row("pandas reads and writes", "import pandas as pd\nd = pd.read_csv('datos/notas.csv')\n"
        "d.to_csv('/tmp/d.csv', index=False)\nvisto = pd.read_csv('/tmp/d.csv')['b'].tolist()",
        [2, 4]),
    Row("pickle", "import pickle\nclass Punto:\n    x = 1\n"
        "pickle.dump(Punto(), open('p.pkl', 'wb'))\n"
        "visto = pickle.load(open('p.pkl', 'rb')).x", 1),
    Row("joblib.dump", "import joblib\njoblib.dump({'a': 1}, '/tmp/m.joblib')\n"
        "visto = joblib.load('/tmp/m.joblib')", {"a": 1}),
    Row("tempfile", "import tempfile\nwith tempfile.NamedTemporaryFile('w+') as f:\n"
        "    f.write('a'); f.seek(0); leido = f.read()\n"
        "with tempfile.TemporaryDirectory() as d:\n    open(d + '/x', 'w').close()\n"
        "visto = leido", "a"),
    Row("tempfile with a folder of its own", "import tempfile, os\n"
        "d = tempfile.mkdtemp(dir='/tmp')\nvisto = os.path.isdir(d)"),
    Row("sqlite3", "import sqlite3\nc = sqlite3.connect('a.db')\n"
        "c.execute('create table if not exists t (x)')\n"
        "c.execute('insert into t values (5)'); c.commit()\n"
        "visto = c.execute('select max(x) from t').fetchone()[0]; c.close()", 5),
    Row("sqlite3 in /tmp", "import sqlite3\nc = sqlite3.connect('/tmp/a.db')\n"
        "c.execute('create table if not exists t (x)'); c.commit(); c.close()\nvisto = True"),
    Row("shelve", "import shelve\nwith shelve.open('s') as s:\n    s['a'] = [1]\n"
        "with shelve.open('s') as s:\n    visto = s['a']", [1]),
    Row("mmap", "import mmap\nopen('m.bin', 'wb').write(b'hola')\nwith open('m.bin', 'r+b') as f:\n"
        "    m = mmap.mmap(f.fileno(), 0); visto = bytes(m[:4]).decode(); m.close()", "hola"),
    Row("np.memmap", "m = np.memmap('/tmp/mm', dtype='f4', mode='w+', shape=(3,))\nm[:] = 1\n"
        "visto = float(m.sum())", 3.0),
    Row("zipfile and shutil", "import zipfile, shutil\nwith zipfile.ZipFile('z.zip', 'w') as z:\n"
        "    z.write('ayuda.py')\nshutil.unpack_archive('z.zip', 'fuera')\n"
        "visto = open('fuera/ayuda.py').read()", "AYUDA = 7\n"),
    Row("gzip and tarfile", "import gzip, tarfile\ngzip.open('/tmp/g.gz', 'wt').write('a')\n"
        "with tarfile.open('t.tar', 'w') as t:\n    t.add('ayuda.py')\nvisto = True"),
    Row("json and csv", "import json, csv\njson.dump([1], open('a.json', 'w'))\n"
        "visto = [json.load(open('a.json')), list(csv.reader(open('datos/notas.csv')))[0]]",
        [[1], ["a", "b"]]),
    Row("home", "from pathlib import Path\np = Path.home() / 'mio.txt'\n"
        "p.write_text('a')\nvisto = p.read_text()\np.unlink()", "a"),
    Row("/content, Colab's folder", "try:\n    open('/content/x', 'w')\nexcept OSError as e:\n"
        "    visto = type(e).__name__", "FileNotFoundError"),
    Row("/dev/shm", "open('/dev/shm/fila_de_una_prueba', 'w').write('a')\nimport os\n"
        "os.remove('/dev/shm/fila_de_una_prueba')\nvisto = True"),
    Row("/dev/null", "open('/dev/null', 'w').write('a')\nvisto = True"),
    Row("listdir and glob", "import os, glob\nvisto = ['ayuda.py' in os.listdir(), "
        "glob.glob('*.py') != []]", [True, True]),
    Row("permissions of an own file", "import os\nopen('permisos', 'w').close()\n"
        "os.chmod('permisos', 0o600)\nvisto = os.stat('permisos').st_mode & 0o777", 0o600),
    Row("a link", "import os\nif not os.path.lexists('enlace'):\n"
        "    os.symlink('ayuda.py', 'enlace')\nvisto = open('enlace').read()", "AYUDA = 7\n"),
    Row("savefig", "import matplotlib.pyplot as plt\nplt.plot([1, 2])\n"
        "plt.savefig('f.png'); plt.savefig('/tmp/f.png'); plt.close()\nimport os\n"
        "visto = os.path.getsize('/tmp/f.png') > 0"),
)  # fmt: skip

PROCESSES = (
    Row("threads", "import threading\nr = []\nh = threading.Thread(target=r.append, args=(1,))\n"
        "h.start(); h.join()\nvisto = r", [1]),
    Row("ThreadPoolExecutor", "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(2) as p:\n    visto = list(p.map(abs, [-1, -2]))", [1, 2]),
    Row("ProcessPoolExecutor", "from concurrent.futures import ProcessPoolExecutor\nimport math\n"
        "with ProcessPoolExecutor(2) as p:\n    visto = list(p.map(math.sqrt, [1, 4]))",
        [1.0, 2.0]),
    Row("Pool of a function of the notebook", "import multiprocessing as mp\n"
        "def cuadrado(x):\n    return x * x\nwith mp.get_context('fork').Pool(2) as p:\n"
        "    visto = p.map(cuadrado, [1, 2, 3])", [1, 4, 9], quick=True),
    Row("spawn", "import multiprocessing as mp, math\n"
        "with mp.get_context('spawn').Pool(1) as p:\n    visto = p.map(math.sqrt, [9])", [3.0]),
    Row("spawn of an own module", "import multiprocessing as mp, mis_funciones\n"
        "with mp.get_context('spawn').Pool(1) as p:\n    visto = p.map(mis_funciones.doble, [9])",
        [18]),
    Row("forkserver", "import multiprocessing as mp, math\n"
        "with mp.get_context('forkserver').Pool(1) as p:\n    visto = p.map(math.sqrt, [9])",
        [3.0]),
    Row("Queue, Lock, Value", "import multiprocessing as mp\nc = mp.get_context('fork')\n"
        "q, l, v = c.Queue(), c.Lock(), c.Value('i', 3)\n"
        "def pone(q):\n    q.put(8)\nh = c.Process(target=pone, args=(q,)); h.start()\n"
        "visto = [q.get(timeout=20), v.value]; h.join()", [8, 3]),
    Row("Manager", "import multiprocessing as mp\nwith mp.get_context('fork').Manager() as m:\n"
        "    d = m.dict(); d['a'] = 1; visto = dict(d)", {"a": 1}),
    Row("shared_memory", "from multiprocessing import shared_memory\n"
        "s = shared_memory.SharedMemory(create=True, size=10)\ns.buf[0] = 7\nvisto = s.buf[0]\n"
        "s.close(); s.unlink()", 7),
    Row("os.fork", "import os\nh = os.fork()\nif h == 0:\n    os._exit(4)\n"
        "visto = os.waitstatus_to_exitcode(os.waitpid(h, 0)[1])", 4),
    Row("joblib n_jobs=2", "from joblib import Parallel, delayed\n"
        "visto = Parallel(n_jobs=2)(delayed(abs)(i) for i in range(-2, 2))", [2, 1, 0, 1],
        quick=True),
    Row("joblib with threads", "from joblib import Parallel, delayed\n"
        "visto = Parallel(n_jobs=2, prefer='threads')(delayed(abs)(i) for i in (-1, 1))", [1, 1]),
    Row("GridSearchCV n_jobs=-1", "from sklearn.model_selection import GridSearchCV\n"
        "from sklearn.linear_model import LogisticRegression\n"
        "b = GridSearchCV(LogisticRegression(), {'C': [1, 2]}, n_jobs=-1, cv=2)\n"
        "b.fit(np.arange(20.).reshape(-1, 1), np.arange(20) % 2)\n"
        "visto = len(b.cv_results_['params'])", 2),
    Row("await at top level", "import asyncio\n\nasync def f():\n    await asyncio.sleep(0)\n"
        "    return 5\n\nvisto = await f()", 5),
    Row("asyncio.gather", "import asyncio\n\nasync def g(x):\n    return x\n\n"
        "visto = list(await asyncio.gather(g(1), g(2)))", [1, 2]),
    Row("a program with asyncio", "import asyncio\n"
        "p = await asyncio.create_subprocess_exec('echo', 'a', stdout=-1)\n"
        "visto = (await p.communicate())[0].decode()", "a\n"),
    Row("counts of cores", "import os, multiprocessing, joblib\n"
        "visto = os.cpu_count() == multiprocessing.cpu_count() and joblib.cpu_count() >= 1 "
        "and len(os.sched_getaffinity(0)) >= 1", quick=True),
    Row("psutil", "import psutil\nvisto = [psutil.virtual_memory().total > 0, "
        "psutil.Process().memory_info().rss > 0, psutil.cpu_percent() >= 0, "
        "psutil.cpu_count() >= 1, psutil.disk_usage('.').total > 0, "
        "psutil.swap_memory().total >= 0, psutil.boot_time() > 0]", [True] * 7),
    Row("psutil of oneself", "import psutil, os\np = psutil.Process()\n"
        "visto = [p.pid == os.getpid(), p.num_threads() > 0, p.name() != '', "
        "p.memory_percent() > 0]", [True] * 4),
    Row("psutil lists processes", "import psutil, os\nvisto = os.getpid() in psutil.pids()",
        refused=True, why="as !cat /proc/self/status"),
    Row("a server of one's own", "import socket\ns = socket.create_server(('127.0.0.1', 0))\n"
        "c = socket.create_connection(s.getsockname(), timeout=5)\nc.close(); s.close()\n"
        "visto = True", refused=True,
        why="Landlock can refuse TCP or allow it, everybody's servers included"),
    Row("getloadavg", "import os\nvisto = len(os.getloadavg())", 3),
    Row("resource", "import resource\n"
        "visto = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0"),
    Row("an alarm", "import signal, time\nr = []\n"
        "antes = signal.signal(signal.SIGALRM, lambda *_: r.append(1))\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.05)\ntime.sleep(0.3)\n"
        "signal.signal(signal.SIGALRM, antes)\nvisto = r", [1]),
    Row("a signal handler", "import signal\nantes = signal.getsignal(signal.SIGINT)\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "signal.signal(signal.SIGINT, antes)\nvisto = callable(antes)"),
    Row("faulthandler", "import faulthandler\nfaulthandler.enable()\n"
        "visto = faulthandler.is_enabled()"),
    Row("atexit", "import atexit\natexit.register(print, 'adiós')\nvisto = True"),
    Row("socketpair", "import socket\na, b = socket.socketpair()\na.send(b'x')\n"
        "visto = b.recv(1).decode(); a.close(); b.close()", "x"),
    Row("urllib to nowhere", "import urllib.request, urllib.error\ntry:\n"
        "    urllib.request.urlopen('http://127.0.0.1:9/x', timeout=5)\n"
        "except urllib.error.URLError:\n    visto = True"),
    Row("a name that does not exist", "import urllib.request, urllib.error\ntry:\n"
        "    urllib.request.urlopen('http://no-existe.invalid/x', timeout=5)\n"
        "except urllib.error.URLError:\n    visto = True"),
    Row("pandas from an address", "import pandas as pd\ntry:\n"
        "    pd.read_csv('http://no-existe.invalid/x.csv')\nexcept OSError:\n    visto = True"),
    Row("getpass.getuser", "import getpass\nvisto = getpass.getuser() != ''", quick=True),
    Row("pwd", "import pwd, os\nvisto = pwd.getpwuid(os.getuid()).pw_name != ''", quick=True),
    Row("grp", "import grp, os\nvisto = grp.getgrgid(os.getgid()).gr_name != ''"),
    Row("hostname and platform", "import socket, platform\n"
        "visto = '' not in (socket.gethostname(), platform.platform(), platform.node()) "
        "and 'ID' in platform.freedesktop_os_release()"),
    Row("localhost", "import socket\nvisto = socket.gethostbyname('localhost')", "127.0.0.1"),
    Row("a pseudo-terminal", "import os\ntry:\n    os.openpty()\nexcept OSError:\n    pass\n"
        "visto = True"),
    Row("time zones", "import datetime, zoneinfo, time\n"
        "visto = [str(datetime.datetime(2024, 7, 1, tzinfo=zoneinfo.ZoneInfo('Europe/Madrid'))"
        ".utcoffset()), len(time.tzname)]", ["2:00:00", 2]),
    Row("TZ", "import os, time\nos.environ['TZ'] = 'Europe/Madrid'\ntime.tzset()\n"
        "visto = time.localtime(1719835200).tm_hour\ndel os.environ['TZ']\ntime.tzset()", 14),
    Row("locale", "import locale\nlocale.setlocale(locale.LC_ALL, '')\n"
        "visto = locale.getpreferredencoding()", "UTF-8"),
    Row("a locale that is missing", "import locale\ntry:\n"
        "    locale.setlocale(locale.LC_ALL, 'xx_XX.UTF-8')\nexcept locale.Error:\n"
        "    visto = True"),
    Row("urandom and secrets", "import os, secrets\n"
        "visto = len(os.urandom(4)) + len(secrets.token_bytes(4))", 8),
)  # fmt: skip

NOTEBOOK = (
    Row("a module beside the notebook", "from mis_funciones import doble\nvisto = doble(4)", 8,
        quick=True),
    Row("a package beside the notebook", "from paquete.util import CUATRO\nvisto = CUATRO", 4,
        quick=True),
    Row("%run", "%run ayuda.py\nvisto = AYUDA", 7, quick=True),
    Row("%%writefile and import", "from escrito import triple\nvisto = triple(2)", 6,
        before=("%%writefile escrito.py\ndef triple(x):\n    return 3 * x",), quick=True),
    Row("a module written by open()", "open('recien.py', 'w').write('VALOR = 5')\n"
        "import recien\nvisto = recien.VALOR", 5, quick=True),
    Row("a second module after a first failed", "try:\n    import tardio\n"
        "except ImportError:\n    pass\nopen('tardio.py', 'w').write('V = 1')\n"
        "import importlib\nimportlib.invalidate_caches()\nimport tardio\nvisto = tardio.V", 1),
    Row("importlib.reload", "import importlib, os\nopen('cambia.py', 'w').write('V = 1')\n"
        "import cambia\nopen('cambia.py', 'w').write('V = 22')\nimportlib.reload(cambia)\n"
        "visto = cambia.V", 22),
    Row("sys.path.append", "import sys, os\nos.makedirs('otra', exist_ok=True)\n"
        "open('otra/lejos.py', 'w').write('V = 3')\nsys.path.append('otra')\nimport lejos\n"
        "visto = lejos.V", 3),
    Row("the standard library goes first", "open('statistics.py', 'w').write('mean = None')\n"
        "import statistics\nvisto = callable(statistics.mean)"),
    Row("the place of '' in sys.path", "import sys\nvisto = '' in sys.path"),
    Row("%autoreload", "%load_ext autoreload\n%autoreload 2\nvisto = True"),
    Row("__name__", "visto = __name__", "__main__"),
    Row("if __name__ == '__main__'", "visto = False\nif __name__ == '__main__':\n"
        "    visto = True"),
    Row("__file__", "try:\n    __file__\nexcept NameError:\n    visto = True"),
    Row("import __main__", "import __main__\nvalor_principal = 6\n"
        "visto = __main__.valor_principal", 6),
    Row("sys.argv", "import sys\nvisto = len(sys.argv) > 0"),
    Row("argparse", "import argparse\np = argparse.ArgumentParser()\n"
        "p.add_argument('--n', type=int, default=4)\nvisto = p.parse_args([]).n", 4),
    Row("inspect.getsource", "import inspect\ndef mirada():\n    return 1\n"
        "visto = inspect.getsource(mirada)", "def mirada():\n    return 1\n"),
    Row("cloudpickle", "import cloudpickle, pickle\ndef suma(a):\n    return a + 1\n"
        "visto = pickle.loads(cloudpickle.dumps(suma))(1)", 2),
    Row("input()", "try:\n    input('n: ')\nexcept Exception as e:\n"
        "    visto = type(e).__name__", "StdinNotImplementedError"),
    Row("getpass.getpass", "import getpass\ntry:\n    getpass.getpass()\n"
        "except Exception as e:\n    visto = type(e).__name__", "StdinNotImplementedError"),
    Row("%timeit", "%timeit -n1 -r1 sum(range(10))\nvisto = True"),
    Row("%%time", "visto = medida", 3, before=("%%time\nmedida = 1 + 2",)),
    Row("%%capture", "visto = str(cogido)", "hola\n",
        before=("%%capture cogido\nprint('hola')",)),
    Row("%%timeit", "visto = True", before=("%%timeit -n1 -r1\nsum(range(5))",)),
    Row("%prun", "%prun -q sum(range(5))\nvisto = True"),
    Row("%env", "%env MI_VARIABLE=1\nimport os\nvisto = os.environ['MI_VARIABLE']", "1"),
    Row("%cd", "import os\nantes = os.getcwd()\n%cd -q datos\n"
        "visto = os.path.basename(os.getcwd())\nos.chdir(antes)", "datos"),
    Row("%pwd", "import os\nvisto = get_ipython().run_line_magic('pwd', '') == os.getcwd()"),
    Row("%who", "mia_unica = 1\nvisto = 'mia_unica' in "
        "get_ipython().run_line_magic('who_ls', '')"),
    Row("%who shows nothing of the grader's", "visto = [n for n in get_ipython().run_line_magic("
        "'who_ls', '') if 'grading' in n or 'course' in n]", []),
    Row("%lsmagic", "%lsmagic\nvisto = True"),
    Row("%config", "%config InlineBackend.figure_format = 'retina'\nvisto = True"),
    Row("%precision", "%precision 3\nvisto = True"),
    Row("%history", "%history -l 1\nvisto = True"),
    Row("%store", "guardado = 1\n%store guardado\nvisto = True"),
    Row("%load_ext of a missing one", "try:\n"
        "    get_ipython().run_line_magic('load_ext', 'no_existe_zz')\n"
        "except ModuleNotFoundError:\n    visto = True"),
    Row("In and Out", "visto = isinstance(In, list) and isinstance(Out, dict)"),
    Row("help", "np.mean?\nhelp(len)\nvisto = True"),
    Row("display", "from IPython.display import HTML, Markdown, clear_output, display\n"
        "display(HTML('<b>a</b>'), Markdown('b'), {'a': 1})\nclear_output()\nvisto = True"),
    Row("a display that is updated", "from IPython.display import display\n"
        "h = display('a', display_id=True)\nh.update('b')\nvisto = True"),
    Row("%%html", "visto = True", before=("%%html\n<b>a</b>",)),
    Row("%%latex", "visto = True", before=("%%latex\n$a$",)),
    Row("get_ipython().run_cell", "get_ipython().run_cell('de_dentro = 4')\n"
        "visto = de_dentro", 4),
    Row("get_ipython().ex", "get_ipython().ex('de_ex = 4')\nvisto = de_ex", 4),
    Row("plt.show", "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n"
        "visto = plt.get_fignums()", []),
    Row("%matplotlib inline", "%matplotlib inline\nimport matplotlib.pyplot as plt\n"
        "visto = 'inline' in plt.get_backend()", quick=True),
    Row("plt.switch_backend('agg')", "import matplotlib.pyplot as plt\nb = plt.get_backend()\n"
        "plt.switch_backend('agg')\nplt.switch_backend(b)\nvisto = True"),
    Row("figures with subplots", "import matplotlib.pyplot as plt\n"
        "f, e = plt.subplots(1, 2)\ne[0].imshow(np.eye(3))\nf.tight_layout()\nplt.close(f)\n"
        "visto = len(e)", 2),
    Row("a pandas figure", "import pandas as pd\npd.Series([1, 2]).plot()\nvisto = True"),
    Row("plotly", "import plotly.graph_objects as go\nf = go.Figure(go.Scatter(y=[1, 2]))\n"
        "f.write_html('p.html')\nvisto = len(f.to_json()) > 10"),
    Row("tqdm", "from tqdm import tqdm\nvisto = sum(tqdm(range(4)))", 6),
    Row("tqdm.auto", "from tqdm.auto import tqdm\nvisto = sum(tqdm(range(4)))", 6),
    Row("tqdm.notebook", "from tqdm.notebook import tqdm\nvisto = sum(tqdm(range(4)))", 6),
    Row("ipywidgets", "import ipywidgets\nd = ipywidgets.IntSlider(value=3)\nvisto = d.value", 3),
    Row("interact", "from ipywidgets import interact\ninteract(lambda x: x, x=3)\nvisto = True"),
    Row("importlib.metadata", "import importlib.metadata as m\nvisto = m.version('numpy') != ''"),
    Row("a print to stderr", "import sys\nprint('aviso', file=sys.stderr)\nvisto = True"),
    Row("sys.stdout.buffer or reconfigure", "import sys\n"
        "visto = hasattr(sys.stdout, 'reconfigure')", False),
    Row("contextlib.redirect_stdout", "import contextlib, io\ns = io.StringIO()\n"
        "with contextlib.redirect_stdout(s):\n    print('a')\nvisto = s.getvalue()", "a\n"),
    Row("traceback and sys.exc_info", "import traceback\ntry:\n    1 / 0\n"
        "except ZeroDivisionError:\n    visto = 'ZeroDivision' in traceback.format_exc()"),
    Row("weak references and gc", "import gc\ngc.collect()\nvisto = True"),
    Row("tracemalloc", "import tracemalloc\ntracemalloc.start()\n"
        "visto = tracemalloc.get_traced_memory()[0] >= 0\ntracemalloc.stop()"),
    Row("cProfile", "import cProfile\np = cProfile.Profile()\nvisto = p.runcall(abs, -3)", 3),
    Row("unittest in a cell", "import unittest\nclass P(unittest.TestCase):\n"
        "    def test(self):\n        self.assertEqual(1, 1)\n"
        "visto = unittest.TextTestRunner().run(unittest.defaultTestLoader.loadTestsFromTestCase(P))"
        ".wasSuccessful()"),
    Row("doctest in a cell", "import doctest\nvisto = doctest.testmod().failed", 0),
    Row("a C library with ctypes", "import ctypes\nvisto = ctypes.CDLL(None).abs(-3)", 3),
)  # fmt: skip

# -- settings: each in a notebook of its own, whose other cells must keep their points ------------

SETTINGS = (
    Row("np.seterr(all='raise')", "np.seterr(all='raise')"),
    Row("np.set_printoptions", "np.set_printoptions(precision=1, threshold=2)"),
    Row("seeds", "import random\nrandom.seed(0); np.random.seed(0)"),
    Row("warnings as errors", "import warnings\nwarnings.simplefilter('error')", quick=True),
    Row("warnings off", "import warnings\nwarnings.filterwarnings('ignore')"),
    Row("logging of everything", "import logging\nlogging.basicConfig(level=logging.DEBUG)\n"
        "logging.getLogger().setLevel(logging.DEBUG)"),
    Row("logging off", "import logging\nlogging.disable(logging.CRITICAL)"),
    Row("a low recursion limit", "import sys, inspect\n"
        "sys.setrecursionlimit(len(inspect.stack()) + 60)", stock=False,
        why="stock needs deep calls of its own for a test"),
    Row("a high recursion limit", "import sys\nsys.setrecursionlimit(10**6)"),
    Row("gc off", "import gc\ngc.disable()"),
    Row("decimal", "import decimal\ndecimal.getcontext().prec = 2"),
    Row("os.chdir", "import os\nos.chdir('/')", quick=True),
    Row("a working folder that is gone", "import os, shutil\nos.mkdir('ida')\nos.chdir('ida')\n"
        "shutil.rmtree('../ida')"),
    Row("an empty environment", "import os\nos.environ.clear()"),
    Row("sys.path emptied", "import sys\nsys.path.clear()", quick=True),
    Row("sys.argv", "import sys\nsys.argv = ['x']"),
    Row("sys.stdout closed", "import sys\nsys.stdout.close(); sys.stderr = None", stock=False,
        why="stock's kernel falls silent for good", quick=True),
    Row("sys.stdout replaced", "import sys, io\nsys.stdout = sys.stderr = io.StringIO()",
        quick=True),
    Row("sys.stdout gone", "import sys\nsys.stdout = None", stock=False,
        why="stock's kernel does not reply any more"),
    Row("sys.stdout deleted", "import sys\ndel sys.stdout", stock=False,
        why="stock's kernel does not reply any more"),
    Row("sys.stdout into a file", "import sys\nsys.stdout = open('salida', 'w')"),
    Row("sys.stdout into a closed file", "import sys\nsys.stdout = open('salida', 'w')\n"
        "sys.stdout.close()", stock=False, why="stock's kernel does not reply any more"),
    Row("descriptors closed", "import os\nos.close(1); os.close(2)"),
    Row("socket.setdefaulttimeout", "import socket\nsocket.setdefaulttimeout(0.001)", quick=True),
    Row("an alarm that never came", "import signal\nsignal.alarm(600)"),
    Row("a signal ignored", "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)"),
    Row("children ignored", "import signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)"),
    Row("a thread that goes on", "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()"),
    Row("a process that goes on", "import subprocess\n_ = subprocess.Popen(['sleep', '1000'])"),
    Row("a trace function", "import sys\nsys.settrace(lambda *_: None)"),
    Row("names of Python's own", "list = [1]; id = 3; sum = 4; str = 'a'; type = 5; len = 6"),
    Row("a name of the set-up replaced", "import numpy\nnp = numpy"),
    Row("locale", "import locale\nlocale.setlocale(locale.LC_ALL, 'C')"),
    Row("TZ", "import os, time\nos.environ['TZ'] = 'Asia/Tokyo'\ntime.tzset()"),
    Row("umask", "import os\nos.umask(0o777)"),
    Row("pandas options", "import pandas as pd\npd.set_option('display.max_rows', 2)\n"
        "pd.set_option('mode.copy_on_write', True)"),
    Row("rcParams", "import matplotlib\nmatplotlib.rcParams['figure.dpi'] = 30"),
    Row("faulthandler.dump_traceback_later", "import faulthandler\n"
        "faulthandler.dump_traceback_later(1000, file=open('f', 'w'))"),
    Row("%matplotlib tk", "%matplotlib tk", stock=False, quick=True,
        why="stock raises where there is no display; on a student's machine there is one"),
    Row("%matplotlib qt", "%matplotlib qt", stock=False, why="as tk"),
    Row("%matplotlib notebook", "%matplotlib notebook", stock=False, why="not in every kernel"),
    Row("%matplotlib widget", "%matplotlib widget", stock=False, why="ipympl is missing"),
    Row("%gui tk", "%gui tk", stock=False, why="as %matplotlib tk"),
    Row("matplotlib.use", "import matplotlib\nmatplotlib.use('TkAgg')\n"
        "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()", stock=False, quick=True,
        why="as %matplotlib tk"),
    Row("pyplot.switch_backend", "import matplotlib.pyplot as plt\n"
        "plt.switch_backend('QtAgg')", stock=False, why="as %matplotlib tk"),
    Row("%tensorboard", "%load_ext tensorboard\n%tensorboard --logdir registros", quick=True,
        stock=False, why="stock starts a server, for up to a minute"),
    Row("%pdb on", "%pdb on"),
    Row("%xmode", "%xmode Minimal"),
    Row("%autocall", "%autocall 0"),
    Row("%colors", "%colors nocolor"),
    Row("a function of the agent's names", "serve = converse = Line = None"),
    Row("ast_node_interactivity", "from IPython.core.interactiveshell import InteractiveShell\n"
        "InteractiveShell.ast_node_interactivity = 'all'"),
    Row("a display hook", "import sys\nsys.displayhook = lambda x: None"),
    Row("sys.excepthook", "import sys\nsys.excepthook = lambda *_: None"),
    Row("nest_asyncio's way", "import asyncio\nasyncio.get_event_loop().set_debug(True)"),
)  # fmt: skip

TORCH = (
    Row("set_default_dtype(float64)", "torch.set_default_dtype(torch.float64)", quick=True,
        stock=False, why="a test's arrays of float32 meet its models of float64"),
    Row("set_default_dtype back", "torch.set_default_dtype(torch.float64)\n"
        "torch.set_default_dtype(torch.float32)"),
    Row("set_grad_enabled(False) and back", "torch.set_grad_enabled(False)\n"
        "torch.set_grad_enabled(True)"),
    Row("manual_seed and threads", "torch.manual_seed(0)\ntorch.set_num_threads(1)"),
    Row("deterministic", "torch.use_deterministic_algorithms(True)"),
    Row("anomalies", "torch.autograd.set_detect_anomaly(True)"),
    Row("printing", "torch.set_printoptions(precision=2)"),
    Row("warnings as errors", "import warnings\nwarnings.simplefilter('error')"),
    Row("torch.save in /tmp", "torch.save({'a': 1}, '/tmp/m.pt')\n"
        "assert torch.load('/tmp/m.pt') == {'a': 1}", quick=True),
    Row("a loader with workers", "from torch.utils.data import DataLoader\n"
        "assert len(list(DataLoader(range(4), num_workers=2))) == 4"),
)  # fmt: skip

TENSORFLOW = (
    Row("floatx float64", "keras.config.set_floatx('float64')", stock=False,
        why="as torch's set_default_dtype"),
    Row("a policy of mixed precision", "keras.config.set_dtype_policy('mixed_float16')",
        stock=False, why="a test's tolerance is that of float32"),
    Row("functions eagerly", "tf.config.run_functions_eagerly(True)"),
    Row("warnings as errors", "import warnings\nwarnings.simplefilter('error')"),
    Row("a seed", "keras.utils.set_random_seed(1)"),
    Row("saving in /tmp", "m = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])\n"
        "m.save('/tmp/m.keras'); m.save_weights('/tmp/m.weights.h5')\n"
        "keras.saving.load_model('/tmp/m.keras')"),
)  # fmt: skip
