# Everything a fresh clone needs is Python 3.11+, make and the package registries.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup demo test lint types imports unit clients client bench lock schema graphiql overview clean

setup: $(VENV)/.installed

$(VENV)/.installed: requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Linkweave needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q src
	touch $@

demo: setup
	$(BIN)/linkweave demo --visitors

# mypy needs one core for a minute, so the tests begin beside it.
test: setup
	$(MAKE) --no-print-directory --jobs 2 lint types unit imports

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

imports: setup
	$(BIN)/lint-imports

# Tests that wait for processes leave a core idle, so there is one test worker more than cores. Each further one costs
# the processor time of another collection.
unit: setup
	$(BIN)/coverage erase
	PYTEST_XDIST_AUTO_NUM_WORKERS=$$($(BIN)/python -c 'import os; print(1 + (os.cpu_count() or 1))') \
		$(BIN)/pytest -n auto --dist worksteal --cov --cov-report=term

# Needs Node 20.19+. Clients and tools of others, over which tests run; without them those tests are skipped.
clients: tests/clients/node_modules/.package-lock.json tests/clients/python-tools/.installed clients/typescript/dist/index.js

tests/clients/node_modules/.package-lock.json: tests/clients/package-lock.json
	cd tests/clients && npm ci
	touch $@

clients/typescript/dist/index.js: clients/typescript/package-lock.json $(wildcard clients/typescript/src/*.ts)
	cd clients/typescript && npm ci && npm run build
	touch $@

# In an environment of their own: they need other versions than Linkweave.
tests/clients/python-tools/.installed: tests/clients/python-tools.lock
	$(PYTHON) -m venv tests/clients/python-tools
	tests/clients/python-tools/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

bench: setup
	$(BIN)/python -m benchmarks

# The contract as it is served; a test fails while this file differs from the code.
schema: setup
	$(BIN)/linkweave schema > schema.graphql

# The typed clients, of schema.graphql and clients/documents; a test fails while they differ from them.
client: tests/clients/python-tools/.installed tests/clients/node_modules/.package-lock.json
	tests/clients/python-tools/bin/python clients/python/generate.py src/linkweave/client/generated
	cd tests/clients && node typescript-client.js $(CURDIR)/schema.graphql $(CURDIR)/clients/documents > $(CURDIR)/clients/typescript/src/generated.ts

# Needs Node 20.19+. What it builds is committed, so nothing else here needs it.
graphiql:
	cd frontend/graphiql && npm ci && npm run build

overview:
	cd frontend/overview && npm ci && npm run build

# Needs uv (pip install uv). The lists carry hashes and no index address. Extras are kept in them: without, pip takes
# `coverage[toml]` of pytest-cov for another requirement than `coverage`, and refuses it once a newer one is out.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-emit-index-url pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-emit-index-url tests/clients/python-tools.in -o tests/clients/python-tools.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-emit-index-url --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.*
