#!/usr/bin/env python3
"""Holds tshark, scapy, impacket and Samba's NDR against the vectors: they agree in every field that they decode, but for what DIFFERENCES.md has.

check.py TOOL…          compares, and fails on a difference that is not in DIFFERENCES.md and on one in it that no longer occurs
check.py --record TOOL… writes DIFFERENCES.md anew
"""
import collections
import importlib
import json
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
folder = os.path.dirname(here)
sys.dont_write_bytecode = True
sys.path[:0] = [here, os.path.join(folder, "generator")]
import expected  # noqa: E402
import reasons  # noqa: E402

TABLE = os.path.join(folder, "DIFFERENCES.md")
HEAD = """# Where other tools differ from the vectors

Written by `tests/vectors/check.sh --record`, and held against every run: a difference that is not here fails the check, and so does one here that no longer occurs.
Every tool is compared in each field that it decodes of each packet; of octets that cannot be read (verdict `invalid`, not readable) only whether it says so. A dissector
may well show what it can of a broken packet: that is no fault, and here because whoever builds on it should know.

"""


def differences(tool, module, vectors):
    """(vector, field, what the tool says, what is right) of each difference, and how many fields agree."""
    found_all, agree = [], 0
    for vector, (found, complaint) in zip(vectors, module.read(vectors, folder), strict=True):
        if "fields" not in vector:  # octets that cannot be read
            if complaint:
                agree += 1
            else:
                found_all.append((vector, "verdict", "read without complaint", f"{vector['error']['what']} at octet {vector['error']['octet']}"))
            continue
        if complaint and vector["verdict"] == "valid":
            found_all.append((vector, "complaint", complaint, "nothing is wrong"))
        wanted = module.expects(expected.fields(vector))
        for field, value in found.items():
            if field == "kind" and field not in wanted:
                continue  # of an invalid packet there is none
            right = wanted.get(field, "(no such field)")
            if value == right:
                agree += 1
            else:
                found_all.append((vector, field, value, right))
    return found_all, agree


def show(value):
    text = value if isinstance(value, str) else json.dumps(value)
    text = "".join(letter if letter.isprintable() and letter not in "|`" else f"\\x{ord(letter):02x}" for letter in text)
    return f"`{text[:70]}…`" if len(text) > 70 else f"`{text}`" if text else "(empty)"


def section(tool, version, found):
    """The tool's part of DIFFERENCES.md, and the differences that no reason explains."""
    groups, unexplained = collections.defaultdict(list), []
    for vector, field, says, right in found:
        reason = next((one for one in reasons.ALL if one.fits(tool, vector, field, says, right)), None)
        if reason is None:
            unexplained.append(f"{tool}: {vector['id']}: {field}: says {show(says)}, right is {show(right)}")
        else:
            groups[reason].append((vector["id"], field, says, right))
    lines = [f"## {tool} {version}", "", f"{len({vector['id'] for vector, *_ in found})} packets, {len(found)} fields.", ""]
    for reason in reasons.ALL:
        if reason not in groups:
            continue
        lines += [f"### {tool}: {reason.title}", "", f"{reason.why} ({reason.clause})", "", "| packet | field | the tool says | right |", "|---|---|---|---|"]
        alike = collections.defaultdict(list)
        for packet, field, says, right in groups[reason]:
            alike[field, show(says), show(right)].append(packet)
        lines += [f"| {', '.join(packets)} | {field} | {says} | {right} |" for (field, says, right), packets in alike.items()]
        lines.append("")
    unused = [f"{tool}: nothing differs any more by this reason: {reason.title}" for reason in reasons.ALL if reason.tool == tool and reason not in groups]
    return lines, unexplained + unused


def recorded(tool):
    """The lines of the tool's section, without the line that has its version."""
    try:
        with open(TABLE, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        return None, []
    for part in text.split("\n## ")[1:]:
        title, _, rest = part.partition("\n")
        if title.split()[0] == tool:
            return title.split()[1], rest.strip("\n").split("\n")
    return None, []


def main(arguments):
    record = "--record" in arguments
    with open(os.path.join(folder, "packets.json"), encoding="utf-8") as file:
        vectors = json.load(file)["packets"]
    passed = failed = 0
    written = []
    for tool in [argument for argument in arguments if argument != "--record"]:
        module = importlib.import_module(f"by_{tool}")
        version = module.version()
        if version is None:
            print(f"SKIPPED: {module.NEEDS} is not installed")
            continue
        found, agree = differences(tool, module, vectors)
        lines, problems = section(tool, version, found)
        written += lines
        if not record:
            known_version, known = recorded(tool)
            body = "\n".join(lines[1:]).strip("\n").split("\n")
            problems += [f"{tool}: is not in DIFFERENCES.md: {line}" for line in body if line not in known]
            problems += [f"{tool}: does not occur any more: {line}" for line in known if line not in body]
            if problems and known_version != version:
                problems.insert(0, f"{tool}: DIFFERENCES.md was written with {known_version}, this is {version}")
        for problem in problems[:200]:
            print(f"# {problem}")
        told = f"{tool} {version}: {len(vectors)} packets; {agree} fields and verdicts agree, {len(found)} differ{'' if problems else ' as DIFFERENCES.md has it'}"
        print(f"not ok {told}" if problems else f"ok {told}")
        passed, failed = passed + (not problems), failed + bool(problems)
    if record:
        with open(TABLE, "w", encoding="utf-8") as file:
            file.write(HEAD + "\n".join(written).rstrip("\n") + "\n")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
