"""QR codes as SVG images, drawn beside the event loop."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO

import segno
from segno.encoder import DataOverflowError

from linkweave.errors import QrCodeOverflowError


def draw_svg(text: str) -> str:
    """Returns an SVG document of `text`, with its namespace and on white: for files and for dark pages.

    Raises:
        QrCodeOverflowError: it is too long.
    """
    image = BytesIO()
    try:
        code = segno.make(text, micro=False)
    except DataOverflowError:
        raise QrCodeOverflowError from None
    code.save(image, kind="svg", scale=4, light="#fff", xmldecl=False, nl=False)
    return image.getvalue().decode()


@dataclass(frozen=True, slots=True)
class QrCodes:
    """The QR codes of one operation: each short URL is drawn once, in a thread, and one at a time.

    Drawing takes 5 to 100 ms of processor time: on the event loop it would hold up all other operations.
    """

    draw: Callable[[str], str] = draw_svg
    _drawn: dict[str, asyncio.Task[str]] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def svg(self, short_url: str) -> str:
        """Returns an SVG document of `short_url`.

        Raises:
            QrCodeOverflowError: it is too long.
        """
        task = self._drawn.get(short_url)
        if task is None:
            task = self._drawn[short_url] = asyncio.create_task(self._draw(short_url))
        return await asyncio.shield(task)

    async def _draw(self, short_url: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(self.draw, short_url)
