"""Pretends to be a Chevereto site such as pic.li: one endpoint, which takes uploads and keeps what it needs of them."""

from starlette.applications import Starlette
from starlette.routing import Route

from linkweave.providers.chevereto.emulator.api import ADMIN_KEY, DEMO_KEY, MODERATED_KEY, Api
from linkweave.providers.emulator_kit import EmulatorOptions

__all__ = ["ADMIN_KEY", "DEMO_KEY", "MODERATED_KEY", "create_emulator"]


def create_emulator(options: EmulatorOptions) -> Starlette:
    """A fresh site without files. `app.state.uploads` are the files that it has."""
    api = Api(options)
    app = Starlette(routes=[Route("/api/{version}/{action}", api.answer, methods=["GET", "POST"])])
    app.state.uploads = api.uploads
    return app
