"""`[documents]`: persisted documents, which requests name in place of sending them."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from linkweave.settings.values import Frozen


class DocumentSettings(Frozen):
    """What requests may name documents by.

    `automatic` lets clients have documents kept under their hash, for `automatic_seconds`. `manifest` is a file of
    documents that are trusted; with `trusted_only` no others run, and clients can have none kept.
    """

    automatic: bool = True
    automatic_seconds: int = Field(default=86_400, ge=60, le=31_536_000)
    manifest: Annotated[str, StringConstraints(min_length=1)] | None = None
    trusted_only: bool = False

    @property
    def takes_new(self) -> bool:
        """Whether clients can have documents kept."""
        return self.automatic and not self.trusted_only

    def problems(self) -> Iterator[str]:
        """What is wrong with the section as a whole."""
        if self.trusted_only and self.manifest is None:
            yield "documents.trusted_only: needs documents.manifest, the file of the documents that may run"
