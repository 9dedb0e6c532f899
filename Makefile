# Two commands for a newcomer: make serve, make test. Each sets up what it needs; the second run starts at once.
# PYTHON chooses the interpreter: make test PYTHON=python3.13
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

# A process a core; more than eight would spend longer on starting than they save.
PARALLEL := --numprocesses auto --maxprocesses 8 --dist worksteal

.PHONY: serve test check build lint types contract e2e bench lock clean

serve: $(VENV)/.serve
	@$(BIN)/practice-finder serve

test: $(VENV)/.test
	@$(BIN)/python -m pytest $(PARALLEL) $(TEST)

check: $(VENV)/.serve
	@$(BIN)/practice-finder check

build: $(VENV)/.serve
	@$(BIN)/practice-finder build

lint: $(VENV)/.test
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/bandit --quiet --recursive search_service

types: $(VENV)/.test
	@$(BIN)/mypy

contract: $(VENV)/.all
	@$(BIN)/python tests/contract/run.py $(CONTRACT)

e2e: $(VENV)/.all
	@$(BIN)/python -m pytest $(PARALLEL) tests/e2e

bench: $(VENV)/.all
	@$(BIN)/python -W ignore tests/benchmarks/peers.py

# Writes requirements/ from the floors in pyproject.toml, keeping the versions that are there and still fit:
# make lock UPGRADE=--upgrade takes the newest of everything.
BUILD_REQUIRES := import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")
COMPILE = $(BIN)/python -c '$(BUILD_REQUIRES)' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
  --generate-hashes --annotation-style line --custom-compile-command "make lock" $(UPGRADE) pyproject.toml -

lock: $(VENV)/.all
	$(COMPILE) --all-extras --output-file requirements/all.txt
	$(COMPILE) --extra prod --constraint requirements/all.txt --output-file requirements/serve.txt
	$(COMPILE) --extra test --constraint requirements/all.txt --output-file requirements/test.txt

clean:
	rm -rf $(VENV) build *.egg-info index/2* index/current index/.building-* index/.lock

# One environment; each stamp says which lock has been installed in it, and is renewed when that or pyproject.toml
# changes. Wheels only: to build a source distribution, pip would fetch tools that no lock names.
# .made comes last, so that an environment without pip (Debian without python3-venv) is made again.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Practice Finder needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Try: make serve PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip --version >/dev/null || { \
	  if [ -f $(VENV)/pyvenv.cfg ]; then rm -rf $(VENV); fi; \
	  echo "No virtual environment could be made in $(VENV). On Debian and Ubuntu install what makes them:" >&2; \
	  echo "  sudo apt install python3-venv    (for another Python: python3.12-venv)" >&2; exit 1; }
	@touch $@

$(VENV)/.%: requirements/%.txt pyproject.toml | $(VENV)/.made
	$(INSTALL) --only-binary :all: --require-hashes --requirement $<
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@
