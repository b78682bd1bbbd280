# Everything starts from here: `make help`. ARGS go on to what is run: make test ARGS="-k letters"

PYTHON ?= python3
IN = .venv/bin/
# What only staff see stays English (docs/languages.md).
STAFF_ONLY = .venv/* var/* tests/* bench/* */apps.py */admin.py */admin/* */management/* \
	campaign/*/models.py campaign/audit/* campaign/looking_up.py campaign/protection/logins.py campaign/staff/* \
	letters/models/* letters/states.py \
	pages/dashboard.py pages/history.py pages/media/* pages/models/* pages/needs.py pages/newsletter/* pages/publishing.py \
	pages/staff_site.py pages/translation.py \
	petitions/models/[!s]* petitions/models/sheet.py petitions/paper/*forms.py petitions/paper/reports.py \
	templates/admin/* templates/demo/* templates/emails/pages/contact.* \
	templates/emails/petitions/differences.* templates/emails/petitions/handover* templates/emails/petitions/milestone.*

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*##  *\(.*\)/make \1\t\2/p' Makefile

run: .ready  ## the whole site on http://localhost:8000 (PORT), with demo content; Ctrl-C stops it
	@$(IN)python -m campaign.standalone run

manage: .ready  ## manage.py on the site that `make run` runs: make manage ARGS="recount --check"
	@$(IN)python -m campaign.standalone manage $(ARGS)

test: .ready  ## every test
	@$(IN)python -m campaign.standalone test $(ARGS)

bench: .ready  ## how fast it is (bench/README.md); ARGS="letters" for a part
	@$(IN)python -m bench $(ARGS)

lint: .ready  ## everything that can be known without running the code
	@$(IN)ruff check --quiet .
	@$(IN)ruff format --quiet --check .
	@$(IN)mypy --no-error-summary
	@$(IN)lint-imports --no-logo
	@$(IN)djlint --lint --check --quiet templates
	@$(IN)python -m campaign.standalone check-lock

format: .ready  ## the one way that the code is laid out
	@$(IN)ruff check --quiet --fix-only .
	@$(IN)ruff format --quiet .

lock: .ready  ## requirements.lock anew from pyproject.toml; ARGS="--upgrade" for newer versions
	@$(IN)python -m campaign.standalone lock $(ARGS)

messages: .ready  ## texts for translators collected and compiled; needs GNU gettext
	@$(IN)django-admin makemessages --all --no-location --no-wrap --no-obsolete $(foreach path,$(STAFF_ONLY),--ignore '$(path)')
	@$(IN)django-admin compilemessages --ignore .venv

.ready:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install Python 3.12 or newer"; exit 1; }
	@$(PYTHON) -I campaign/standalone/bootstrap.py

.PHONY: help run manage test bench lint format lock messages .ready
