"""The targets of a mutation that takes a list of IDs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linkweave.errors import InvalidInputError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.session import Session
from linkweave.gather.writing.delete_links import ItemOutcome
from linkweave.schema.inputs.parsing import check_batch_size, find_owner
from linkweave.schema.types.payloads import input_failure


@dataclass(frozen=True, slots=True)
class BatchTargets:
    """Accounts and vendor IDs by index in the list, and the failures of IDs that name no target."""

    found: Mapping[int, tuple[AccountLoaders, str]]
    failed: Mapping[int, ItemOutcome]


def find_batch_targets(session: Session, ids: Sequence[str], kind: str) -> BatchTargets:
    """Returns the targets of `ids`, which should be IDs of a `kind` with two parts.

    Raises:
        InvalidInputError: There are too many IDs.
    """
    check_batch_size(ids, "ids")
    found: dict[int, tuple[AccountLoaders, str]] = {}
    failed: dict[int, ItemOutcome] = {}
    for index, node_id in enumerate(ids):
        try:
            loaders, (vendor_id,) = find_owner(session, f"ids.{index}", node_id, kind)
        except InvalidInputError as error:
            failed[index] = ItemOutcome(input_failure(error))
        else:
            found[index] = (loaders, vendor_id)
    return BatchTargets(found, failed)
