# Everything starts from here: `make help`. ARGS go on to what is run: make test ARGS="-k letters"

# The first that starts; a shim without a version, or one whose library is gone, does not.
PYTHON ?= $(shell for each in python3 python /usr/local/bin/python3 /usr/bin/python3; do $$each -c '' 2>/dev/null && echo $$each && break; done)
IN = .venv/bin/

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/make \1\t\2/p' Makefile

run: .ready  ## the whole site on http://localhost:8000 (PORT), with demo content; Ctrl-C stops it
	@$(IN)python -m standalone run

dev: .ready  ## the same site for working on it: changes are served at once, DEBUG is on, every component at /style/
	@$(IN)python -m standalone dev

manage: .ready  ## manage.py on the site that `make run` runs: make manage ARGS="recount --check"
	@$(IN)python -m standalone manage $(ARGS)

test: .ready  ## every test and doctest
	@$(IN)python -m standalone test $(ARGS)

screenshots: .ready  ## how five pages look, on two screens, by day and by night, in two languages: var/screenshots/look/
	@REQUIRE_BROWSER=1 $(IN)python -m standalone test -n0 -q -o python_files=take_screenshots.py tests/journeys/take_screenshots.py

restore-drill: .ready  ## is a backup a site again? ARGS="FOLDER KEYFILE" for one of yours; else a demo is backed up first
	@$(IN)python -m standalone restore-drill $(ARGS)

bench: .ready  ## how fast it is (bench/README.md); ARGS="letters" for a part
	@$(IN)python -m bench $(ARGS)

chaos: .ready  ## faults under load, and whether anything is lost or done twice; ARGS="--seconds 600 --seed 1"
	@$(IN)python -m bench.chaos $(ARGS)

chaos-mutants: .ready  ## breaks the code on purpose, fourteen times: does anything notice?
	@$(IN)python -m bench.chaos.mutants $(ARGS)

leaks: .ready  ## takes out what protects signers, one thing after another: does a thief find somebody?
	@$(IN)python -m bench.leaks

lint: .ready  ## everything that can be known without running the code
	@$(IN)ruff check --quiet .
	@$(IN)ruff format --quiet --check .
	@$(IN)mypy --no-error-summary
	@$(IN)lint-imports --no-logo
	@$(IN)djlint --lint --check --quiet templates
	@$(IN)python -m standalone check-lock

format: .ready  ## the one way that the code is laid out
	@$(IN)ruff check --quiet --fix-only .
	@$(IN)ruff format --quiet .

lock: .ready  ## both locks anew from pyproject.toml; ARGS="--upgrade" for newer versions
	@$(IN)python -m standalone lock $(ARGS)

sbom: .ready  ## what a server runs of others' work, with licences, for a release: var/release/
	@$(IN)python -m standalone sbom

audit: .ready  ## is anything known against these versions? Asks osv.dev
	@$(IN)python -m standalone audit

messages: .ready  ## texts for translators collected and compiled; needs GNU gettext
	@$(IN)python -m standalone messages

.ready:
	@[ -n "$(PYTHON)" ] || { echo "No Python starts here: install Python 3.12 or newer"; exit 1; }
	@$(PYTHON) -I standalone/bootstrap.py

.PHONY: help run dev manage test screenshots restore-drill bench chaos chaos-mutants leaks lint format lock sbom audit messages .ready
