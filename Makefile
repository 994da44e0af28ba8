# The everyday commands; `make` alone lists them. They need Python 3.11 or newer and make, nothing else.

VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=
# How many processes run the tests; one when ARGS names some. A file is run by one process, so that what it shares is made once.
PROCESSES = 2
WORKERS ?= $(if $(ARGS),0,$(PROCESSES))
SPREAD = --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

# The first Python on the PATH that both serves and trains, else one that serves. Override it: make run PYTHON=python3.12
find_python = for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < ($(1)))' 2>/dev/null && echo $$python && break; done
PYTHON ?= $(or $(shell $(call find_python,3$(comma) 14)),$(shell $(call find_python,3$(comma) 15)))
comma := ,

.DEFAULT_GOAL := help

ifeq ($(filter Makefile,$(MAKEFILE_LIST)),)
# Called as `make -f elsewhere/Makefile`: go there first.
help run test test-fast coverage train install check lint format-check types imports security format bench soak chaos audit lock clean:
	@$(MAKE) -C "$(dir $(lastword $(MAKEFILE_LIST)))" $@
else

.PHONY: help run test test-fast coverage train install check lint format-check types imports security format bench soak chaos audit lock clean

help: ## this list
	@echo "Usage: make COMMAND [ARGS='...'] [PYTHON=python3.12]"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1~\2/p' Makefile | awk -F'~' '{ printf "%-18s%s\n", $$1, $$2 }'

run: $(VENV)/.serving ## start the bot: on Telegram with a token in .env, else in a chat page on this machine
	$(BIN)/python -m bot $(ARGS)

test: $(VENV)/.tests ## run every test, in two processes (WORKERS=4 for more, ARGS='tests/vision -x' for some)
	$(BIN)/python -m pytest $(SPREAD) $(ARGS)

# These wait more than they compute: 56 s on two idle cores, for 71 in two processes.
test-fast: PROCESSES = 4
test-fast: $(VENV)/.tests ## run what needs no network, browser, TensorFlow, PostgreSQL, other process or long wait
	$(BIN)/python -m pytest $(SPREAD) --ignore tests/training --ignore tests/e2e --ignore tests/benchmarks \
		-m "not (slow or processes or browser or postgres or tensorflow or network)" $(ARGS)

coverage: $(VENV)/.tests ## run every test and say which lines and branches none of them reaches
	$(BIN)/python -m pytest $(SPREAD) --cov --cov-report=term $(ARGS)

train: $(VENV)/.training ## refresh the model (ARGS='--preset standard', ARGS='--help', ...)
	$(BIN)/python -m training $(ARGS)

install: $(VENV)/.serving ## only install what serving needs
	@echo "$(VENV) has what serving needs"

check: lint format-check types imports security ## lint, formatting, types, import contracts, security

lint: $(VENV)/.tests
	$(BIN)/ruff check .

format-check: $(VENV)/.tests
	$(BIN)/ruff format --check .

types: $(VENV)/.tests
	$(BIN)/mypy

imports: $(VENV)/.tests
	$(BIN)/lint-imports

security: $(VENV)/.tests
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive bot telegram_playground training

format: $(VENV)/.tests ## put the code into its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.tests ## what the bot costs beside what else there is, 20 minutes (ARGS=--quick: does it run?)
	$(BIN)/python -m benchmarks $(ARGS)

soak: $(VENV)/.tests ## 10,000 photos through the whole bot while things go wrong (ARGS='--photos 500' for fewer)
	$(BIN)/python -m benchmarks.soak $(ARGS)

chaos: $(VENV)/.tests ## kill processes, take servers away, and count who got an answer (ARGS='--minutes 2' for less)
	$(BIN)/python -m benchmarks.chaos $(ARGS)

audit: $(VENV)/.tests ## look for known vulnerabilities in what is installed
	@for service in pypi osv; do \
		echo "Asking $$service about every package of requirements-dev.txt"; \
		$(BIN)/pip-audit --strict --vulnerability-service $$service --disable-pip --require-hashes --timeout 15 \
			--progress-spinner off --requirement requirements-dev.txt >$(VENV)/audit.txt 2>&1; status=$$?; \
		if grep -qE '^(No|Found [0-9]+) known vulnerabilit' $(VENV)/audit.txt; then cat $(VENV)/audit.txt; exit $$status; fi; \
		tail -n 1 $(VENV)/audit.txt | cut -c 1-200; \
	done; \
	echo "No advisory source answered: nothing is known about vulnerabilities, so this does not pass." >&2; exit 1

compile = $(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes \
	--no-annotate --custom-compile-command "make lock" $(UPGRADE) pyproject.toml

lock: $(VENV)/.tests ## write the pinned requirements anew from pyproject.toml (UPGRADE=--upgrade for newer versions)
	$(compile) --extra dev --output-file requirements-dev.txt
	$(compile) --extra postgres --constraint requirements-dev.txt --output-file requirements.txt
	$(compile) --extra postgres --extra training --extra tune --constraint requirements-dev.txt \
		--output-file requirements-training.txt
	echo "ai-edge-litert; python_version < '3'" | $(compile) --extra postgres --extra tflite-runtime \
		--override /dev/stdin --output-file requirements-tflite-runtime.txt

clean: ## remove what can be made again: the virtual environments and the caches of the tools
	rm -rf $(VENV) .venv-tflite .venv-bench build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis mutants

$(BIN)/pip:
	@test -n "$(PYTHON)" || { echo "Python 3.11 to 3.14 is needed: install it, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Making the virtual environment $(VENV) with $(PYTHON)"
	$(PYTHON) -m venv $(VENV)

$(VENV)/.serving: requirements.txt | $(BIN)/pip
	@echo "Installing what serving needs into $(VENV) (the first time takes a minute or two)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@

$(VENV)/.training: requirements-training.txt | $(BIN)/pip
	@echo "Installing what training needs into $(VENV) (the first time takes a few minutes)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-training.txt
	@touch $(VENV)/.serving $@

$(VENV)/.tests: requirements-dev.txt | $(BIN)/pip
	@echo "Installing what training and the tests need into $(VENV) (the first time takes a few minutes)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $(VENV)/.serving $(VENV)/.training $@

endif
