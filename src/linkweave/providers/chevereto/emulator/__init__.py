"""A Chevereto site such as pic.li in this process: one endpoint, which takes uploads and stores facts about them."""

from starlette.applications import Starlette
from starlette.routing import Route

from linkweave.providers.chevereto.emulator.api import ADMIN_KEY, CLOSED_KEY, DEMO_KEY, MODERATED_KEY, Api
from linkweave.providers.emulator_kit import EmulatorOptions

__all__ = ["ADMIN_KEY", "CLOSED_KEY", "DEMO_KEY", "MODERATED_KEY", "create_emulator"]


def create_emulator(options: EmulatorOptions) -> Starlette:
    """A new site without files. `app.state.uploads` are the uploads that it stored."""
    api = Api(options)
    app = Starlette(routes=[Route("/api/{version}/{action}", api.answer, methods=["GET", "POST"])])
    app.state.uploads = api.uploads
    return app
