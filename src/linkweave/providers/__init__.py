"""One folder per provider; base.py says what a provider is, discovery.py finds them."""
