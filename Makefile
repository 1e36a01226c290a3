# Two commands on a fresh machine: `make run` and `make test`. `make` alone lists the rest.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
VENV = .venv
BIN = $(VENV)/bin
COMMA = ,
# Two at a time, each with whole files: what a file starts (Redis, Kannel, Chromium) is its own.
PYTEST = $(BIN)/pytest -n 2 --dist loadfile
BABEL = $(BIN)/python -m babel.messages.frontend

.PHONY: help bench soak run test test-web check check-long format strings locks mutants
.PHONY: cards pictures redis gateways print drawing browser
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: export CHANNELS ?= try_it$(if $(TWILIO_AUTH_TOKEN),$(COMMA)twilio_sms)
run: export RIGHTS_LINE_SERVE ?= drafts
run: export RIGHTS_LINE_PUBLIC_URL ?= http://127.0.0.1:$(PORT)
run: $(VENV)/runs ## install what is needed, and answer on http://127.0.0.1:8000
	@exec scripts/serve $(BIN) $(PORT)

test: $(VENV)/develops redis gateways print ## install what is needed, and run every test: real Redis, Kannel, gammu
	$(PYTEST) $(TESTS)

test-web: $(VENV)/develops redis gateways print browser ## the web pages in a real Chromium
	$(PYTEST) tests/browser

check-long: $(VENV)/develops redis gateways print ## the same tests, where they are random with 50 times as many texts
	LONG=1 $(BIN)/pytest $(TESTS)

mutants: $(VENV)/develops ## mutate rights_line/core and list the mutants that no test notices (cosmic-ray.toml)
	mkdir -p build
	$(BIN)/cosmic-ray init --force cosmic-ray.toml build/mutants.sqlite
	$(BIN)/cosmic-ray exec cosmic-ray.toml build/mutants.sqlite
	$(BIN)/cr-report --show-diff --surviving-only build/mutants.sqlite

check: $(VENV)/develops ## format, lint, types, content: what CI asks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/rights-line check

format: $(VENV)/develops ## format the code and mend what ruff can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/develops redis ## how fast, beside a bare Flask view, as ratios
	$(BIN)/python bench/run.py

soak: $(VENV)/develops redis ## ten minutes at 200 messages a second while Redis fails (SOAK_SECONDS=120: two)
	$(BIN)/python -m tests.support.soak

strings: $(VENV)/runs ## bring the sentences of content/ into every catalog
	mkdir -p build
	$(BABEL) -q extract --no-wrap --add-location file --project rights-line \
	  --copyright-holder "" -F babel.cfg -o build/messages.pot content
	$(BIN)/python -m rights_line.editorial.po_files build/messages.pot locales/*/LC_MESSAGES/messages.po

cards: $(VENV)/prints drawing ## keyword cards and leaflets as PDF, into build/cards/ (TAGS="pl uk": two languages)
	$(BIN)/rights-line card $(TAGS) --out build/cards/cards.pdf
	$(BIN)/rights-line card $(TAGS) --size a6 --out build/cards/leaflets.pdf

pictures: $(VENV)/develops browser ## the pictures of the README, into docs/images/
	$(BIN)/python scripts/pictures.py

locks: ## pin what pyproject.toml asks for, with hashes (needs uv)
	uv pip compile -q --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile -q --generate-hashes --no-header --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.lock
	uv pip compile -q --generate-hashes --no-header --python-version 3.11 --no-deps requirements-valkey.in -o requirements-valkey.lock
	uv pip compile -q --generate-hashes --no-header --python-version 3.11 -c requirements-dev.lock requirements-print.in -o requirements-print.lock

gateways:
	@scripts/install-apt command:bearerbox:kannel command:fakesmsc:kannel-extras command:gammu:gammu \
	  command:gammu-smsd:gammu-smsd command:espeak-ng:espeak-ng
	@scripts/install-npm

# Tests read a printed card again.
print: drawing
	@scripts/install-apt command:pdftotext:poppler-utils command:zbarimg:zbar-tools

# WeasyPrint draws with Pango, and with a font for each script.
drawing:
	@scripts/install-apt command:fc-match:fontconfig \
	  library:libpangoft2-1.0:libpangoft2-1.0-0 library:libharfbuzz-subset:libharfbuzz-subset0 \
	  "font:Noto Sans Ethiopic:fonts-noto-core" "font:Noto Sans CJK SC:fonts-noto-cjk"

browser:
	@scripts/install-apt command:chromium:chromium command:certutil:libnss3-tools command:openssl:openssl

redis: $(VENV)/runs
	@scripts/install-redis $(VENV)

# The stamps say what is installed: the line alone, or what its tests or its cards need too.
$(VENV)/runs: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/develops: requirements-dev.lock $(VENV)/runs
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/prints: requirements-print.lock $(VENV)/runs
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-print.lock
	@touch $@
