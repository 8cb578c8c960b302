# Two commands do everything: `make run` and `make test`. Each sets up what it needs in .venv.
PYTHON ?= python3
BIN := .venv/bin
OUT := out
PORT ?= 8000
AXE := 4.14.1

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run serve test lint fmt bench prove fuzz docs model wheel bundle clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: .venv/.runtime ## make .venv with the pinned runtime packages and the kpi command

setup-dev: .venv/.dev ## the same with everything that tests and lint need

.venv/.runtime: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.txt | .venv/axe/axe.min.js
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# What tests of the pages check accessibility with (MPL-2.0); without npm those tests are left out.
.venv/axe/axe.min.js: | .venv/.runtime
	@mkdir -p $(@D)
	@if command -v npm >/dev/null; then cd $(@D) && npm pack --silent axe-core@$(AXE) >/dev/null && tar -xzmf axe-core-$(AXE).tgz --strip-components=1 package/axe.min.js package/LICENSE && rm axe-core-$(AXE).tgz || echo "axe-core was not fetched: its tests are left out"; fi

run: setup ## extract, check and score the bundled corpus, show the result, write it to out/
	@mkdir -p $(OUT)
	$(BIN)/kpi extract corpus/documents/rendered -o $(OUT)/extractions.jsonl
	@$(BIN)/kpi check corpus/documents/rendered --format json > $(OUT)/reviews.jsonl || test $$? -eq 1
	$(BIN)/kpi check corpus/documents/rendered/shanhaiguan-office-2023.tab_rows.txt || test $$? -eq 1
	$(BIN)/kpi score corpus/documents/rendered --out $(OUT)/scorecard
	@echo "结果：$(OUT)/extractions.jsonl（提取）  $(OUT)/reviews.jsonl（检查）  $(OUT)/scorecard（评分）"
	@echo "审核页面：make serve，然后在浏览器中打开 http://127.0.0.1:$(PORT)/ （样例文档已载入）"

serve: setup ## the review pages with the bundled corpus loaded, on 127.0.0.1; PORT=8000
	$(BIN)/kpi serve --port $(PORT) --load corpus/documents/rendered

test: setup-dev ## run all tests
	$(BIN)/python -m pytest -n auto --dist worksteal --durations 15 tests

lint: setup-dev ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: setup-dev ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup-dev ## measure speed, as ratios within one run, beside two public parsers
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	$(BIN)/python -m tests.benchmarks
	$(BIN)/python -m tests.benchmarks.memory
	$(BIN)/python -m tests.benchmarks.startup
	$(BIN)/python -m tests.benchmarks.copies --projects 100000
	$(BIN)/python -m tests.benchmarks.batches --documents 1000

prove: setup-dev ## the service for half an hour: 10,000 requests made from its description, 50 kills, load
	$(BIN)/python -m tests.benchmarks.schema
	$(BIN)/python -m tests.benchmarks.kills_service
	$(BIN)/python -m tests.benchmarks.load

fuzz: setup-dev ## damaged files of every format through the readers, for a minute; SECONDS=600 for longer
	$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60)

docs: setup-dev ## write docs/rules and docs/schema anew from the code, and the rendered corpus
	$(BIN)/python -m tests.generated --write
	$(BIN)/python -m tests.rendering --write
	$(BIN)/python -m tests.readme --write

model: setup-dev ## train models/ from corpus/annotations and write their cards
	$(BIN)/python -m tests.models --write

wheel: setup-dev ## build the wheel into dist/
	$(BIN)/python -m build --wheel

bundle: setup-dev ## zips for computers without a network, into dist/; PLATFORM="windows linux" PYTHONS="3.11 3.12 3.13"
	$(BIN)/python -m bundle $(if $(PLATFORM),--platform $(PLATFORM)) $(if $(PYTHONS),--python $(PYTHONS))

clean: ## remove the environment and all output
	rm -rf .venv $(OUT) dist build
