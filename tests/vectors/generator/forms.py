"""The packets of RFC 1002 §4.2.2 to §4.2.18 and MS-NBTE §2.2.2 as they are drawn, for the vectors to vary."""
from wire import NB, NBSTAT, NULL, Name, Packet, nb, status, wack

REGISTRATION, OVERWRITE, OVERWRITE_DEMAND = "NAME REGISTRATION REQUEST", "NAME OVERWRITE REQUEST", "NAME OVERWRITE DEMAND"
REFRESH, MULTIHOMED = "NAME REFRESH REQUEST", "MULTI-HOMED NAME REGISTRATION REQUEST"
REGISTERED, NOT_REGISTERED = "POSITIVE NAME REGISTRATION RESPONSE", "NEGATIVE NAME REGISTRATION RESPONSE"
CHALLENGE, CONFLICT = "END-NODE CHALLENGE NAME REGISTRATION RESPONSE", "NAME CONFLICT DEMAND"
RELEASE, RELEASE_DEMAND = "NAME RELEASE REQUEST", "NAME RELEASE DEMAND"
RELEASED, NOT_RELEASED = "POSITIVE NAME RELEASE RESPONSE", "NEGATIVE NAME RELEASE RESPONSE"
QUERY, FOUND, NOT_FOUND = "NAME QUERY REQUEST", "POSITIVE NAME QUERY RESPONSE", "NEGATIVE NAME QUERY RESPONSE"
REDIRECT, WACK = "REDIRECT NAME QUERY RESPONSE", "WAIT FOR ACKNOWLEDGEMENT (WACK) RESPONSE"
STATUS, STATUS_IS = "NODE STATUS REQUEST", "NODE STATUS RESPONSE"

FRED = Name("FRED", 0x20)
ANY = Name(octets=b"*" + b"\0" * 15)  # RFC 1002 §4.2.17 prints "*"; padded with zeros as RFC 1001 §17.2 has it
HOST = "10.0.0.2"
ONT = {"B": 0x0000, "P": 0x2000, "M": 0x4000, "H": 0x6000}
GROUP = 0x8000
RCODES = {1: "FMT_ERR", 2: "SRV_ERR", 3: "NAM_ERR", 4: "IMP_ERR", 5: "RFS_ERR", 6: "ACT_ERR", 7: "CFT_ERR"}


def claim(flags, name=FRED, ttl=0, nb_flags=0, host=HOST, tid=0x1234, entries=None):
    """A question, and behind it the record whose name points to the question's: §4.2.2 to §4.2.4 and §4.2.9."""
    return Packet(flags, tid).question(name).record("additional", name, NB, ttl, nb(*(entries or [(nb_flags, host)])), at=12)


def answer(flags, name=FRED, ttl=0, nb_flags=0, host=HOST, tid=0x1234, entries=None):
    """One NB record: §4.2.5 to §4.2.8, §4.2.10, §4.2.11, §4.2.13."""
    return Packet(flags, tid).record("answer", name, NB, ttl, nb(*([(nb_flags, host)] if entries is None else entries)))


def denial(flags, name=FRED, tid=0x1234, section="answer"):
    """§4.2.14: type NULL, TTL 0, no data. The diagram counts no record, so a sender may count it or not."""
    return Packet(flags, tid, counts=None if section == "answer" else (0, 0, 0, 0)).record(section, name, NULL)


def query(flags, name=FRED, type=NB, tid=0x1234):
    return Packet(flags, tid).question(name, type)


def wait(word, ttl, name=FRED, type=NB, flags=0xBC00, tid=0x1234):
    return Packet(flags, tid).record("answer", name, type, ttl, wack(word))


def table(names, stats=None, name=ANY, flags=0x8400, ttl=0, tid=0x1234, **more):
    return Packet(flags, tid).record("answer", name, NBSTAT, ttl, status(names, stats, **more))
