"""`linkweave export`: writes the links of the catalog, page by page."""
