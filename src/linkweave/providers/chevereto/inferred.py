"""All assumptions about Chevereto beyond its document, its source and the answers of a real server.

The document has Exif data and no example. The names and values are taken for those of PHP's exif_read_data, in an
object or in its JSON text. README.md has the same table.
"""

from typing import Final

EMPTY_WORDS: Final = ("empty", "base64")
"""INFERRED. The gateway never sends an empty source, nor base64 with GET.

So a 130 in other words than these is taken for flood protection, whatever the language.
"""
