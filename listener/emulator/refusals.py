"""The bodies with which X refuses, word for word as they were seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from listener.emulator.habits import Habits

Json = dict[str, object]
_PROBLEM = "https://api.twitter.com/2/problems/"  # docs print api.x.com; real bodies still this
_ACCOUNT = 2244994945


@dataclass(eq=False)
class Refusal(Exception):
    """An answer that is no page: its status, its body and headers of its own (None takes one away)."""

    status: int
    body: Json | list[Json] | str
    headers: Mapping[str, str | None] = field(default_factory=dict)


def problem(kind: str) -> str:
    return _PROBLEM + kind


def invalid_request(message: str, **parameters: str) -> Refusal:
    """400: `parameters` are those to blame, by name."""
    blamed = {name: [value] for name, value in parameters.items()}
    return Refusal(
        400,
        {
            "errors": [{"parameters": blamed, "message": message}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": problem("invalid-request"),
        },
    )


def as_habit(body: Json | list[Json], habits: Habits) -> Json | list[Json]:
    """`body` as the OpenAPI file of August 2026 has it, if that is the habit: one parameter to an error."""
    if habits.naming == "tweets" or isinstance(body, list) or not isinstance(errors := body.get("errors"), list):
        return body
    flat = [
        {"parameter": name, "value": values[0], "message": error["message"]}
        for error in errors
        for name, values in error["parameters"].items()
    ]
    return body | {"errors": flat}


def _plain(status: int, title: str, detail: str | None = None) -> Refusal:
    return Refusal(status, {"title": title, "type": "about:blank", "status": status, "detail": detail or title})


def unauthorized() -> Refusal:
    return _plain(401, "Unauthorized")


def credits_depleted() -> Refusal:
    detail = "Your enrolled account [...] does not have any credits to fulfill this request."
    return Refusal(
        402, {"account_id": _ACCOUNT, "title": "CreditsDepleted", "detail": detail, "type": problem("credits")}
    )


def spend_cap_reached() -> Refusal:
    """Reported by its title only; status and the rest are the emulator's guess."""
    detail = "Your enrolled account has reached its spending limit for this billing cycle."
    told: Json = {"account_id": _ACCOUNT, "title": "SpendCapReached", "detail": detail}
    return Refusal(403, told | {"type": problem("spend-cap-reached")})


def client_not_enrolled() -> Refusal:
    detail = (
        "When authenticating requests to the Twitter API v2 endpoints, you must use keys and tokens from a Twitter "
        "developer App that is attached to a Project."
    )
    return Refusal(
        403,
        {
            "client_id": "27400001",
            "title": "Client Forbidden",
            "reason": "client-not-enrolled",
            "required_enrollment": "Appropriate Level of API Access",
            "registration_url": "https://developer.twitter.com/en/docs/projects/overview",
            "detail": detail,
            "type": problem("client-forbidden"),
        },
    )


def unsupported_authentication() -> Refusal:
    detail = (
        "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.  "
        "Supported authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context]."
    )
    return Refusal(
        403,
        {
            "title": "Unsupported Authentication",
            "detail": detail,
            "type": problem("unsupported-authentication"),
            "status": 403,
        },
    )


def forbidden(detail: str) -> Refusal:
    return _plain(403, "Forbidden", detail)


def not_found() -> Refusal:
    return _plain(404, "Not Found")


def too_many_requests(headers: Mapping[str, str | None]) -> Refusal:
    refusal = _plain(429, "Too Many Requests")
    refusal.headers = headers
    return refusal


def usage_capped() -> Refusal:
    return Refusal(
        429,
        {
            "account_id": _ACCOUNT,
            "product_name": "standard-basic",
            "title": "UsageCapExceeded",
            "period": "Monthly",
            "scope": "Product",
            "detail": "Usage cap exceeded: Monthly product cap",
            "type": problem("usage-capped"),
        },
    )


def internal_error() -> Refusal:
    return _plain(500, "Internal Server Error", "Something is broken.")


def unavailable() -> Refusal:
    return _plain(503, "Service Unavailable")


def unavailable_page() -> Refusal:
    """What the edge answers when nothing behind it does."""
    return Refusal(503, "<!DOCTYPE html><html><head><title>503</title></head><body>Over capacity</body></html>")


def missing(kind: str, parameter: str, value: str, *, section: str | None = None) -> Json:
    """A partial error, as it rides on a 200: `kind` (tweet, user) `value` is not there."""
    where = {"section": section} if section else {}
    return {
        "value": value,
        "detail": f"Could not find {kind} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        **where,
        "type": problem("resource-not-found"),
    }


def protected(kind: str, parameter: str, value: str, *, section: str | None = None) -> Json:
    """A partial error: `value` is there, but not for everybody."""
    where = {"section": section} if section else {}
    return {
        "value": value,
        "detail": f"Sorry, you are not authorized to see the {kind.title()} with {parameter}: [{value}].",
        "title": "Authorization Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        **where,
        "type": problem("not-authorized-for-resource"),
    }
