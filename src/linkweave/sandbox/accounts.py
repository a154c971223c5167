"""The accounts of the emulators."""

from collections.abc import Mapping

from linkweave.providers.record import Provider


def sandbox_accounts(providers: Mapping[str, Provider], base_url: str) -> list[dict[str, object]]:
    """Returns the table of every emulator's first account, with the emulator at `base_url`."""
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
