# The two commands of this repository are `make demo` and `make test`; `make` lists all.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# The first Python that runs and is in range; pyenv's shims exist without their Python, so ask it.
IN_RANGE := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	"$$p" -c '$(IN_RANGE)' >/dev/null 2>&1 && { command -v "$$p"; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
THIRDPARTY := .venv-thirdparty
SCALE := .venv-scale
UV_SPEC := uv>=0.9,<1
# Airflow is thousands of modules and each task a process: without bytecode every import compiles
# them anew, ten times as slow. Some machines forbid writing it; here it is wanted.
export PYTHONDONTWRITEBYTECODE :=
LOCKING := -p 3.11 --universal --generate-hashes --no-header --all-extras

# Tests wait now and then, for sandboxes and processes: one more than there are processors.
WORKERS = $$($(BIN)/python -c 'import os; print(1 + (os.cpu_count() or 1))')

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12
	@echo
	@echo 'Variables: KEEP=0 ends the demo after the report, DEMO_DAY=2026-11-20 chooses its day,'
	@echo 'AIRFLOW_PORT, FORTNOX_PORT, WOOCOMMERCE_PORT choose ports, PYTHON=... the interpreter,'
	@echo 'CASES=file.json names the accounting cases of make acceptance.'

.PHONY: demo
demo: $(READY) ## A day of web shop sales through Airflow into a sandbox Fortnox, and its report
	@exec $(BIN)/python -m fortnox.demo

# The end-to-end tests mostly wait for Airflow: they run beside all others, each in a process and an
# Airflow home of its own, and their result is printed last. The others give way to them: Airflow's
# processes work all the time that they are up, so that the sooner they end the less all of it costs.
.PHONY: test
test: $(READY) ## Everything: lint, types, arrows and all tests, browser and end-to-end included
	@mkdir -p .demo; failed=0; \
	$(BIN)/pytest tests/e2e >.demo/e2e-tests.log 2>&1 & beside=$$!; \
	nice $(MAKE) --no-print-directory lint || failed=1; \
	nice $(BIN)/pytest -n $(WORKERS) --dist worksteal --ignore=tests/e2e || failed=1; \
	echo 'The end-to-end tests:'; wait $$beside || failed=1; \
	cat .demo/e2e-tests.log; exit $$failed

.PHONY: backfill-proof
backfill-proof: $(READY) ## 20 backfills of two days and one of thirty, each day checked (slow)
	@exec $(BIN)/python -m tests.proofs.backfills $(ARGS)

.PHONY: faults
faults: $(READY) ## Every fault at every request of a day; options: ARGS='--seed 7 --limit 100' (slow)
	@PYTHONPATH=.:plugins $(BIN)/python -m tests.faults $(ARGS)

.PHONY: bench
bench: $(READY) ## Each figure beside its limit, into docs/performance.md; ARGS='--only rate' (slow)
	@PYTHONPATH=.:plugins $(BIN)/python -m tests.bench $(ARGS)

.PHONY: compat
compat: $(READY) ## The tests on each Python, Airflow and edge of the dependencies; ARGS='--only 3.12'
	@PYTHONPATH=. $(BIN)/python -m tests.proofs.compat $(ARGS)

.PHONY: kill-proof
kill-proof: $(READY) ## The books after killing each part of the system at random moments; ARGS='--times 1' (slow)
	@exec $(BIN)/python -m tests.proofs.kills $(ARGS)

.PHONY: two-at-once
two-at-once: $(READY) ## Several runs of the same days at once, some marked failed, cleared, killed (slow)
	@exec $(BIN)/python -m tests.proofs.two_at_once $(ARGS)

# Celery is no part of the package, so it gets an environment of its own (5.7 broke the provider).
.PHONY: scale
scale: $(READY) ## Many shops on Celery, Redis and PostgreSQL, a worker killed; ARGS='--shops 3 --days 4' (slow)
	@test -x $(SCALE)/bin/celery || { echo 'Making an environment with Celery in $(SCALE).'; \
		"$(PYTHON)" -m venv --clear $(SCALE); \
		if [ -x $(BIN)/uv ]; then \
			install="$(BIN)/uv pip install -q --compile-bytecode --python $(SCALE)/bin/python"; \
		else install="$(SCALE)/bin/python -m pip install -q --disable-pip-version-check"; fi; \
		$$install -r requirements.lock; $$install --no-deps -e .; \
		$$install 'apache-airflow-providers-celery>=3.15' 'celery[redis]<5.7'; }
	@exec $(SCALE)/bin/python -m tests.scale $(ARGS)

.PHONY: picture
picture: $(READY) ## Take the README's picture of the report anew (needs Chromium)
	@exec $(BIN)/python -m tests.proofs.picture

.PHONY: unit
unit: $(READY) ## The quick tests: no real Airflow processes
	$(BIN)/pytest -n auto --dist worksteal -m 'not slow'

# Their dependencies are old and pinned, so they get an environment of their own.
.PHONY: thirdparty
thirdparty: $(READY) ## Clients that others wrote, against the sandboxes (and real ones, if named)
	@test -x $(THIRDPARTY)/bin/python || "$(PYTHON)" -m venv $(THIRDPARTY)
	@$(THIRDPARTY)/bin/python -m pip install -q --disable-pip-version-check \
		'woocommerce>=3,<4' 'fortpyx==0.0.1a1'
	FORTNOX_THIRDPARTY_PYTHON="$(CURDIR)/$(THIRDPARTY)/bin/python" $(BIN)/pytest -m thirdparty

# --strict: what could not be checked is no clean bill of health.
.PHONY: audit
audit: $(READY) ## Known vulnerabilities of the locked packages (needs the internet)
	@$(BIN)/uv tool run --from 'pip-audit>=2.9,<3' pip-audit --strict --disable-pip --require-hashes \
		-r requirements.lock || { \
		echo 'Not clean: a table above lists known vulnerabilities. Without a table nothing was' \
		'checked: "not found on PyPI" or a connection error means that the JSON API of pypi.org,' \
		'which knows them, is out of reach.' >&2; exit 1; }

.PHONY: acceptance
acceptance: $(READY) ## Accounting cases through the whole pipeline, account by account; CASES=file.json
	@PYTHONPATH=. $(BIN)/python -m tests.acceptance.suite $(CASES)

.PHONY: lint
lint: $(READY) ## Style, format, types and the arrows between the layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=plugins $(BIN)/lint-imports

.PHONY: format
format: $(READY) ## Put the code in form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: env
env: $(READY) ## Make the environment in .venv, from the lock

.PHONY: sandbox
sandbox: $(READY) ## Only the sandboxes of Fortnox and the shop, until Ctrl-C
	@exec $(BIN)/python -m fortnox sandbox

.PHONY: airflow
airflow: $(READY) ## The demo, and stay until Ctrl-C even without a terminal
	@KEEP=1 exec $(BIN)/python -m fortnox.demo

.PHONY: lock
lock: $(READY) ## Resolve all dependencies anew into requirements.lock
	$(BIN)/uv pip compile $(LOCKING) --upgrade pyproject.toml -o requirements.lock

.PHONY: clean
clean: ## Remove what demo and tests left, and the environment
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m fortnox.demo --clean || true; fi
	rm -rf .demo .airflow .compat $(VENV) $(THIRDPARTY) $(SCALE) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
	rm -rf .import_linter_cache plugins/*.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +

# uv is many times faster than pip, and pip installs the same from the same lock where uv can't be
# had. The package itself is installed editable: DAG processor, workers and tests read plugins/.
$(READY): requirements.lock pyproject.toml
	@if [ -z "$(PYTHON)" ]; then echo 'Python 3.11, 3.12 or 3.13 is needed (PYTHON=/path/to/it).' >&2; exit 1; fi
	@$(BIN)/python -c '$(IN_RANGE)' 2>/dev/null || "$(PYTHON)" -m venv --clear $(VENV)
	@export VIRTUAL_ENV="$(CURDIR)/$(VENV)" PIP_DISABLE_PIP_VERSION_CHECK=1; \
	if [ -x $(BIN)/uv ] || $(BIN)/python -m pip install -q '$(UV_SPEC)'; then \
		$(BIN)/uv pip install -q --compile-bytecode --require-hashes -r requirements.lock; \
		$(BIN)/uv pip install -q --no-deps -e .; \
	else \
		$(BIN)/python -m pip install -q --require-hashes -r requirements.lock; \
		$(BIN)/python -m pip install -q --no-deps -e .; \
	fi
	@touch $@
