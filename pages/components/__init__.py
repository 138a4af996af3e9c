"""What the pages are made of: navigation, filters, cached reads, cards, charts, words."""
