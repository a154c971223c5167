"""`[documents]`: persisted documents, which requests name instead of sending them."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from linkweave.settings.problems import Problem
from linkweave.settings.values import SettingsModel


class DocumentSettings(SettingsModel):
    """How requests may name documents.

    With `automatic`, clients can store documents under their hash, for `automatic_seconds`. `manifest` is a file of
    trusted documents; with `trusted_only` no others are executed, and clients can store none.
    """

    automatic: bool = True
    automatic_seconds: int = Field(default=86_400, ge=60, le=31_536_000)
    manifest: Annotated[str, StringConstraints(min_length=1)] | None = None
    trusted_only: bool = False

    @property
    def accepts_new(self) -> bool:
        """Whether clients can store documents."""
        return self.automatic and not self.trusted_only

    def problems(self) -> Iterator[Problem]:
        """Yields what is wrong with the section as a whole."""
        if self.trusted_only and self.manifest is None:
            yield Problem(
                ("documents", "trusted_only"), "needs documents.manifest, the file of the documents that may run"
            )
