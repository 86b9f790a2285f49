# `make run` starts the portal, `make test` runs every test, `make check` every gate.
# Needed: make and Python 3.11 or newer. uv is used when it is there.

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PY := .venv/bin/python
UV := $(shell command -v uv)
SERVER := DATABASE_URL=postgres://localhost/portal REDIS_URL=redis://localhost:6379/0 \
	SECRET_KEY=check-only-$(shell printf '0123456789abcdef%.0s' 1 2 3 4) ALLOWED_HOSTS=portal.example.org
PORT ?= 8000
export PORT

.PHONY: help run test check gates bench messages lock clean

help:
	@echo "make run [PORT=8001]  start the portal with its demonstration on http://127.0.0.1:$(PORT)"
	@echo "make test             run every test"
	@echo "make check            run every gate, the quick ones first"
	@echo "make bench            measure, and append to docs/performance.jsonl"
	@echo "make messages         collect and compile the translations (needs gettext)"
	@echo "make lock             pin requirements.txt and requirements-dev.txt anew (needs uv)"
	@echo "make clean            remove .venv and caches; var/ with the data stays"

run: .venv/run.stamp
	@exec $(PY) manage.py portal

test: .venv/test.stamp
	$(PY) -m pytest -n auto $(ARGS)

# In order of speed; a failure ends it at once.
check: gates test

gates: .venv/test.stamp
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	.venv/bin/djlint templates units reports portal --check --quiet
	.venv/bin/djlint templates units reports portal --lint --quiet
	.venv/bin/lint-imports
	$(PY) -m mypy .
	$(PY) manage.py makemigrations --check --dry-run
	$(SERVER) $(PY) manage.py check --deploy --fail-level WARNING

bench: .venv/test.stamp
	$(PY) -m bench $(ARGS)

messages: .venv/run.stamp
	@command -v msgfmt >/dev/null || { echo "gettext is missing. Debian: apt install gettext"; exit 1; }
	$(PY) manage.py makemessages --locale zh_Hans --no-wrap --no-location --ignore '.venv/*' --ignore 'var/*'
	$(PY) manage.py compilemessages --locale zh_Hans --ignore '.venv/*' --ignore 'var/*'

lock:
	@command -v uv >/dev/null || { echo "uv is missing: see https://docs.astral.sh/uv/, or: pipx install uv"; exit 1; }
	uv pip compile --universal --python-version 3.11 --upgrade --quiet --no-header requirements.in -o requirements.txt
	uv pip compile --universal --python-version 3.11 --upgrade --quiet --no-header requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis htmlcov .coverage*
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

# The stamps are newer than the requirements that were installed last.
.venv/run.stamp: requirements.txt | .venv/bin/python
	$(if $(UV),$(UV) pip install --quiet --compile-bytecode --python $(PY),$(PY) -m pip install --quiet --disable-pip-version-check) -r requirements.txt
	@touch $@

.venv/test.stamp: requirements-dev.txt .venv/run.stamp
	$(if $(UV),$(UV) pip install --quiet --compile-bytecode --python $(PY),$(PY) -m pip install --quiet --disable-pip-version-check) -r requirements.txt -r requirements-dev.txt
	@touch $@

.venv/bin/python:
	@if [ -n "$(UV)" ]; then exec $(UV) venv --quiet --allow-existing --python '>=3.11' .venv; fi; \
	for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    $$python -m venv .venv && exit 0; \
	    rm -rf .venv; echo "Python cannot make .venv. Debian: apt install python3-venv"; exit 1; \
	  fi; \
	done; \
	echo "Python 3.11 or newer is missing. Install it, or uv, which brings it: https://docs.astral.sh/uv/"; exit 1
