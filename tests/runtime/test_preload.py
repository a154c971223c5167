"""A gateway that has started has loaded all modules that a call needs."""

import subprocess
import sys
from pathlib import Path

from harness.program import PATIENCE_SECONDS, running


def test_the_first_call_to_a_vendor_loads_no_module(tmp_path: Path) -> None:
    with running(["sandbox", "--port", "0"], tmp_path / "sandbox.log") as sandbox:
        url = sandbox.wait_for(r"http://127\.0\.0\.1:\d+")[0]
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, str(Path(__file__).parents[1] / "harness" / "first_call.py"), url],
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    assert (done.stdout, done.stderr) == ("loaded:\n", "")
