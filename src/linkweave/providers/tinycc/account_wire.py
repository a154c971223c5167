"""The JSON of tags, domains, webhooks and the account, and what it is in the gateway's models. All shapes are DOC."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from linkweave.models import AccountUsage, AccountUser, Domain, Plan, Webhook
from linkweave.providers.tinycc.handles import ascii_domain
from linkweave.providers.tinycc.link_wire import PagedAnswer
from linkweave.providers.tinycc.quotas import to_quota
from linkweave.providers.wire import Count, Flag, Limit, Moment, OptionalUrl, SmallCount, Text, TolerantWire, Wire


def _split_header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip(), value.strip()


LowerText = Annotated[str, AfterValidator(str.lower)]


class TagEntry(Wire):
    """One entry of `tags`."""

    label: Text


class TagsAnswer(TolerantWire):
    """GET /tags."""

    tags: tuple[TagEntry, ...]


class DomainEntry(Wire):
    """One entry of `domains`. Pages that are not set are empty strings."""

    domain: Text
    status: str | None = None
    custom_root_page: OptionalUrl = None
    custom_404_page: OptionalUrl = None
    redirect_code: SmallCount | None = None
    use_https: bool | None = None
    hash_character_set: Text | None = None
    hash_generation: Text | None = None

    def to_domain(self, default: str | None) -> Domain:
        """The domain. `default` is the account's default domain by its settings; it counts for more than the vendor's.

        The vendor does not say whether a domain is the customer's own or shared.
        """
        name = ascii_domain(self.domain)
        vendors_default = None if self.status is None else self.status == "default"
        return Domain(
            name=name,
            is_default=vendors_default if default is None else name == ascii_domain(default),
            https=self.use_https,
            active=None if self.status is None else self.status in {"default", "active"},
            redirect_status=self.redirect_code,
            root_redirect=self.custom_root_page,
            not_found_redirect=self.custom_404_page,
            slug_characters=self.hash_character_set,
            slug_generation=self.hash_generation,
        )


class DomainsAnswer(TolerantWire):
    """GET /domains."""

    domains: tuple[DomainEntry, ...]


class WebhookEntry(Wire):
    """One entry of `webhooks`. Of the target's fields only those of its `type` are set."""

    id: Text
    event: str
    type: Literal["url", "domain", "tag"]
    url_hash: str | None = None
    url_domain: str | None = None
    domain: str | None = None
    tag: str | None = None
    url: str
    method: LowerText
    headers: tuple[str, ...] | None = None
    encoding: str
    ignore_errors: Flag

    @model_validator(mode="after")
    def _has_target(self) -> "WebhookEntry":
        targets = {"url": self.url_hash and self.url_domain, "domain": self.domain, "tag": self.tag}
        if not targets[self.type]:
            raise ValueError("the target is missing")
        return self

    def to_webhook(self) -> Webhook:
        """The webhook, on exactly one link, domain or tag."""
        kind = self.type
        return Webhook(
            id=self.id,
            event=self.event,
            url=self.url,
            method=self.method,
            headers=tuple(_split_header(line) for line in self.headers or ()),
            encoding=self.encoding,
            ignore_errors=self.ignore_errors,
            link_handle=f"{ascii_domain(self.url_domain or '')}/{self.url_hash}" if kind == "url" else None,
            domain=ascii_domain(self.domain or "") if kind == "domain" else None,
            tag=self.tag if kind == "tag" else None,
        )


class WebhooksAnswer(PagedAnswer):
    """GET /webhooks."""

    webhooks: tuple[WebhookEntry, ...]


class WrittenWebhooks(Wire):
    """POST and PATCH /webhooks."""

    webhooks: tuple[Mapping[str, Any], ...]


class Counter(Wire):
    """A counter of the account."""

    count: Count
    limit: Limit = None


class AccountEntry(Wire):
    """The account. The server decides which counters it has."""

    user_id: Text | None = None
    username: Text | None = None
    account_expiration_date: Moment | None = None
    subscription_plan: str | None = None
    counters: Mapping[str, Counter] = Field(default_factory=dict)

    def to_usage(self, at: datetime) -> AccountUsage:
        """Plan and all counters, as of `at`."""
        plan = None
        if self.subscription_plan is not None:
            # Accounts that are not active are refused with 1217 (DOC). So an account that answers is active.
            plan = Plan(self.subscription_plan, self.account_expiration_date, active=True)
        quotas = (to_quota(name, counter.count, counter.limit, at) for name, counter in self.counters.items())
        user = None if self.user_id is self.username is None else AccountUser(self.user_id, self.username)
        return AccountUsage(plan, tuple(quotas), user)


class AccountAnswer(TolerantWire):
    """GET /account."""

    account: AccountEntry
