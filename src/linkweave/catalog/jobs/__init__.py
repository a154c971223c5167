"""Plans of copies, and jobs: stored, so that another process goes on with them."""
