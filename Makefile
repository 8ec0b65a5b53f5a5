# `make demo` runs the portal on this machine, `make test` runs every check; both set up
# what they need, on a fresh machine too.

PORT ?= 8000
export PORT
# More for `make pytest` and `make lock`: ARGS="tests/finance -x", ARGS=--upgrade.
ARGS ?=
# Your own data for `make demo`: an IATI file or a starter workbook.
LOAD ?=
export LOAD

py := .venv/bin/python
# A Python that is new enough; looked up each time, for it may have been installed meanwhile.
python = $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

# Pango draws the PDFs; the fonts cover scripts beyond Latin, Greek, Cyrillic and Arabic.
pdf_packages := libpango-1.0-0 libpangoft2-1.0-0 fonts-noto-core

# Values for checks and tests only; a database named in the environment is used instead of
# the embedded test server. Compiled modules are kept, for tests start hundreds of processes.
test_env = env -u PYTHONDONTWRITEBYTECODE PORTAL_PG_FAST=1 SECRET_KEY=only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz \
	ALLOWED_HOSTS=localhost,127.0.0.1,testserver
run := $(test_env) $(py) -m portal.host.embedded run

# What `make runtime` brings; a server takes requirements-server.lock.
LOCK ?= requirements.lock

# $(call install,FILE): brings .venv to what FILE lists, unless it is there already. pip would
# compile by one process alone.
define install
cmp -s $(1) .venv/$(1) || { \
	echo "Installing $(1) …" && \
	$(py) -m pip install -qq --disable-pip-version-check --no-compile --require-hashes -r $(1) && \
	{ $(py) -m compileall -qq -j 0 .venv/lib || true; } && \
	cp $(1) .venv/$(1); }
endef

.PHONY: help demo install upgrade test check lint lint-style lint-types lint-site quick fmt fuzz bench-small cluster-test keep-version pictures pytest copied messages lock clean \
	python venv pdf runtime dev browser

help:
	@echo 'make demo    run the portal with sample data on http://localhost:$(PORT) (PORT=… for another);'
	@echo '             LOAD=file.xml or LOAD=book.xlsx: with your own data instead'
	@echo 'make install put it on this server, as root: HOST=name ADMIN=address (docs/install.md)'
	@echo 'make test    run every check and test'
	@echo 'make check   lint, and the tests that need no database: a minute'
	@echo 'make pytest  run tests only; ARGS="tests/finance -x" selects'
	@echo 'make fuzz    property tests with fresh examples'
	@echo 'make bench-small  what pages and files cost, beside their floors and bars'
	@echo 'make cluster-test  several machines on this host, whose parts are killed in turn'
	@echo 'make lint    check style, types and layers;  make fmt repairs style'
	@echo 'make upgrade  as root, on a server: backup, newer code, restart'
	@echo 'make messages  bring the translations to the sentences of the code'
	@echo 'make lock    write the lock files anew from pyproject.toml'
	@echo 'make clean   stop the servers; delete .venv and var, with all data of the demo'

demo: runtime pdf
	@exec $(py) -m portal.host.demo

install:
	@deploy/install

upgrade:
	@deploy/upgrade

test: dev browser
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target lint copied && $(MAKE) --no-print-directory pytest; code=$$?; \
		$(if $(MEASURE),[ $$code != 0 ] || $(MAKE) --no-print-directory bench-small ARGS= ||:;) \
		PORTAL_PG_FAST=1 $(py) -m portal.host.embedded stop >/dev/null; exit $$code

check: dev
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target lint quick

lint: lint-style lint-types lint-site

lint-style: dev
	@$(py) -m ruff check
	@$(py) -m ruff format --check
	@$(py) -m djlint templates --quiet --lint
	@$(py) -m djlint templates --quiet --check
	@$(py) .venv/bin/lint-imports --no-logo

lint-types: dev
	@$(run) $(py) -m mypy .

lint-site: dev
	@$(run) $(py) manage.py makemigrations --check --dry-run
	@$(run) $(py) manage.py lint_migrations
	@$(run) env SITE_URL=https://portal.example.org TRUSTED_PROXIES=1 \
		ALLOWED_HOSTS=portal.example.org \
		$(py) manage.py check --deploy --fail-level WARNING

# What tests copy, made while types are checked, by one process alone; tests make what is missing.
copied: dev
	@$(run) env DJANGO_SETTINGS_MODULE=portal.settings $(py) -c 'import django; django.setup(); \
		from tests.databases import make_all; make_all()' || echo 'Going on without.'

pytest: dev
	@$(run) env COVERAGE_CORE=$(core) $(py) -m pytest -n auto --dist loadfile \
		--no-loadscope-reorder --durations=20 $(if $(MEASURE),--cov --cov-report=) $(ARGS)
	@$(if $(MEASURE),echo "Tests run through $$($(py) -m coverage report --format=total) % of the lines.")
# From 3.12 on Python itself says which lines ran, at next to no cost.
core = $(shell $(py) -c "import sys; print('sysmon' if sys.version_info >= (3, 12) else 'ctrace')")

quick: dev
	@$(run) $(py) -m pytest -q -m quick $(ARGS)

# What pages and files of a small portfolio cost, beside their floors and bars: half a minute. A report,
# which CI ends with and never fails by.
bench-small: dev
	@$(run) $(py) manage.py bench pages --projects=2000 --json=var/bench-small.json $(ARGS)

# nginx, two web machines, PostgreSQL with a replica, pgbouncer, Redis and a server of the S3 kind,
# all on this host and killed in turn (docs/scaling.md).
cluster-test: dev
	@.ci/packages nginx-light pgbouncer redis-server
	@$(call install,requirements-cluster.lock)
	@$(test_env) $(py) -m tests.cluster --json=var/cluster-test.json $(ARGS)

# The database of this version, small, for later ones to be upgraded from: before each release.
keep-version: dev
	@$(run) env DJANGO_SETTINGS_MODULE=portal.settings $(py) -m tests.keep_version

# Property tests with examples that were not drawn before, more of those that cost little; and the
# numbers of 200 things of the sample, whatever way they are given away.
fuzz: dev
	@$(run) env HYPOTHESIS_PROFILE=fuzz $(py) -m pytest -n auto --dist loadfile \
		$$(grep -rl --include='*.py' '^@given' tests) tests/portal/sample/test_given_away.py $(ARGS)

# The pictures of the help, from the pages as they are now.
pictures: dev browser
	@$(run) env PICTURES=make $(py) -m pytest -q tests/browser/test_help.py

fmt: dev
	$(py) -m ruff check --fix
	$(py) -m ruff format
	$(py) -m djlint templates --quiet --reformat

# The catalogues of translations get the messages that are in the code.
messages: dev
	@.ci/packages gettext
	@$(run) $(py) manage.py messages

# Hosts and paths of this machine's package index stay out of the files.
lock: runtime
	$(py) -m pip install -qq --disable-pip-version-check uv
	$(py) -m uv pip compile $(lock_options) -o requirements.lock pyproject.toml
	$(py) -m uv pip compile $(lock_options) -c requirements.lock --extra server \
		-o requirements-server.lock pyproject.toml
	$(py) -m uv pip compile $(lock_options) -c requirements-server.lock --extra dev \
		-o requirements-dev.lock pyproject.toml
	$(py) -m uv pip compile $(lock_options) -c requirements-dev.lock --extra dev --extra cluster \
		-o requirements-cluster.lock pyproject.toml
lock_options = $(ARGS) --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

clean:
	@if [ -x $(py) ]; then $(py) -m portal.host.embedded remove; \
		PORTAL_PG_FAST=1 $(py) -m portal.host.embedded remove; fi
	rm -rf .venv var .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# --- Setting up

python:
	@[ -n "$(python)" ] || .ci/packages python3

# On Debian, the module that makes environments is a package of its own for each version.
venv: python
	@$(py) -c 'import pip' 2>/dev/null || { \
		[ -n "$(python)" ] || { echo 'Python 3.11 or newer is needed.'; exit 1; }; \
		$(python) -c 'import ensurepip, venv' 2>/dev/null || .ci/packages \
			"$$($(python) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" && \
		echo 'Making .venv …' && $(python) -m venv --clear .venv; }

runtime: venv
	@$(call install,$(LOCK))
	@$(py) -m portal.kit.language.catalogues

dev: venv pdf
	@$(call install,requirements-dev.lock)
	@$(py) -m portal.kit.language.catalogues

# Not fatal: without them only the PDFs are missing, and their page says so.
pdf:
	@.ci/packages $(pdf_packages) || echo 'Going on without; PDFs need them.'

# Debian has Chromium as a package, Ubuntu only as a snap: there Playwright fetches its own.
# Playwright itself needs libatomic1.
browser: dev
	@.ci/packages gettext poppler-utils libatomic1 clamav-daemon nginx-light pgbouncer \
		gnupg redis-server || \
		echo 'Going on without; some tests need them.'
	@command -v chromium >/dev/null || \
		{ grep -qs '^ID=debian' /etc/os-release && .ci/packages chromium; } || \
		$(py) -m playwright install --with-deps chromium || \
		echo 'Going on without a browser; its tests will fail.'
