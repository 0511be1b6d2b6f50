"""Parley on Spark: a Python DataSource over a source bundled as one JavaScript file."""

from .errors import ParleyError
from .register import register

__all__ = ["ParleyError", "register"]
