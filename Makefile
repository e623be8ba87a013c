# Every target sets up what it needs; `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
# The newest of the versions that the project is tested with; found by running it, since a name alone may be a shim.
PYTHON ?= $(firstword $(foreach version,3.13 3.12 3.11,$(shell python$(version) -c '' 2>/dev/null && echo python$(version))))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
# A DAGSTER_HOME in .env counts for `dagster dev` and `usage-assets` in any case.
export DAGSTER_HOME ?= $(or $(shell sed -n 's/^DAGSTER_HOME=//p' .env 2>/dev/null),$(CURDIR))
# The storage in dagster.yaml writes this many events in one transaction.
export DAGSTER_EVENT_BATCH_SIZE ?= 1000

.PHONY: help demo dev test test-long check bench format constraints clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/product  ## sandbox and pipeline, the cost tables, the UI; ONCE=1 ends when all is derived
	@$(BIN)/python -m demo $(if $(ONCE),--once)

dev: $(VENV)/product  ## `dagster dev` with the real environment
	$(BIN)/dagster dev -w workspace.yaml

test: $(VENV)/dev  ## the quick tests
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

test-long: $(VENV)/dev  ## all tests, with those that build and install wheels
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m ""

check: $(VENV)/dev  ## format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/bench  ## speed against other tools and lower bounds; ARGS="--all", "--quick", "guard", "--help"
	@$(BIN)/python -m bench $(ARGS)

format: $(VENV)/dev  ## format, and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

constraints: $(VENV)/dev  ## write down the installed versions
	@{ head -1 constraints.txt; $(BIN)/python -m pip list --format=freeze --exclude-editable --exclude pip \
	  --exclude setuptools; } > constraints.new && mv constraints.new constraints.txt

clean:  ## remove what make made; data stays
	rm -rf $(VENV) .demo .demo.lock

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed and none was found: install one, or name it as" \
	  "in \`make PYTHON=/path/to/python3.13 $(MAKECMDGOALS)\`."; exit 1; } >&2
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { echo "$(PYTHON) is no Python" \
	  "3.11, 3.12 or 3.13: install one of them, or name it with PYTHON=."; exit 1; } >&2
	$(PYTHON) -m venv $(VENV)

$(VENV)/product: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing the packages into $(VENV): once, about a minute, without output."
	@$(PIP) --editable '.[sandbox]'
	@touch $@

$(VENV)/dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/product

$(VENV)/bench: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[bench]'
	@touch $@ $(VENV)/product
