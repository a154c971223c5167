"""The endpoints that make, rename and delete tags."""

from linkweave.providers.tinycc.emulator.asking import Asked, Content
from linkweave.providers.tinycc.emulator.refusing import Refused
from linkweave.providers.tinycc.emulator.state import TinyAccount


def create(account: TinyAccount, asked: Asked) -> Content:
    """POST /tags. A label that is there is answered as it is."""
    label = _label(asked)
    own = account.tag(label)
    if own is None:
        account.tags.append(label)
    return {"tags": [{"label": own or label}]}


def rename(account: TinyAccount, asked: Asked) -> Content:
    """PATCH /tags/{label}: also on the URLs and webhooks that have it."""
    old, new = _existing(account, asked), _label(asked)
    if account.tag(new) not in {None, old}:
        raise Refused(1311)
    account.tags = [new if tag == old else tag for tag in account.tags]
    for url in account.urls:
        url.tags = [new if tag == old else tag for tag in url.tags]
    for hook in account.webhooks:
        if hook.tag == old:
            hook.tag = new
    return {"tags": [{"label": new}]}


def delete(account: TinyAccount, asked: Asked) -> Content:
    """DELETE /tags/{label}: URLs lose it, and webhooks on it go."""
    old = _existing(account, asked)
    account.tags.remove(old)
    for url in account.urls:
        url.tags = [tag for tag in url.tags if tag != old]
    account.webhooks = [hook for hook in account.webhooks if hook.tag != old]
    return {}


def _existing(account: TinyAccount, asked: Asked) -> str:
    own = account.tag(asked.name or "")
    if own is None:
        raise Refused(1309)
    return own


def _label(asked: Asked) -> str:
    label = asked.payload.get("label")
    if not isinstance(label, str) or not label.strip():
        raise Refused(1311)
    return label
