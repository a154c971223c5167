"""What the sandbox's vendors really have, read from the emulators' own seeds and past every line of the gateway."""

from collections.abc import Mapping

from linkweave.clock import Clock
from linkweave.providers.cuttly.emulator.links import seeded_links
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.picsee.emulator.state import MAIN_TOKEN, VendorLink, seed_accounts
from linkweave.providers.shortenworld.emulator.state import SavedLink
from linkweave.providers.shortenworld.emulator.state import seeded as shortenworld_seeded
from linkweave.providers.tinycc.emulator import seeded as tinycc_seeded


def short_urls(clock: Clock) -> Mapping[str, list[str]]:
    """Every short URL by account, in no particular order; Cutt.ly's among them, though no list has those."""
    return {
        "picsee-main": [f"https://{link.domain}/{link.encode_id}" for link in picsee_links(clock)],
        "shortenworld": [f"https://{link.domain.domain}/{link.code}" for link in shortenworld_links(clock)],
        "tinycc": [f"https://{url.domain}/{url.hash}" for url in tinycc_seeded(EmulatorOptions(clock)).urls],
        "cuttly": [f"https://{name}" for name in seeded_links(clock.now())],
    }


def picsee_links(clock: Clock) -> list[VendorLink]:
    return seed_accounts(clock)[MAIN_TOKEN].links


def shortenworld_links(clock: Clock) -> list[SavedLink]:
    return shortenworld_seeded(clock).links
