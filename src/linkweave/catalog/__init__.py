"""The catalog: a database of every link that the gateway has seen, and of its clicks."""
