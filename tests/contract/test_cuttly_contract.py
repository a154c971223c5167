"""Cutt.ly keeps the contract of each capability that it offers."""

from typing import ClassVar

from linkweave.providers.cuttly import PROVIDER
from linkweave.testing.contract import (
    CreateLinksContract,
    DeleteLinksContract,
    FieldExample,
    GetLinksContract,
    ReadStatsContract,
    UpdateLinksContract,
    write_only,
)

BESIDE = {"destination": "https://www.example.com/b", "percentage": 40}
SMS = {"smsHeader": "EXMPLE", "domain": "2s.ms", "slug": "otp"}


class TestCuttly(GetLinksContract, ReadStatsContract, CreateLinksContract, UpdateLinksContract, DeleteLinksContract):
    provider = PROVIDER
    known_links = ("https://cutt.ly/spring-sale", "https://cutt.ly/lookbook", "https://go.brand-demo.example/spring")
    create_examples: ClassVar = {
        "domain": FieldExample({"domain": "go.brand-demo.example"}, {"domain": {"name": "go.brand-demo.example"}}),
        "fetchTitle": FieldExample({"fetchTitle": True}, {"title": "New – www.example.com"}),
        "publicStats": write_only(publicStats=True),
        "smsHeader": FieldExample(SMS, {"shortUrl": "https://2s.ms/otp/EXMPLE"}),
    }
    update_examples: ClassVar = {
        "addTags": write_only(addTags=["winter"]),
        "uniqueWindowMinutes": write_only(uniqueWindowMinutes=15),
        "deviceTargets": write_only(deviceTargets=[{"platform": "IOS", "destination": "https://apps.example.com/ios"}]),
        "variants": write_only(variants=[BESIDE]),
        "expiry": write_only(expiry={"afterClicks": 100, "redirectTo": "https://www.example.com/over"}),
        "password": write_only(password="open sesame"),
    }
