"""What end nodes do: RFC 1002 §5.1.1 to §5.1.3, MS-NBTE §3.1."""
from play import *
from wire import NB, NBSTAT, Name, Packet, nb

ALICE, BOB, LAB = Name("ALICE", 3), Name("BOB", 0x20), Name("LAB", 0x1E)
TTL = ["ttl"]


def mine(flags=0x8500, name=ALICE, group=0, node="B", tid=0x7777):
    """The node's own POSITIVE answer."""
    return answer(flags, name, 0, group | ONT[node], OWN, tid)


def b_claims(v):
    claim_of = lambda flags, group=0, name=ALICE: claim(flags, name, 0, group, OWN)
    for group, what in ((0, "unique"), (GROUP, "group")):
        command = "addGroup" if group else "add"
        first, clause = aloud(claim_of(0x2910, group), t="a", at=0), f"RFC 1002 §5.1.1.{2 if group else 1}"
        tries = [aloud(claim_of(0x2910, group), t="a", at=at) for at in (250, 500)]
        v.node(f"b/add-{what}/nobody-objects", "B", clause + "; §6 BCAST_REQ_RETRY_COUNT 3, BCAST_REQ_RETRY_TIMEOUT 250 ms",
               does(command, ALICE, first), waits(1000, *tries, aloud(claim_of(0x2810, group), t="*"), result="succeeded"),
               hears(query(0x0110, ALICE, tid=0x7777), out(mine(group=group), PEER, free=TTL), broadcast=True),
               why="The demand comes when the last wait is over, at 750 ms (§5.1.1.1), or when CONFLICT_TIMER has run, at 1 s (RFC 1001 §15.2.1).")
        v.node(f"b/add-{what}/refused-at-once", "B", clause + "; §4.2.6", does(command, ALICE, first),
               hears(answer(0xAD86, ALICE, 0, 0, PEER), t="a", result="refused"), waits(3000), hears(query(0x0110, ALICE, tid=0x7777), broadcast=True), why="Nothing more is sent, and the name is not held.")
    first = aloud(claim_of(0x2910), t="a", at=0)
    tries = [aloud(claim_of(0x2910), t="a", at=at) for at in (250, 500)]
    demand = aloud(claim_of(0x2810), t="*")
    v.node("b/add-unique/refused-late", "B", "RFC 1002 §5.1.1.1", does("add", ALICE, first), waits(600, *tries), hears(answer(0xAD86, ALICE, 0, 0, PEER), t="a", result="refused"), waits(3000))
    v.node("b/add-unique/refusal-of-another-transaction", "B", "RFC 1002 §4.2.1.1 NAME_TRN_ID", does("add", ALICE, first), hears(answer(0xAD86, ALICE, 0, 0, PEER, tid=0x7777)),
           waits(1000, *tries, demand, result="succeeded"), why="The id 7777 is none that the node chose; should it choose that, the vector says nothing.")
    v.node("b/add-unique/positive-response", "B", "RFC 1002 §5.1.1.1: only NEGATIVE counts", does("add", ALICE, first), hears(answer(0xAD80, ALICE, 300000, 0, OWN), t="a"),
           waits(1000, *tries, demand, result="succeeded"))
    v.node("b/add-unique/challenge", "B", "RFC 1002 §5.1.1.1: only NEGATIVE counts", does("add", ALICE, first), hears(answer(0xAD00, ALICE, 300000, 0, PEER), t="a"),
           waits(1000, *tries, demand, result="succeeded"))
    v.node("b/add-unique/not-held-yet", "B", "RFC 1002 §5.1.1.5: \"name exists in local name table\"", does("add", ALICE, first), hears(query(0x0110, ALICE, tid=0x7777), broadcast=True),
           waits(1000, *tries, demand, result="succeeded"), why="A name that is being claimed is not answered for.")
    scoped = Name("ALICE", 3, ["LAB", "EXAMPLE"])
    v.node("b/add-unique/in-a-scope", "B", "RFC 1002 §4.1, §5.1.1.1", does("add", scoped, aloud(claim_of(0x2910, name=scoped), t="a", at=0)),
           waits(1000, *[aloud(claim_of(0x2910, name=scoped), t="a", at=at) for at in (250, 500)], aloud(claim_of(0x2810, name=scoped), t="*"), result="succeeded"), scope=["LAB", "EXAMPLE"])


def b_defends(v):
    clause = "RFC 1002 §5.1.1.5 NAME REGISTRATION REQUEST"
    refusal = lambda group=0, tid=0x7777: out(answer(0xAD86, ALICE, 0, group, OWN, tid), PEER, free=TTL)
    their = lambda flags=0x2910, group=0, name=ALICE, ttl=0: claim(flags, name, ttl, group, PEER, 0x7777)
    v.node("b/defends/unique-against-unique", "B", clause, hears(their(), refusal(), broadcast=True), names=[ALICE])
    v.node("b/defends/unique-against-group", "B", clause, hears(their(group=GROUP), refusal(), broadcast=True), names=[ALICE])
    v.node("b/defends/group-against-unique", "B", clause, hears(their(), refusal(GROUP), broadcast=True), groups=[ALICE])
    v.node("b/defends/not-a-group-against-a-member", "B", clause, hears(their(group=GROUP), broadcast=True), groups=[ALICE])
    v.node("b/defends/every-time", "B", clause, hears(their(), refusal(), broadcast=True), waits(250), hears(their(), refusal(), broadcast=True), names=[ALICE])
    v.node("b/defends/windows-ttl", "B", clause, hears(their(ttl=300000), refusal(), broadcast=True), names=[ALICE], why="Windows claims with TTL 300000 by broadcast.")
    v.node("b/defends/multihomed-claim", "B", clause + "; MS-NBTE §2.2.2", hears(their(0x7910), refusal(), broadcast=True), names=[ALICE], why="§4.2.6 draws opcode 5.")
    v.node("b/silent/claim-of-another-name", "B", clause, hears(their(name=BOB), broadcast=True), names=[ALICE])
    v.node("b/silent/claim-of-another-suffix", "B", "MS-NBTE §2.2.1: all sixteen octets", hears(their(name=Name("ALICE", 0x20)), broadcast=True), names=[ALICE])
    v.node("b/silent/claim-in-lower-case", "B", "MS-NBTE §2.2.1: case counts", hears(their(name=Name("alice", 3)), broadcast=True), names=[ALICE])
    v.node("b/silent/claim-in-another-scope", "B", "RFC 1001 §14.1, §9", hears(their(name=Name("ALICE", 3, ["LAB"])), broadcast=True), names=[ALICE])
    v.node("b/silent/refresh", "B", "RFC 1002 §5.1.1.5 has no refresh", hears(their(0x4010), broadcast=True), names=[ALICE])
    v.node("b/silent/overwrite-demand", "B", "RFC 1002 §5.1.1.5 NAME UPDATE REQUEST: for the cache", hears(their(0x2810), broadcast=True),
           hears(query(0x0110, ALICE, tid=0x7777), out(mine(), PEER, free=TTL), broadcast=True), names=[ALICE], why="The name is kept.")
    v.node("b/silent/release-by-another", "B", "RFC 1002 §5.1.1.5 NAME RELEASE REQUEST: for the cache", hears(their(0x3010), broadcast=True),
           hears(query(0x0110, ALICE, tid=0x7777), out(mine(), PEER, free=TTL), broadcast=True), names=[ALICE], why="The name is kept.")
    v.node("b/silent/release-of-its-group-by-a-member", "B", "RFC 1002 §5.1.1.5", hears(their(0x3010, GROUP, LAB), broadcast=True),
           hears(query(0x0110, LAB, tid=0x7777), out(mine(name=LAB, group=GROUP), PEER, free=TTL), broadcast=True), groups=[LAB])
    v.node("b/silent/unknown-opcode", "B", "RFC 1002 §4.2.1.1 OPCODE", hears(query(0x2010, ALICE, tid=0x7777), broadcast=True), names=[ALICE])
    v.node("b/silent/pointer-to-itself", "B", "RFC 1002 §4.1", hears(Packet(0x0110, 0x7777, (1, 0, 0, 0)).then("c00c00200001").octets, broadcast=True),
           hears(query(0x0110, ALICE, tid=0x7777), out(mine(), PEER, free=TTL), broadcast=True), names=[ALICE])
    v.node("b/silent/query-in-lower-case-letters", "B", "RFC 1001 §14.1: letters 'A' to 'P'", hears(query(0x0110, Name(labels=[ALICE.labels[0].lower()]), tid=0x7777), broadcast=True), names=[ALICE])
    v.node("b/silent/unsolicited-answer", "B", "RFC 1002 §4.2.1.1: a response has a request's id", hears(answer(0x8500, ALICE, 0, 0, PEER, 0x7777)), hears(query(0x0110, ALICE, tid=0x7777), out(mine(), PEER, free=TTL), broadcast=True),
           names=[ALICE])
    v.node("b/silent/claim-of-another-class", "B", "RFC 1002 §4.2.1.2: IN", hears(Packet(0x2910, 0x7777).question(ALICE, cls=2).record("additional", ALICE, NB, 0, nb((0, PEER)), cls=2, at=12), broadcast=True), names=[ALICE])
    v.node("b/silent/claim-without-address", "B", "RFC 1002 §4.2.2 RDLENGTH 6", hears(Packet(0x2910, 0x7777).question(ALICE).record("additional", ALICE, NB, 0, nb(), at=12), broadcast=True), names=[ALICE])


def b_answers(v):
    clause = "RFC 1002 §5.1.1.5 NAME QUERY REQUEST, §4.2.13"
    ask = lambda flags=0x0110, name=ALICE, type=NB: query(flags, name, type, 0x7777)
    v.node("b/answers/broadcast-query", "B", clause, hears(ask(), out(mine(), PEER, free=TTL), broadcast=True), names=[ALICE])
    v.node("b/answers/unicast-query", "B", clause, hears(ask(0x0100), out(mine(), PEER, free=TTL)), names=[ALICE])
    v.node("b/answers/other-port", "B", clause + ": to the address and port that the request came from", hears(ask(), out(mine(), f"{PEER}:40000", free=TTL), port=40000, broadcast=True), names=[ALICE])
    v.node("b/answers/group", "B", clause, hears(ask(), out(mine(group=GROUP), PEER, free=TTL), broadcast=True), groups=[ALICE])
    v.node("b/answers/in-its-scope", "B", clause, hears(ask(name=Name("ALICE", 3, ["LAB"])), out(mine(name=Name("ALICE", 3, ["LAB"])), PEER, free=TTL), broadcast=True),
           names=[Name("ALICE", 3, ["LAB"])], scope=["LAB"])
    v.node("b/silent/broadcast-query-for-another", "B", clause, hears(ask(name=BOB), broadcast=True), names=[ALICE])
    v.node("b/silent/unicast-query-for-another", "B", clause, hears(ask(0x0100, BOB)), names=[ALICE], why="Only P and M nodes answer NEGATIVE (§5.1.2.5); Windows' B nodes do too (MS-NBTE §4.1).")
    v.node("b/silent/query-in-another-scope", "B", "RFC 1001 §9", hears(ask(name=Name("ALICE", 3, ["LAB"])), broadcast=True), names=[ALICE])
    v.node("b/silent/query-of-another-class", "B", "RFC 1002 §4.2.1.2: IN", hears(Packet(0x0110, 0x7777).question(ALICE, cls=2), broadcast=True), names=[ALICE])
    v.node("b/silent/query-of-type-null", "B", "RFC 1002 §4.2.1.2: NB or NBSTAT", hears(ask(type=NULL), broadcast=True), names=[ALICE])
    listed = lambda name: out(table([(ALICE.octets, 0x0400)], name=name, tid=0x7777), PEER, free=[[table([(ALICE.octets, 0)]).marks["rdata0"] + 19, 46]])
    v.node("b/answers/node-status", "B", "RFC 1002 §5.1.1.5 NODE STATUS REQUEST, §4.2.18", hears(ask(0, ALICE, NBSTAT), listed(ALICE)), names=[ALICE], why="Statistics are the node's own business.")
    v.node("b/answers/node-status-of-anybody", "B", "RFC 1001 §15.1.7(2); by the letter of RFC 1002 §5.1.1.5 \"*\" is for P and M nodes", hears(ask(0, ANY, NBSTAT), listed(ANY)), names=[ALICE])
    v.node("b/silent/node-status-of-another", "B", "RFC 1002 §5.1.1.5", hears(ask(0, BOB, NBSTAT)), names=[ALICE])


def b_conflict(v):
    demand = hears(answer(0xAD87, ALICE, 0, 0, "0.0.0.0", tid=0x7777))
    clause = "RFC 1002 §5.1.1.5 NAME CONFLICT DEMAND; RFC 1001 §15.1.3.5"
    v.node("b/conflict/no-answer-for-a-name-in-conflict", "B", clause, demand, hears(query(0x0110, ALICE, tid=0x7778), broadcast=True), names=[ALICE])
    v.node("b/conflict/no-defence-of-a-name-in-conflict", "B", clause, demand, hears(claim(0x2910, ALICE, 0, 0, PEER, 0x7778), broadcast=True), names=[ALICE])
    v.node("b/conflict/shown-in-node-status", "B", "RFC 1002 §4.2.18 CNF", demand,
           hears(query(0, BOB, NBSTAT, 0x7778), out(table([(ALICE.octets, 0x0C00), (BOB.octets, 0x0400)], name=BOB, tid=0x7778), PEER,
                                                    free=[[table([]).marks["rdata0"] + 37, 46]])), names=[ALICE, BOB])
    v.node("b/conflict/other-names-are-kept", "B", clause, demand, hears(query(0x0110, BOB, tid=0x7778), out(mine(name=BOB, tid=0x7778), PEER, free=TTL), broadcast=True), names=[ALICE, BOB])
    v.node("b/conflict/demand-for-a-stranger's-name", "B", clause, hears(answer(0xAD87, BOB, 0, 0, "0.0.0.0", tid=0x7777)),
           hears(query(0x0110, ALICE, tid=0x7778), out(mine(tid=0x7778), PEER, free=TTL), broadcast=True), names=[ALICE])
    v.node("b/conflict/demand-in-another-scope", "B", clause, hears(answer(0xAD87, Name("ALICE", 3, ["LAB"]), 0, 0, "0.0.0.0", tid=0x7777)),
           hears(query(0x0110, ALICE, tid=0x7778), out(mine(tid=0x7778), PEER, free=TTL), broadcast=True), names=[ALICE])
    v.node("b/conflict/unsolicited-refusal", "B", "RFC 1001 §15.1.3.5: only a NAME CONFLICT DEMAND", hears(answer(0xAD86, ALICE, 0, 0, PEER, tid=0x7777)),
           hears(query(0x0110, ALICE, tid=0x7778), out(mine(tid=0x7778), PEER, free=TTL), broadcast=True), names=[ALICE], why="Windows before MS00-047 takes it for a demand (Q269239).")


def b_asks(v):
    clause = "RFC 1002 §5.1.1.3"
    ask = lambda at: aloud(query(0x0110, BOB), t="a", at=at)
    found = lambda host=PEER, group=0: answer(0x8500, BOB, 0, group, host)
    v.node("b/query/found", "B", clause, does("query", BOB, ask(0)), hears(found(), t="a", result="succeeded"), waits(2000), why="Success is reported at once; nothing more is sent.")
    v.node("b/query/not-found", "B", clause + "; §6", does("query", BOB, ask(0)), waits(1000, ask(250), ask(500), result="notFound"))
    v.node("b/query/answer-of-another-transaction", "B", "RFC 1002 §4.2.1.1 NAME_TRN_ID", does("query", BOB, ask(0)), hears(answer(0x8500, BOB, 0, 0, PEER, 0x7777)), waits(1000, ask(250), ask(500), result="notFound"))
    demand = out(answer(0xAD87, BOB, 0, 0, "0.0.0.0"), THIRD, t="*")
    conflict = "RFC 1002 §5.1.1.5 POSITIVE NAME QUERY RESPONSE, §4.2.8; §6 CONFLICT_TIMER"
    v.node("b/query/two-owners", "B", conflict, does("query", BOB, ask(0)), hears(found(), t="a", result="succeeded"), hears(found(THIRD), demand, source=THIRD, t="a"),
           why="The demand goes to whoever answers second.")
    v.node("b/query/two-owners-too-late", "B", conflict, does("query", BOB, ask(0)), hears(found(), t="a", result="succeeded"), waits(1500), hears(found(THIRD), source=THIRD, t="a"))
    v.node("b/query/two-members", "B", conflict, does("query", BOB, ask(0)), hears(found(group=GROUP), t="a", result="succeeded"), hears(found(THIRD, GROUP), source=THIRD, t="a"))
    v.node("b/query/the-same-answer-twice", "B", "RFC 1001 §13.1.1: a duplicate", does("query", BOB, ask(0)), hears(found(), t="a", result="succeeded"), hears(found(), t="a"))
    v.node("b/query/own-name", "B", clause + "; the local name table is looked at first", does("query", ALICE, result="succeeded"), names=[ALICE])


def b_releases(v):
    clause = "RFC 1002 §5.1.1.4, §4.2.9"
    for group, what in ((0, "unique"), (GROUP, "group")):
        gone = lambda at: aloud(claim(0x3010, ALICE, 0, group, OWN), t="a", at=at)
        v.node(f"b/release/{what}", "B", clause, does("delete", ALICE, gone(0)), waits(2000, gone(250), gone(500), result="succeeded"), hears(query(0x0110, ALICE, tid=0x7777), broadcast=True),
               names=[] if group else [ALICE], groups=[ALICE] if group else [])


def p_claims(v):
    asks = lambda at=None, flags=0x2900, node="P", t="a": out(claim(flags, ALICE, 300000, ONT[node], OWN), SERVER, t=t, at=at)
    granted = answer(0xAD80, ALICE, 600, ONT["P"], OWN)
    clause = "RFC 1002 §5.1.2.1"
    from_server = dict(source=SERVER, t="a")
    v.node("p/add-unique/granted", "P", clause, does("add", ALICE, asks(0)), hears(granted, **from_server, result="succeeded"), hears(query(0x0100, ALICE, tid=0x7777), out(mine(node="P"), PEER, free=TTL)))
    v.node("p/add-unique/nobody-answers", "P", clause + "; §6 UCAST_REQ_RETRY_COUNT 3, UCAST_REQ_RETRY_TIMEOUT 5 s", does("add", ALICE, asks(0)), waits(15000, asks(5000), asks(10000), result="noAnswer"))
    v.node("p/add-unique/refused", "P", clause, does("add", ALICE, asks(0)), hears(answer(0xAD86, ALICE, 0, 0, PEER), **from_server, result="refused"), waits(20000), hears(query(0x0100, ALICE, tid=0x7777),
           out(denial(0x8583, ALICE, 0x7777), PEER, free=["flags"])))
    v.node("p/add-unique/wait", "P", clause + ", §4.2.16", does("add", ALICE, asks(0)), hears(wait(0x2900, 60, ALICE), **from_server), waits(50000), hears(granted, **from_server, result="succeeded"),
           why="The WACK's TTL takes the place of the timeout: nothing is sent again.")
    v.node("p/add-unique/wait-of-type-null", "P", clause + ", §4.2.16", does("add", ALICE, asks(0)), hears(wait(0x2900, 60, ALICE, NULL), **from_server), waits(50000), hears(granted, **from_server, result="succeeded"))
    v.node("p/add-unique/wait-of-another-transaction", "P", "RFC 1002 §4.2.1.1 NAME_TRN_ID", does("add", ALICE, asks(0)), hears(wait(0x2900, 60, ALICE, tid=0x7777), source=SERVER), waits(6000, asks(5000)))
    v.node("p/add-unique/answer-from-a-stranger", "P", "RFC 1001 §13.2.1: the transaction partner's address", does("add", ALICE, asks(0)), hears(granted, source=PEER, t="a"), waits(6000, asks(5000)))
    challenge = hears(answer(0xAD00, ALICE, 300000, 0, PEER), out(query(0x0000, ALICE), PEER, t="b", free=[[2, 2]]), **from_server)
    update = lambda at=None: asks(at, 0x2800, t="c")
    v.node("p/add-unique/challenge-owner-there", "P", clause, does("add", ALICE, asks(0)), challenge, hears(answer(0x8500, ALICE, 0, 0, PEER), t="b", result="refused"), waits(20000))
    v.node("p/add-unique/challenge-owner-denies", "P", clause, does("add", ALICE, asks(0)), challenge, hears(denial(0x8503, ALICE), update(), t="b"),
           hears(granted, source=SERVER, t="c", result="succeeded"))
    again = lambda at: out(query(0x0000, ALICE), PEER, t="b", at=at, free=[[2, 2]])
    v.node("p/add-unique/challenge-owner-silent", "P", clause + "; §6", does("add", ALICE, asks(0)), challenge, waits(15000, again(5000), again(10000), update(15000)),
           hears(granted, source=SERVER, t="c", result="succeeded"))
    v.node("p/add-unique/challenge-update-refused", "P", clause, does("add", ALICE, asks(0)), challenge, hears(denial(0x8503, ALICE), update(), t="b"),
           hears(answer(0xAD84, ALICE, 0, 0, PEER), source=SERVER, t="c", result="refused"))


def p_lives(v):
    incoming = "RFC 1002 §5.1.2.5"
    ask = lambda flags=0x0100, name=ALICE, type=NB: query(flags, name, type, 0x7777)
    v.node("p/answers/unicast-query", "P", incoming, hears(ask(), out(mine(node="P"), PEER, free=TTL)), names=[ALICE])
    v.node("p/answers/query-for-another", "P", incoming + ", §4.2.14", hears(ask(name=BOB), out(denial(0x8583, BOB, 0x7777), PEER, free=["flags"])), names=[ALICE], why="RA is set by the text below §4.2.15, and not by §4.2.1.1.")
    v.node("p/silent/broadcast-query", "P", incoming + ": broadcasts are ignored", hears(ask(0x0110), broadcast=True), names=[ALICE])
    v.node("p/silent/broadcast-claim", "P", incoming + ": broadcasts are ignored", hears(claim(0x2910, ALICE, 0, 0, PEER, 0x7777), broadcast=True), names=[ALICE])
    v.node("p/silent/broadcast-release", "P", incoming + ": broadcasts are ignored", hears(claim(0x3010, ALICE, 0, 0, PEER, 0x7777), broadcast=True), hears(ask(), out(mine(node="P"), PEER, free=TTL)), names=[ALICE])
    v.node("p/silent/broadcast-node-status", "P", incoming + ": broadcasts are ignored", hears(ask(0x0010, ANY, NBSTAT), broadcast=True), names=[ALICE])
    status = out(table([(ALICE.octets, 0x2400)], name=ANY, tid=0x7777), PEER, free=[[table([]).marks["rdata0"] + 19, 46]])
    v.node("p/answers/node-status-of-anybody", "P", incoming + ": \"*\"", hears(ask(0, ANY, NBSTAT), status), names=[ALICE])
    flushed = out(answer(0xB400, ALICE, 0, ONT["P"], OWN, 0x7777), SERVER, free=["ttl", [answer(0xB400, ALICE).marks["rdata0"], 6]])
    v.node("p/released-by-its-name-server", "P", incoming + "; RFC 1001 §15.5.3", hears(claim(0x3000, ALICE, 0, ONT["P"], OWN, 0x7777), flushed, source=SERVER),
           hears(ask(), out(denial(0x8583, ALICE, 0x7777), PEER, free=["flags"])), names=[ALICE])
    v.node("p/conflict", "P", incoming + "; RFC 1001 §15.1.3.5", hears(answer(0xAD87, ALICE, 0, 0, "0.0.0.0", tid=0x7777), source=SERVER), hears(ask(0x0110), broadcast=True), names=[ALICE])
    gone = lambda at=None: out(claim(0x3000, ALICE, 0, ONT["P"], OWN), SERVER, t="a", at=at)
    reply = lambda flags: answer(flags, ALICE, 0, ONT["P"], OWN)
    v.node("p/release/granted", "P", "RFC 1002 §5.1.2.4", does("delete", ALICE, gone(0)), hears(reply(0xB400), source=SERVER, t="a", result="succeeded"), waits(20000), names=[ALICE])
    v.node("p/release/refused", "P", "RFC 1002 §5.1.2.4; RFC 1001 §15.4.3", does("delete", ALICE, gone(0)), hears(reply(0xB406), source=SERVER, t="a", result="refused"),
           hears(ask(), out(mine(node="P"), PEER, free=TTL)), names=[ALICE], why="The name stays.")
    v.node("p/release/nobody-answers", "P", "RFC 1002 §5.1.2.4; §6", does("delete", ALICE, gone(0)), waits(14000, gone(5000), gone(10000)), names=[ALICE])
    renew = lambda at=None: out(claim(0x4000, ALICE, 300000, ONT["P"], OWN), SERVER, t="a", at=at, free=TTL)
    refreshed = [waits(601_000, renew()), hears(answer(0xAD80, ALICE, 600, ONT["P"], OWN), source=SERVER, t="a")]
    v.node("p/refresh/granted", "P", "RFC 1002 §5.1.2.6; RFC 1001 §15.5.1: when the TTL has run out", *refreshed, waits(500_000), hears(ask(), out(mine(node="P"), PEER, free=TTL)), names=[ALICE], ttl=600)
    v.node("p/refresh/refused", "P", "RFC 1002 §5.1.2.6: \"assume in conflict\"", waits(601_000, renew()), hears(answer(0xAD86, ALICE, 0, 0, PEER), source=SERVER, t="a"),
           hears(claim(0x2910, ALICE, 0, 0, PEER, 0x7777), broadcast=True), hears(query(0x0110, ALICE, tid=0x7777), broadcast=True), names=[ALICE], ttl=600)
    v.node("p/refresh/not-for-an-infinite-ttl", "P", "RFC 1002 §6 INFINITE_TTL", waits(5_000_000), names=[ALICE])


def p_asks(v):
    ask = lambda at=None, to=SERVER, t="a": out(query(0x0100, BOB), to, t=t, at=at)
    clause = "RFC 1002 §5.1.2.3"
    server = dict(source=SERVER, t="a")
    v.node("p/query/found", "P", clause, does("query", BOB, ask(0)), hears(answer(0x8580, BOB, 300000, 0, PEER), **server, result="succeeded"), waits(20000))
    v.node("p/query/not-found", "P", clause, does("query", BOB, ask(0)), hears(denial(0x8583, BOB), **server, result="notFound"), waits(20000))
    v.node("p/query/not-found-uncounted", "P", clause + ", §4.2.14 as drawn: ANCOUNT 0", does("query", BOB, ask(0)), hears(denial(0x8583, BOB, section="uncounted"), **server, result="notFound"), waits(20000))
    v.node("p/query/nobody-answers", "P", clause + "; §6", does("query", BOB, ask(0)), waits(15000, ask(5000), ask(10000), result="noAnswer"))
    v.node("p/query/wait", "P", clause + ", §4.2.16", does("query", BOB, ask(0)), hears(wait(0x0100, 30, BOB), **server), waits(25000), hears(answer(0x8580, BOB, 300000, 0, PEER), **server, result="succeeded"))
    v.node("p/query/redirect", "P", clause + ", §4.2.15", does("query", BOB, ask(0)), hears(Packet(0x8100).redirect(BOB, Name("WINS2", 0), SECOND_SERVER), ask(to=SECOND_SERVER, t="b"), **server),
           hears(answer(0x8580, BOB, 300000, 0, PEER), source=SECOND_SERVER, t="b", result="succeeded"))


def m_and_h(v):
    for node in "MH":
        low = node.lower()
        to_all = lambda at=None, flags=0x2910, t="a": aloud(claim(flags, ALICE, 0, ONT[node], OWN), t=t, at=at)
        asks = lambda at=None, t="b": out(claim(0x2900, ALICE, 300000, ONT[node], OWN), SERVER, t=t, at=at)
        granted = hears(answer(0xAD80, ALICE, 600, ONT[node], OWN), source=SERVER, t="b", result="succeeded")
        if node == "M":
            clause = "RFC 1002 §5.1.3.1; RFC 1001 §15.2.3"
            v.node("m/add-unique/granted", node, clause, does("add", ALICE, to_all(0)), waits(1000, to_all(250), to_all(500), asks()), granted, why="No overwrite demand: the broadcast does not confirm the name (RFC 1001 §15.1.1).")
            v.node("m/add-unique/the-segment-objects", node, clause, does("add", ALICE, to_all(0)), hears(answer(0xAD86, ALICE, 0, 0, PEER), t="a", result="refused"), waits(20000))
            v.node("m/add-unique/the-server-objects", node, clause, does("add", ALICE, to_all(0)), waits(1000, to_all(250), to_all(500), asks()),
                   hears(answer(0xAD86, ALICE, 0, 0, PEER), source=SERVER, t="b", result="refused"), waits(20000), hears(query(0x0110, ALICE, tid=0x7777), broadcast=True))
        else:
            clause = "MS-NBTE §3.1; Q119493: the name server first"
            v.node("h/add-unique/granted", node, clause, does("add", ALICE, asks(0)), granted, waits(20000))
            v.node("h/add-unique/the-server-objects", node, clause, does("add", ALICE, asks(0)), hears(answer(0xAD86, ALICE, 0, 0, PEER), source=SERVER, t="b", result="refused"), waits(20000))
            v.node("h/add-unique/nobody-answers", node, clause + "; by broadcast where it does not answer", does("add", ALICE, asks(0)),
                   waits(16000, asks(5000), asks(10000), to_all(15000), to_all(15250), to_all(15500), to_all(None, 0x2810, "*"), result="succeeded"))
        v.node(f"{low}/defends", node, "RFC 1002 §5.1.3.5" if node == "M" else "MS-NBTE §3.1.5", hears(claim(0x2910, ALICE, 0, 0, PEER, 0x7777), out(answer(0xAD86, ALICE, 0, ONT[node], OWN, 0x7777), PEER, free=TTL), broadcast=True),
               names=[ALICE])
        v.node(f"{low}/answers/broadcast-query", node, "RFC 1002 §5.1.3.5", hears(query(0x0110, ALICE, tid=0x7777), out(mine(node=node), PEER, free=TTL), broadcast=True), names=[ALICE])
        v.node(f"{low}/silent/broadcast-query-for-another", node, "RFC 1002 §5.1.3.5: NEGATIVE only to unicast", hears(query(0x0110, BOB, tid=0x7777), broadcast=True), names=[ALICE])
        v.node(f"{low}/answers/unicast-query-for-another", node, "RFC 1002 §5.1.3.5", hears(query(0x0100, BOB, tid=0x7777), out(denial(0x8583, BOB, 0x7777), PEER, free=["flags"])), names=[ALICE])
        gone = out(claim(0x3000, ALICE, 0, ONT[node], OWN), SERVER, t="a", at=0)
        aloud_gone = lambda t, at=None: aloud(claim(0x3010, ALICE, 0, ONT[node], OWN), t=t, at=at)
        reply = lambda flags: answer(flags, ALICE, 0, ONT[node], OWN)
        if node == "M":
            v.node("m/release/granted", node, "RFC 1002 §5.1.3.4; RFC 1001 §15.4.3", does("delete", ALICE, gone), hears(reply(0xB400), aloud_gone("c"), source=SERVER, t="a"),
                   waits(2000, aloud_gone("c", 250), aloud_gone("c", 500), result="succeeded"), names=[ALICE])
            v.node("m/release/refused", node, "RFC 1001 §15.4.3: no broadcast", does("delete", ALICE, gone), hears(reply(0xB406), source=SERVER, t="a", result="refused"), waits(2000), names=[ALICE])
            v.node("m/query/on-the-segment", node, "RFC 1002 §5.1.3.3: by broadcast first", does("query", BOB, aloud(query(0x0110, BOB), t="a", at=0)), hears(answer(0x8500, BOB, 0, 0, PEER), t="a", result="succeeded"), waits(2000))
            v.node("m/query/at-the-server", node, "RFC 1002 §5.1.3.3: then the name server", does("query", BOB, aloud(query(0x0110, BOB), t="a", at=0)),
                   waits(750, *[aloud(query(0x0110, BOB), t="a", at=at) for at in (250, 500)], out(query(0x0100, BOB), SERVER, t="b")), hears(answer(0x8580, BOB, 300000, 0, PEER), source=SERVER, t="b", result="succeeded"))
        else:
            v.node("h/release/granted", node, "MS-NBTE §3.1.7: no broadcast", does("delete", ALICE, gone), hears(reply(0xB400), source=SERVER, t="a", result="succeeded"), waits(2000), names=[ALICE])
            v.node("h/release/refused", node, "MS-NBTE §3.1.7: by broadcast if refused", does("delete", ALICE, gone), hears(reply(0xB406), aloud_gone("c"), source=SERVER, t="a"),
                   waits(1000, aloud_gone("c", 250), aloud_gone("c", 500)), names=[ALICE])
            v.node("h/query/at-the-server", node, "Q119493: the name server first", does("query", BOB, out(query(0x0100, BOB), SERVER, t="a", at=0)), hears(answer(0x8580, BOB, 300000, 0, PEER), source=SERVER, t="a", result="succeeded"))
            v.node("h/query/on-the-segment", node, "Q119493: then by broadcast", does("query", BOB, out(query(0x0100, BOB), SERVER, t="a", at=0)), hears(denial(0x8583, BOB), aloud(query(0x0110, BOB), t="b"), source=SERVER, t="a"),
                   hears(answer(0x8500, BOB, 0, 0, PEER), t="b", result="succeeded"))


def add(v):
    for part in (b_claims, b_defends, b_answers, b_conflict, b_asks, b_releases, p_claims, p_lives, p_asks, m_and_h):
        part(v)
