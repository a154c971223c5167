"""Questions to the catalog: lists in any order, counts, groups, and what is known of one link."""
