import argparse
from pathlib import Path

from .addresses import repository, site_address
from .contents import FIRST
from .copies import write_copies
from .folder import write_all
from .notebooks import Book

parser = argparse.ArgumentParser(
    prog="python -m readers", description="Make the readers' notebooks."
)
parser.add_argument("folder", type=Path)
parser.add_argument(
    "--alone",
    action="store_true",
    help="make each able to stand alone, at the place of its page: what Colab and a hub open",
)
asked = parser.parse_args()
if asked.alone and not repository():
    parser.error("--alone: the repository is not known; expected a checkout of one on GitHub")
notebooks = Book(site=site_address())
written = write_copies(asked.folder) if asked.alone else write_all(notebooks.all(), asked.folder)
print(f"{asked.folder}: {len(written) or 'no'} notebooks were made anew; the first is {FIRST}")
