"""`linkweave copy`: copies links from one account to another."""
