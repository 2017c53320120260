# Two commands do everything on a machine with Python 3.11+ and make:
#   make notebooks   install into .venv, read data/reports, run every notebook, write build/pages/index.html
#   make test        the same .venv; unit, property and golden tests beside the notebooks' kept outputs (nbval)
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: notebooks test check tidy bench clean
.DELETE_ON_ERROR:

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "govdisclosure needs Python 3.11 or newer; run: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[all,test]'
	@touch $(READY)

notebooks: $(READY)
	$(BIN)/govdisclosure notebooks --out build/pages
	@echo "Open build/pages/index.html"

test: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests notebooks \
	  --nbval-lax --nbval-cell-timeout=120 --nbval-sanitize-with tests/nbval_sanitize.cfg

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

tidy: $(READY)
	$(BIN)/python data/build_tidy.py

bench: $(READY)
	$(BIN)/python benchmarks/compare.py
	$(BIN)/python benchmarks/exactness.py --n 1000
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python -m benchmarks.scale --counts 1000

clean:
	rm -rf .venv build
