import argparse
from pathlib import Path

from .addresses import site_address
from .contents import FIRST
from .folder import write_all
from .notebooks import Book

parser = argparse.ArgumentParser(
    prog="python -m readers", description="Make the readers' notebooks."
)
parser.add_argument("folder", type=Path)
folder = parser.parse_args().folder
written = write_all(Book(site=site_address()).all(), folder)
print(f"{folder}: {len(written) or 'no'} notebooks were made anew; the first is {FIRST}")
