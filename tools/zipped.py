"""The notebooks for the zip, with the packages beside them: python tools/zipped.py FOLDER

Their first cell installs both from that folder where they are missing.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "_ext"))

import nbformat  # noqa: E402
from readers.addresses import site_address  # noqa: E402
from readers.notebooks import Book  # noqa: E402


def main(folder: Path) -> None:
    folder.mkdir(parents=True)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", folder, ROOT / "live_figures", ROOT], check=True)
    [live_figures] = folder.glob("live_figures-*.whl")
    [lossbook] = folder.glob("lossbook-*.whl")
    wheels = [f"./{live_figures.name}", f"./{lossbook.name}[teaching]"]
    for name, notebook in Book(ROOT, site_address(), wheels).all().items():
        nbformat.write(notebook, folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
