"""The endpoints that create, change and delete webhooks."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from types import MappingProxyType
from typing import Final, TypeAlias

from linkweave.providers.tinycc.emulator.api_request import ApiRequest, Content, Item
from linkweave.providers.tinycc.emulator.refusals import ApiRefusedError
from linkweave.providers.tinycc.emulator.state import StoredWebhook, TinyAccount

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


def create(account: TinyAccount, request: ApiRequest) -> Content:
    """POST /webhooks."""
    return {"webhooks": [_attempt(item, partial(_create, account)) for item in request.items("webhooks")]}


def update(account: TinyAccount, request: ApiRequest) -> Content:
    """PATCH /webhooks: the same changes for all named webhooks."""
    item = request.one_item("webhooks")
    return {"webhooks": [_attempt(item, partial(_update, hook)) for hook in _named(account, request)]}


def delete(account: TinyAccount, request: ApiRequest) -> Content:
    """DELETE /webhooks."""
    gone = _named(account, request)
    account.webhooks = [hook for hook in account.webhooks if hook not in gone]
    return {}


def _named(account: TinyAccount, request: ApiRequest) -> list[StoredWebhook]:
    if request.name is None:
        ids = request.names("ids")
        if ids is None:
            raise ApiRefusedError(1305)
        return [hook for hook in account.webhooks if hook.id in ids]
    named = [hook for hook in account.webhooks if hook.id == request.name]
    if not named:
        raise ApiRefusedError(1301)
    return named


def _attempt(item: Item, write: Callable[[Item], StoredWebhook]) -> Content:
    try:
        return {**asdict(write(item)), "error": {"code": 0, "message": "", "details": ""}}
    except ApiRefusedError as refusal:
        return {**item, "error": refusal.item_error}


def _create(account: TinyAccount, item: Item) -> StoredWebhook:
    kind = item.get("type")
    if item.get("event") != "click" or not isinstance(kind, str) or kind not in _TARGETS or "url" not in item:
        raise ApiRefusedError(1314)
    target = {key: str(item.get(key)) for key in _TARGETS[kind]}
    _find_target(account, target)
    hook = StoredWebhook(str(account.webhooks_made + 1), kind, "", "post", [], "json")
    for key, value in target.items():
        setattr(hook, key, value)
    _update(hook, item)
    account.webhooks_made += 1
    account.webhooks.append(hook)
    return hook


def _find_target(account: TinyAccount, target: dict[str, str]) -> None:
    """Spell the target as the account does, or refuse a target that the account does not have."""
    if "url_hash" in target:
        target["url_domain"] = account.working_domain(target["url_domain"])
        account.url(target["url_domain"], target["url_hash"])
    elif "domain" in target:
        target["domain"] = account.working_domain(target["domain"])
    else:
        own = account.tag(target["tag"])
        if own is None:
            raise ApiRefusedError(1309)
        target["tag"] = own


def _update(hook: StoredWebhook, item: Item) -> StoredWebhook:
    values = {key: item[key] for key in _TESTS if key in item}
    if not all(_TESTS[key](value) for key, value in values.items()):
        raise ApiRefusedError(1314)
    for key, value in values.items():
        setattr(hook, key, value)
    return hook
