"""Changes as Cutt.ly's parameters: one group of parameters a call, and separate calls for each field.

Several groups in one call are not documented. The alias comes last, because it changes the URL by which the vendor
finds the link.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias

from linkweave.models import DeviceTarget, Expiry, Platform, Variant
from linkweave.models.changes import UNSET, InputProblem, LinkPatch
from linkweave.providers.cuttly.inferred import TAGS_PER_LINK
from linkweave.providers.cuttly.value_limits import value_problems
from linkweave.providers.target_checks import check_targets
from linkweave.transport.call import Pairs

CLEARABLE: Final = frozenset({"unique_window_minutes", "device_targets", "variants", "expiry", "password"})

# DOC; `redirect` is in its examples only.
MOBILE_WORDS: Final[Mapping[Platform, str]] = MappingProxyType(
    {
        Platform.ANDROID: "android",
        Platform.IOS: "ios",
        Platform.WINDOWS_MOBILE: "windowsMobile",
        Platform.ALL_MOBILE: "redirect",
    }
)
MAX_VARIANTS: Final = 2
"""Maximum number of variants besides the destination (DOC)."""

# Makes the calls that give a field its new value.
_MakeEdits: TypeAlias = "Callable[..., Sequence[Edit]]"


@dataclass(frozen=True, slots=True)
class Edit:
    """One call of an edit: its group of parameters, and a form with a password, which stays out of the URL.

    `action_first` says whether the document's example of this group begins with `action` or with `url`.
    """

    group: Pairs
    action_first: bool = True
    form: Pairs | None = field(default=None, repr=False)

    @property
    def value(self) -> str:
        """The value of the first parameter of the group."""
        return self.group[0][1]

    def query(self, short_url: str) -> Pairs:
        """The query without the key."""
        start = (("action", "edit"), ("url", short_url))
        return (*(start if self.action_first else reversed(start)), *self.group)


DELETE: Final = Edit((("delete", "1"),))


def edits_of(patch: LinkPatch) -> Iterator[tuple[str, Sequence[Edit]]]:
    """The given fields with the calls that change them, in the fixed order."""
    for name, make_edits in _ORDER.items():
        if getattr(patch, name) is not UNSET:
            yield name, make_edits(getattr(patch, name))


def patch_problems(patch: LinkPatch) -> Iterator[InputProblem]:
    """The parts of a patch that the API cannot express, and the values that its document excludes."""
    yield from value_problems(patch)
    if isinstance(patch.add_tags, tuple) and len(patch.add_tags) > TAGS_PER_LINK:
        yield InputProblem(("add_tags",), "Cutt.ly may keep one tag a link only: add no more than one at a time")
    yield from check_targets(patch.device_targets, MOBILE_WORDS, once=True)
    if isinstance(patch.variants, tuple) and len(patch.variants) > MAX_VARIANTS:
        yield InputProblem(("variants",), f"Cutt.ly takes at most {MAX_VARIANTS} besides the destination")
    if isinstance(patch.expiry, Expiry):
        yield from _expiry_problems(patch.expiry)


def renamed(handle: str, alias: str) -> str:
    """The handle that a link has after its alias was changed; a TRAI header after the alias stays (DOC)."""
    domain, _, *header = handle.split("/")
    return "/".join((domain, alias.strip("/"), *header))


def _text(parameter: str) -> _MakeEdits:
    """One call with one parameter."""

    def make_edits(value: str) -> Sequence[Edit]:
        return (Edit(((parameter, value),)),)

    return make_edits


def _tags(tags: tuple[str, ...]) -> Sequence[Edit]:
    return tuple(Edit((("tag", tag),)) for tag in tags)


def _unique(minutes: int | None) -> Sequence[Edit]:
    return (Edit((("unique", str(minutes or 0)),)),)


def _mobile(targets: tuple[DeviceTarget, ...] | None) -> Sequence[Edit]:
    """Sets the given mobiles, then removes the others. The vendor does not return which are set."""
    wanted = {MOBILE_WORDS[target.platform]: target.destination for target in targets or ()}
    setting = [Edit((("mobile", word), ("destination", destination))) for word, destination in wanted.items()]
    removing = [Edit((("mobile", word),)) for word in MOBILE_WORDS.values() if word not in wanted]
    return (*setting, *removing)


def _abtest(variants: tuple[Variant, ...] | None) -> Sequence[Edit]:
    group = [("abtest", str(len(variants or ())))]
    for letter, variant in zip("bc", variants or (), strict=False):
        group += [
            (f"abtest_{letter}", str(variant.percentage)),
            (f"abtest_{letter}variation", variant.destination),
        ]
    return (Edit(tuple(group), action_first=False),)


def _expire(expiry: Expiry | None) -> Sequence[Edit]:
    if expiry is None:
        return (Edit((("expire", "0"), ("expireCond", "0")), action_first=False),)
    by_date = expiry.at is not None
    redirect = expiry.redirect_to or expiry.redirect_to_after_clicks
    pairs = {
        "expire": "1" if by_date else "0",
        "expireCond": expiry.at.isoformat() if expiry.at else str(expiry.after_clicks),
        "expireRedirect": redirect,
        "expireUnique": None if expiry.count_unique_only is None else str(int(expiry.count_unique_only)),
    }
    return (Edit(tuple((name, value) for name, value in pairs.items() if value is not None), action_first=False),)


def _password(password: str | None) -> Sequence[Edit]:
    """A blank password removes the password (DOC)."""
    return (Edit((("password", "1"),), form=(("password", password or ""),)),)


_ORDER: Final[Mapping[str, _MakeEdits]] = MappingProxyType(
    {
        "title": _text("title"),
        "add_tags": _tags,
        "destination": _text("source"),
        "unique_window_minutes": _unique,
        "device_targets": _mobile,
        "variants": _abtest,
        "expiry": _expire,
        "password": _password,
        "slug": _text("name"),
    }
)
UPDATABLE: Final = frozenset(_ORDER)


def _expiry_problems(expiry: Expiry) -> Iterator[InputProblem]:
    if (expiry.at is None) == (expiry.after_clicks is None):
        yield InputProblem(
            ("expiry",), "Cutt.ly takes either a day (at) or a number of clicks (afterClicks), one of them"
        )
    both = expiry.redirect_to is not None and expiry.redirect_to_after_clicks is not None
    if both or (expiry.redirect_to_after_clicks is not None and expiry.after_clicks is None):
        yield InputProblem(
            ("expiry", "redirect_to_after_clicks"),
            "Cutt.ly has one redirect for an expired link: put it into redirectTo",
        )
    if expiry.redirect_to is None and expiry.redirect_to_after_clicks is None:
        yield InputProblem(("expiry", "redirect_to"), "Cutt.ly needs a redirect for the expired link")
