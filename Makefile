# make run    start the app            make check  lint, types, import contracts
# make test   check and run every test  make bench  measure, as ratios to peers and limits
# make lock   write the requirements anew from pyproject.toml
# make docs   take the screenshots in docs/ anew

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP_FLAGS := --quiet --disable-pip-version-check --require-hashes

.PHONY: run test check bench lock docs browser bench-peers

run: $(VENV)/.run
	@exec $(BIN)/python app.py

test: check browser
	$(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports

bench: $(VENV)/.dev browser bench-peers
	$(BIN)/python -m bench

docs: $(VENV)/.dev browser
	$(BIN)/python -m tests.browser.screenshots docs

lock: $(VENV)/.dev
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --quiet -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --quiet -o requirements-dev.txt

# The short video that the page's sample starts with (needs ffmpeg).
components/uploader/sample.mp4:
	ffmpeg -v error -f lavfi -i testsrc2=size=320x180:rate=12:duration=4 -c:v libx264 \
	  -preset veryslow -crf 34 -pix_fmt yuv420p -movflags +faststart -map_metadata -1 \
	  -fflags +bitexact -flags:v +bitexact $@

browser: $(VENV)/.dev
	@sh tests/install_browser.sh $(BIN)/python

bench-peers:
	@sh bench/install_peers.sh

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
