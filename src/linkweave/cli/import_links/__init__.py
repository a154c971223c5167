"""`linkweave import`: puts existing links into the catalog, by their short URLs."""
