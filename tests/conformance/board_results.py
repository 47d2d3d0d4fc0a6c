"""What runs of "nbnssim conform" left in a folder, what is recorded of them in expected.json, and the board of cells that both make."""
import json
import re
import subprocess
from pathlib import Path

from board_peers import HERE, ROLES, ROOT, filled, is_ours, parts, peer, peers, roles

VERDICTS = ["pass", "dialect", "fail", "unsupported", "notApplicable"]
WORSE = ["fail", "dialect", "pass", "unsupported", "notApplicable"]
EXPECTED = HERE / "expected.json"


def visible(text):
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text).replace("|", "\\|")


def is_worse(one, other):
    return WORSE.index(one["verdict"]) < WORSE.index(other["verdict"])


def files(out, id, role, kind):
    """What the parts of a run have left of one kind: json, pcapng, html."""
    paths = (Path(out) / id / f"{role}.{part}.{kind}" for part in parts(peer(id), role))
    return [path for path in paths if path.exists()]


def results(out, id, role):
    """The results of a peer in a role, by case, each with the file it is in. Of captures the worst that was seen of each case, and how often the case was seen in all."""
    found = {}
    for path in files(out, id, role, "json"):
        rows = [json.loads(line) for line in path.read_text().splitlines() if line.startswith("{")]
        for row in (row for row in rows if row["type"] == "conformanceResult"):
            row = {**row, "file": path.stem}
            before = found.get(row["id"])
            if role == "capture":
                row["seen"] = int(re.search(r"seen (\d+) times?\)", row["words"])[1])
                if before:
                    row = {**(row if is_worse(row, before) else before), "seen": row["seen"] + before["seen"]}
            found[row["id"]] = row
    return found


def is_whole(out, id, role):
    """Whether each part of the run has come to its end: a peer that could not be started leaves a part without results."""
    return sum('"type":"conformance"' in path.read_text() for path in files(out, id, role, "json")) == len(parts(peer(id), role))


def version(out, id, lab):
    p = peer(id)
    command = filled(p.get("version", "dotnet {tool} --version"), p, lab)
    said = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60).stdout.strip().splitlines()
    (Path(out) / id / "version.txt").write_text((said[0] if said else "unknown") + "\n")


def version_of(out, p):
    """What was tested; of our own that is what is checked out, whose number changes with every commit."""
    if is_ours(p):
        return "this one"
    if "captures" in p:
        return "; ".join(dict.fromkeys(seen["is"] for seen in p["captures"]))
    path = Path(out) / p["id"] / "version.txt"
    return path.read_text().strip() if path.exists() else ""


def cell(row):
    """A result as it is recorded: its verdict; of captures how often it was seen; and where it failed what the peer did."""
    words = ([f"seen {row['seen']}"] if "seen" in row else []) + ([row["words"]] if row["verdict"] == "fail" else [])
    return row["verdict"] + "".join(": " + word for word in words)


def recorded():
    """expected.json: of each peer its version, and of each role its cells."""
    return json.loads(EXPECTED.read_text()) if EXPECTED.exists() else {}


def record(now, out):
    """Takes what has come to its end into expected.json, and drops what is no longer in peers.json."""
    known = {p["id"]: p for p in peers()}
    expected = {id: {k: v for k, v in what.items() if k == "version" or k in roles(known[id])} for id, what in recorded().items() if id in known}
    for id, by_role in now.items():
        whole = {role: {case: cell(row) for case, row in rows.items()} for role, rows in by_role.items() if is_whole(out, id, role)}
        for role in by_role.keys() - whole.keys():
            print(f"{id} as {role}: a part has no results, so that what was recorded stays")
        if whole:
            expected.setdefault(id, {}).update({"version": version_of(out, known[id]), **whole})
    order = [p["id"] for p in peers() if p["id"] in expected]
    entry = lambda key, value: f' "{key}": {json.dumps(value, ensure_ascii=False)}'
    EXPECTED.write_text("{\n" + ",\n".join(f'"{id}": {{\n' + ",\n".join(entry(key, value) for key, value in expected[id].items()) + "\n}" for id in order) + "\n}\n")
    return expected


def from_recorded(expected):
    """Rows as a run has them, of what is recorded."""
    def row(text):
        verdict, *words = text.split(": ")
        seen = int(words.pop(0).split()[1]) if words and re.fullmatch(r"seen \d+", words[0]) else None
        return {"verdict": verdict, "words": ": ".join(words)} | ({"seen": seen} if seen else {})
    return {id: {role: {case: row(text) for case, text in what[role].items()} for role in ROLES if role in what} for id, what in expected.items()}


def catalogue():
    """Every case: its rule, level and clause."""
    found = {}
    for path in (ROOT / "src/NbnsSim.Conformance/Cases").glob("*.json"):
        file = json.loads(path.read_text())
        found |= {f"{file['clause']}/{case['id']}": {**case, "clause": file["clause"]} for case in file["cases"]}
    return found


class Board:
    """The cells of peers: of each case and peer the worst row of all roles, as what is for whoever reads packets is asked of a node and of a server.

    by_peer: peer, role, case, row; a row has a verdict and words. versions: of each peer."""

    def __init__(self, by_peer, versions):
        self.cases = catalogue()
        self.by_peer, self.versions = by_peer, versions
        self.peers = [p for p in peers() if any(by_peer.get(p["id"], {}).values())]
        self.cells = {}
        for p in self.peers:
            for role in roles(p):
                for id, row in by_peer[p["id"]].get(role, {}).items():
                    cells = self.cells.setdefault(id, {})
                    if p["id"] not in cells or is_worse(row, cells[p["id"]]):
                        cells[p["id"]] = {**row, "as": role}
        self.order = sorted(self.cells, key=lambda id: [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", id)])

    def group(self, id):
        """The group of clauses that a case belongs to: the document and its section."""
        clause = self.cases[id]["clause"]
        if re.match(r"s[45]\.", clause):
            return {"s4": "RFC 1002 §4, formats", "s5": "RFC 1002 §5.1, procedures"}[clause[:2]]
        if re.match(r"s\d", clause):
            return "RFC 1001"
        return "MS-NBTE" if clause.startswith("nbte") else "Microsoft's articles"

    def summary(self, p, role=None):
        return counts([row for r in ROLES if role in (None, r) for row in self.by_peer[p["id"]].get(r, {}).values()])

    def json(self):
        return {
            "peers": [{"id": p["id"], "title": p["title"], "version": self.versions[p["id"]], **self.summary(p)} for p in self.peers],
            "cases": [{"id": id, "says": self.cases[id]["says"], "cells": {k: {"verdict": r["verdict"], "words": r["words"], "source": r.get("source"), "role": r["as"]} for k, r in self.cells[id].items()}} for id in self.order],
        }


def counts(rows):
    return {v: sum(r["verdict"] == v for r in rows) for v in VERDICTS}


def told(rows):
    n = counts(rows)
    return f"{n['pass']} pass, {n['dialect']} dialect, {n['fail']} fail, {n['unsupported']} unsupported, {n['notApplicable']} n/a"
