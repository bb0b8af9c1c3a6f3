"""What only the book uses: exercises, cards, the catalog, the guide, the style of the figures."""
