"""Parsing, validating and executing documents: everything that touches graphql-core."""
