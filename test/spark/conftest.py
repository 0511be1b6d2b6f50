"""Makes the Python side importable from the source tree."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "pipeline" / "spark"))
sys.path.insert(0, str(Path(__file__).parent))
