# Two commands do everything: `make run` and `make test`. Both need only Python 3.11+ with its venv module, make and gcc.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH_VENV := .venv-bench
PIP_INSTALL = -m pip install --quiet --disable-pip-version-check --require-hashes -r
EDITABLE = -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
PORT ?= 8000

.PHONY: run test check bench gates lock clean

$(VENV)/run.stamp: requirements/run.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP_INSTALL) requirements/run.lock
	$(BIN)/python $(EDITABLE)
	touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements/dev.lock
	$(BIN)/python $(PIP_INSTALL) requirements/dev.lock
	touch $@

$(BENCH_VENV)/bench.stamp: requirements/bench.lock pyproject.toml
	$(PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/python $(PIP_INSTALL) requirements/bench.lock
	$(BENCH_VENV)/bin/python $(EDITABLE)
	touch $@

run: $(VENV)/run.stamp
	$(BIN)/khoangsan serve --port $(PORT)

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n auto

check: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.checks
	$(BIN)/khoangsan law check

bench: $(BENCH_VENV)/bench.stamp
	$(BENCH_VENV)/bin/python -m bench

gates: $(VENV)/dev.stamp
	KHOANGSAN_GATES=full $(BIN)/python -m pytest -n auto -m gate -o faulthandler_timeout=0

lock: $(VENV)/dev.stamp
	$(BIN)/uv pip compile pyproject.toml --group build $(LOCK) -o requirements/run.lock
	$(BIN)/uv pip compile pyproject.toml --group build --group dev --extra postgres --extra testing $(LOCK) -o requirements/dev.lock
	$(BIN)/uv pip compile pyproject.toml --group build --extra bench $(LOCK) -o requirements/bench.lock
LOCK = --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet

clean:
	rm -rf $(VENV) $(BENCH_VENV) .mypy_cache .ruff_cache .pytest_cache
