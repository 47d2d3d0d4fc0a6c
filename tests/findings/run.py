#!/usr/bin/env python3
"""Runs every case of cases.toml: each is an input that once failed, with the value that is right.

A case is either a command of the tool (`run`, with `exit`, `has`, `lacks`; `stdin` is a file or a shell pipeline) or a list of
`tests`: names of unit tests, or regular expressions of them, that prove the row and have to pass. `why` instead of both says why a
row cannot be had here; such rows are printed, and are neither passed nor failed. Whatever a command prints is also searched for
characters that a terminal obeys. Usage: run.py [WORD…] runs the cases whose group or row contains a word.
"""
import glob, os, re, subprocess, sys, tempfile, tomllib, xml.etree.ElementTree as ET

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.abspath(os.path.join(here, "..", ".."))
words = [w.lower() for w in sys.argv[1:]]
cases = tomllib.load(open(os.path.join(here, "cases.toml"), "rb"))["case"]
cases = [c for c in cases if not words or any(w in (c["group"] + " " + c["row"]).lower() for w in words)]
env = dict(os.environ, DOTNET_NOLOGO="1", DOTNET_CLI_TELEMETRY_OPTOUT="1", DOTNET_CLI_UI_LANGUAGE="en", COLUMNS="100")
# what no output may hold: C0 save tab and newline, DEL, C1, bidirectional and zero-width controls, line separators
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def build():
    what = "NbnsSim.sln" if any("tests" in c for c in cases) and "NBNSSIM_TRX" not in os.environ else "src/NbnsSim.Cli"
    r = subprocess.run(["dotnet", "build", what, "-v", "q", "-nologo"], cwd=root, env=env, capture_output=True, text=True)
    if r.returncode:
        sys.exit(r.stdout + r.stderr)


def run_tests():
    """The outcome of every unit test by name: of a run that wrote its results (*.trx) to NBNSSIM_TRX, or else of one made here."""
    if not any("tests" in c for c in cases):
        return {}
    with tempfile.TemporaryDirectory() as work:
        folder = os.environ.get("NBNSSIM_TRX")
        if not folder:
            folder = work
            subprocess.run(["dotnet", "test", "--no-build", "--logger", "trx", "--results-directory", work], cwd=root, env=env, capture_output=True)
        results = {}
        ns = {"t": "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"}
        for trx in glob.glob(os.path.join(folder, "*.trx")):
            tree = ET.parse(trx)
            classes = {u.get("id"): u.find("t:TestMethod", ns).get("className") for u in tree.iterfind(".//t:UnitTest", ns)}
            for r in tree.iterfind(".//t:UnitTestResult", ns):
                results[f"{classes[r.get('testId')]}.{r.get('testName')}"] = r.get("outcome")
        return results


def check_tests(case, results):
    for pattern in case["tests"]:
        hits = {n: o for n, o in results.items() if re.search(pattern, n)}
        if not hits:
            return f"no test matches {pattern}"
        bad = [n for n, o in hits.items() if o not in ("Passed", "NotExecuted")]
        if bad:
            return "failed: " + ", ".join(bad[:3])
        if all(o == "NotExecuted" for o in hits.values()):
            return f"skipped: {pattern}"
    return None


def check_run(case):
    tool = f"dotnet {root}/src/NbnsSim.Cli/bin/Debug/net10.0/NbnsSim.Cli.dll"
    script = f'nbnssim() {{ {tool} "$@"; }}; {case["run"]}'
    try:
        r = subprocess.run(["bash", "-c", script], cwd=here, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=case.get("seconds", 120))
    except subprocess.TimeoutExpired:
        return "it does not end"
    out = (r.stdout + r.stderr).decode("utf-8", "replace")
    if r.returncode != case.get("exit", 0):
        return f"exit code {r.returncode}, not {case.get('exit', 0)}: {out[:300]}"
    obeyed = OBEYED.search(out)
    if obeyed:
        return f"U+{ord(obeyed.group()):04X} reaches the terminal: {out[max(0, obeyed.start() - 60):obeyed.start() + 20]!r}"
    if "Unhandled exception" in out or re.search(r"^\s+at \S+\(", out, re.M):
        return "an exception: " + out[:300]
    for wanted in case.get("has", []):
        if not re.search(wanted, out, re.S | re.M):
            return f"lacks /{wanted}/: {out[:600]}"
    for unwanted in case.get("lacks", []):
        if re.search(unwanted, out, re.S | re.M):
            return f"has /{unwanted}/: {out[:600]}"
    return None


build()
results = run_tests()
passed = failed = 0
for case in cases:
    label = f"{case['group']}: {case['row']}"
    if "why" in case:
        print(f"left out  {label}: {case['why']}")
        continue
    said = check_tests(case, results) if "tests" in case else None
    if said is None and "run" in case:
        said = check_run(case)
    print(("ok        " if said is None else "not ok    ") + label + ("" if said is None else f"\n          {said}"), flush=True)
    passed, failed = passed + (said is None), failed + (said is not None)
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
