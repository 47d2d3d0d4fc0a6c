"""The scoreboard: which implementations of the NetBIOS name service do what the conformance cases ask for. run.sh calls it; see there.

Another implementation is added by one line of peers.json: how it is started (with {address}, {name}, {group}, and for clients {type} and {server} in the command), as what, and on which
Debian packages it stands."""
import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
VERDICTS = ["pass", "dialect", "fail", "unsupported", "notApplicable"]
WORSE = ["fail", "dialect", "pass", "unsupported", "notApplicable"]
SHORT = {"pass": "pass", "dialect": "dialect", "fail": "FAIL", "unsupported": "unsupported", "notApplicable": "n/a"}
ROLES = ["node", "server", "client", "client-h"]  # client-h: a client that is an H node by its configuration
CLIENT_CASES = "s5.1.1.1 s5.1.1.2 s5.1.1.4 s5.1.2.1 q119493"  # what a peer shows that can be started but not told; the others need hours or commands
NAME, GROUP = "SUBJ", "LABGRP"
ADDRESS, STATIONS = "192.168.77.2", "192.168.77.51,192.168.77.52,192.168.77.53,192.168.77.54"


def peers(arguments=()):
    known = json.loads((HERE / "peers.json").read_text())
    names = [a for a in arguments if not a.startswith("--")]
    unknown = set(names) - {p["id"] for p in known}
    if unknown:
        sys.exit(f"peers.json has no {', '.join(sorted(unknown))}")
    chosen = [p for p in known if not names or p["id"] in names]
    return [p for p in chosen if "ci" in p] if "--ci" in arguments else chosen


def peer(id):
    return next(p for p in peers() if p["id"] == id)


def filled(text, p, lab):
    values = {"tool": os.environ.get("NBNSSIM_TOOL", ""), "peers": str(HERE / "peers"), "lab": lab, "address": p.get("address", ADDRESS), "name": NAME, "group": GROUP}
    return re.sub(r"\{(\w+)\}", lambda m: values.get(m[1], m[0]), text)


def roles(p, arguments=()):
    has = (["node", "client"] if "simulate" in p else []) + (["server"] if "server" in p else []) if "start" not in p else list(p["start"])
    return [r for r in ROLES if r in has and ("--ci" not in arguments or r in p.get("ci", "").split())]


def parts(p, role):
    """A node and a server on the network are held against the cases in three runs at a time, each with a peer of its own: most of a run is waiting for silence."""
    return ["1", "2", "3"] if "start" in p and role in ("node", "server") else ["all"]


def cases(p, role, part):
    """The clauses of a part: RFC 1002's formats, its procedures, and all others."""
    if part == "all":
        return p.get("cases", {}).get(role, CLIENT_CASES if role == "client" and "start" in p else "").split()
    clauses = {json.loads(path.read_text())["clause"] for path in (ROOT / "src/NbnsSim.Conformance/Cases").glob("*.json")}
    return sorted(c for c in clauses if part == ("1" if c.startswith("s4.") else "2" if c.startswith("s5.") else "3"))


def quoted(words):
    return " ".join("'" + w.replace("'", "'\\''") + "'" for w in words)


def job(id, role, part, lab, prefix, target):
    """The arguments of "nbnssim conform" for a peer in a role."""
    p = peer(id)
    words = ["--role", role.split("-")[0], "--json", "--html", f"{target}.html", "--capture", f"{target}.pcapng"]
    if "start" not in p:
        print(quoted(["--simulate", p["server"] if role == "server" else p["simulate"], *words]))
        return
    names = p.get("names", {"unique": f"{NAME}<20>,{NAME}<00>", "group": f"{GROUP}<00>"})
    words += ["--start", f"ip netns exec {prefix}-{p.get('host', 's')} {filled(p['start'][role], p, lab)}", "--stations", STATIONS, "--broadcast", "192.168.77.255", "--server-name", f"{NAME}<20>", "--lab"]
    words += [word for option in ("unique", "group") if names[option] for word in (f"--{option}", names[option])]
    if role == "node":
        words += ["--type", p["types"]]
    print(quoted([p.get("address", ADDRESS), *cases(p, role, part), *words]))


def results(out, id, role):
    found = {}
    for path in sorted((Path(out) / id).glob(f"{role}.*.json")):
        rows = [json.loads(line) for line in path.read_text().splitlines() if line.startswith("{")]
        found |= {row["id"]: {**row, "file": path.stem} for row in rows if row["type"] == "conformanceResult"}
    return found


def log(out, id, role):
    """What went over the wire, case by case, as text."""
    if not results(out, id, role):
        return
    with open(Path(out) / id / f"{role}.log", "w") as text:
        for row in results(out, id, role).values():
            print(f"{row['id']} {row['verdict']}: {visible(row['words'])}" + (f" ({visible(row['source'])})" if row.get("source") else "") + f"\n  {visible(row['says'])}\n  expected: {visible(row.get('expected') or '')}", file=text)
            for packet in row["exchange"]:
                print(f"  {packet['time']:>14} {packet['from']:>19} > {'all' if packet['broadcast'] else packet['to']}: {visible(packet['description'])}\n{'':17}{packet['hex']}", file=text)
            print(file=text)


def counts(rows):
    return {v: sum(r["verdict"] == v for r in rows) for v in VERDICTS}


def told(rows):
    n = counts(rows)
    return f"{n['pass']} pass, {n['dialect']} dialect, {n['fail']} fail, {n['unsupported']} unsupported, {n['notApplicable']} n/a"


def version(out, id, lab):
    p = peer(id)
    command = filled(p.get("version", "dotnet {tool} --version"), p, lab)
    said = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60).stdout.strip().splitlines()
    (Path(out) / id / "version.txt").write_text((said[0] if said else "unknown") + "\n")


class Board:
    def __init__(self, out, arguments):
        self.out = Path(out)
        self.peers = [p for p in peers(arguments) if any(results(out, p["id"], r) for r in ROLES)]
        self.cells = {}  # case -> peer -> row
        self.cases = {}
        self.by_role = {}
        for p in self.peers:
            for role in roles(p, arguments):
                for id, row in results(out, p["id"], role).items():
                    self.cases.setdefault(id, row)
                    self.by_role.setdefault((p["id"], role), []).append(row)
                    cells = self.cells.setdefault(id, {})
                    # what is for whoever reads packets is asked of a node and of a server: the cell has the worse of both
                    if p["id"] not in cells or WORSE.index(row["verdict"]) < WORSE.index(cells[p["id"]]["verdict"]):
                        cells[p["id"]] = {**row, "as": role}
        self.order = sorted(self.cases, key=lambda id: [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", id)])

    def version(self, p):
        """What was tested; of our own that is what is checked out, whose number changes with every commit."""
        if p["id"].startswith(("ours-", "sim-")):
            return "this one"
        path = self.out / p["id"] / "version.txt"
        return path.read_text().strip() if path.exists() else ""

    def group(self, id):
        """The group of clauses that a case belongs to: the document and its section."""
        clause = self.cases[id]["clause"]
        if re.match(r"s[45]\.", clause):
            return {"s4": "RFC 1002 §4, formats", "s5": "RFC 1002 §5.1, procedures"}[clause[:2]]
        if re.match(r"s\d", clause):
            return "RFC 1001"
        return "MS-NBTE" if clause.startswith("nbte") else "Microsoft's articles"

    def summary(self, p, role=None):
        return counts([row for r in ROLES if role in (None, r) for row in self.by_role.get((p["id"], r), [])])

    def json(self):
        return {
            "peers": [{"id": p["id"], "title": p["title"], "version": self.version(p), **self.summary(p)} for p in self.peers],
            "cases": [{"id": id, "says": self.cases[id]["says"], "cells": {k: {"verdict": r["verdict"], "words": r["words"], "source": r.get("source"), "role": r["as"]} for k, r in self.cells[id].items()}} for id in self.order],
        }


def markdown(board):
    out = ["# Conformance", "", "Which implementations of the NetBIOS name service do what the documents ask for. `tests/conformance/run.sh --record` writes it anew; how each cell came about is in",
           "`artifacts/conformance/index.html`, with the log and the capture of each run. *Dialect*: something else that a document allows or a known family does. *Unsupported* is not failed: the peer",
           "has nothing of what the case is about. Another implementation is added by one line of `conformance/peers.json`.", ""]
    out += ["## Peers", "", "| peer | version | as | pass | dialect | fail | unsupported | n/a |", "|---|---|---|---|---|---|---|---|"]
    for p in board.peers:
        for role in roles(p):
            n = board.summary(p, role)
            if sum(n.values()):
                out.append(f"| {p['title']} | {visible(board.version(p))} | {role} | " + " | ".join(str(n[v]) for v in VERDICTS) + " |")
    groups = list(dict.fromkeys(board.group(id) for id in board.order))
    out += ["", "## By document", "", "Passed, dialect and failed of the cases that could be run.", "", "| peer | " + " | ".join(groups) + " |", "|---|" + "---|" * len(groups)]
    for p in board.peers:
        cells = []
        for group in groups:
            n = counts([board.cells[id][p["id"]] for id in board.order if board.group(id) == group and p["id"] in board.cells[id]])
            cells.append(f"{n['pass']} / {n['dialect']} / {n['fail']}" if n["pass"] + n["dialect"] + n["fail"] else "–")
        out.append(f"| {p['title']} | " + " | ".join(cells) + " |")
    out += ["", "## By case", "", "| case | level | " + " | ".join(p["id"] for p in board.peers) + " | rule |", "|---|---|" + "---|" * (len(board.peers) + 1)]
    marks = {"pass": "✓", "dialect": "d", "fail": "**✗**", "unsupported": "u", "notApplicable": "·"}
    for id in board.order:
        row = board.cells[id]
        out.append(f"| {id} | {board.cases[id]['level'].upper()} | " + " | ".join(marks[row[p['id']]['verdict']] if p["id"] in row else "" for p in board.peers) + f" | {visible(board.cases[id]['says'])} |")
    out += ["", "✓ passed, d dialect, **✗** failed, u unsupported, · not applicable, empty: not run.", "", "## What failed", ""]
    for p in board.peers:
        failed = [id for id in board.order if p["id"] in board.cells[id] and board.cells[id][p["id"]]["verdict"] == "fail"]
        if failed:
            out += [f"### {p['title']}", ""] + [f"- {id}: {visible(board.cells[id][p['id']]['words'])}. *{visible(board.cases[id]['says'])}*" for id in failed] + [""]
    return "\n".join(out).rstrip() + "\n"


def visible(text):
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text).replace("|", "\\|")


def page(board):
    e = html.escape
    colours = {"pass": "#d8f0d8", "dialect": "#fdf3c8", "fail": "#f6c9c9", "unsupported": "#e4e4ee", "notApplicable": "#f4f4f4"}
    style = "body{font:14px system-ui;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:2px 6px;text-align:left;vertical-align:top}thead th{position:sticky;top:0;background:#fff}a{color:inherit}" + "".join(f".{k}{{background:{v}}}" for k, v in colours.items())
    out = [f"<!doctype html><meta charset=utf-8><title>Conformance</title><style>{style}</style><h1>Conformance</h1>", "<table><thead><tr><th>peer<th>version" + "".join(f"<th>{SHORT[v]}" for v in VERDICTS) + "<th>runs</thead>"]
    for p in board.peers:
        n = board.summary(p)
        links = " ".join(f'{r}: <a href="{e(p["id"])}/{r}.log">log</a>' + "".join(f' <a href="{e(p["id"])}/{c.name}">{e(c.name)}</a>' for c in sorted((board.out / p["id"]).glob(f"{r}.*.pcapng"))) for r in ROLES if results(board.out, p["id"], r))
        out.append(f"<tr><td>{e(p['title'])}<td>{e(visible(board.version(p)))}" + "".join(f"<td class={v}>{n[v]}" for v in VERDICTS) + f"<td>{links}")
    out.append("</table><h2>By case</h2><table><thead><tr><th>case<th>rule" + "".join(f"<th>{e(p['id'])}" for p in board.peers) + "</thead>")
    for id in board.order:
        out.append(f"<tr id='{e(id)}'><td>{e(id)}<td>{e(board.cases[id]['says'])}")
        for p in board.peers:
            r = board.cells[id].get(p["id"])
            if r is None:
                out.append("<td>")
                continue
            why = visible(r["words"]) + (f" ({visible(r['source'])})" if r.get("source") else "")
            out.append(f'<td class={r["verdict"]} title="{e(why)}"><a href="{e(p["id"])}/{r["file"]}.html#{e(id)}">{SHORT[r["verdict"]]}</a> <a href="{e(p["id"])}/{r["as"]}.log">log</a> <a href="{e(p["id"])}/{r["file"]}.pcapng">pcapng</a>')
    return "\n".join(out) + "</table>\n"


def write(out, arguments):
    for p in peers(arguments):
        for role in roles(p, arguments):
            log(out, p["id"], role)
            print(f"{p['id']} as {role}: {told(results(out, p['id'], role).values())}")
    board = Board(out, arguments)
    (Path(out) / "scoreboard.json").write_text(json.dumps(board.json(), indent=1, ensure_ascii=False) + "\n")
    (Path(out) / "index.html").write_text(page(board))
    now = {p["id"]: {role: {id: r["verdict"] for id, r in results(out, p["id"], role).items()} for role in roles(p, arguments) if results(out, p["id"], role)} for p in board.peers}
    path = HERE / "expected.json"
    expected = json.loads(path.read_text()) if path.exists() else {}
    if "--record" in arguments:
        for id, by_role in now.items():
            expected.setdefault(id, {}).update(by_role)
        path.write_text("{\n" + ",\n".join(f'"{id}": {{\n' + ",\n".join(f' "{role}": {json.dumps(cells)}' for role, cells in sorted(by_role.items())) + "\n}" for id, by_role in sorted(expected.items())) + "\n}\n")
        if not [a for a in arguments if not a.startswith("--")]:
            (ROOT / "tests" / "CONFORMANCE.md").write_text(markdown(board))
        print(f"recorded {sum(len(c) for p in now.values() for c in p.values())} cells")
        return 0
    passed, failed = 0, 0
    for p in peers(arguments):
        for role in roles(p, arguments):
            cells, wanted = now.get(p["id"], {}).get(role, {}), expected.get(p["id"], {}).get(role)
            if wanted is None:
                continue
            changed = {id: (v, cells.get(id, "not run")) for id, v in wanted.items() if cells.get(id) != v} | {id: ("not known", v) for id, v in cells.items() if id not in wanted}
            passed, failed = passed + (not changed), failed + bool(changed)
            print(f"{'not ok' if changed else 'ok'} {p['id']} as {role}: {told(results(out, p['id'], role).values())}")
            for id, (was, now_is) in list(changed.items())[:20]:
                print(f"  # {id} was {was}, is {now_is}: {visible(results(out, p['id'], role).get(id, {}).get('words', ''))}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def main(command, *arguments):
    match command:
        case "jobs":
            print(*(f"{p['id']} {role} {part}" for p in peers(arguments) for role in roles(p, arguments) for part in parts(p, role)), sep="\n")
        case "packages":
            print(*sorted({package for p in peers(arguments) for package in p.get("packages", [])}))
        case "build":
            p = peer(arguments[0])
            print(filled(p.get("build", ""), p, arguments[1]))
        case "version":
            version(*arguments)
        case "job":
            job(*arguments)
        case "write":
            return write(arguments[0], arguments[1:])


sys.exit(main(*sys.argv[1:]))
