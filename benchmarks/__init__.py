"""What the gateway costs, in numbers: `make bench`. README.md says what is measured and what is not."""

import sys
from pathlib import Path

# The tests' PostgreSQL server serves the benchmarks, too.
sys.path.append(str(Path(__file__).parents[1] / "tests"))
