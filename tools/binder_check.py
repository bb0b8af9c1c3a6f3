"""Do what a Binder does, from nothing: a clone, a fresh environment, JupyterLab, every chapter, a moved slider.

python -m tools.binder_check    (some minutes; needs a Chromium)
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from .browser import chromium
from .browser.jupyter import serving

ROOT = Path(__file__).resolve().parents[1]


def run(*command, cwd, **environment):
    print("$", *command, flush=True)
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    subprocess.run(list(map(str, command)), cwd=cwd, check=True, env=env | environment)


def move_a_slider(address: str, chapter: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(f"{address}/lab/tree/{chapter}?reset")
        page.wait_for_function("() => window.jupyterapp", timeout=120_000)
        page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=120_000)
        page.wait_for_timeout(5000)  # the kernel starts, and the command is there before it
        page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        slider = page.locator(".jp-OutputArea .noUi-handle").first
        slider.wait_for(timeout=180_000)
        figure = page.locator(".jp-OutputArea .lf-live svg").first
        figure.wait_for(timeout=60_000)
        before = figure.evaluate("(e) => e.outerHTML")
        slider.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "(before) => document.querySelector('.jp-OutputArea .lf-live svg').outerHTML !== before",
            arg=before,
            timeout=30_000,
        )
        browser.close()
    print(f"{chapter}: the slider moves its figure")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clone, python = Path(folder, "clone"), Path(folder, "env", "bin", "python")
        run("git", "clone", "--quiet", ROOT, clone, cwd=folder)
        run(sys.executable, "-m", "venv", Path(folder, "env"), cwd=folder)
        pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        run(*pip, "-r", "binder/requirements.txt", cwd=clone)
        programs = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
        run("bash", "binder/postBuild", cwd=clone, PATH=programs)
        for path in sorted(clone.glob("notebooks/*.ipynb")):
            out = Path(folder, path.name)
            run(python, "-m", "jupyter", "nbconvert", "--to=notebook", "--execute",
                "--log-level=ERROR", f"--output={out}", path, cwd=clone)  # fmt: skip
        options = ["--expose-app-in-browser"]
        with serving("jupyterlab", clone, *options, python=python, path="") as address:
            move_a_slider(address, "notebooks/mse.ipynb")


if __name__ == "__main__":
    main()
