# `make` alone prints this help. Everything runs in .venv, made on first use.
SHELL := /bin/bash
PORT ?= 8501
# The first of these that is there; konlpy's Mecab has wheels for both.
PYTHON ?= $(firstword $(foreach name,python3.12 python3.11 python3,$(if $(shell $(name) --version 2>/dev/null),$(name))))
VENV := .venv
BIN := $(VENV)/bin
CODE := app.py pages data_sources nlp db

.DEFAULT_GOAL := help
.PHONY: help run test check bench bench-small quality proofs shots clean browser

help: ## print this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' || \
	  { echo "Python 3.11 or 3.12 is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# One stamp for what the dashboard needs, one for what the tests need besides.
$(VENV)/installed: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: $(VENV)/installed ## set up, load and check demo data if the store is empty, serve on http://localhost:8501
	@$(BIN)/python -m db upgrade
	@$(BIN)/python -m data_sources demo --if-empty
	@$(BIN)/python -m db selfcheck --if-missing || echo "the self-check found differences; the page says which"
	@echo "http://localhost:$(PORT)  (stop with Ctrl-C)"
	@$(BIN)/streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT)

test: $(VENV)/installed-dev browser ## set up, every test (PostgreSQL comes from a wheel; Chromium is used where there is one)
	$(BIN)/python -m pytest -n 2 --dist loadgroup

# Debian's Chromium where we may install it; otherwise the browser tests say that they were skipped, and why.
browser:
	@if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null \
	    && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing chromium for the browser tests"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null 2>&1 \
	    || echo "chromium could not be installed"; fi

check: $(VENV)/installed-dev ## lint, format, types, architecture, docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(CODE)
	$(BIN)/python -m pytest tests/test_architecture.py tests/test_conventions.py tests/test_docs.py

bench: $(VENV)/installed-dev ## measure loader, pages and store (1 M and 10 M posts, kept in var/bench), as ratios, and `quality`; writes docs/performance.md
	$(BIN)/python -m tests.benchmarks --write docs/performance.md
	$(MAKE) --no-print-directory quality

quality: $(VENV)/installed-dev ## measure how good the analysis of texts is (about five minutes); writes docs/quality.md
	$(BIN)/python -m tests.benchmarks.quality --write docs/quality.md

proofs: $(VENV)/installed-dev ## kill the loader 50 times on each engine, read a day of X under faults and kills, count what a month of it costs, load a million posts in flat memory
	$(BIN)/python -m tests.proofs.kills
	$(BIN)/python -m tests.proofs.day
	$(BIN)/python -m tests.proofs.cost
	$(BIN)/python -m tests.proofs.memory

bench-small: $(VENV)/installed-dev ## the same over small stores, in minutes; writes nothing
	$(BIN)/python -m tests.benchmarks --store-posts 20000 100000 --load-rounds 1 --load-posts 5000 --rounds 3 --posts 2000 10000

shots: $(VENV)/installed-dev browser ## screenshots of every page, desktop and phone, ko and en, into var/shots
	$(BIN)/python -m tests.e2e.shots --out var/shots

clean: ## remove the environment, the caches and var/ (the default store with it)
	rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
