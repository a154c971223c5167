"""Opens the catalog of a configuration for a command."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click

from linkweave.cli.options import or_exit
from linkweave.clock import SystemClock
from linkweave.errors import CatalogUnavailableError, ConfigurationError
from linkweave.observability import configure_logging
from linkweave.server.configuration import load_configuration
from linkweave.settings import LogSettings, Settings

if TYPE_CHECKING:
    # Other commands start without the database library.
    from linkweave.catalog.catalog import Catalog

Result = TypeVar("Result")

_MISSING: Final = "the configuration has no catalog; [catalog] url names its database, such as sqlite:///linkweave.db"


def with_catalog(config: Path, work: "Callable[[Catalog, Settings], Awaitable[Result]]") -> Result:
    """Returns the result of `work` on the open catalog and the settings of `config`.

    Raises:
        ClickException: the configuration or the database cannot be used, or there is no catalog.
    """
    from linkweave.catalog.catalog import open_catalog  # noqa: PLC0415 - see above

    configure_logging(LogSettings(format="console", level="error"))
    settings = or_exit(lambda: load_configuration(config, os.environ))
    url, folder = settings.catalog.url, Path(settings.source).parent
    if url is None:
        raise click.ClickException(_MISSING)

    async def run() -> Result:
        catalog = open_catalog(settings.catalog, url, SystemClock(), folder)
        try:
            return await work(catalog, settings)
        except CatalogUnavailableError as error:
            raise ConfigurationError(error.message) from None
        finally:
            await catalog.close()

    return or_exit(lambda: asyncio.run(run()))
