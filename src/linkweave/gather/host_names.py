"""Host names as they are compared: vendors and callers may spell an international one either way."""

from typing import Final

# RFC 1035. Python's codec takes minutes for a few thousand letters, so what cannot be a host name is not given to it.
_MAX_LENGTH: Final = 253


def host_key(name: str) -> str:
    """`name` in lower-case ASCII (RFC 3490), without a final dot; in lower case alone where it is no host name."""
    folded = name.casefold().removesuffix(".")
    if len(folded) > _MAX_LENGTH:
        return folded
    try:
        return folded.encode("idna").decode()
    except UnicodeError:
        return folded
