"""Log lines: how they are made, formatted and masked."""
