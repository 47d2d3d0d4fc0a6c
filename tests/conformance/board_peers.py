"""The peers of peers.json: in which roles each is held against the cases, in which runs, and with which arguments of "nbnssim conform".

A line says how an implementation is started (with {address}, {name}, {group}, and for clients {type} and {server} in the command), as what, and on which Debian packages it stands; or which of our own
machines the simulator plays; or which captured hosts are judged ("captures": file, host, and what shows which system it is); or with which command it asks, so that what it asks can be judged as
a captured host's ("asks"); or, with "note" alone, why it was looked at and is not held."""
import json
import os
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ROLES = ["node", "server", "client", "client-h", "asks", "capture"]  # client-h: a client that is an H node by its configuration; asks: a program that looks for a name and ends
CLIENT_CASES = "s5.1.1.1 s5.1.1.2 s5.1.1.4 s5.1.2.1 q119493"  # what a peer shows that can be started but not told; the others need hours or commands
NAME, GROUP = "SUBJ", "LABGRP"
ADDRESS, STATIONS = "192.168.77.2", "192.168.77.51,192.168.77.52,192.168.77.53,192.168.77.54"


def lines():
    return json.loads((HERE / "peers.json").read_text())


def shared():
    """The folder of captures that are not ours to ship: NBNSSIM_SHARED, or a folder "shared" beside the checkout or above it; None where it is missing."""
    named = os.environ.get("NBNSSIM_SHARED")
    places = [Path(named)] if named else [folder / "shared" for folder in ROOT.parents]
    return next((place for place in places if (place / "captures").is_dir()), None)


def peers(arguments=()):
    known = [p for p in lines() if "note" not in p]
    names = [a for a in arguments if not a.startswith("--")]
    unknown = set(names) - {p["id"] for p in known}
    if unknown:
        sys.exit(f"peers.json has no {', '.join(sorted(unknown))}")
    chosen = [p for p in known if not names or p["id"] in names]
    return [p for p in chosen if "ci" in p] if "--ci" in arguments else chosen


def peer(id):
    return next(p for p in peers() if p["id"] == id)


def is_ours(p):
    return p["id"].startswith(("ours-", "sim-"))


def filled(text, p, lab):
    values = {"tool": os.environ.get("NBNSSIM_TOOL", ""), "peers": str(HERE / "peers"), "lab": lab, "address": p.get("address", ADDRESS), "name": NAME, "group": GROUP}
    return re.sub(r"\{(\w+)\}", lambda m: values.get(m[1], m[0]), text)


def roles(p, arguments=()):
    if "captures" in p or "asks" in p:
        has = ["capture" if "captures" in p else "asks"]
    else:
        has = list(p["start"]) if "start" in p else (["node", "client"] if "simulate" in p else []) + (["server"] if "server" in p else [])
    return [r for r in ROLES if r in has and ("--ci" not in arguments or r in p["ci"].split())]


def parts(p, role):
    """A node and a server on the network are held against the cases in four runs at a time, each with a peer of its own: most of a run is waiting for silence. A client is
    started anew for each case, so that each clause is a part. Each captured host is one."""
    if "captures" in p:
        return [str(i) for i in range(1, len(p["captures"]) + 1)]
    if "start" in p:
        return ["1", "2", "3", "4"] if role in ("node", "server") else p.get("cases", {}).get(role, CLIENT_CASES).split()
    return ["all"]


def jobs(arguments):
    for p in peers(arguments):
        if "captures" in p and shared() is None:
            print(f"SKIPPED: {p['id']}: no folder 'shared' with captures above the checkout, and NBNSSIM_SHARED is not set", file=sys.stderr)
            continue
        yield from ((p["id"], role, part) for role in roles(p, arguments) for part in parts(p, role))


def cases(role, part):
    """The clauses of a part: RFC 1002's formats, its procedures, RFC 1001, and all others; a client's is one."""
    if role not in ("node", "server"):
        return [part]
    clauses = {json.loads(path.read_text())["clause"] for path in (ROOT / "src/NbnsSim.Conformance/Cases").glob("*.json")}
    return sorted(c for c in clauses if part == ("1" if c.startswith("s4.") else "2" if c.startswith("s5.") else "3" if c.startswith("s") else "4"))


def quoted(words):
    return " ".join("'" + w.replace("'", "'\\''") + "'" for w in words)


def job(id, role, part, lab, prefix, target):
    """The arguments of "nbnssim conform" for a part of a peer in a role."""
    p = peer(id)
    words = ["--json", "--html", f"{target}.html", "--capture", f"{target}.pcapng"]
    if role == "capture":
        seen = p["captures"][int(part) - 1]
        return quoted([seen["host"], "--from", str(shared() / seen["file"]), *words])
    if role == "asks":
        return quoted([ADDRESS, "--from", f"{target}.asked.pcap", *words])
    words += ["--role", role.split("-")[0]]
    if "start" not in p:
        return quoted(["--simulate", p["server"] if role == "server" else p["simulate"], *words])
    names = p.get("names", {"unique": f"{NAME}<20>,{NAME}<00>", "group": f"{GROUP}<00>"})
    words += ["--start", f"ip netns exec {prefix}-{p.get('host', 's')} {filled(p['start'][role], p, lab)}", "--stations", STATIONS, "--broadcast", "192.168.77.255", "--server-name", f"{NAME}<20>", "--lab"]
    words += [word for option in ("unique", "group") if names[option] for word in (f"--{option}", names[option])]
    if role == "node":
        words += ["--type", p["types"]]
    return quoted([p.get("address", ADDRESS), *cases(role, part), *words])
