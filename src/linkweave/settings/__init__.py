"""The configuration: a module for each section, and one that reads the file."""

from linkweave.settings.accounts import AccountSettings, SiteSettings
from linkweave.settings.cache import CacheSettings
from linkweave.settings.catalog import CatalogSettings
from linkweave.settings.clients import ClientSettings, JwtSettings, Scope
from linkweave.settings.documents import DocumentSettings
from linkweave.settings.hooks import HooksSettings
from linkweave.settings.lifetimes import FreshSeconds
from linkweave.settings.limits import LimitSettings
from linkweave.settings.loading import Settings, from_table, load
from linkweave.settings.log import LogSettings
from linkweave.settings.metrics import MetricsSettings
from linkweave.settings.network import NetworkSettings
from linkweave.settings.secrets import known_secrets
from linkweave.settings.server import ServerSettings
from linkweave.settings.traces import TracesSettings
from linkweave.settings.validation_errors import describe
from linkweave.settings.values import DomainName, Secret, SettingsModel, is_loopback

__all__ = [
    "AccountSettings",
    "CacheSettings",
    "CatalogSettings",
    "ClientSettings",
    "DocumentSettings",
    "DomainName",
    "FreshSeconds",
    "HooksSettings",
    "JwtSettings",
    "LimitSettings",
    "LogSettings",
    "MetricsSettings",
    "NetworkSettings",
    "Scope",
    "Secret",
    "ServerSettings",
    "Settings",
    "SettingsModel",
    "SiteSettings",
    "TracesSettings",
    "describe",
    "from_table",
    "is_loopback",
    "known_secrets",
    "load",
]
