# `make demo` and `make test` set everything up by themselves; the rest are their parts.
PYTHON ?= python3
VENV   := .venv
READY  := $(VENV)/.ready
# nbgrader calls alembic by name: the environment's programs must be on PATH.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
JOBS   ?= 2
PYTHON_COLAB ?= python3.12

.PHONY: demo test test-browser test-colab test-engines test-hostile test-repeat test-ordinary test-differential test-fuzz setup lint unit masters release lock lab lab-profesor bench-otter clean
.DEFAULT_GOAL := demo

demo: setup
	course demo

test: lint unit masters

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.11 …" if sys.version_info < (3, 11) else 0)'
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install -qq -r requirements.lock
	$(VENV)/bin/python -m pip install -qq --no-deps --editable .
	touch $@

lint: setup
	ruff check .
	ruff format --check .
	mypy

unit: setup
	pytest tests/unit tests/notebooks tests/grading -n $(JOBS) --dist loadgroup --durations=60

masters: setup  ## every master from top to bottom; stored outputs are compared
	pytest --nbval source -n $(JOBS) --dist loadfile -p no:cacheprovider

test-hostile: setup  ## every hostile submission, under each sandbox that this machine offers
	pytest tests/grading/test_hostile.py -m hostile

test-engines: setup  ## bank, damages and attacks: the same points with forks, cold kernels and Dask
	pytest tests/grading/test_engines.py -m engines

test-repeat: setup  ## cells that end a kernel: 20 hand-ins with each, 10 times over, get one mark
	pytest tests/grading/test_repeat.py -m repeat

test-ordinary: setup  ## ordinary things that a cell does: the same marks at every level, forked and cold
	pytest tests/grading/test_ordinary.py -m 'ordinary or not ordinary'

test-differential: setup  ## 2,000 random submissions: the same marks however they are graded
	pytest tests/grading/test_differential.py -m differential

test-fuzz: setup  ## 10,000 random folders submitted/ and 25,000 mutated notebooks
	FOLDER_FUZZ=10000 pytest tests/grading/intake/test_fuzz_folders.py
	INTAKE_FUZZ=5000 pytest tests/grading/intake/test_fuzz.py

release: setup
	course release

lock:  ## write requirements.lock anew from pyproject.toml, in a fresh environment
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install -qq torch==2.13.0
	$(VENV)/bin/python -m pip install -qq --editable '.[test]'
	echo "# Every version that the course is tested with; made by 'make lock'." > requirements.lock
	$(VENV)/bin/python -m pip freeze --exclude-editable | sed 's/+cpu$$//; s/ @ .*//' >> requirements.lock

test-colab: setup .venv-colab/.ready .venv-colab-torch/.ready  ## releases and bank in an environment like Google Colab's
	pytest tests/colab -m colab

.venv-colab/.ready: tests/colab/requirements.txt
	$(PYTHON_COLAB) -m venv .venv-colab
	.venv-colab/bin/python -m pip install -qq -r $<
	touch $@

.venv-colab-torch/.ready: tests/colab/requirements-torch.txt  # for unit 4
	$(PYTHON) -m venv .venv-colab-torch
	.venv-colab-torch/bin/python -m pip install -qq -r $<
	touch $@

test-browser: setup  ## in a real JupyterLab, with the system's Chromium or Playwright's
	pytest tests/browser

lab: setup  ## JupyterLab as students have it, on copies of the notebooks in work/
	course lab

lab-profesor: setup  ## JupyterLab for instructors, in the course folder
	course lab --instructor

bench-otter: setup .venv-otter/.ready  ## Otter-Grader on the same hand-ins as this course's grading
	python -m benchmarks.otter_peer

# Its own environment beside .venv's packages: of those it needs, only what .venv lacks is installed.
# Packages are shared only between environments of one Python, so it is .venv's own that makes it.
.venv-otter/.ready: PACKAGES = -c 'import sysconfig; print(sysconfig.get_path("purelib"))'
.venv-otter/.ready: $(READY)
	$(VENV)/bin/python -m venv .venv-otter
	$(VENV)/bin/python $(PACKAGES) > "$$(.venv-otter/bin/python $(PACKAGES))/course.pth"
	.venv-otter/bin/python -m pip install -qq 'otter-grader[grading]==7.0.0'
	touch $@

clean:
	rm -rf $(VENV) .venv-colab .venv-colab-torch .venv-otter demo
