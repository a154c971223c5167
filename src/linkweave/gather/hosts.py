"""Host names as they are compared: vendors and callers may spell an international one either way."""


def host_key(name: str) -> str:
    """`name` in lower-case ASCII (RFC 3490), without a final dot; in lower case alone where it is no host name."""
    folded = name.casefold().removesuffix(".")
    try:
        return folded.encode("idna").decode()
    except UnicodeError:
        return folded
