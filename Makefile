# Every target sets up what it needs in .venv, from nothing.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
PEERS  := .venv-frameworks
PORT   ?= 8000
JOBS   ?= 2
# options for the tests of the site; CI: -p tools.required --require Firefox
REQUIRED ?=
export PYTHONHASHSEED = 0
export OMP_NUM_THREADS = 1
export OPENBLAS_NUM_THREADS = 1

.NOTPARALLEL: # each layer of the tests takes what the one before has made

.PHONY: help book html test unit notebooks frameworks site lab edit links zip pdf epub bench lint clean
help:
	@sed -n 's/^## //p' Makefile

## make book     build the book and serve it at http://127.0.0.1:8000/
book: html
	@echo "==> The book is at http://127.0.0.1:$(PORT)/  (stop with Ctrl-C)"
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

## make html     build the book into _build/html
html: $(READY)
	@echo "==> Building the book into _build/html (only what has changed)"
	@$(BIN)/jupyter-book build . -W -n --keep-going

## make test     every test: the package, the notebooks, the built site in a browser
test: notebooks unit site

unit: $(READY)
	@echo "==> Testing the package"
	@$(BIN)/python -m pytest tests -q -n $(JOBS) --dist loadgroup --ignore=tests/site --ignore=tests/notebooks
	@cd live_figures && ../$(BIN)/python -m pytest tests -q -n $(JOBS) --dist worksteal

notebooks: $(READY)
	@echo "==> Running every notebook (nbval), away from the files beside it"
	@$(BIN)/python -m pytest tests/notebooks -q
	@rm -rf _build/alone && mkdir -p _build/alone/sources && cp chapters/*.ipynb _build/alone/sources
	@PYTHONWARNINGS=error::RuntimeWarning $(BIN)/python -m pytest --nbval-lax --nbval-kernel-name=python3 \
	  -p tests.notebooks.handover _build/alone/sources -q -n $(JOBS) --dist loadscope
	@echo "==> The same of the readers' notebooks that have no source of their own (tests/readers: the others run the same code)"
	@PYTHONPATH=_ext $(BIN)/python -m readers _build/alone/readers
	@cd _build/alone/readers && rm -f $(notdir $(wildcard chapters/*.ipynb))
	@PYTHONWARNINGS=error::RuntimeWarning $(BIN)/python -m pytest --nbval-lax --nbval-kernel-name=python3 \
	  _build/alone/readers -q -n $(JOBS) --dist loadscope

## make frameworks   run the code of the tabs in PyTorch, JAX and Keras; RECORD=1 writes what it prints
frameworks: $(READY) $(PEERS)/.ready
	@echo "==> Running the code of the tabs"
	@$(BIN)/python -m tools.frameworks --python $(PEERS)/bin/python --jobs $(JOBS) $(if $(RECORD),--record)

site: html
	@echo "==> Testing the built site in a browser"
	@$(BIN)/python -m tools.browser.chromium
	@$(BIN)/python -m pytest tests/site -q -n $(JOBS) --dist loadgroup $(REQUIRED)

## make lab      open the chapters in JupyterLab
lab: $(READY)
	@$(BIN)/python -c "import jupyterlab, notebook" 2>/dev/null || { echo "==> Installing JupyterLab"; \
	  $(BIN)/pip install --quiet --no-compile -c constraints.txt -e ./live_figures -e ".[lab]"; }
	@echo "==> Making the notebooks in notebooks/ (only what has changed; what you wrote in them is kept)"
	@PYTHONPATH=_ext $(BIN)/python -m readers notebooks
	@echo "==> Opening JupyterLab"
	@JUPYTER_CONFIG_PATH=tools/jupyter $(BIN)/jupyter lab --notebook-dir=notebooks notebooks/index.ipynb

## make edit     open the sources of the chapters in JupyterLab, as their authors do
edit: $(READY)
	@$(BIN)/python -c "import jupyterlab, jupyterlab_myst" 2>/dev/null || { echo "==> Installing JupyterLab"; \
	  $(BIN)/pip install --quiet --no-compile -c constraints.txt -e ./live_figures -e ".[lab,edit]"; }
	@echo "==> Opening JupyterLab; the chapters are in chapters/"
	@$(BIN)/jupyter lab --notebook-dir=. chapters/mse.ipynb

## make links    ask every address of another site that the book names whether it is still there
links: $(READY)
	@echo "==> Checking the links to other sites"
	@$(BIN)/jupyter-book build . --builder linkcheck

## make zip      the built site and the notebooks as a zip that works from a folder, without a network
zip: html
	@rm -rf _build/lossbook _build/lossbook.zip && cp -r _build/html _build/lossbook
	@PYTHONPATH=_ext $(BIN)/python -m tools.zipped _build/lossbook/notebooks
	@cd _build && "$(CURDIR)/$(BIN)/python" -m zipfile -c lossbook.zip lossbook && rm -r lossbook
	@echo "==> _build/lossbook.zip: unpack it and open lossbook/index.html, or the notebooks in lossbook/notebooks"

## make pdf      the book as one PDF, with links and an outline: _build/lossbook.pdf
pdf: html
	@echo "==> Printing the book into _build/lossbook.pdf (with Chromium; about a minute)"
	@$(BIN)/python -m tools.pdf

## make epub     the book as an EPUB, for readers of books: _build/lossbook.epub
epub: html
	@echo "==> Binding the book into _build/lossbook.epub"
	@$(BIN)/python -m tools.epub

## make bench    measure speed, accuracy and size; the tables go to benchmarks/README.md
bench: html
	@echo "==> Measuring (peers that are not installed are skipped and named)"
	@$(BIN)/python -m benchmarks

## make lint     the style of the code, its types, one sentence a line, no outputs in notebooks
lint: $(READY)
	@echo "==> Reading the code, the types, and the prose"
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy --cache-dir _build/.mypy_cache
	@$(BIN)/python -m tools.prose && $(BIN)/python -m tools.outputs --check

## make clean    delete what was built, and the environment
clean:
	@echo "==> Deleting _build and $(VENV)"
	@rm -rf _build $(VENV)

$(READY): pyproject.toml live_figures/pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Lossbook needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V 2>&1)."; \
	  echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "==> Setting up $(VENV) (once; about a minute)"
	@$(PYTHON) -m venv --clear $(VENV) || { \
	  echo "The venv module is missing; on Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --upgrade pip  # an old one looks twice as long for what to install
	@$(BIN)/python -m pip install --quiet --no-compile -c constraints.txt -e ./live_figures -e ".[book,test]"
	@touch $(READY)

$(PEERS)/.ready: frameworks/requirements.txt
	@echo "==> Setting up $(PEERS) with PyTorch, JAX and Keras (once; some two minutes)"
	@$(PYTHON) -m venv --clear $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --upgrade pip
	@$(PEERS)/bin/python -m pip install --quiet --no-compile -r frameworks/requirements.txt
	@touch $@
