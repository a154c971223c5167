"""Host names in the form in which they are compared: an international name has two spellings."""

from typing import Final

# RFC 1035. Python's IDNA codec takes minutes for a few thousand letters, so a longer name is not passed to it.
_MAX_LENGTH: Final = 253


def host_key(name: str) -> str:
    """Returns `name` in lower-case ASCII (RFC 3490) without a final dot; in lower case where it is no host name."""
    folded = name.casefold().removesuffix(".")
    if folded.isascii() or len(folded) > _MAX_LENGTH:
        return folded
    try:
        return folded.encode("idna").decode()
    except UnicodeError:
        return folded
