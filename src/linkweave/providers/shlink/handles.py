"""The name of a short URL: its code and its domain, because two domains may have the same code."""

from dataclasses import dataclass

from linkweave.transport.call import Pairs


@dataclass(frozen=True, slots=True)
class LinkName:
    """A code as Shlink spells it, which may have slashes in it, and a domain; None is the server's default one."""

    code: str
    domain: str | None = None

    def __str__(self) -> str:
        """The handle: "domain/code"; "/code" on the default domain."""
        return f"{self.domain or ''}/{self.code}"

    @classmethod
    def parse(cls, handle: str) -> "LinkName | None":
        """The name in a handle; None for any other text."""
        domain, slash, code = handle.partition("/")
        usable = slash and code.strip() and code.isprintable() and domain.isprintable()
        return cls(code, domain or None) if usable else None

    @property
    def query(self) -> Pairs:
        """The parameter that names the domain. Without it, Shlink takes the default one (FOUND in its own client)."""
        return () if self.domain is None else (("domain", self.domain),)
