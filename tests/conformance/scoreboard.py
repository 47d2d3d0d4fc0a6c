"""The scoreboard: which implementations of the NetBIOS name service do what the conformance cases ask for. run.sh calls it; see there.

Another implementation is added by one line of peers.json; board_peers.py says what is in it."""
import json
import re
import sys
from pathlib import Path

from board_pages import log, markdown, page
from board_peers import HERE, ROOT, filled, is_ours, job, jobs, peer, peers, roles, shared
from board_results import Board, cell, from_recorded, record, recorded, results, told, version, version_of, visible


def write(out, arguments):
    out = Path(out)
    now = {}
    for p in peers(arguments):
        for role in roles(p, arguments):
            rows = results(out, p["id"], role)
            log(out, p["id"], role)
            print(f"{p['id']} as {role}: {told(rows.values())}")
            if rows:
                now.setdefault(p["id"], {})[role] = rows
    # the page has all that is in the folder, also of earlier runs
    board = Board({p["id"]: {role: results(out, p["id"], role) for role in roles(p)} for p in peers()}, {p["id"]: version_of(out, p) for p in peers()})
    (out / "scoreboard.json").write_text(json.dumps(board.json(), indent=1, ensure_ascii=False) + "\n")
    (out / "index.html").write_text(page(board, out))
    if "--record" in arguments:
        expected = record(now, out)
        pages(expected)
        print(f"recorded {sum(len(rows) for by_role in now.values() for rows in by_role.values())} cells")
        return reports(expected)
    return compared(now, arguments) | reports(recorded())


def pages(expected):
    """CONFORMANCE.md: of all that is recorded, whichever run it came from."""
    (ROOT / "tests" / "CONFORMANCE.md").write_text(markdown(Board(from_recorded(expected), {id: what["version"] for id, what in expected.items()})))


def compared(now, arguments):
    expected = recorded()
    passed, failed = 0, 0
    for p in peers(arguments):
        for role in roles(p, arguments):
            wanted = expected.get(p["id"], {}).get(role)
            if wanted is None or ("captures" in p and shared() is None):
                continue
            rows = now.get(p["id"], {}).get(role, {})
            key = lambda text: text.split(": ")[0]
            cells = {id: key(cell(row)) for id, row in rows.items()}
            changed = {id: (key(v), cells.get(id, "not run")) for id, v in wanted.items() if cells.get(id) != key(v)} | {id: ("not known", v) for id, v in cells.items() if id not in wanted}
            passed, failed = passed + (not changed), failed + bool(changed)
            print(f"{'not ok' if changed else 'ok'} {p['id']} as {role}: {told(rows.values())}")
            for id, (was, now_is) in list(changed.items())[:20]:
                print(f"  # {id} was {was}, is {now_is}: {visible(rows.get(id, {}).get('words', ''))}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def reports(expected):
    """Each failed cell of another's implementation is in the list of cases of a section of its report, and none that does not fail."""
    status = 0
    for p in (p for p in peers() if not is_ours(p)):
        failed = {id for role in roles(p) for id, text in expected.get(p["id"], {}).get(role, {}).items() if text.startswith("fail")}
        path = HERE / "reports" / p.get("report", "")
        told_of = {id for line in path.read_text().splitlines() if line.startswith("Cases: ") for id in re.findall(r"[\w.-]+/\d+", line)} if path.is_file() else set()
        if failed != told_of:
            status = 1
            print(f"not ok report on {p['id']}: failed and not told of: {' '.join(sorted(failed - told_of)) or 'none'}; told of and not failed: {' '.join(sorted(told_of - failed)) or 'none'}")
    return status


def main(command, *arguments):
    match command:
        case "jobs":
            print(*(" ".join(one) for one in jobs(arguments)), sep="\n")
        case "packages":
            print(*sorted({package for p in peers(arguments) for package in p.get("packages", [])}))
        case "build":
            p = peer(arguments[0])
            print(filled(p.get("build", ""), p, arguments[1]))
        case "asks":
            print(filled(peer(arguments[0])["asks"], peer(arguments[0]), ""))
        case "version":
            version(*arguments)
        case "job":
            print(job(*arguments))
        case "write":
            return write(arguments[0], arguments[1:])
        case "reports":
            return reports(recorded())
        case "page":
            pages(recorded())


sys.exit(main(*sys.argv[1:]))
