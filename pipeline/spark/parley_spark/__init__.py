"""Parley on Spark: a Python DataSource over a source bundled as one JavaScript file."""

from .errors import OptionError, ParleyError
from .program import Program
from .source import register_source

__all__ = ["OptionError", "ParleyError", "Program", "register_source"]
