# Every target sets up what it needs; `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
export DAGSTER_HOME ?= $(CURDIR)

.PHONY: help demo dev test test-long check bench format constraints clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/product  ## sandbox and pipeline, the cost tables, the UI; ONCE=1 ends when all is derived
	@$(BIN)/python -m demo $(if $(ONCE),--once)

dev: $(VENV)/product  ## dagster dev with the real environment
	$(BIN)/dagster dev -w workspace.yaml

test: $(VENV)/dev  ## the quick tests
	$(BIN)/python -m pytest --numprocesses auto

test-long: $(VENV)/dev  ## the long tests too
	$(BIN)/python -m pytest --numprocesses auto -m ""

check: $(VENV)/dev  ## format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/bench  ## against peers and limits; ARGS="--all", "--quick", "guard", "--help"
	@$(BIN)/python -m bench $(ARGS)

format: $(VENV)/dev  ## format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

constraints: $(VENV)/dev  ## note the installed versions
	@{ head -1 constraints.txt; $(BIN)/python -m pip list --format=freeze --exclude-editable --exclude pip \
	  --exclude setuptools; } > constraints.new && mv constraints.new constraints.txt

clean:  ## remove what make made; data stays
	rm -rf $(VENV) .demo .demo.lock

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/product: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing the packages into $(VENV): once, about a minute, without output."
	@$(PIP) --editable .
	@touch $@

$(VENV)/dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/product

$(VENV)/bench: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) --editable '.[bench]'
	@touch $@ $(VENV)/product
