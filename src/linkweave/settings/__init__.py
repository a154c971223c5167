"""The configuration: one module per section, read in one place."""

from linkweave.settings.accounts import AccountSettings
from linkweave.settings.cache import CacheSettings
from linkweave.settings.clients import ClientSettings, JwtSettings, Scope
from linkweave.settings.describing import describe
from linkweave.settings.documents import DocumentSettings
from linkweave.settings.lifetimes import FreshSeconds
from linkweave.settings.limits import LimitSettings
from linkweave.settings.loading import Settings, from_table, load
from linkweave.settings.log import LogSettings
from linkweave.settings.metrics import MetricsSettings
from linkweave.settings.secrets import known_secrets
from linkweave.settings.server import ServerSettings
from linkweave.settings.traces import TracesSettings
from linkweave.settings.values import DomainName, Frozen, Secret, is_loopback

__all__ = [
    "AccountSettings",
    "CacheSettings",
    "ClientSettings",
    "DocumentSettings",
    "DomainName",
    "FreshSeconds",
    "Frozen",
    "JwtSettings",
    "LimitSettings",
    "LogSettings",
    "MetricsSettings",
    "Scope",
    "Secret",
    "ServerSettings",
    "Settings",
    "TracesSettings",
    "describe",
    "from_table",
    "is_loopback",
    "known_secrets",
    "load",
]
