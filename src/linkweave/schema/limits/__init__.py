"""What a document may be and may cost: settled before anything is executed."""
