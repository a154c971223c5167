"""Refusals: problem details whose `type` tells them apart."""

from linkweave.providers.emulator_kit import RefusedError


def problem(status: int, name: str, title: str, detail: str, **more: object) -> RefusedError:
    """A refusal of one type, with its extra keys."""
    kind = f"https://shlink.io/api/error/{name}"
    return RefusedError(status, {"title": title, "type": kind, "detail": detail, "status": status, **more})


def unknown_short_url(code: str, domain: str | None) -> RefusedError:
    """No short URL has this code on this domain."""
    own = {"shortCode": code, **({} if domain is None else {"domain": domain})}
    detail = f'No URL found with short code "{code}"'
    return problem(404, "short-url-not-found", "Short URL not found", detail, **own)


def invalid_data(*names: str) -> RefusedError:
    """The elements of the input that are wrong."""
    return problem(400, "invalid-data", "Invalid data", "Provided data is not valid", invalidElements=list(names))
