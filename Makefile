# What can be done here: `make help`. Everything runs from .venv, which the first target that needs it makes.
.DEFAULT_GOAL := help
.PHONY: help setup run test test-quick lint format bench screenshots clean

BIN := .venv/bin
READY := .venv/.ready
ARGS ?=

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY)  ## make .venv with every extra (PYTHON=… names the Python)

$(READY): pyproject.toml tools/setup.sh
	@PYTHON="$(PYTHON)" tools/setup.sh
	@touch $@

run: $(READY)  ## the server on 127.0.0.1:12345 with ./history, and the window in front of it
	@$(BIN)/python -m tools.run $(ARGS)

test: $(READY)  ## all tests (ARGS="tests/log -x" for some of them)
	$(BIN)/python -m pytest $(ARGS)

test-quick: $(READY)  ## the tests without windows and server processes of their own, under a minute together
	$(BIN)/python -m pytest -m "not slow and not desktop and not process and not web and not terminal" $(ARGS)

lint: $(READY)  ## formatting, ruff, mypy --strict
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

format: $(READY)  ## format the code and mend what ruff can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(READY)  ## the benchmarks; results go to bench/
	$(BIN)/python -m bench $(ARGS)

screenshots: $(READY)  ## screenshots/ from real windows under Xvfb
	$(BIN)/python -m tools.screenshots $(ARGS)

clean:  ## remove .venv and caches; never the history
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
