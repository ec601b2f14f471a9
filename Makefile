# `make demo` and `make test` set up what they need; ARGS="..." is handed on to the command.
# Only the command itself writes to stdout, so that `make demo ARGS=--json` can be read by a program.

BIN := .venv/bin
ARGS ?=
TRANSACTIONS ?= 2000
SEED ?= 1
ROUND ?=
DIR ?= fixtures/forms

.SILENT:
.PHONY: setup demo test check node kills fuse chaos bench forms-score lock clean

setup:
	sh deploy/setup.sh >&2

demo: setup
	$(BIN)/rpa demo $(ARGS)

test: check
	sh deploy/node.sh || echo 'set-up: no npm packages; the tests of the editor support will say so' >&2
	$(BIN)/pytest --numprocesses 4 --dist loadfile $(ARGS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict .

node: setup
	sh deploy/node.sh

kills: setup
	RPA_KILLS=all $(BIN)/pytest -q -s tests/kills $(ARGS)

fuse: setup
	$(BIN)/python -m tests.fuse $(ARGS)

# Everything fails at random; SEED and ROUND repeat what went wrong. `make chaos ARGS=--naive` has to find duplicates.
chaos: setup
	$(BIN)/python -m tests.chaos --transactions $(TRANSACTIONS) --seed $(SEED) $(if $(ROUND),--round $(ROUND)) $(ARGS)

bench: setup
	$(BIN)/python -m benchmarks $(ARGS)

forms-score: setup
	$(BIN)/python -m benchmarks.forms $(DIR)

# After a change of the dependencies in pyproject.toml, or of a version in .venv.
lock: setup
	$(BIN)/python deploy/lock.py

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache
