"""Accounts whose vendors take writes in this process: what they have is a dict, and each write can be made to fail."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from harness.fake_accounts import FakeAdapter, ListsDated, Reads, link
from linkweave.errors import VendorError
from linkweave.models import Link, Upload
from linkweave.models.changes import InputProblem, LinkPatch, NewLink, NewUpload, WrittenLink
from linkweave.providers.write_capabilities import (
    CanCreateLinks,
    CanCreateLinksTogether,
    CanDeleteLinks,
    CanDeleteLinksTogether,
    CanResetStats,
    CanUpdateLinks,
    CanUpdateLinksTogether,
    CanUploadFiles,
    UpdateStep,
)

TOLD = frozenset({"handle", "short_url", "slug", "destination", "domain"})


class Creates(ListsDated, Reads, CanCreateLinks):
    """Makes links one by one. Its links are handled as fake.example/<slug>."""

    creatable: ClassVar[frozenset[str]] = frozenset({"destination", "slug", "domain", "title"})

    def check_new_link(self, new: NewLink) -> Sequence[InputProblem]:
        return (InputProblem(("title",), "no shouting"),) if new.title == "LOUD" else ()

    async def create_link(self, new: NewLink) -> WrittenLink:
        self.vendor.answer(f"create {new.destination}")
        return WrittenLink(self.keep(new), TOLD)

    def keep(self, new: NewLink) -> Link:
        slug = new.slug or f"made{len(self.vendor.links)}"
        made = link(f"fake.example/{slug}", domain="fake.example")
        kept = Link(made.handle, made.short_url, slug, new.destination, made.fetched_at, domain="fake.example")
        self.vendor.links[kept.handle] = kept
        self.vendor.lanes.setdefault("all", []).insert(0, kept)
        return kept


class CreatesTogether(Creates, CanCreateLinksTogether):
    """Makes three links a call at most; destinations that say so are refused alone."""

    create_batch_size: ClassVar[int] = 3
    finds_existing: ClassVar[bool] = True
    refused: VendorError | None = None

    async def create_links(self, new: Sequence[NewLink]) -> Sequence[WrittenLink | VendorError]:
        self.vendor.answer(f"create together {len(new)} reuse={[each.reuse for each in new].count(True)}")
        return [
            self.refused
            if self.refused is not None and "bad" in each.destination
            else WrittenLink(self.keep(each), TOLD)
            for each in new
        ]


class Changes(Reads, CanUpdateLinks, CanDeleteLinks):
    """Changes a link in three calls: title, destination, slug; deletes one by one."""

    updatable: ClassVar[frozenset[str]] = frozenset({"title", "destination", "slug"})
    clearable: ClassVar[frozenset[str]] = frozenset()

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        return (InputProblem(("title",), "no shouting"),) if patch.title == "LOUD" else ()

    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        async def change(handle: str) -> str:
            self.vendor.answer(f"change {handle}")
            return handle

        async def rename(handle: str) -> str:
            self.vendor.answer(f"rename {handle}")
            return f"fake.example/{patch.slug}"

        steps = (
            UpdateStep(frozenset({"title"}), change),
            UpdateStep(frozenset({"destination"}), change),
            UpdateStep(frozenset({"slug"}), rename),
        )
        return tuple(step for step in steps if step.fields <= patch.given())

    async def delete_link(self, handle: str) -> None:
        self.vendor.answer(f"delete {handle}")


class ChangesTogether(Changes, CanUpdateLinksTogether, CanDeleteLinksTogether, CanResetStats):
    """Changes two links a call at most, deletes and resets any number."""

    update_batch_size: ClassVar[int] = 2
    refused: Mapping[str, VendorError] = {}

    async def update_links(self, patches: Sequence[tuple[str, LinkPatch]]) -> Sequence[WrittenLink | VendorError]:
        self.vendor.answer(f"update together {len(patches)}")
        return [self.refused.get(handle) or WrittenLink(link(handle), TOLD) for handle, _ in patches]

    async def delete_links(self, handles: Sequence[str]) -> Mapping[str, VendorError | None]:
        self.vendor.answer(f"delete together {len(handles)}")
        return {handle: self.refused.get(handle) for handle in handles}

    async def reset_stats(self, handles: Sequence[str]) -> Mapping[str, VendorError | None]:
        self.vendor.answer(f"reset together {len(handles)}")
        return {handle: self.refused.get(handle) for handle in handles}


class Uploads(FakeAdapter, CanUploadFiles):
    def check_upload(self, new: NewUpload) -> Sequence[InputProblem]:
        return (InputProblem(("album",), "has no albums"),) if new.album is not None else ()

    async def upload(self, new: NewUpload) -> Upload:
        self.vendor.answer(f"upload {new.title}")
        return Upload(
            "u1", "cat", "https://fake.example/v", "https://fake.example/s", "image/png", "png", 3, nsfw=False
        )
