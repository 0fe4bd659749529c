"""Ordinary things that a cell of a student does, good habits and bad ones.

Each is deterministic by itself, and none needs what another submission left behind.
"""

from typing import Final

ORDINARY: Final[dict[str, str]] = {
    # -- output
    "print": "print('hola', [1, 2, 3])",
    "print to stderr": "import sys\nprint('ruido', file=sys.stderr)",
    "much output": "for i in range(3000):\n    print(i, 'x' * 20)",
    "display": "from IPython.display import HTML, display\ndisplay(HTML('<b>hola</b>'))",
    "warning": "import warnings\nwarnings.warn('un aviso')",
    "warnings as errors": "import warnings\nwarnings.simplefilter('error')",
    "logging": "import logging\nlogging.basicConfig(level=logging.DEBUG)\nlogging.error('mal')",
    "logging off": "import logging\nlogging.disable(logging.CRITICAL)",
    "stdout redirected": (
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()):\n    print('a')"
    ),
    "stdout replaced": "import io, sys\nsys.stdout = io.StringIO()",
    "stdout closed": "import sys\nsys.stdout.close()",
    "stderr gone": "import sys\nsys.stderr = None",
    "stdout gone": "import sys\nsys.stdout = None",
    "figure": "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nplt.show()",
    "figure saved": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.savefig('figura.png')",
    "figure settings": "import matplotlib\nmatplotlib.rcParams['figure.figsize'] = (20, 20)",
    "help": "help(len)",
    # -- files
    "file here": "open('datos.txt', 'w').write('1 2')\nassert open('datos.txt').read() == '1 2'",
    "file in /tmp": (
        "import os\nruta = f'/tmp/datos-{os.getpid()}.txt'\nopen(ruta, 'w').write('1')\n"
        "assert open(ruta).read() == '1'\nos.remove(ruta)"
    ),
    "temporary file": "import tempfile\nwith tempfile.TemporaryFile() as f:\n    f.write(b'1')",
    "temporary folder": "import tempfile\ncarpeta = tempfile.mkdtemp()",
    "folder": "import os\nos.makedirs('resultados/uno', exist_ok=True)",
    "own data": (
        "import pandas as pd\npd.DataFrame({'a': [1, 2]}).to_csv('mios.csv', index=False)\n"
        "assert pd.read_csv('mios.csv')['a'].sum() == 3"
    ),
    "array saved": "import numpy\nnumpy.save('pesos.npy', numpy.ones(3))\nnumpy.load('pesos.npy')",
    "missing file": "open('no-existe.csv')",
    "chdir to root": "import os\nos.chdir('/')",
    "chdir up": "import os\nos.chdir('..')",
    "home": "from pathlib import Path\nprint(Path.home(), Path.cwd())",
    "expanduser": "import os\nopen(os.path.expanduser('~/notas.txt'), 'w').write('x')",
    # -- processes and threads
    "subprocess": "import subprocess\nsubprocess.run(['ls', '-la'], check=True)",
    "subprocess of Python": (
        "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(1)'], check=True)"
    ),
    "os.system": "import os\nos.system('echo hola')",
    "thread": (
        "import threading\nhilo = threading.Thread(target=print, args=('hola',))\n"
        "hilo.start()\nhilo.join()"
    ),
    "daemon thread": (
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(30,), daemon=True).start()"
    ),
    "thread pool": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(2) as pool:\n    print(list(pool.map(abs, [-1, 2])))"
    ),
    "process pool": (
        "import multiprocessing\n"
        "with multiprocessing.Pool(2) as pool:\n    print(pool.map(abs, [-1, 2]))"
    ),
    "joblib": (
        "from joblib import Parallel, delayed\n"
        "print(Parallel(n_jobs=2)(delayed(abs)(x) for x in [-1, 2]))"
    ),
    "asyncio": "import asyncio\nawait asyncio.sleep(0)",
    "atexit": "import atexit\natexit.register(print, 'adiós')",
    "sleep": "import time\ntime.sleep(0.1)",
    # -- lines of the shell and magics
    "!ls": "!ls",
    "!echo into a name": "salida = !echo hola",
    "%ls": "%ls",
    "%cd": "%cd ..",
    "%pip": "%pip --version",
    "%timeit": "%timeit -n 2 -r 2 sum(range(10))",
    "%matplotlib": "%matplotlib inline",
    "%env": "%env MI_VARIABLE=1",
    "%autoreload": "%load_ext autoreload\n%autoreload 2",
    "%reset": "%reset -f",
    "question mark": "len?",
    "own module": (
        "open('propio.py', 'w').write('VALOR = 3')\nimport propio\nassert propio.VALOR == 3"
    ),
    # -- settings of everything
    "numpy seed": "import numpy\nnumpy.random.seed(0)",
    "random seed": "import random\nrandom.seed(0)\nrandom.random()",
    "numpy errors": "import numpy\nnumpy.seterr(all='raise')",
    "numpy printing": "import numpy\nnumpy.set_printoptions(precision=1, suppress=True)",
    "pandas settings": "import pandas\npandas.set_option('display.max_rows', 3)",
    "locale": "import locale\nlocale.setlocale(locale.LC_ALL, '')",
    "missing locale": "import locale\nlocale.setlocale(locale.LC_ALL, 'es_AR.UTF-8')",
    "recursion limit": "import sys\nsys.setrecursionlimit(5000)",
    "decimal": "import decimal\ndecimal.getcontext().prec = 3",
    "environment": "import os\nos.environ['OMP_NUM_THREADS'] = '1'",
    "garbage collector off": "import gc\ngc.disable()",
    "signal": "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)",
    "order of a set": (
        "nombres = {'peso', 'sesgo', 'media', 'escala'}\n"
        "if list(nombres)[0] != 'media':\n    del np"
    ),
    "main's name": "__name__ = 'otro'\nprint(__name__)",
    # -- names
    "builtins renamed": "sum = 3\nlist = [1]\nmax = min = None",
    "print renamed": "print = lambda *_: None",
    "builtins changed": "import builtins\nbuiltins.print = lambda *_, **__: None",
    "np deleted": "del np",
    "np renamed": "np = 3",
    "numpy patched": "import numpy\nnumpy.allclose = lambda *_, **__: True",
    "names of the course": "check = None\nLISTO = 0",
    "star import": "from math import *",
    "underscores": "_ = 3\n__ = 4\nOut = In = None",
    # -- ends
    "exit()": "exit()",
    "quit": "quit",
    "sys.exit": "import sys\nsys.exit(0)",
    "SystemExit": "raise SystemExit",
    "os._exit": "import os\nos._exit(0)",
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "exception": "1 / 0",
    "syntax error": "esto no es python",
    "input": "nombre = input('¿Cómo te llamas? ')",
    "breakpoint": "import pdb\npdb.set_trace()",
    "missing library": "import una_biblioteca_que_no_existe",
    "assertion": "assert False, 'no da'",
    "endless recursion": "def f():\n    return f()\nf()",
}
