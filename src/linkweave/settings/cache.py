"""`[cache]`: where answers are kept."""

from typing import Annotated

from pydantic import StringConstraints

from linkweave.settings.values import Frozen


class CacheSettings(Frozen):
    """Where answers will be kept; in this release nothing is cached beyond one request."""

    url: Annotated[str, StringConstraints(pattern=r"^(memory|rediss?)://")] = "memory://"
