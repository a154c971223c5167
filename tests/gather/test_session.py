"""The accounts of a session."""

import pytest
from strawberry.dataloader import DataLoader

from harness.emulators import ManualClock
from harness.fake_accounts import FakeVendor, ListsDated, fake_account
from harness.link_paging import CURSORS
from linkweave.errors import InvalidInputError
from linkweave.gather.session import PersistentRecords, Session, open_session
from linkweave.gather.writing.idempotency import Idempotency
from linkweave.storage.claims import MemoryClaims
from linkweave.storage.leases import MemoryLeases
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.named_locks import NamedLocks


def session(*keys: str) -> Session:
    accounts = [fake_account(ListsDated, FakeVendor(), key) for key in keys]
    clock, store = ManualClock(), MemoryStore()
    records = PersistentRecords(store, Idempotency(MemoryClaims(store), NamedLocks(MemoryLeases(store)), clock))
    return open_session(accounts, {}, CURSORS, clock, DataLoader, records)


def chosen(keys: list[str] | None) -> list[str]:
    return [loaders.key for loaders in session("b", "a", "c").choose("accounts", keys)]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [(None, ["b", "a", "c"]), ([], []), (["c", "b"], ["b", "c"]), (["a", "a"], ["a"])],
)
def test_accounts_are_chosen_in_the_order_of_the_configuration(keys: list[str] | None, expected: list[str]) -> None:
    assert chosen(keys) == expected


def test_an_unknown_account_is_refused_with_the_keys_of_the_known_accounts() -> None:
    with pytest.raises(InvalidInputError, match="accounts: 'x' is not an account; the accounts are: b, a, c") as raised:
        chosen(["a", "x"])
    assert raised.value.field == "accounts"


def test_an_unknown_account_is_refused_where_there_are_no_accounts() -> None:
    with pytest.raises(InvalidInputError, match="the accounts are: none"):
        session().choose("accounts", ["x"])
