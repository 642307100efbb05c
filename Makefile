# `make` alone lists what there is to do. Nothing but Python 3.11–3.13 is needed; each verb installs what it misses.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
BROWSER = $(or $(CHROMIUM),$(shell command -v chromium || command -v chromium-browser || command -v google-chrome))
PYTEST = $(BIN)/python -m pytest
ON_POSTGRES = $(BIN)/python tests/with_postgres.py
# What failed in the run before; asked for where that came to its end (status 1), and never where it did not.
AGAIN = --last-failed --last-failed-no-failures none --maxfail 10
# Every command here works on the demo: production names its own settings in the environment.
export CONTROLUCE_DEMO := 1
# Where it is set, every worker of the tests would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE
export PORT

.DEFAULT_GOAL := help
.PHONY: help run serve test test-long check audit format lock messages fixture bench browser

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/run.installed ## The demo newsroom on 127.0.0.1, port $PORT or 8000
	$(BIN)/python manage.py demo

serve: $(VENV)/run.installed ## The site as in production, on 127.0.0.1, port $PORT or 8000
	$(BIN)/python manage.py serve

# A test that never asks the database would prove nothing more on PostgreSQL: tests/conftest.py leaves it out there by
# what it asks for (`db`, `rows`, `committed`, `shared`); tests/text knows no database and is not even collected. The
# test database is prepared once (tests/prepared_database.py) and kept in var/tests as long as nothing in it changes.
# What is marked `once` is too dear to be run on both each time.
# What failed beside others is tried once again, alone (ADR 138); the first failure stays in what is printed.
test: $(VENV)/test.installed browser ## All tests on SQLite, then those without a browser on PostgreSQL
	$(PYTEST) -n 2 || { [ $$? -eq 1 ] && $(PYTEST) $(AGAIN); }
	$(ON_POSTGRES) $(PYTEST) -n 2 -m "not browser" --ignore tests/text \
		|| { [ $$? -eq 1 ] && $(ON_POSTGRES) $(PYTEST) $(AGAIN); }

# What is too much to be tried each time is a seeded sample above (tests/samples.py) and all of it here.
test-long: $(VENV)/test.installed browser ## The same, unsampled: 1000 examples a property, every address, every look
	$(PYTEST) -n 2 --hypothesis-profile long
	$(ON_POSTGRES) $(PYTEST) -n 2 -m "not browser" --ignore tests/text --hypothesis-profile long

check: $(VENV)/test.installed ## Format, lint, templates, types, migrations, deployment, floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	find templates newsroom -name '*.html' -exec $(BIN)/djade --check {} +
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --fail-level WARNING
	$(PYTEST) -q tests/test_settings.py tests/test_requirements.py tests/test_floors.py tests/test_metarules.py

audit: ## Known faults of what is pinned (needs the network, and pip-audit)
	AUDIT=required .ci/audit

format: $(VENV)/test.installed ## Put code and templates into the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	find templates newsroom -name '*.html' -exec $(BIN)/djade {} +

lock: ## Pin what requirements/*.in ask for, with hashes (needs uv)
	for name in run test; do uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url requirements/$$name.in --output-file requirements/$$name.txt || exit; done

messages: $(VENV)/test.installed ## Collect the words of the interface and compile the catalogues (needs GNU gettext)
	$(BIN)/python manage.py makemessages --all --no-obsolete --no-location --ignore $(VENV) --ignore var --ignore tests --ignore benchmarks
	$(BIN)/python manage.py compilemessages --ignore $(VENV)

fixture: $(VENV)/run.installed ## Make fixtures/seed.json again from its source data
	@mkdir -p var && rm -f var/fixture.sqlite3*
	DATABASE_URL=sqlite:///var/fixture.sqlite3 $(BIN)/python manage.py migrate --verbosity 0
	DATABASE_URL=sqlite:///var/fixture.sqlite3 $(BIN)/python manage.py make_seed

bench: $(VENV)/run.installed ## Measure, and print the figures
	$(BIN)/python -m benchmarks

browser:
	@if [ -z "$(BROWSER)" ]; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends chromium; \
		else \
			echo "The browser tests need Chromium: install it, or name its executable in CHROMIUM." >&2; exit 1; \
		fi; \
	fi

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# The stamps say what is installed: a second call does nothing, a changed lock file installs again.
$(VENV)/%.installed: requirements/%.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
