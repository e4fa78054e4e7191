# make demo: set up, simulate three trials, run everything.  make test: set up, all tests.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LIFELINES := $(VENV)-lifelines/.ready

.PHONY: demo test test-spark test-fast check format bench fuzz faults dev dictionary lock clean

demo: $(READY)
	$(BIN)/crsight demo

test: $(READY)
	$(BIN)/python -m pytest -m "not spark" -n 2 --dist loadgroup

# Both engines held equal: some minutes, with Java 17.
test-spark: $(READY)
	$(BIN)/python -m pytest -m spark tests/engines

test-fast: $(READY)
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadgroup

# Speed and memory, as ratios within one run: some minutes and 3 GB of disk.
bench: $(READY) $(LIFELINES)
	$(BIN)/python -m tests.bench

# Damaged files of every format and damaged study.yaml, each read or refused: some ten minutes.
fuzz: $(READY)
	$(BIN)/python -m tests.fuzz

# Runs killed at random moments, and runs under faults of the machine: some half an hour.
faults: $(READY)
	$(BIN)/python -m tests.faults
	$(BIN)/python -m pytest tests/faults/whole_runs.py

check: $(READY)
	$(BIN)/ruff format --check pipelines sql reports tests
	$(BIN)/ruff check pipelines sql reports tests
	$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar -q sql
	$(BIN)/basedpyright --level error
	$(BIN)/python -m pipelines.dictionary --check

format: $(READY)
	$(BIN)/ruff check --fix pipelines sql reports tests
	$(BIN)/ruff format pipelines sql reports tests

dictionary: $(READY)
	$(BIN)/python -m pipelines.dictionary

# The web UI, on this machine only, with the graph from raw to reports.
dev: $(READY)
	mkdir -p .dagster_home && cp dagster.yaml .dagster_home/dagster.yaml
	DAGSTER_HOME=$(CURDIR)/.dagster_home $(BIN)/dagster dev -m pipelines.definitions -h 127.0.0.1 -p 3000

lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-strip-extras --no-emit-index-url --no-header --no-annotate -q -o requirements.lock

# uv is many times faster; plain pip does the same where uv is not to be had.
$(READY): pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q uv || true
	if [ -x $(BIN)/uv ]; then \
		$(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock && \
		$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
		$(BIN)/python -m pip install -q --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e . ; \
	fi
	touch $(READY)

# What the curves are timed against, apart from everything else.
$(LIFELINES):
	$(PYTHON) -m venv $(dir $(LIFELINES))
	$(dir $(LIFELINES))bin/python -m pip install -q "lifelines>=0.30"
	touch $(LIFELINES)

clean:
	rm -rf $(VENV) $(VENV)-lifelines data/demo .pytest_cache .ruff_cache .hypothesis
