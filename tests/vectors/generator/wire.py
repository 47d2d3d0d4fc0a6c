"""Encodes name service packets from their fields, and says what a reader must find in them.

Written from RFC 1002 §4 alone. It shares no code with any codec that the vectors test, and it does not decode: the fields are what was put in.
"""
import struct

NB, NBSTAT, NULL, NS, A = 0x20, 0x21, 0x0A, 0x02, 0x01
IN = 1
NODE_TYPES = "BPMH"  # RFC 1002 §4.2.1.3; 11 is reserved there and stands for H at Microsoft (Q189101)
MAX_NAME = 255  # RFC 1002 §4.1, length octets and root label included


def half_ascii(octets):
    """First-level encoding, RFC 1001 §14.1: two letters 'A' to 'P' an octet."""
    return bytes(0x41 + nibble for octet in octets for nibble in (octet >> 4, octet & 15))


def netbios(text, suffix=0x20, pad=b" "):
    """Sixteen octets: fifteen of the name, padded, and the suffix."""
    base = text if isinstance(text, bytes) else text.encode("latin-1")
    assert len(base) <= 15 and len(pad) == 1
    return base + pad * (15 - len(base)) + bytes([suffix])


class Name:
    """Labels, and the sixteen octets that the first one stands for: None where it is no half-ASCII."""

    def __init__(self, text="", suffix=0x20, scope=(), pad=b" ", octets=None, labels=None):
        if labels is not None:
            self.octets, self.labels = octets, list(labels)
        else:
            self.octets = octets if octets is not None else netbios(text, suffix, pad)
            self.labels = [half_ascii(self.octets)] + [label if isinstance(label, bytes) else label.encode("latin-1") for label in scope]

    @property
    def size(self):
        """Octets of the name in full."""
        return sum(1 + len(label) for label in self.labels) + 1


class Data:
    """RDATA: octets, and what they say."""

    def __init__(self, octets=b"", **says):
        self.octets, self.says = octets, says


def address(text):
    return bytes(int(part) for part in text.split("."))


def nb(*entries, odd=b""):
    """NB_FLAGS and NB_ADDRESS, RFC 1002 §4.2.1.3; an entry is (flags, address)."""
    octets, said = b"", []
    for flags, host in entries:
        octets += struct.pack(">H", flags) + address(host)
        said.append({"flags": flags, "group": bool(flags & 0x8000), "ownerNodeType": NODE_TYPES[flags >> 13 & 3], "reserved": flags & 0x1FFF, "address": host})
    return Data(octets + odd, entries=said)


STATISTICS = [("unitId", 6), ("jumpers", 1), ("testResult", 1), ("versionNumber", 2), ("periodOfStatistics", 2), ("numberOfCrcs", 2),
              ("numberAlignmentErrors", 2), ("numberOfCollisions", 2), ("numberSendAborts", 2), ("numberGoodSends", 4), ("numberGoodReceives", 4),
              ("numberRetransmits", 2), ("numberNoResourceConditions", 2), ("numberFreeCommandBlocks", 2), ("totalNumberCommandBlocks", 2),
              ("maxTotalNumberCommandBlocks", 2), ("numberPendingSessions", 2), ("maxNumberPendingSessions", 2), ("maxTotalSessionsPossible", 2),
              ("sessionDataPacketSize", 2)]  # RFC 1002 §4.2.18


def statistics(unit="00:00:00:00:00:00", **values):
    """The 46 octets of STATISTICS, RFC 1002 §4.2.18."""
    octets, said = bytes.fromhex(unit.replace(":", "")), {"unitId": unit}
    for field, size in STATISTICS[1:]:
        value = values.pop(field, 0)
        octets += value.to_bytes(size, "big")
        said[field] = value
    assert not values and len(octets) == 46
    return Data(octets, **said)


def status(names, stats=None, count=None, cut=None, more=b""):
    """NUM_NAMES, NODE_NAME ARRAY and STATISTICS, RFC 1002 §4.2.18; a name is (16 octets, NAME_FLAGS)."""
    stats = stats or statistics()
    octets, said = bytes([len(names) if count is None else count]), []
    for name, flags in names:
        octets += name + struct.pack(">H", flags)
        said.append({
            "octets": name[:15].hex(), "suffix": name[15], "flags": flags, "group": bool(flags & 0x8000), "ownerNodeType": NODE_TYPES[flags >> 13 & 3],
            "deregistering": bool(flags & 0x1000), "conflict": bool(flags & 0x0800), "active": bool(flags & 0x0400), "permanent": bool(flags & 0x0200),
            "reserved": flags & 0x01FF})
    behind = stats.octets[:cut] + more
    says = {"names": said, "statisticsLength": len(behind)}
    if len(behind) >= 46:
        says["statistics"] = stats.says
    elif len(behind) >= 6:
        says["statistics"] = {"unitId": stats.says["unitId"]}
    return Data(octets + behind, **says)


def wack(word):
    """OPCODE and NM_FLAGS of the request, RFC 1002 §4.2.16."""
    return Data(struct.pack(">H", word), requestFlags=word)


def host(text):
    """NSD_IP_ADDR, RFC 1002 §4.2.15."""
    return Data(address(text), address=text)


def raw(octets):
    return Data(bytes.fromhex(octets) if isinstance(octets, str) else octets)


class Packet:
    """A packet that is written from front to back. `marks` are octets that a vector may want to name."""

    def __init__(self, flags, tid=0x1234, counts=None):
        self.tid, self.flags, self.counts = tid, flags, counts
        self.body, self.marks = b"", {"flags": 2, "qdcount": 4, "ancount": 6, "nscount": 8, "arcount": 10}
        self.questions, self.records, self.behind = [], [], b""

    @property
    def here(self):
        return 12 + len(self.body)

    def mark(self, mark):
        self.marks[mark] = self.here
        return self

    def _name(self, name, at, labels, via):
        """Writes a name in full, or `labels` of its labels and then a pointer to octet `at`; `via` are pointers that the pointer leads to."""
        start, pointers = self.here, []
        for label in name.labels[:labels if at is not None else None]:
            self.body += bytes([len(label)]) + label
        if at is None:
            self.body += b"\0"
        else:
            self.body += struct.pack(">H", 0xC000 | at)
            pointers = [at, *via]
        said = {"offset": start, "pointers": pointers}
        if name.octets is None:
            said["octets"] = None
            said["firstLabel"] = name.labels[0].hex() if name.labels else ""
        else:
            said |= {"octets": name.octets[:15].hex(), "suffix": name.octets[15]}
            if name.labels[0] != half_ascii(name.octets):
                said["firstLabel"] = name.labels[0].hex()
        said["scope"] = [label.decode("latin-1") for label in name.labels[1:]]
        return said

    def question(self, name, type=NB, cls=IN, at=None, labels=0, via=()):
        said = self._name(name, at, labels, via)
        self.mark("questionType")
        self.body += struct.pack(">HH", type, cls)
        self.questions.append({"name": said, "type": type, "class": cls})
        return self

    def record(self, section, name, type=NB, ttl=0, data=None, cls=IN, at=None, labels=0, via=(), length=None):
        data = data or Data()
        number = len(self.records)
        self.mark(f"record{number}")
        said = self._name(name, at, labels, via)
        self.mark(f"type{number}")
        self.body += struct.pack(">HHI", type, cls, ttl)
        self.mark(f"rdlength{number}")
        self.body += struct.pack(">H", len(data.octets) if length is None else length)
        self.mark(f"rdata{number}")
        self.body += data.octets
        self.records.append({"section": section, "name": said, "type": type, "class": cls, "ttl": ttl, "rdata": data.octets.hex(), **data.says})
        return self

    def redirect(self, domain, server, host_address, domain_ttl=0, server_ttl=0, pointed=True, pad=b""):
        """The two records of RFC 1002 §4.2.15: NSD_NAME is a name inside RDATA, to which the second record's name may point."""
        self.record("authority", domain, NS, domain_ttl)
        start = self.here
        said = self._name(server, None, 0, ())
        written = self.body[start - 12:]
        self.body = self.body[:start - 14] + struct.pack(">H", len(written) + len(pad)) + written + pad
        self.records[-1] |= {"rdata": (written + pad).hex(), "server": said}
        return self.record("additional", server, A, server_ttl, host(host_address), at=start if pointed else None)

    def then(self, octets):
        """Octets that no count covers."""
        self.mark("behind")
        self.behind += bytes.fromhex(octets) if isinstance(octets, str) else octets
        return self

    def _counts(self):
        sections = [record["section"] for record in self.records]
        return self.counts or (len(self.questions), sections.count("answer"), sections.count("authority"), sections.count("additional"))

    @property
    def octets(self):
        return struct.pack(">HHHHHH", self.tid, self.flags, *self._counts()) + self.body + self.behind

    def header(self):
        word, (qd, an, ns, ar) = self.flags, self._counts()
        return {
            "id": self.tid, "flags": word, "response": bool(word & 0x8000), "opcode": word >> 11 & 15, "aa": bool(word & 0x0400), "tc": bool(word & 0x0200),
            "rd": bool(word & 0x0100), "ra": bool(word & 0x0080), "reserved": word >> 5 & 3, "b": bool(word & 0x0010), "rcode": word & 15,
            "qdcount": qd, "ancount": an, "nscount": ns, "arcount": ar}

    def fields(self):
        return {"header": self.header(), "questions": self.questions, "records": self.records, "trailing": self.behind.hex()}


class Vectors:
    """The vectors in their order; ids are unique."""

    def __init__(self):
        self.all, self.ids, self.known = [], set(), {}

    def _add(self, vector_id, packet, rest, clause, origin, why):
        octets = packet if isinstance(packet, bytes) else packet.octets
        assert vector_id not in self.ids, vector_id
        self.ids.add(vector_id)
        assert octets not in self.known, (vector_id, self.known[octets])
        self.known[octets] = vector_id
        vector = {"id": vector_id, "hex": octets.hex(), **rest, "clause": clause, "origin": origin}
        if why:
            vector["why"] = why
        self.all.append(vector)

    def valid(self, vector_id, packet, kind, clause, origin="made", why=None, odd=()):
        """A packet that is as the clause has it; `odd` names what a reader should tell, and makes it "tolerated"."""
        rest = {"verdict": "tolerated" if odd else "valid", "kind": kind, "odd": sorted(odd), "fields": packet.fields()}
        self._add(vector_id, packet, rest, clause, origin, why)

    def unreadable(self, vector_id, octets, error, octet, clause, origin="made", why=None, lenient=None):
        """Octets that end a reader's work: `error` shows at `octet`. `lenient`: the packet, for a reader that takes longer names."""
        rest = {"verdict": "invalid", "error": {"what": error, "octet": octet, "readable": False}}
        if lenient:
            rest["lenient"] = {"odd": lenient[1], "fields": lenient[0].fields()}
        self._add(vector_id, octets, rest, clause, origin, why)

    def meaningless(self, vector_id, packet, error, octet, clause, origin="made", why=None, odd=()):
        """A packet whose octets can be read, but that is no message of RFC 1002 §4.2."""
        rest = {"verdict": "invalid", "error": {"what": error, "octet": octet, "readable": True}, "odd": sorted(odd), "fields": packet.fields()}
        self._add(vector_id, packet, rest, clause, origin, why)
