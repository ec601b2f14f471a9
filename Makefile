# `make demo` and `make test` set up what they need; ARGS="..." is handed on to the command.
# Only the command itself writes to stdout, so that `make demo ARGS=--json` can be read by a program.

BIN := .venv/bin
ARGS ?=
TRANSACTIONS ?= 2000
SEED ?= 1
RUNS ?= 2000
ROUND ?=
ENGINE ?= local
DIR ?= fixtures

# Images of containers often set it. Each process then compiles all that it imports: 1.5 s a start instead of 0.6.
unexport PYTHONDONTWRITEBYTECODE

.SILENT:
.PHONY: canary setup demo test check style node kills fuse chaos audit-attacks audit-elsewhere bench zones lag waiting machines soak demo-unattended corpus forms-score console console-audit lock clean

setup:
	sh deploy/setup.sh >&2

demo: setup
	$(BIN)/rpa demo $(ARGS)

# mypy works beside the tests, which wait for browsers half of their time; what it says comes last.
test: style
	command -v openssl >/dev/null || sh deploy/apt.sh openssl || echo 'set-up: no OpenSSL; the tests of timestamps will say so' >&2
	sh deploy/node.sh || echo 'set-up: no npm packages; the tests of the editor support will say so' >&2
	sh deploy/bucket.sh || echo 'set-up: no S3-compatible server; the tests of documents in a bucket will say so' >&2
	sh deploy/postgresql.sh >/dev/null || echo 'set-up: no PostgreSQL; the tests of the ledger on a server will say so' >&2
	$(BIN)/mypy --strict . >.venv/types.log 2>&1 & types=$$!; \
	$(BIN)/pytest --numprocesses 6 --dist loadfile --no-loadscope-reorder $(ARGS); tests=$$?; \
	wait $$types; types=$$?; cat .venv/types.log; exit $$((tests | types))

check: style
	$(BIN)/mypy --strict .

style: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

node: setup
	sh deploy/node.sh

kills: setup
	RPA_KILLS=all $(BIN)/pytest -q -s tests/kills $(ARGS)

fuse: setup
	$(BIN)/python -m tests.fuse $(ARGS)

# Everything fails at random; ENGINE=procrastinate has two machines and a server in it. SEED and ROUND repeat what went wrong. `make chaos ARGS=--naive` has to find duplicates.
chaos: setup
	$(BIN)/python -m tests.chaos --transactions $(TRANSACTIONS) --seed $(SEED) --engine $(ENGINE) $(if $(ROUND),--round $(ROUND)) $(ARGS)

# Known secrets and personal values go through the whole demonstration; every byte written is searched for them.
canary: setup
	$(BIN)/python -m tests.canary $(ARGS)

# Nine ways to rewrite the audit trail, random bits, forged proofs: what is noticed, and by whom.
audit-attacks: setup
	$(BIN)/python -m tests.attacks $(ARGS)

# An export is checked by its one file in a new virtual environment, into which pip installs cryptography alone.
audit-elsewhere: setup
	$(BIN)/python -m tests.elsewhere

bench: setup
	$(BIN)/python -m benchmarks $(ARGS)

# Forms come by folder, mailbox and upload while workers are killed at random; SEED repeats it. Some minutes.
demo-unattended: setup
	$(BIN)/python -m tests.unattended --seed $(SEED) $(ARGS)

# 10,000 schedules: how long it takes to load them, and how late each time is written down.
lag: setup
	$(BIN)/python -m benchmarks.lag

# How much work it is to reserve a transaction with 100,000 that wait.
waiting: setup
	$(BIN)/python -m benchmarks.waiting

# What workers enter and cost, how quick the queue is, how soon a dead machine is replaced: ARGS=workers, items, takeover. For docs/scale.md.
machines: setup
	$(BIN)/python -m benchmarks.machines $(ARGS)

# The service's memory, descriptors and children over RUNS runs, under a second of processor each: soak.csv, docs/images/soak.svg.
soak: setup
	$(BIN)/python -m benchmarks.soak $(RUNS) soak.csv

# The times of schedules in every time zone over the changes of the clock, against what a clock shows; about 10 minutes.
zones: setup
	$(BIN)/python -m benchmarks.zones

# Reads every file of a folder, whatever it is: nothing may crash a reader or hold it up.
corpus: setup
	$(BIN)/python -m benchmarks.corpus $(DIR)

forms-score: setup
	$(BIN)/python -m benchmarks.forms $(DIR)

# The demonstration, and then the console over what came of it.
console: setup
	$(BIN)/rpa demo --console

# Opens every page of the console in every state, at desktop and phone width, and asks axe; needs npm for axe itself.
console-audit: setup
	sh deploy/node.sh
	$(BIN)/python -m tests.console $(ARGS)

# After a change of the dependencies in pyproject.toml, or of a version in .venv.
lock: setup
	$(BIN)/python deploy/lock.py

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache
