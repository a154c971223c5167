"""The accounts that the emulators know."""

from collections.abc import Mapping

from linkweave.providers.record import Provider


def sandbox_accounts(providers: Mapping[str, Provider], base_url: str) -> list[dict[str, object]]:
    """Account tables for the first account of every emulator, reached at `base_url`."""
    return [
        {
            "key": account.key,
            "provider": provider.id,
            "label": account.label,
            "base_url": f"{base_url}/{provider.id}",
            **account.options,
        }
        for provider in providers.values()
        for account in provider.sandbox_accounts[:1]
    ]
