# make run     plays on this machine: installs, prepares, starts everything and says where to click
# make test    runs every test; make test ARGS="tests/live -x" runs some
# make lint    style, types, imports, deployment settings, migrations
# make bench   plays a whole game without browsers and counts it again; make bench ARGS="--n 300" with more players
# make bench-halls  plays games of 300, 1,000 and 3,000 players and holds them against their demands; takes some minutes
# make bench-relay  measures the relay against what is demanded of it, beside bare Twisted; takes some minutes
# make bench-broker  measures the broker the same way, beside ActiveMQ, RabbitMQ and CoilMQ; takes some minutes
# make screenshots  stages a game in Chromium and takes the pictures of docs/screens/
# make conformance  lets the Autobahn suite judge the WebSockets of the relay
# make fuzz    sends the broker a million spoilt frames, 50,000 over sockets; make fuzz ARGS="--seed 7" the same again
# make setup   installs what `make run` needs, into .venv
# make lock    pins what requirements*.in ask for; make lock ARGS=--upgrade takes newer versions

PYTHON := .venv/bin/python
LOCK := .venv/bin/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	--no-header

.PHONY: run test lint bench bench-halls bench-relay bench-broker conformance fuzz screenshots setup setup-dev lock

run: setup
	@$(PYTHON) manage.py up

test: setup-dev
	@-tools/install-test-programs
	@$(PYTHON) -m pytest --numprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: setup-dev
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	tools/as-production .venv/bin/mypy
	.venv/bin/lint-imports
	tools/as-production $(PYTHON) manage.py check --deploy --fail-level WARNING
	tools/as-production $(PYTHON) manage.py makemigrations --check --dry-run

bench: setup-dev
	@$(PYTHON) -m bench.game --file quiz/authoring/demo/space.en.csv $(ARGS)

bench-halls: setup-dev
	@$(PYTHON) -m bench.halls $(ARGS)

bench-relay: setup-dev
	@for figure in memory setup echo pipe abandoned; do $(PYTHON) -m bench.relay_$$figure || missed=1; done; exit $${missed:-0}

bench-broker: setup-dev
	@-tools/install-test-programs
	@for figure in memory setup fanout flood stalled queue; do $(PYTHON) -m bench.broker_$$figure || missed=1; done; exit $${missed:-0}

screenshots: setup-dev
	@-tools/install-test-programs
	@$(PYTHON) -m tools.screenshots

conformance: setup-dev
	@$(PYTHON) -m tools.conformance

fuzz: setup-dev
	@$(PYTHON) -m tools.fuzz $(ARGS)

setup: .venv/requirements.txt.installed
setup-dev: .venv/requirements-dev.txt.installed

.venv/%.installed: %
	@tools/install $<
	@touch $@

lock: setup-dev
	$(LOCK) $(ARGS) requirements.in --output-file requirements.txt
	$(LOCK) $(ARGS) requirements-dev.in --output-file requirements-dev.txt
