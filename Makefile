# Two commands need nothing but python3, git and make: `make demo` and `make test`. Both call scripts/bootstrap first,
# which installs what is missing and does nothing when all is there.

.DEFAULT_GOAL := help
.PHONY: help demo test versions check format lint types docs site bench mutate torture walk lock wheel clean
BIN := .venv/bin
PYTEST := $(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
export PATH := $(PATH):$(CURDIR)/.bootstrap/bin
export UV_PROJECT_ENVIRONMENT := .venv
unexport VIRTUAL_ENV
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS ?= 1# as scripts/bootstrap does
endif

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: ## Train real models into an MLflow store and build their report, in demo/
	@scripts/bootstrap --for demo
	@$(BIN)/reportgen demo

test: ## Run every test
	@scripts/bootstrap --for test
	@$(PYTEST)

versions: ## Read servers of other MLflow versions, which are installed for it (minutes)
	@scripts/bootstrap --for test
	@$(BIN)/pytest -m versions tests/collect/test_old_servers.py

check: ## Everything that CI asks: format, lint, import contracts, types, web/, tests
	@scripts/bootstrap --for check
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/lint-imports
	@$(BIN)/mypy
	@$(BIN)/python -m scripts.web
	@$(PYTEST)

format: ## Rewrite the code in the project's format and sort its imports
	@scripts/bootstrap --for check
	@$(BIN)/ruff check --select I --fix
	@$(BIN)/ruff format

lint: ## Lint and import contracts only
	@scripts/bootstrap --for check
	@$(BIN)/ruff check
	@$(BIN)/lint-imports

types: ## Type check only, and the tests of web/
	@scripts/bootstrap --for check
	@$(BIN)/mypy
	@$(BIN)/python -m scripts.web

docs: ## Write the pages of docs/ that come from the code and the tests: problems, reliability, schemas, reference
	@scripts/bootstrap --for check
	@$(BIN)/python -m scripts.problems
	@$(BIN)/python -m scripts.reliability
	@$(BIN)/python -m scripts.schemas
	@$(BIN)/python -m scripts.reference

site: ## Build the documentation as a site in build/site, with samples and pictures made from the demo
	@scripts/bootstrap --for check
	@$(BIN)/python -m scripts.site

bench: ## Measure how fast stores are read, into docs/performance.md; then every other benchmark
	@scripts/bootstrap --for test
	@$(BIN)/python -m benchmarks.reading
	@for name in files rest coverage explorer; do echo "== $$name"; $(BIN)/python -m benchmarks.$$name || exit 1; done

mutate: ## Which small changes of analyze and render no test notices (hours; ONLY='reportgen.analyze.methods.samples*' for a part)
	@scripts/bootstrap --for test
	@uv pip install --quiet --python $(BIN)/python "mutmut>=3.8,<4"
	@$(BIN)/mutmut run --max-children 2 $(ONLY); $(BIN)/mutmut results

torture: ## A thousand kills and a thousand schedules of faults (an hour or more)
	@scripts/bootstrap --for test
	@REPORTGEN_KILLS=1000 REPORTGEN_SCHEDULES=1000 $(BIN)/pytest -n0 --timeout 0 tests/test_torture.py tests/collect/test_fault_oracle.py -k "killed or schedules"

walk: demo ## Go the whole way of docs/delivery.md and docs/ci.md by their own commands: mail, memo, decision, CI step, comment
	@scripts/walk

lock: ## Bring uv.lock in step with pyproject.toml
	@scripts/bootstrap --for check
	@uv lock

wheel: ## Build the wheel into dist/
	@scripts/bootstrap --for demo
	@uv build --wheel

clean: ## Remove what these commands made, but .venv and .bootstrap
	@rm -rf demo dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache mutants
	@find . -name __pycache__ -not -path './.venv/*' -not -path './.bootstrap/*' -prune -exec rm -rf {} +
