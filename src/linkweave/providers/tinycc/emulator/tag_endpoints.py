"""The endpoints that create, rename and delete tags."""

from linkweave.providers.tinycc.emulator.api_request import ApiRequest, Content
from linkweave.providers.tinycc.emulator.refusals import ApiRefusedError
from linkweave.providers.tinycc.emulator.state import TinyAccount


def create(account: TinyAccount, request: ApiRequest) -> Content:
    """POST /tags. An existing label is returned as it is spelled."""
    label = _label(request)
    own = account.tag(label)
    if own is None:
        account.tags.append(label)
    return {"tags": [{"label": own or label}]}


def rename(account: TinyAccount, request: ApiRequest) -> Content:
    """PATCH /tags/{label}, also on its URLs and webhooks."""
    old, new = _existing(account, request), _label(request)
    if account.tag(new) not in {None, old}:
        raise ApiRefusedError(1311)
    account.tags = [new if tag == old else tag for tag in account.tags]
    for url in account.urls:
        url.tags = [new if tag == old else tag for tag in url.tags]
    for hook in account.webhooks:
        if hook.tag == old:
            hook.tag = new
    return {"tags": [{"label": new}]}


def delete(account: TinyAccount, request: ApiRequest) -> Content:
    """DELETE /tags/{label}, also from its URLs; webhooks on it are deleted."""
    old = _existing(account, request)
    account.tags.remove(old)
    for url in account.urls:
        url.tags = [tag for tag in url.tags if tag != old]
    account.webhooks = [hook for hook in account.webhooks if hook.tag != old]
    return {}


def _existing(account: TinyAccount, request: ApiRequest) -> str:
    own = account.tag(request.name or "")
    if own is None:
        raise ApiRefusedError(1309)
    return own


def _label(request: ApiRequest) -> str:
    label = request.payload.get("label")
    if not isinstance(label, str) or not label.strip():
        raise ApiRefusedError(1311)
    return label
