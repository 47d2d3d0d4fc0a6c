"""Every form that a compressed name can take (RFC 1002 §4.1, RFC 883 page 31): what is read, and what is not."""
from forms import *
from wire import NB, Name, Packet, nb

CLAUSE = "RFC 1002 §4.1: label string pointers"
FULL = "RFC 1002 §4.2.2: RR_NAME must use pointers to the QUESTION_NAME"
SCOPED = Name("FRED", 0x20, ["LAB", "EXAMPLE"])
ONE = nb((0, HOST))


def add(v):
    v.valid("compression/second-record-to-the-first", Packet(0x8580).record("answer", FRED, NB, 0, ONE).record("answer", FRED, NB, 0, nb((0, "10.0.0.3")), at=12), FOUND, CLAUSE)
    v.valid("compression/pointer-to-a-pointer", Packet(0x8580).record("answer", FRED, NB, 0, ONE).record("answer", FRED, NB, 0, ONE, at=12).record("answer", FRED, NB, 0, ONE, at=62, via=[12]),
            FOUND, CLAUSE, why="Octet 62 holds the pointer C0 0C.")
    jane = Name("JANE", 0x20, ["LAB", "EXAMPLE"])
    v.valid("compression/scope-of-the-first-record", Packet(0x8580).record("answer", SCOPED, NB, 0, ONE).record("answer", jane, NB, 0, nb((0, "10.0.0.3")), at=45, labels=1), FOUND, CLAUSE,
            why="The second name is a label and a pointer to the first one's scope.")
    v.valid("compression/part-of-the-scope", Packet(0x8580).record("answer", SCOPED, NB, 0, ONE).record("answer", Name("JANE", 0x20, ["HR", "EXAMPLE"]), NB, 0, ONE, at=49, labels=2), FOUND, CLAUSE)
    v.valid("compression/pointer-to-the-root", Packet(0x8580).record("answer", FRED, NB, 0, ONE).record("answer", Name("JANE"), NB, 0, ONE, at=45, labels=1), FOUND, CLAUSE,
            why="Octet 45 is the zero that ends the first name: 35 octets instead of 34, and allowed.")
    v.valid("compression/redirect-scope", Packet(0x8100).redirect(SCOPED, jane, "10.0.0.9"), REDIRECT, "RFC 1002 §4.2.15")
    chain = Packet(0x8580).record("answer", FRED, NB, 0, ONE)
    at, via = 12, []
    for _ in range(15):
        here = chain.here
        chain.record("answer", FRED, NB, 0, ONE, at=at, via=via)
        at, via = here, [at, *via]
    v.valid("compression/15-records-that-point-to-each-other", chain, FOUND, CLAUSE, why="The last name is reached over fifteen pointers, all backwards.")
    # odd, but read
    odd = {"UncompressedName"}
    for flags, kind, slug in [(0x2910, REGISTRATION, "registration-request"), (0x2810, OVERWRITE_DEMAND, "overwrite-demand"), (0x3010, RELEASE_DEMAND, "release-demand"), (0x4000, REFRESH, "refresh-request"),
                              (0x7900, MULTIHOMED, "multihomed-registration-request")]:
        v.valid(f"compression/{slug}-name-in-full", Packet(flags).question(FRED).record("additional", FRED, NB, 0, ONE), kind, FULL, odd=odd)
    v.valid("compression/scoped-name-in-full", Packet(0x2900).question(SCOPED).record("additional", SCOPED, NB, 300000, ONE), REGISTRATION, FULL, odd=odd)
    v.valid("compression/only-the-scope-behind-a-question", Packet(0x2900).question(SCOPED).record("additional", SCOPED, NB, 300000, ONE, at=45, labels=1), REGISTRATION, FULL, odd=odd,
            why="A label and a pointer: shorter than the name in full, longer than C0 0C.")
    v.valid("compression/another-name-behind-the-question", Packet(0x2900).question(FRED).record("additional", Name("JANE"), NB, 300000, ONE), REGISTRATION,
            FULL + ": both are the same name", odd=odd, why="The question says what the packet is about.")
    # not read
    def broken(slug, name, error, octet, why=None):
        v.unreadable(f"compression/{slug}", Packet(0x0110, counts=(1, 0, 0, 0)).then(name + "00200001").octets, error, octet, CLAUSE, why=why)

    broken("pointer-to-itself", "c00c", "ForwardPointer", 12)
    broken("pointer-into-its-own-second-octet", "c00d", "ForwardPointer", 12)
    broken("pointer-forward", "c012" + "20" + "41" * 32 + "00", "ForwardPointer", 12, why="A name can only point to what was there before (RFC 883 page 31: \"a prior occurrence\").")
    broken("pointer-past-the-end", "ffff", "ForwardPointer", 12)
    for target in (0, 2, 4, 11):
        broken(f"pointer-into-the-header-{target}", f"c0{target:02x}", "PointerIntoHeader", 12, why="Octets 0 to 11 are no labels.")
    question = "20" + FRED.labels[0].hex() + "00"
    v.unreadable("compression/pointer-cut", Packet(0x0110, counts=(1, 0, 0, 0)).then("c0").octets, "CountsOverrun", 4, CLAUSE,
                 why="One octet cannot hold a question: the count is what is wrong, before the pointer is.")
    two = Packet(0x0110, counts=(2, 0, 0, 0)).then(bytes.fromhex(question + "00200001" + "c032" + "00200001"))
    v.unreadable("compression/second-question-points-to-itself", two.octets, "ForwardPointer", 50, CLAUSE)
    v.unreadable("compression/two-that-point-at-each-other", Packet(0x0110, counts=(2, 0, 0, 0)).then("c012" + "00200001" + "c00c" + "00200001").octets, "ForwardPointer", 12, CLAUSE,
                 why="A loop has to point forwards once.")
    v.unreadable("compression/loop-behind-a-label", Packet(0x0110, counts=(1, 0, 0, 0)).then("20" + FRED.labels[0].hex() + "c00c" + "00200001").octets, "ForwardPointer", 45, CLAUSE,
                 why="FRED.FRED.FRED and so on without end.")
    v.unreadable("compression/record-points-forward", claim(0x2910).octets.replace(bytes.fromhex("c00c"), bytes.fromhex("c034")), "ForwardPointer", 50, CLAUSE)
    v.unreadable("compression/record-points-to-itself", claim(0x2910).octets.replace(bytes.fromhex("c00c"), bytes.fromhex("c032")), "ForwardPointer", 50, CLAUSE)
    v.unreadable("compression/record-points-into-the-header", claim(0x2910).octets.replace(bytes.fromhex("c00c"), bytes.fromhex("c000")), "PointerIntoHeader", 50, CLAUSE)
    # labels that a pointer leads to run into the name that pointed there
    v.unreadable("compression/labels-run-into-the-pointer", Packet(0x0110, counts=(2, 0, 0, 0)).then(question + "00200001" + "c031" + "00200001").octets, "OverlappingName", 49, CLAUSE,
                 why="Octet 49 is the last of QUESTION_CLASS, a 1: as a label it would take the first octet of the pointer.")
    v.unreadable("compression/labels-run-over-the-pointer", Packet(0x0110, counts=(2, 0, 0, 0)).then(question + "003f0001" + "c02f" + "00200001").octets, "OverlappingName", 47, CLAUSE,
                 why="QUESTION_TYPE's low octet 3F is a label of 63 that ends behind the pointer.")
    chain = Packet(0x8580, counts=(0, 18, 0, 0)).record("answer", FRED, NB, 0, ONE)
    at = 12
    for _ in range(17):
        here = chain.here
        chain.record("answer", FRED, NB, 0, ONE, at=at)
        at = here
    v.unreadable("compression/seventeen-pointers", chain.octets, "TooManyPointers", 62, CLAUSE, why="No text bounds the pointers of a name; a reader must, or a packet costs the square of its length. "
                 "The bound of sixteen is this project's; real packets have one. The pointer that is one too many is that of the second record, the last of the chain.")
