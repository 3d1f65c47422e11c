# Everything is set up, run and checked from here. `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

# The first Python found makes a folder for uv when uv is missing; uv then finds 3.11 and 3.10 for the environments.
PYTHON ?= python3
UV := $(or $(shell command -v uv 2>/dev/null),.tools/bin/uv)
APP := .venv/bin
DEV := .venv-dev/bin

.PHONY: help setup run test check unit floors browser nlu calibrate eval bench lock clean format

help: ## List what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready .venv-rasa/.ready ## Install both environments, train if needed, bring the database up to date
	@$(APP)/porchlight train --if-needed
	@$(APP)/porchlight migrate

run: setup ## Start the app and Rasa; prints the address once a message was answered
	@exec $(APP)/porchlight up

test: setup .venv-dev/.ready browser check floors unit ## All that CI runs

check: .venv-dev/.ready ## Format, lint, types, imports
	@echo "== Format, lint, types, imports"
	@$(DEV)/ruff format --check . && $(DEV)/ruff check .
	@$(DEV)/mypy
	@$(DEV)/lint-imports --no-cache

unit: setup .venv-dev/.ready ## The tests alone
	@echo "== Tests"
	@$(DEV)/python -m pytest

nlu: setup .venv-dev/.ready ## Cross-validate the understanding: F1 by intent and language, a picture of confusions
	@$(DEV)/python -m tools.nlu_report

calibrate: .venv-dev/.ready ## Teach the screening from data/concerns and choose its thresholds (some minutes)
	@$(DEV)/python -m tools.screening calibrate

eval: .venv-dev/.ready ## Measure the screening, hold it to its floors, write its model card
	@$(DEV)/python -m tools.screening eval

floors: .venv-dev/.ready
	@echo "== The screening holds its floors"
	@$(DEV)/python -m tools.screening eval --no-write

bench: setup .venv-dev/.ready ## Measure speed and size beside a stock Rasa bot
	@$(DEV)/python -m tools.bench

format: .venv-dev/.ready ## Format the code
	@$(DEV)/ruff format . && $(DEV)/ruff check --fix .

browser: ## Install Chromium for the browser tests where that is possible
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "== Installing Chromium"; apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
	  else echo "Chromium is not installed: the browser tests will be skipped."; fi; }

lock: $(UV) ## Resolve the requirement files anew
	$(UV) pip compile -q --upgrade --python-version 3.11 --generate-hashes --no-header requirements/app.in -o requirements/app.lock
	$(UV) pip compile -q --upgrade --python-version 3.11 --generate-hashes --no-header requirements/dev.in -o requirements/dev.lock
	$(UV) pip compile -q --upgrade --python-version 3.10 --generate-hashes --no-header bot/requirements.in -o bot/requirements.lock
	$(UV) pip compile -q --upgrade --python-version 3.9 --universal --generate-hashes --no-header requirements/uv.in -o requirements/uv.lock

clean: ## Remove environments, model and local data
	rm -rf .venv .venv-dev .venv-rasa .tools models var .rasa

.tools/bin/uv: requirements/uv.lock
	@echo "== Installing uv into .tools"
	@$(PYTHON) -m venv .tools
	@.tools/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.lock
	@touch $@

.venv/.ready: requirements/app.lock pyproject.toml | $(UV)
	@echo "== Installing the app's environment (Python 3.11)"
	@[ -x .venv/bin/python ] || $(UV) venv -q --python 3.11 .venv
	@$(UV) pip sync --python .venv/bin/python --require-hashes requirements/app.lock
	@$(UV) pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
	@touch $@

.venv-rasa/.ready: bot/requirements.lock | $(UV)
	@echo "== Installing Rasa's environment (Python 3.10; the largest part, about 2 GB)"
	@[ -x .venv-rasa/bin/python ] || $(UV) venv -q --python 3.10 .venv-rasa
	@$(UV) pip sync --python .venv-rasa/bin/python --require-hashes bot/requirements.lock
	@touch $@

.venv-dev/.ready: requirements/dev.lock pyproject.toml | $(UV)
	@echo "== Installing the environment for tests (Python 3.11)"
	@[ -x .venv-dev/bin/python ] || $(UV) venv -q --python 3.11 .venv-dev
	@$(UV) pip sync --python .venv-dev/bin/python --require-hashes requirements/dev.lock
	@$(UV) pip install -q --python .venv-dev/bin/python --no-deps --no-build-isolation -e .
	@touch $@
