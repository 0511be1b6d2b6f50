"""The exception classes of the Python side; a code says which error it is."""

from __future__ import annotations

from typing import Any


class ParleyError(Exception):
    """What happened, what to do about it, and the same stable code as everywhere in Parley."""

    def __init__(self, code: str, message: str, remedy: str = "", details: dict[str, Any] | None = None):
        # All of it goes to Exception, so that the error survives pickling.
        super().__init__(code, message, remedy, details or {})
        self.code = code
        self.message = message
        self.remedy = remedy
        self.details = details or {}

    def __str__(self) -> str:
        # Spark shows a worker's exception as text only, so the code has to be in it.
        return f"[{self.code}] {self.message} {self.remedy}".strip()


class OptionError(ParleyError, ValueError):
    """An option that was given, or left out, is wrong. Callers of the original interface expect a ValueError."""
