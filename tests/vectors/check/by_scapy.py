"""What scapy.layers.netbios finds."""
NEEDS = "scapy (Debian: python3-scapy)"
KINDS = {"NBNSQueryRequest": "NAME QUERY REQUEST", "NBNSNodeStatusRequest": "NODE STATUS REQUEST", "NBNSQueryResponse": "POSITIVE NAME QUERY RESPONSE", "NBNSNodeStatusResponse": "NODE STATUS RESPONSE",
         "NBNSRegistrationRequest": "NAME REGISTRATION REQUEST", "NBNSWackResponse": "WAIT FOR ACKNOWLEDGEMENT (WACK) RESPONSE"}


def version():
    try:
        import logging
        logging.getLogger("scapy.runtime").setLevel(logging.ERROR)
        import scapy
        import scapy.layers.netbios  # noqa: F401
        return scapy.VERSION if hasattr(scapy, "VERSION") else scapy.__version__
    except ImportError:
        return None


def suffix(letters):
    return ((letters >> 8) - 0x41 << 4 | (letters & 0xFF) - 0x41) & 0xFF


def name(path, base, letters, null, found):
    found[f"{path}.octets"], found[f"{path}.suffix"] = base.hex(), suffix(letters)
    found[f"{path}.scope"] = "" if null == 0 else f"(NULL {null})"


def entries(path, said, found):
    found[f"{path}.entries"] = len(said)
    for index, one in enumerate(said):
        found[f"{path}.entries[{index}].group"], found[f"{path}.entries[{index}].ownerNodeType"] = one.G == 1, "BPMH"[one.OWNER_NODE_TYPE]
        found[f"{path}.entries[{index}].address"] = one.NB_ADDRESS


def packet(octets):
    from scapy.layers.netbios import NBNSHeader
    header = NBNSHeader(octets)
    flags = int(header.NM_FLAGS)
    found = {"header.id": header.NAME_TRN_ID, "header.response": header.RESPONSE == 1, "header.opcode": header.OPCODE, "header.aa": bool(flags & 64), "header.tc": bool(flags & 32),
             "header.rd": bool(flags & 16), "header.ra": bool(flags & 8), "header.reserved": flags >> 1 & 3, "header.b": bool(flags & 1), "header.rcode": header.RCODE,
             "header.qdcount": header.QDCOUNT, "header.ancount": header.ANCOUNT, "header.nscount": header.NSCOUNT, "header.arcount": header.ARCOUNT}
    body = header.payload
    kind = type(body).__name__
    if kind not in KINDS:
        return found
    found["kind"] = KINDS[kind]
    read = body.fields  # what the octets gave; an attribute would be a default where they ended
    for path, key in (("questions[0].name", "QUESTION_NAME"), ("records[0].name", "RR_NAME")):
        if isinstance(read.get(key), bytes) and "NULL" in read:
            name(path, read[key], read["SUFFIX"], read["NULL"], found)
    answered = kind == "NBNSQueryResponse"  # it calls the record's type and class those of a question
    for path, key in (("questions[0].type", "QUESTION_TYPE"), ("questions[0].class", "QUESTION_CLASS"), ("records[0].type", "RR_TYPE"), ("records[0].class", "RR_CLASS"),
                      ("records[0].ttl", "TTL"), ("records[0].rdlength", "RDLENGTH"), ("records[0].requestFlags", "RDATA"), ("records[0].names", "NUM_NAMES"),
                      ("records[0].statistics.unitId", "MAC_ADDRESS")):
        if key in read:
            found[path.replace("questions", "records") if answered else path] = read[key]
    if "NB_ADDRESS" in read:
        entries("records[0]", [body], found)
    if "ADDR_ENTRY" in read:
        entries("records[0]", body.ADDR_ENTRY, found)
    for index, one in enumerate(read.get("NODE_NAME", [])):
        if "UNUSED" in one.fields:
            found |= {f"records[0].names[{index}].octets": one.NETBIOS_NAME.hex(), f"records[0].names[{index}].suffix": one.SUFFIX,
                      f"records[0].names[{index}].flags": one.NAME_FLAGS << 8 | one.UNUSED}
    return found


def read(vectors, folder):
    results = []
    for vector in vectors:
        try:
            results.append((packet(bytes.fromhex(vector["hex"])), None))
        except Exception as error:  # whatever it is, it is how scapy says that it cannot read the octets
            results.append(({}, f"{type(error).__name__}: {error}"))
    return results


def expects(wanted):
    return wanted
