"""What travels with an operation and with a call, in two context variables.

The floor of this package is below everything that reads or writes a context: observability reads the record, transport
the deadline, edge opens both. So the contexts hold typed values, and no layer has to import one above it.
"""
