"""The configuration of an account at a YOURLS site."""

from typing import Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from linkweave.settings import Secret, SiteSettings


class YourlsSettings(SiteSettings):
    """A user of a YOURLS site: either by the user's signature token, or by name and password."""

    provider: Literal["yourls"]
    signature: Secret | None = None
    username: str | None = None
    password: Secret | None = None

    @model_validator(mode="after")
    def _has_one_login(self) -> Self:
        login = (self.username is not None, self.password is not None)
        if login == ((False, False) if self.signature is not None else (True, True)):
            return self
        raise PydanticCustomError("login", "must have either signature, or username and password")
