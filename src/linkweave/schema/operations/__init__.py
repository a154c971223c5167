"""The fields of Query and Mutation."""
