"""The scoreboard as a page to read here (tests/CONFORMANCE.md), as a page of cells that lead to logs and captures (index.html), and as text: what went over the wire."""
import html
from pathlib import Path

from board_peers import ROLES, lines, roles
from board_results import VERDICTS, counts, files, results, visible

SHORT = {"pass": "pass", "dialect": "dialect", "fail": "FAIL", "unsupported": "unsupported", "notApplicable": "n/a"}
HEAD = """# Conformance

Which implementations of the NetBIOS name service do what the documents ask for. `tests/conformance/run.sh --record` writes it anew; how each cell came about is in
`artifacts/conformance/index.html`, with the log and the capture of each run. *Dialect*: something else that a document allows or a known family does. *Unsupported* is not failed: the peer
has nothing of what the case is about. Another implementation is added by one line of `conformance/peers.json`. What failed is told to whoever makes it in `conformance/reports/`.
"""


def table(*heads):
    return ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]


def markdown(board):
    out = [HEAD, "## Peers", "", *table("peer", "version", "as", *("n/a" if v == "notApplicable" else v for v in VERDICTS))]
    for p in board.peers:
        for role in roles(p):
            n = board.summary(p, role)
            if sum(n.values()):
                out.append(f"| {p['title']} | {visible(board.versions[p['id']])} | {role} | " + " | ".join(str(n[v]) for v in VERDICTS) + " |")
    out += ["", "A capture is judged only by those cases that it happens to contain: what a host was asked, and what it claimed and asked itself. What shows which system a host is:", "", *table("capture", "host", "system", "by")]
    out += [f"| {seen['file']} | {seen['host']} | {seen['is']} | {seen['by']} |" for p in board.peers for seen in p.get("captures", [])]
    out += ["", "## Looked at, and not held", "", *table("program", "version", "why")]
    out += [f"| {p['title']} | {p['version']} | {p['note']} |" for p in lines() if "note" in p]
    groups = list(dict.fromkeys(board.group(id) for id in board.order))
    out += ["", "## By document", "", "Passed, dialect and failed of the cases that could be run.", "", *table("peer", *groups)]
    for p in board.peers:
        cells = []
        for group in groups:
            n = counts([board.cells[id][p["id"]] for id in board.order if board.group(id) == group and p["id"] in board.cells[id]])
            cells.append(f"{n['pass']} / {n['dialect']} / {n['fail']}" if n["pass"] + n["dialect"] + n["fail"] else "–")
        out.append(f"| {p['title']} | " + " | ".join(cells) + " |")
    out += ["", "## By case", "", "✓ passed, d dialect, **✗** failed, u unsupported, · not applicable, empty: not run, or for another role. A number: how often captures show it.", "", *table("case", "level", *(p["id"] for p in board.peers), "rule")]
    marks = {"pass": "✓", "dialect": "d", "fail": "**✗**", "unsupported": "u", "notApplicable": "·"}
    for id in board.order:
        row = board.cells[id]
        mark = lambda r: marks[r["verdict"]] + (f" {r['seen']}" if "seen" in r else "")
        out.append(f"| {id} | {board.cases[id]['level'].upper()} | " + " | ".join(mark(row[p["id"]]) if p["id"] in row else "" for p in board.peers) + f" | {visible(board.cases[id]['says'])} |")
    out += ["", "## What failed", ""]
    for p in board.peers:
        failed = [id for id in board.order if p["id"] in board.cells[id] and board.cells[id][p["id"]]["verdict"] == "fail"]
        if failed:
            out += [f"### {p['title']}", ""] + ([f"Report: [{p['report']}](conformance/reports/{p['report']}).", ""] if "report" in p else [])
            out += [f"- {id}: {visible(board.cells[id][p['id']]['words'])}. *{visible(board.cases[id]['says'])}*" for id in failed] + [""]
    return "\n".join(out).rstrip() + "\n"


def page(board, out):
    e = html.escape
    colours = {"pass": "#d8f0d8", "dialect": "#fdf3c8", "fail": "#f6c9c9", "unsupported": "#e4e4ee", "notApplicable": "#f4f4f4"}
    style = ("body{font:14px system-ui;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:2px 6px;text-align:left;vertical-align:top}thead th{position:sticky;top:0;background:#fff}"
             "a{color:inherit}#cases td:first-child{position:sticky;left:0;background:#fff}#cases td:nth-child(2){min-width:22em}.f{font-size:11px;white-space:nowrap}" + "".join(f".{k}{{background:{v}}}" for k, v in colours.items()))
    text = [f"<!doctype html><meta charset=utf-8><title>Conformance</title><style>{style}</style><h1>Conformance</h1>", "<table><thead><tr><th>peer<th>version" + "".join(f"<th>{SHORT[v]}" for v in VERDICTS) + "<th>runs</thead>"]
    for p in board.peers:
        n = board.summary(p)
        links = "<br>".join(f'{r}: <a href="{e(p["id"])}/{r}.log">log</a>' + "".join(f' <a href="{e(p["id"])}/{c.name}">{e(c.name)}</a>' for c in files(out, p["id"], r, "pcapng")) for r in ROLES if board.by_peer[p["id"]].get(r))
        text.append(f"<tr><td>{e(p['title'])}<td>{e(visible(board.versions[p['id']]))}" + "".join(f"<td class={v}>{n[v]}" for v in VERDICTS) + f"<td>{links}")
    text.append("</table><h2>By case</h2><table id=cases><thead><tr><th>case<th>rule" + "".join(f"<th>{e(p['id'])}" for p in board.peers) + "</thead>")
    for id in board.order:
        text.append(f"<tr id='{e(id)}'><td>{e(id)}<td>{e(board.cases[id]['says'])}")
        for p in board.peers:
            r = board.cells[id].get(p["id"])
            if r is None:
                text.append("<td>")
                continue
            why = visible(r["words"]) + (f" ({visible(r['source'])})" if r.get("source") else "")
            seen = f" {r['seen']}×" if "seen" in r else ""
            text.append(f'<td class={r["verdict"]} title="{e(why)}"><a href="{e(p["id"])}/{r["file"]}.html#{e(id)}">{SHORT[r["verdict"]]}</a>{seen}<div class=f><a href="{e(p["id"])}/{r["as"]}.log">log</a> <a href="{e(p["id"])}/{r["file"]}.pcapng">pcapng</a></div>')
    return "\n".join(text) + "\n</table>\n"


def log(out, id, role):
    """What went over the wire, case by case, as text."""
    rows = results(out, id, role)
    if not rows:
        return
    with open(Path(out) / id / f"{role}.log", "w") as text:
        for row in rows.values():
            print(f"{row['id']} {row['verdict']}: {visible(row['words'])}" + (f" ({visible(row['source'])})" if row.get("source") else "") + f"\n  {visible(row['says'])}\n  expected: {visible(row.get('expected') or '')}", file=text)
            for packet in row["exchange"]:
                print(f"  {packet['time']:>14} {packet['from']:>19} > {'all' if packet['broadcast'] else packet['to']}: {visible(packet['description'])}\n{'':17}{packet['hex']}", file=text)
            print(file=text)
