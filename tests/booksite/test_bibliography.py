"""What the list of references says of a work, it says once."""

import re

import pytest
from pybtex.database import parse_file

from ..paths import BIBLIOGRAPHY

WORKS = parse_file(str(BIBLIOGRAPHY)).entries


@pytest.mark.parametrize("key", WORKS)
def test_a_work_has_one_address_and_an_edition_in_words(key):
    said = WORKS[key].fields
    address = said.get("url", "")
    # the style writes a link of each of these itself
    assert "arxiv.org" not in address and "arXiv" not in said.get("journal", "")
    assert not ("doi" in said and "doi.org" in address)
    assert re.fullmatch(r"|\d+(st|nd|rd|th)", said.get("edition", ""))
