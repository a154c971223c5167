"""The endpoints that make, change and delete webhooks."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from types import MappingProxyType
from typing import Final, TypeAlias

from linkweave.providers.tinycc.emulator.asking import Asked, Content, Item
from linkweave.providers.tinycc.emulator.refusing import Refused
from linkweave.providers.tinycc.emulator.state import Hook, TinyAccount

Test: TypeAlias = Callable[[object], bool]


def _is_headers(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(line, str) and ":" in line for line in value)


def _is_url(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


_TESTS: Final[Mapping[str, Test]] = MappingProxyType(
    {
        "url": _is_url,
        "method": lambda value: value in ("get", "post"),
        "headers": _is_headers,
        "encoding": lambda value: value in ("json", "form"),
        "ignore_errors": lambda value: isinstance(value, bool),
    },
)
_TARGETS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"url": ("url_domain", "url_hash"), "domain": ("domain",), "tag": ("tag",)},
)


def create(account: TinyAccount, asked: Asked) -> Content:
    """POST /webhooks."""
    return {"webhooks": [_attempt(item, partial(_make, account)) for item in asked.items("webhooks")]}


def edit(account: TinyAccount, asked: Asked) -> Content:
    """PATCH /webhooks: the same for all that are named."""
    item = asked.one_item("webhooks")
    return {"webhooks": [_attempt(item, partial(_edit, hook)) for hook in _named(account, asked)]}


def delete(account: TinyAccount, asked: Asked) -> Content:
    """DELETE /webhooks."""
    gone = _named(account, asked)
    account.webhooks = [hook for hook in account.webhooks if hook not in gone]
    return {}


def _named(account: TinyAccount, asked: Asked) -> list[Hook]:
    if asked.name is None:
        ids = asked.group("ids")
        if ids is None:
            raise Refused(1305)
        return [hook for hook in account.webhooks if hook.id in ids]
    named = [hook for hook in account.webhooks if hook.id == asked.name]
    if not named:
        raise Refused(1301)
    return named


def _attempt(item: Item, write: Callable[[Item], Hook]) -> Content:
    try:
        return {**asdict(write(item)), "error": {"code": 0, "message": "", "details": ""}}
    except Refused as refused:
        return {**item, "error": refused.item_error}


def _make(account: TinyAccount, item: Item) -> Hook:
    kind = item.get("type")
    if item.get("event") != "click" or not isinstance(kind, str) or kind not in _TARGETS or "url" not in item:
        raise Refused(1314)
    target = {key: str(item.get(key)) for key in _TARGETS[kind]}
    _find_target(account, target)
    hook = Hook(str(account.webhooks_made + 1), kind, "", "post", [], "json")
    for key, value in target.items():
        setattr(hook, key, value)
    _edit(hook, item)
    account.webhooks_made += 1
    account.webhooks.append(hook)
    return hook


def _find_target(account: TinyAccount, target: dict[str, str]) -> None:
    """Put the target as the account spells it, or refuse what it does not have."""
    if "url_hash" in target:
        target["url_domain"] = account.working_domain(target["url_domain"])
        account.url(target["url_domain"], target["url_hash"])
    elif "domain" in target:
        target["domain"] = account.working_domain(target["domain"])
    else:
        own = account.tag(target["tag"])
        if own is None:
            raise Refused(1309)
        target["tag"] = own


def _edit(hook: Hook, item: Item) -> Hook:
    values = {key: item[key] for key in _TESTS if key in item}
    if not all(_TESTS[key](value) for key, value in values.items()):
        raise Refused(1314)
    for key, value in values.items():
        setattr(hook, key, value)
    return hook
