"""The names of groups. Nothing here imports the database."""

from typing import Final

OWNER_SEPARATOR: Final = "\x1f"
"""Between an account and the vendor's own id of a team or a campaign, which only together are a key."""
