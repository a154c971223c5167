"""The limits on documents, which are checked before anything is executed."""
