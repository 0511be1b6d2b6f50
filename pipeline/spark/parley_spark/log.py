"""Where warnings go: the log of the Python process, which Spark shows beside its own."""

from __future__ import annotations

import logging

log = logging.getLogger("parley")
