"""Executes queries with a plan that is made once per document, and not with graphql-core's executor.

graphql-core is the reference: an answer of this package has the same data and the same errors, and needs the same calls
to vendors. An operation that this package has no rule for is executed by graphql-core. Private parts of graphql-core
and Strawberry are used in this folder only.
"""
