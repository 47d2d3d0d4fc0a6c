"""What Samba 4.17 was recorded to send on a wire of ours. The fields were read by two other decoders; encoding them must give back the octets."""
import json
import os
from wire import Name, Packet, nb, raw, statistics, status, wack


def name(said):
    return Name(octets=bytes.fromhex(said["octets"]), scope=said["scope"])


def add(v):
    with open(os.path.join(os.path.dirname(__file__), "recorded.json"), encoding="utf-8") as file:
        for said in json.load(file):
            packet = Packet(said["flags"], said["tid"])
            for question in said["questions"]:
                packet.question(name(question["name"]), question["type"], question["class"])
            for record in said["records"]:
                if "entries" in record:
                    data = nb(*[tuple(entry) for entry in record["entries"]])
                elif "names" in record:
                    data = status([(bytes.fromhex(octets), flags) for octets, flags in record["names"]], statistics(record["unitId"]))
                elif "wack" in record:
                    data = wack(record["wack"])
                else:
                    data = raw("")
                at = record["name"].get("pointer")
                named = name(said["questions"][0]["name"] if at else record["name"])
                packet.record(record["section"], named, record["type"], record["ttl"], data, record["class"], at=at)
            assert packet.octets.hex() == said["hex"], said["id"]
            kind = said["kind"]
            odd = set()
            if kind == "NEGATIVE NAME RELEASE RESPONSE" and said["flags"] & 15 == 3:
                odd.add("UnknownRcode")
            if kind.startswith("NAME RELEASE") and packet.records[0]["ttl"]:
                odd.add("TtlInRelease")
            if any(entry["reserved"] for record in packet.records for entry in record.get("entries", [])):
                odd.add("ReservedNbFlags")
            clause = {"NODE STATUS REQUEST": "§4.2.17", "NODE STATUS RESPONSE": "§4.2.18", "NAME QUERY REQUEST": "§4.2.12", "POSITIVE NAME QUERY RESPONSE": "§4.2.13", "NEGATIVE NAME QUERY RESPONSE": "§4.2.14",
                      "NAME REGISTRATION REQUEST": "§4.2.2", "NAME OVERWRITE REQUEST": "§4.2.3", "NAME OVERWRITE DEMAND": "§4.2.3", "NAME REFRESH REQUEST": "§4.2.4", "NAME RELEASE REQUEST": "§4.2.9",
                      "NAME RELEASE DEMAND": "§4.2.9", "POSITIVE NAME RELEASE RESPONSE": "§4.2.10", "NEGATIVE NAME RELEASE RESPONSE": "§4.2.11", "POSITIVE NAME REGISTRATION RESPONSE": "§4.2.5",
                      "NEGATIVE NAME REGISTRATION RESPONSE": "§4.2.6", "NAME CONFLICT DEMAND": "§4.2.8"}.get(kind)
            clause = "RFC 1002 " + clause if clause else "MS-NBTE §2.2.2" if kind.startswith("MULTI") else "RFC 1002 §4.2.16"
            if name(said["questions"][0]["name"] if said["questions"] else said["records"][0]["name"]).size > 255:
                packet_of_a_long_name(v, said, packet, clause)
                continue
            v.valid(said["id"], packet, kind, clause, said["origin"], odd=odd)


def packet_of_a_long_name(v, said, packet, clause):
    v.unreadable(said["id"], packet.octets, "NameTooLong", 12, f"RFC 1002 §4.1: 255 octets or less; {clause}", said["origin"], "Windows' name servers and Samba take such names.", (packet, ["LongName"]))
