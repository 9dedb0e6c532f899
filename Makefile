# Two commands for a newcomer: make serve, make test. Each sets up what it needs; the second run starts at once.
# PYTHON chooses the interpreter: make test PYTHON=python3.13
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

# A process a core; more than eight would spend longer on starting than they save.
PARALLEL := --numprocesses auto --maxprocesses 8 --dist worksteal

.PHONY: serve test check build lint types contract e2e bench clean

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

contract: $(VENV)/.contract
	@$(BIN)/python tests/contract/run.py $(CONTRACT)

e2e: $(VENV)/.e2e
	@$(BIN)/python -m pytest $(PARALLEL) tests/e2e

bench: $(VENV)/.bench
	@$(BIN)/python -W ignore tests/benchmarks/peers.py

clean:
	rm -rf $(VENV) build *.egg-info index/2* index/current index/.building-* index/.lock

# One environment; each stamp says what has been added to it, and is renewed when pyproject.toml changes.
# .made comes last, so that an environment without pip (Debian without python3-venv) is made anew.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Practice Finder needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Try: make serve PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip --version >/dev/null || { \
	  if [ -f $(VENV)/pyvenv.cfg ]; then rm -rf $(VENV); fi; \
	  echo "No virtual environment could be made in $(VENV). On Debian and Ubuntu install what makes them:" >&2; \
	  echo "  sudo apt install python3-venv    (for another Python: python3.12-venv)" >&2; exit 1; }
	@touch $@

$(VENV)/.serve: pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(VENV)/.serve

$(VENV)/.e2e: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,e2e]'
	@touch $@

$(VENV)/.contract: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,contract]'
	@touch $@

$(VENV)/.bench: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,bench]'
	@touch $@
