"""Pages that say what became of their requests, and a real browser that opens them."""

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
SWITCHES = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-extensions"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server"),
    *("--virtual-time-budget=60000", "--dump-dom"),
)

# Seconds after which a hanging browser is stopped.
PATIENCE_SECONDS = 120


def browse(address: str, profile: Path, *more: str) -> Any:
    """What the script of a page wrote into the page; `more` are switches of the browser."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: uploads from a page are NOT tested here")
    command = [CHROMIUM, *SWITCHES, *more, f"--user-data-dir={profile}", address]
    done = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE_SECONDS)  # noqa: S603 - Chromium itself
    found = re.search(r'<pre id="results">(.*?)</pre>', done.stdout.decode(), re.DOTALL)
    assert found is not None, done.stderr.decode()[-2000:]
    return json.loads(unescape(found[1]))


def page(script: str) -> str:
    """A page that runs `script`, which calls send(name, address, options), and writes down what came of it."""
    return f"""<!doctype html><meta charset="utf-8"><title>test</title><pre id="results">{{}}</pre><script>
const results = {{}};
async function send(name, address, options) {{
  try {{
    const answer = await fetch(address, {{ method: "POST", ...options }});
    results[name] = {{ status: answer.status, type: answer.type, text: await answer.text() }};
  }} catch (error) {{
    results[name] = {{ error: error.name }};
  }}
}}
function form(operations, map, files) {{
  const data = new FormData();
  data.append("operations", JSON.stringify(operations));
  data.append("map", JSON.stringify(map));
  for (const [name, file] of Object.entries(files)) data.append(name, file);
  return data;
}}
function picture(name, shade) {{
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [6, 4];
  const context = canvas.getContext("2d");
  context.fillStyle = `rgb(${{shade}}, 0, 0)`;
  context.fillRect(0, 0, 6, 4);
  const bytes = Uint8Array.from(atob(canvas.toDataURL("image/png").split(",")[1]), (char) => char.charCodeAt(0));
  return new File([bytes], name, {{ type: "image/png" }});
}}
(async () => {{
  {script}
  document.getElementById("results").textContent = JSON.stringify(results);
}})();
</script>"""
