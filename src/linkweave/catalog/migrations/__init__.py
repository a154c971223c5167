"""Brings the tables of a database to the state that this program knows.

A change of `catalog/tables/` needs a new module in `versions/`, and its number as `HEAD` below.
"""

from typing import Final

HEAD: Final = "0008"
"""The newest revision. It is written here, so that a start with an up-to-date database needs no Alembic."""
