# Every command of the project; `make` alone prints them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:

BIN := .venv/bin
STAMPS := .venv/stamps
SETTINGS := oblik.config.settings
PORT ?= 8000
PYTEST_ARGS ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Chromium and PostgreSQL are looked for only by the targets that need them.
FRONTEND_SOURCES := $(shell [ ! -d frontend ] || find frontend -type f -not -path '*/node_modules/*')
TRANSLATIONS := $(wildcard src/oblik/locale/*/LC_MESSAGES/*.po)

.PHONY: help setup dev demo run check test test-pg bench screenshots train-matching docs lock changelog clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' Makefile

setup: $(STAMPS)/project $(STAMPS)/built ## make .venv with locked packages, build the page; afterwards .venv/bin/oblik runs

dev: setup $(STAMPS)/dev ## setup, and the tools for tests and checks besides

demo: setup ## load the demo city and serve it on http://127.0.0.1:8000
	@mkdir -p var/demo
	OBLIK_DATA=var/demo $(BIN)/oblik demo load
	OBLIK_DATA=var/demo $(BIN)/oblik city tiles
	@echo "Open http://127.0.0.1:$(PORT) (Ctrl+C stops it)."
	@OBLIK_DATA=var/demo exec $(BIN)/oblik serve --port $(PORT)

run: setup ## serve your own data folder (OBLIK_DATA, ./data unless told)
	@OBLIK_DATA=$${OBLIK_DATA:-data} $(BIN)/oblik init
	@OBLIK_DATA=$${OBLIK_DATA:-data} exec $(BIN)/oblik serve --port $(PORT)

check: dev ## everything that needs no running program: lint, types, import contracts, house rules, locks
	@tools/check.sh

test: dev ## all tests on SQLite, story tests in Chromium included
	@tools/need-chromium.sh
	$(BIN)/pytest -n 2 $(PYTEST_ARGS)

test-pg: dev ## all tests that open a database, on a PostgreSQL server of their own, started and stopped here
	@tools/need-chromium.sh
	tools/with-postgres.sh $(BIN)/pytest -n 2 --database $(PYTEST_ARGS)

bench: dev ## measure kernels and main paths beside their peers
	$(BIN)/python -m benchmarks

screenshots: dev ## pictures of every screen of the demo city into var/screenshots, and those of the guide
	@tools/need-chromium.sh
	$(BIN)/python -m tools.screenshots
	$(BIN)/python -m tools.screenshots --guide

train-matching: dev ## train the matching model again, with its charts
	$(BIN)/python -m benchmarks.train_matching

docs: dev ## write the generated pages of docs/reference anew
	$(BIN)/python tools/reference.py

lock: dev ## resolve pyproject.toml into requirements/*.txt with hashes
	tools/lock.sh

changelog: ## move the fragments of changelog.d into CHANGELOG.md
	$(BIN)/python tools/changelog.py

clean: ## remove what was built (data folders stay)
	rm -rf .venv build src/oblik.egg-info src/oblik/web/ui/static/built frontend/node_modules \
		.mypy_cache .ruff_cache .hypothesis .import_linter_cache

# The steps below are stamped, so that a second run does nothing.

# Commands in .venv name it by its full path: in a folder that was moved it has to be made again.
ifneq ($(shell cat $(STAMPS)/venv 2>/dev/null),$(CURDIR))
$(STAMPS)/venv: again
endif
.PHONY: again

$(STAMPS)/venv:
	@tools/make-venv.sh
	@mkdir -p $(STAMPS) && echo "$(CURDIR)" >$@

$(STAMPS)/build: requirements/build.txt $(STAMPS)/venv
	$(BIN)/pip install --quiet --require-hashes -r $<
	@touch $@

# What has no wheel is built with the pinned tools above: nothing unlocked is fetched while installing.
$(STAMPS)/base: requirements/base.txt $(STAMPS)/build
	@echo "Installing locked packages (several hundred MB the first time) ..."
	$(BIN)/pip install --quiet --require-hashes --no-build-isolation -r $<
	@touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/base
	@echo "Installing the tools for tests and checks ..."
	$(BIN)/pip install --quiet --require-hashes --no-build-isolation -r $<
	@touch $@

$(STAMPS)/project: pyproject.toml $(STAMPS)/base
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/built: $(STAMPS)/frontend $(STAMPS)/translations

$(STAMPS)/npm: $(wildcard frontend/package-lock.json) $(STAMPS)/base
	@[ ! -f frontend/package-lock.json ] || $(BIN)/python frontend/npm.py ci --no-audit --no-fund --loglevel=error
	@touch $@

$(STAMPS)/frontend: $(FRONTEND_SOURCES) $(STAMPS)/npm
	@[ ! -f frontend/package.json ] || $(BIN)/python frontend/npm.py run --silent build
	@touch $@

$(STAMPS)/translations: $(TRANSLATIONS) $(STAMPS)/project
	@[ ! -f src/oblik/config/translations.py ] || $(BIN)/python -m oblik.config.translations compile
	@touch $@
