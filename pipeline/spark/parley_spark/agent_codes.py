"""The codes that ingestion agents know, for errors of Parley and for all others."""

from __future__ import annotations

from .errors import ParleyError

#: Every code that a child or the readers can answer with; a test holds it against the error classes.
AGENT_CODES = {
    "auth_failed": """
        PARLEY_AUTH_BAD_ASSERTION PARLEY_AUTH_CONDITIONAL_ACCESS PARLEY_AUTH_EXPIRED_SECRET PARLEY_AUTH_FAILED
        PARLEY_AUTH_INVALID_SCOPE PARLEY_AUTH_INVALID_SECRET PARLEY_AUTH_NO_CREDENTIAL PARLEY_AUTH_TOKEN_REJECTED
        PARLEY_AUTH_UNKNOWN_APP PARLEY_AUTH_UNKNOWN_TENANT PARLEY_CERTIFICATE_UNUSABLE PARLEY_DISCORD_TOKEN_INVALID
    """,
    "permission_denied": """
        PARLEY_DISCORD_ENDPOINT_REFUSED PARLEY_DISCORD_INTENT_MISSING PARLEY_DISCORD_NO_SERVER
        PARLEY_DISCORD_PERMISSION_MISSING PARLEY_PARTITIONS_REFUSED PARLEY_PAYMENT_REQUIRED PARLEY_PERMISSION_MISSING
        PARLEY_PRECONDITION_FAILED
    """,
    "not_found": """
        PARLEY_DISCORD_NOT_FOUND PARLEY_DISCORD_UNKNOWN_EMOJI PARLEY_NOT_FOUND PARLEY_PARTITION_NOT_FOUND
        PARLEY_TABLE_UNKNOWN
    """,
    "rate_limited": """
        PARLEY_DISCORD_BANNED PARLEY_DISCORD_INVALID_REQUESTS PARLEY_SOURCE_THROTTLED
    """,
    "bad_request": """
        PARLEY_ANONYMIZE_RAW PARLEY_BAD_REQUEST PARLEY_DISCORD_BAD_REQUEST PARLEY_DISCORD_NO_GUILD_CHANNEL
        PARLEY_FILTER_REJECTED PARLEY_OPTION_INVALID PARLEY_OPTION_MISSING PARLEY_OPTION_UNKNOWN
    """,
    "unsupported": """
        PARLEY_DELTA_UNSUPPORTED PARLEY_STREAM_UNSUPPORTED
    """,
    "connection_failed": """
        PARLEY_ATTEMPT_TIMEOUT PARLEY_BODY_TIMEOUT PARLEY_CERTIFICATE PARLEY_CONNECT_TIMEOUT PARLEY_DISCORD_BLOCKED
        PARLEY_DISCORD_UNEXPECTED_STATUS PARLEY_FOREIGN_LINK PARLEY_FOREIGN_REDIRECT PARLEY_HEADERS_TIMEOUT
        PARLEY_HTTP_STATUS PARLEY_MALFORMED_RESPONSE PARLEY_NETWORK PARLEY_NO_SERVER_DATE PARLEY_SOURCE_UNAVAILABLE
        PARLEY_UNEXPECTED_STATUS
    """,
}
INTERNAL_ERROR = "internal_error"


def agent_code(code: str, otherwise: str = INTERNAL_ERROR) -> str:
    """:param code: one of Parley's, or of a source that Parley does not know"""
    return next((name for name, codes in AGENT_CODES.items() if code in codes.split()), otherwise)


def told_to_agent(error: Exception) -> tuple[str, str]:
    """Code and message."""
    if isinstance(error, ParleyError):
        return agent_code(error.code), str(error)
    if isinstance(error, ValueError):
        return "bad_request", str(error)
    return INTERNAL_ERROR, f"{type(error).__name__}: {error}"
