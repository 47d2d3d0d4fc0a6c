"""The fields of a vector as flat paths, so that each tool can be compared in what it decodes."""
from wire import STATISTICS


def printable(octets):
    """Octets as Wireshark prints a NetBIOS name's: what does not print as <hh>."""
    return "".join(chr(octet) if 0x20 <= octet < 0x7F else f"<{octet:02x}>" for octet in octets)


def text_of(octets, suffix, scope=()):
    """NAME<20>.SCOPE, trailing spaces dropped; a name of nothing but spaces keeps them."""
    base = printable(octets)
    return (base.rstrip(" ") or base) + f"<{suffix:02x}>" + "".join("." + label for label in scope)


def name(path, said):
    octets = None if said["octets"] is None else bytes.fromhex(said["octets"])
    yield f"{path}.octets", said["octets"]
    yield f"{path}.suffix", said.get("suffix")
    yield f"{path}.scope", ".".join(said["scope"])
    yield f"{path}.text", "(no NetBIOS name)" if octets is None else text_of(octets, said["suffix"], said["scope"])


def statistics(path, octets):
    """As many of them as are there: the vectors have all or UNIT_ID alone, a tool may read on until the octets end."""
    at = 0
    for field, size in STATISTICS:
        if len(octets) < at + size:
            return
        value = octets[at:at + size]
        yield f"{path}.{field}", value.hex(":") if field == "unitId" else int.from_bytes(value, "big")
        at += size


def record(path, said):
    yield from name(f"{path}.name", said["name"])
    for key in ("type", "class", "ttl"):
        yield f"{path}.{key}", said[key]
    yield f"{path}.rdlength", len(said["rdata"]) // 2
    if "entries" in said:
        yield f"{path}.entries", len(said["entries"])
        for number, entry in enumerate(said["entries"]):
            for key in ("flags", "group", "ownerNodeType", "address"):
                yield f"{path}.entries[{number}].{key}", entry[key]
    if "names" in said:
        yield f"{path}.names", len(said["names"])
        for number, entry in enumerate(said["names"]):
            for key in ("octets", "suffix", "flags"):
                yield f"{path}.names[{number}].{key}", entry[key]
            yield f"{path}.names[{number}].text", text_of(bytes.fromhex(entry["octets"]), entry["suffix"])
        yield from statistics(f"{path}.statistics", bytes.fromhex(said["rdata"])[1 + 18 * len(said["names"]):])
    if "requestFlags" in said:
        yield f"{path}.requestFlags", said["requestFlags"]


def fields(vector):
    """Every path of a vector with its value."""
    said = vector["fields"]
    paths = {f"header.{key}": value for key, value in said["header"].items()}
    if vector.get("kind"):
        paths["kind"] = vector["kind"]
    paths["questions"], paths["records"] = len(said["questions"]), len(said["records"])
    for number, question in enumerate(said["questions"]):
        paths |= dict(name(f"questions[{number}].name", question["name"]))
        paths[f"questions[{number}].type"], paths[f"questions[{number}].class"] = question["type"], question["class"]
    for number, said_of in enumerate(said["records"]):
        paths |= dict(record(f"records[{number}]", said_of))
    return paths
