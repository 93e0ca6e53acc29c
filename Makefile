# What a person types: run, test, lint, format, check, ml. Needs python3.11 with venv and pip.
PORT ?= 8000
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: run test lint format check lock ml
.DEFAULT_GOAL := run

run: .venv/base.stamp
	@PORT=$(PORT) $(BIN)/python manage.py serve_demo

test: .venv/dev.stamp
	$(BIN)/python -m pytest -q -rs -n 2 --dist loadgroup

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(BIN)/python manage.py makemigrations --check --dry-run
	@! grep -nE 'https?://|index-url|find-links' requirements/*.txt || (echo "A lock file holds an address."; exit 1)

format: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html')

check: lint test

# What training needs beside the base: torch and transformers. The torch of your own index is taken.
ml: .venv/base.stamp
	$(BIN)/python -c 'import torch' 2>/dev/null || $(BIN)/python -m pip install -q --disable-pip-version-check 'torch==2.13.0'
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/ml.txt

# Resolve requirements/*.in anew. Writes no address into the locks.
lock: .venv/dev.stamp
	$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header --no-annotate requirements/base.in -o requirements/base.txt
	$(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-header --no-annotate requirements/dev.in -o requirements/dev.txt
	@# For a platform whose torch brings no graphics libraries; the packages are the same everywhere.
	$(BIN)/uv pip compile -q --generate-hashes --python-platform aarch64-apple-darwin --python-version 3.11 --no-header --no-annotate --unsafe-package torch --no-emit-package torch requirements/ml.in -o requirements/ml.txt

.venv/base.stamp: requirements/base.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo "Handrail needs Python 3.11 or newer."; exit 1)
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -e .venv/dev.stamp -a .venv/dev.stamp -nt requirements/base.txt || $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/base.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo "Handrail needs Python 3.11 or newer."; exit 1)
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
