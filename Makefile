# make demo: see pdca turn the wheel; make test: prove it. Everything else is listed by `make help`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
export PYTHONSAFEPATH := 1
TEXTS := domain/locale/de/LC_MESSAGES/pdca
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | sort

.PHONY: demo
demo: .venv/.run ## play two quarters of a sample organisation on a real Prefect server
	$(BIN)/pdca demo $(ARGS)

.PHONY: test
test: check ## every gate and every test
	$(BIN)/pytest -n 2 --dist worksteal

.PHONY: test-long
test-long: .venv/.dev ## what takes minutes
	$(BIN)/pytest -m long

.PHONY: bench
bench: .venv/.bench ## measure against the floors, in rounds; ARGS="quarter --rounds 1" for less
	$(BIN)/python -m benchmarks $(ARGS)

.PHONY: check
check: .venv/.dev ## format, lint, types, import directions, structure
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/test_architecture.py

.PHONY: format
format: .venv/.dev ## let ruff mend what it can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: translations
translations: .venv/.run ## gather the texts, add new ones to the German catalogue and compile it
	$(BIN)/pybabel -q extract -F pyproject.toml --no-location --sort-output --no-wrap -o .venv/pdca.pot \
		config domain documents notifications flows pdca
	$(BIN)/pybabel -q update -l de -i .venv/pdca.pot -o $(TEXTS).po \
		--no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date
	$(BIN)/pybabel -q compile -l de -i $(TEXTS).po -o $(TEXTS).mo

.PHONY: lock
lock: $(UV) ## write the requirements anew from pyproject.toml
	$(COMPILE) --group tools -o requirements-tools.txt
	$(COMPILE) --group build pyproject.toml -o requirements.txt
	$(COMPILE) --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt
	$(COMPILE) --group bench -c requirements-dev.txt -o requirements-bench.txt

.PHONY: clean
clean: ## remove what the targets made
	rm -rf .venv .tools .demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(UV): requirements-tools.txt
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet --require-hashes -r requirements-tools.txt
	touch $(UV)

.venv/.run: $(UV) requirements.txt pyproject.toml
	[[ -x $(BIN)/python ]] || $(UV) venv --quiet --python $(PYTHON) .venv
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch .venv/.run

.venv/.dev: .venv/.run requirements-dev.txt
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.txt
	touch .venv/.dev

.venv/.bench: .venv/.run requirements-bench.txt
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-bench.txt
	touch .venv/.bench
