"""What name servers do: RFC 1002 §5.1.4, MS-NBTE §3.2."""
from play import *
from wire import NB, Name, Packet, nb

ALICE, BOB, LAB, DOM = Name("ALICE", 3), Name("BOB", 0x20), Name("LAB", 0x1E), Name("DOM", 0x1C)
TTL = ["ttl"]
TID = 0x7777
BOTH = ("secured", "non-secured")
HELD = [(ALICE, False, [PEER])]
GROUPED = [(ALICE, True, [PEER])]


def registers(name=ALICE, host=THIRD, group=0, flags=0x2900, node="P", tid=TID):
    return claim(flags, name, 300000, group | ONT[node], host, tid)


def grants(name=ALICE, host=THIRD, group=0, node="P", flags=0xAD80, to=None, tid=TID):
    return out(answer(flags, name, 300000, group | ONT[node], host, tid), to or host, free=TTL)


def refuses(rcode, name=ALICE, to=THIRD, flags=0xAD80, tid=TID):
    """A refusal; the owner's flags and address in it are held only where they are known."""
    packet = answer(flags | rcode, name, 0, 0, PEER, tid)
    return out(packet, to, free=["ttl", [packet.marks["rdata0"], 6]])


def finds(name=ALICE, host=PEER, group=0, to=THIRD, entries=None, tid=TID):
    packet = answer(0x8580, name, 0, 0, host, tid, entries=entries or [(group | ONT["P"], host)])
    return out(packet, to, free=["ttl"])


def misses(name=ALICE, to=THIRD, tid=TID):
    return out(denial(0x8583, name, tid), to)


def asks(name=ALICE, to=PEER, at=None, t="c"):
    return out(query(0x0000, name), to, t=t, at=at, free=["flags"])


def basics(v):
    for kind in BOTH:
        of = lambda what: f"server-{kind}/{what}"
        look = hears(query(0x0100, ALICE, tid=0x7778), finds(host=THIRD, to=PEER, tid=0x7778))
        v.server(of("registers-a-new-name"), kind, "RFC 1002 §5.1.4.1, §4.2.5", hears(registers(), grants(), source=THIRD), look)
        v.server(of("registers-a-new-group"), kind, "RFC 1002 §5.1.4.1", hears(registers(group=GROUP), grants(group=GROUP), source=THIRD),
                 hears(query(0x0100, ALICE, tid=0x7778), finds(host=THIRD, group=GROUP, to=PEER, tid=0x7778)))
        v.server(of("answers-to-the-port-that-asked"), kind, "RFC 1002 §5.1.4.1", hears(query(0x0100, ALICE, tid=TID), finds(to=f"{THIRD}:40000"), source=THIRD, port=40000), records=HELD)
        v.server(of("finds-a-name"), kind, "RFC 1002 §4.2.13, §5.1.4.1", hears(query(0x0100, ALICE, tid=TID), finds(), source=THIRD), records=HELD)
        v.server(of("misses-a-name"), kind, "RFC 1002 §4.2.14, §5.1.4.1", hears(query(0x0100, BOB, tid=TID), misses(BOB), source=THIRD), records=HELD)
        v.server(of("misses-a-name-of-another-suffix"), kind, "MS-NBTE §2.2.1", hears(query(0x0100, Name("ALICE", 0x20), tid=TID), misses(Name("ALICE", 0x20)), source=THIRD), records=HELD)
        scoped = Name("ALICE", 3, ["LAB"])
        v.server(of("misses-a-name-of-another-scope"), kind, "RFC 1001 §9, §14.1", hears(query(0x0100, scoped, tid=TID), misses(scoped), source=THIRD), records=HELD)
        v.server(of("discards-a-broadcast-claim"), kind, "RFC 1002 §5.1.4.1: broadcasts are discarded", hears(registers(flags=0x2910), source=THIRD, broadcast=True), hears(query(0x0100, ALICE, tid=TID), misses(), source=THIRD))
        v.server(of("discards-a-broadcast-query"), kind, "RFC 1002 §5.1.4.1: broadcasts are discarded", hears(query(0x0110, ALICE, tid=TID), source=THIRD, broadcast=True), records=HELD)
        v.server(of("refuses-a-unique-claim-on-a-group"), kind, "RFC 1002 §5.1.4.1: members are not challenged", hears(registers(), refuses(6), source=THIRD), records=GROUPED)
        v.server(of("takes-another-member"), kind, "RFC 1001 §15.2.2.1: added to the set of members", hears(registers(group=GROUP), grants(group=GROUP), source=THIRD), records=GROUPED)
        v.server(of("releases-for-the-owner"), kind, "RFC 1002 §5.1.4.1 NAME RELEASE REQUEST", hears(claim(0x3000, ALICE, 0, ONT["P"], PEER, TID), out(answer(0xB400, ALICE, 0, ONT["P"], PEER, TID), PEER, free=TTL)),
                 hears(query(0x0100, ALICE, tid=TID), misses(), source=THIRD), records=HELD)
        v.server(of("refreshes-for-the-owner"), kind, "RFC 1002 §5.1.4.1 NAME REFRESH REQUEST", hears(registers(host=PEER, flags=0x4000), grants(host=PEER)), records=HELD,
                 why="§4.2.5 draws opcode 5, whatever the request's was; Samba answers so too.")
        v.server(of("refreshes-by-opcode-9"), kind, "RFC 1002 §4.2.4 diagram", hears(registers(host=PEER, flags=0x4800), grants(host=PEER)), records=HELD)
        v.server(of("makes-an-entry-of-a-refresh"), kind, "RFC 1001 §15.5.1 b, c", hears(registers(flags=0x4000), grants(), source=THIRD), look)
        v.server(of("refuses-another's-refresh"), kind, "RFC 1002 §5.1.4.1 NAME REFRESH REQUEST", hears(registers(flags=0x4000), out(answer(0xAD86, ALICE, 0, 0, PEER, TID), THIRD, free=["ttl", [answer(0, ALICE).marks["rdata0"], 6], [3, 1]]),
                 source=THIRD), hears(query(0x0100, ALICE, tid=TID), finds(), source=THIRD), records=HELD, why="No text says with which code.")
        many = [f"10.0.1.{host}" for host in range(1, 91)]
        packet = answer(0x8780, ALICE, 0, entries=[(GROUP | ONT["P"], host) for host in many[:86]], tid=TID)
        v.server(of("lists-as-many-members-as-fit"), kind, "RFC 1002 §4.2.13 T, §6 MAX_DATAGRAM_LENGTH 576", hears(query(0x0100, ALICE, tid=TID), out(packet, THIRD, free=["ttl", [packet.marks["rdata0"], 516]]), source=THIRD),
                 records=[(ALICE, True, many)], why="Of ninety members 86 fit; which, is not said.")
        v.server(of("silent/claim-of-another-class"), kind, "RFC 1002 §4.2.1.2: IN", hears(Packet(0x2900, TID).question(BOB, cls=2).record("additional", BOB, NB, 300000, nb((0, THIRD)), cls=2, at=12), source=THIRD),
                 hears(query(0x0100, BOB, tid=TID), misses(BOB), source=THIRD))
        v.server(of("silent/unknown-opcode"), kind, "RFC 1002 §4.2.1.1 OPCODE", hears(query(0x2000, ALICE, tid=TID), source=THIRD), records=HELD)
        v.server(of("silent/pointer-to-itself"), kind, "RFC 1002 §4.1", hears(Packet(0x0100, TID, (1, 0, 0, 0)).then("c00c00200001"), source=THIRD), records=HELD)
        v.server(of("silent/response-to-nothing"), kind, "RFC 1002 §4.2.1.1: a response has a request's id", hears(answer(0x8500, ALICE, 0, 0, THIRD, TID), source=THIRD),
                 hears(query(0x0100, ALICE, tid=TID), finds(), source=THIRD), records=HELD)


def non_secured(v):
    kind = "non-secured"
    of = lambda what: f"server-{kind}/{what}"
    owner = out(answer(0xAD00, ALICE, 300000, ONT["P"], PEER, TID), THIRD, free=TTL)
    v.server(of("has-the-claimant-challenge"), kind, "RFC 1002 §5.1.4.1, §4.2.7", hears(registers(), owner, source=THIRD), records=HELD, why="RDATA is the presumed owner's.")
    v.server(of("has-a-group's-claimant-challenge"), kind, "RFC 1002 §5.1.4.1", hears(registers(group=GROUP), owner, source=THIRD), records=HELD)
    v.server(of("takes-an-update"), kind, "RFC 1002 §5.1.4.1 NAME UPDATE REQUEST", hears(registers(flags=0x2800), grants(), source=THIRD), hears(query(0x0100, ALICE, tid=TID), finds(host=THIRD, to=PEER)), records=HELD)
    v.server(of("takes-an-update-of-a-new-name"), kind, "RFC 1002 §5.1.4.1 NAME UPDATE REQUEST", hears(registers(flags=0x2800), grants(), source=THIRD), hears(query(0x0100, ALICE, tid=TID), finds(host=THIRD, to=PEER)))
    v.server(of("releases-for-anybody"), kind, "RFC 1002 §5.1.4.1; RFC 1001 §15.1.7(8)", hears(claim(0x3000, ALICE, 0, ONT["P"], PEER, TID), out(answer(0xB400, ALICE, 0, ONT["P"], PEER, TID), THIRD, free=TTL), source=THIRD),
             hears(query(0x0100, ALICE, tid=TID), misses(), source=THIRD), records=HELD, why="Nodes report wrong entries so.")


def secured(v):
    kind = "secured"
    of = lambda what: f"server-{kind}/{what}"
    clause = "RFC 1002 §5.1.4.1, §4.2.16"
    waiting = out(wait(0x2900, 0, ALICE, tid=TID), THIRD, free=TTL)
    disputed = hears(registers(), waiting, asks(), source=THIRD)
    owner_says = dict(source=PEER, t="c")
    v.server(of("owner-keeps-its-name"), kind, clause, disputed, hears(answer(0x8500, ALICE, 0, ONT["P"], PEER), out(answer(0xAD86, ALICE, 0, ONT["P"], PEER, TID), THIRD, free=TTL), **owner_says), records=HELD,
             why="RDATA is the owner's (§4.2.1.3). A WACK is the server's choice.")
    v.server(of("owner-denies"), kind, clause, disputed, hears(denial(0x8503, ALICE), grants(), **owner_says), hears(query(0x0100, ALICE, tid=TID), finds(host=THIRD, to=PEER)), records=HELD)
    v.server(of("owner-is-silent"), kind, clause + "; §6", disputed, waits(15000, asks(at=5000), asks(at=10000), grants() | {"at": 15000}), hears(query(0x0100, ALICE, tid=TID), finds(host=THIRD, to=PEER)), records=HELD)
    v.server(of("answer-of-another-transaction"), kind, "RFC 1002 §4.2.1.1 NAME_TRN_ID", disputed, hears(answer(0x8500, ALICE, 0, ONT["P"], PEER, 0x0001)), waits(15000, asks(at=5000), asks(at=10000), grants()), records=HELD,
             why="The id 0001 is none that the server chose; should it choose that, the vector says nothing.")
    v.server(of("answer-from-a-stranger"), kind, "RFC 1001 §13.2.1", disputed, hears(answer(0x8500, ALICE, 0, ONT["P"], "10.0.0.66"), source="10.0.0.66", t="c"), waits(15000, asks(at=5000), asks(at=10000), grants()), records=HELD)
    v.server(of("answers-meanwhile"), kind, "RFC 1002 §5.1.4.1 NAME QUERY REQUEST", disputed, hears(query(0x0100, ALICE, tid=0x7778), finds(to="10.0.0.5", tid=0x7778), source="10.0.0.5"), records=HELD,
             why="As long as the owner is being asked the name is the owner's.")
    v.server(of("group-claim-owner-keeps-its-name"), kind, clause, hears(registers(group=GROUP), waiting, asks(), source=THIRD),
             hears(answer(0x8500, ALICE, 0, ONT["P"], PEER), out(answer(0xAD86, ALICE, 0, ONT["P"], PEER, TID), THIRD, free=TTL), **owner_says), records=HELD)
    v.server(of("group-claim-owner-denies"), kind, clause, hears(registers(group=GROUP), waiting, asks(), source=THIRD), hears(denial(0x8503, ALICE), grants(group=GROUP), **owner_says), records=HELD)
    v.server(of("refuses-an-update"), kind, "RFC 1002 §5.1.4.1 NAME UPDATE REQUEST, §4.2.6 IMP_ERR", hears(registers(flags=0x2800), out(answer(0xAD84, ALICE, 0, 0, PEER, TID), THIRD, free=["ttl", "flags", [answer(0, ALICE).marks["rdata0"], 6]]),
             source=THIRD), hears(query(0x0100, ALICE, tid=TID), finds(), source=THIRD), records=HELD)


def wins(v):
    kind = "wins"
    of = lambda what: f"wins/{what}"
    v.server(of("a-group-is-everybody"), kind, "MS-NBTE §3.2.5.1, product behaviour <11>; Q130232", hears(query(0x0100, LAB, tid=TID), out(answer(0x8580, LAB, 0, GROUP, "255.255.255.255", TID), THIRD, free=TTL), source=THIRD),
             records=[(LAB, True, [PEER])])
    v.server(of("domain-controllers-are-listed"), kind, "MS-NBTE §3.2.5.1, product behaviour <11>", hears(query(0x0100, DOM, tid=TID), out(answer(0x8580, DOM, 0, entries=[(GROUP, PEER), (GROUP, "10.0.0.5")], tid=TID), THIRD, free=TTL), source=THIRD),
             records=[(DOM, True, [PEER, "10.0.0.5"])])
    master = Name("LAB", 0x1D)
    v.server(of("a-master-browser-is-granted-and-forgotten"), kind, "MS-NBTE product behaviour; Q137423", hears(registers(master), grants(master), source=THIRD), hears(query(0x0100, master, tid=TID), misses(master), source=THIRD))
    v.server(of("a-multihomed-name-is-granted"), kind, "MS-NBTE §2.2.2, §3.2.5", hears(registers(flags=0x7900), grants(), source=THIRD), why="§4.2.5 draws opcode 5; Samba's name server answers so too.")
    v.server(of("a-registration-by-its-owner-is-granted"), kind, "TechNet cc959221: same address", hears(registers(host=PEER), grants(host=PEER)), records=HELD)
    group = Name("LAB", 0x00)
    v.server(of("a-second-group-member-is-granted"), kind, "Q130232", hears(registers(group, group=GROUP), grants(group, group=GROUP), source=THIRD), records=[(group, True, [PEER])])
    v.server(of("a-unique-claim-on-a-group-is-refused"), kind, "TechNet cc959221", hears(registers(group), refuses(6, group), source=THIRD), records=[(group, True, [PEER])])


def add(v):
    for part in (basics, non_secured, secured, wins):
        part(v)
