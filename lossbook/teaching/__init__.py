"""What only the book uses: exercises, cards, the catalog, the guide, the clinic, the style of the figures."""

from lossbook._extras import extra

extra("live_figures", "teaching", "lossbook.teaching")
