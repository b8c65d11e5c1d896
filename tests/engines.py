"""The real engines that render what is generated; a test that needs one is skipped where it is missing.

With SYMPARAMS_REQUIRE_ENGINES=1 a missing engine is a failure.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

PLACES = [os.environ.get("SYMPARAMS_NODE_MODULES", ""), "/usr/local/lib/node_modules", "/usr/lib/node_modules"]
MAX_OVERFULL = 5.0


def program(*names: str) -> str:
    """The path of an installed program."""
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    missing(" or ".join(names))


def node_modules(*packages: str) -> Path:
    """The folder of node modules that has all these packages."""
    for place in PLACES:
        if place and all((Path(place) / package).exists() for package in packages):
            return Path(place)
    missing(f"the node package {' or '.join(packages)}")


def missing(what: str) -> NoReturn:
    """Skip a test, or a module of tests; fail where SYMPARAMS_REQUIRE_ENGINES=1 demands what is missing."""
    if os.environ.get("SYMPARAMS_REQUIRE_ENGINES") == "1":
        pytest.fail(f"{what} is not installed")
    pytest.skip(f"{what} is not installed", allow_module_level=True)


def compile_latex(engine: str, source: str, folder: Path) -> str:
    """Compile a document; the log. Fails at an error, at a character without a glyph and at an overfull line."""
    path = folder / "document.tex"
    path.write_text(source, encoding="utf-8")
    command = [program(engine), "-interaction=nonstopmode", "-halt-on-error", path.name]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=600)
    log = (folder / "document.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, log[-3000:]
    assert "Missing character" not in log, re.findall(r"Missing character.*", log)[:5]
    part, faults = "", []
    for line in log.split("\n"):
        part = line if line.startswith("PART ") else part
        found = re.match(r"Overfull \\hbox \((\d+\.\d+)pt too wide\)", line)
        if found and float(found.group(1)) > MAX_OVERFULL:
            faults.append(f"{part}: {line}")
    assert not faults, "\n".join(faults[:20])
    return log


KATEX = """
const katex = require(process.argv[2] + '/katex');
const formulas = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const faults = [];
for (const [text, display] of formulas) {
  try { katex.renderToString(text, {displayMode: display, strict: 'error', throwOnError: true}); }
  catch (error) { faults.push(text + '\\n  ' + error.message); }
}
console.log(JSON.stringify(faults));
"""

MATHJAX = """
require(process.argv[2] + '/mathjax').init({loader: {load: ['input/tex', 'output/svg']}}).then((MathJax) => {
  const formulas = JSON.parse(require('fs').readFileSync(0, 'utf8'));
  const faults = [];
  for (const [text, display] of formulas) {
    const shown = MathJax.startup.adaptor.outerHTML(MathJax.tex2svg(text, {display}));
    if (/merror|data-mjx-error/.test(shown)) faults.push(text);
  }
  console.log(JSON.stringify(faults));
});
"""


def faults_of(script: str, package: str, formulas: list[tuple[str, bool]]) -> list[str]:
    """The formulas, (text, is display), that an engine in node cannot render."""
    place = node_modules(package)
    command = [program("node"), "-e", script.replace("process.argv[2]", json.dumps(str(place)))]
    done = subprocess.run(command, input=json.dumps(formulas), capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[str] = json.loads(done.stdout)
    return found


def browser() -> str:
    """The path of an installed browser."""
    return program("chromium", "chromium-browser", "google-chrome")


def page_text(path: Path, profile: Path, *options: str) -> str:
    """A page as the browser has built it, with the network off."""
    usual = ("--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND", "--dump-dom")
    command = [browser(), *usual, f"--user-data-dir={profile}", *options, path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


# Opens each page in a frame as wide as a phone and reports what is wrong with it.
BROWSER = """<!DOCTYPE html><meta charset="utf-8"><body><script>
const pages = PAGES;
function faultsOf(frame, expected) {
  const page = frame.contentDocument, formulas = [...page.querySelectorAll('math')], faults = [];
  const prose = page.body.cloneNode(true);
  prose.querySelectorAll('pre, code, style, script').forEach((element) => element.remove());
  const text = prose.textContent;
  if (formulas.length !== expected) faults.push(`${formulas.length} formulas, not ${expected}`);
  if (page.querySelector('merror, parsererror')) faults.push('an error in a formula');
  if (/[$\\\\]/.test(text)) faults.push('unrendered: ' + text.match(/.{0,30}[$\\\\].{0,30}/)[0]);
  const box = (formula) => formula.getBoundingClientRect();
  const flat = formulas.filter((formula) => !(box(formula).width > 2 && box(formula).height > 2));
  if (flat.length) faults.push(`${flat.length} formulas without a size, such as ${flat[0].outerHTML.slice(0, 200)}`);
  const width = page.documentElement.scrollWidth, room = page.documentElement.clientWidth;
  if (width > room + 1) faults.push(`${width} pixels wide, not ${room}`);
  return faults;
}
async function run() {
  const report = {};
  for (const [path, expected] of pages) {
    const frame = document.createElement('iframe');
    frame.style.width = '390px';
    const loaded = new Promise((resolve) => { frame.onload = resolve; });
    frame.src = path;
    document.body.append(frame);
    await loaded;
    report[path] = faultsOf(frame, expected);
    frame.remove();
  }
  const result = document.createElement('script');
  result.type = 'application/json';
  result.id = 'report';
  result.textContent = JSON.stringify(report);
  document.body.append(result);
}
run();
</script></body>"""


def faults_of_pages(pages: dict[str, str], folder: Path) -> dict[str, list[str]]:
    """What is wrong with each page, by name, as one run of the browser with the network off shows it."""
    counts = []
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
        counts.append((f"{name}.html", page.count("<math")))
    start = folder / "all pages.html"
    start.write_text(BROWSER.replace("PAGES", json.dumps(counts)), encoding="utf-8")
    page = page_text(start, folder / "profile", "--allow-file-access-from-files", "--virtual-time-budget=3000000")
    report = re.search(r'<script type="application/json" id="report">(.*?)</script>', page, re.S)
    assert report, page[-2000:]
    seen: dict[str, list[str]] = json.loads(report.group(1))
    assert len(seen) == len(pages)
    return {name: faults for name, faults in seen.items() if faults}
