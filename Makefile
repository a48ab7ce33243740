# Simak, from a fresh clone: everything below works with Python >= 3.11 and make, without root, inside this folder.

PYTHON ?= python3
BIN := .venv/bin
RUN_STAMP := .venv/.installed-run
TEST_STAMP := .venv/.installed-test

.PHONY: help run setup test check bench bench-real screenshots clean

help: ## what there is (this list)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## start the listener and the desk; without an X token, a demo with invented posts
	$(BIN)/python run_listener.py --desk --demo-without-token

setup: $(RUN_STAMP) ## install into .venv, and train the model if there is none; starts nothing
	@$(BIN)/python -m classifier train --if-missing

test: $(TEST_STAMP) setup check ## every test that this machine can run
	$(BIN)/python -m pytest -n auto --dist loadgroup

check: $(TEST_STAMP) ## formatting, linting, types, and who may import whom
	$(BIN)/ruff format --check -q
	$(BIN)/ruff check -q
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(TEST_STAMP) setup ## how fast, each figure beside its floor in the same run
	$(BIN)/python -m benchmarks

bench-real: $(TEST_STAMP) setup ## trained and tested on real samples, beside the baselines: make bench-real SAMPLES=folder
	$(BIN)/python -m benchmarks.real_samples $(SAMPLES)
	$(BIN)/python -m benchmarks.real_samples $(SAMPLES) --champion

screenshots: $(TEST_STAMP) setup ## the pictures of the docs, from a real Chromium
	$(BIN)/python -m tests.screenshots

clean: ## remove what was installed and made; data stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

# A stamp is as old as the pins it installed: a second start installs nothing, a changed pin does.
$(RUN_STAMP): requirements/run.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements/run.txt
	@touch $@

$(TEST_STAMP): requirements/test.txt $(RUN_STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements/test.txt
	@touch $@
