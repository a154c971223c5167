"""Speaks Chevereto's API v1.1, whose one endpoint takes uploads and tells nothing of what is there."""

from linkweave.providers.base import Adapter


class CheveretoAdapter(Adapter):
    """Reads nothing, because the API has nothing to read: no links, no lists, no statistics."""
