#!/usr/bin/env python3
"""Writes the vectors anew: packets.json, exchanges.json and nbns.pcap beside this file. `make.py --check` only says whether they are what it would write."""
import json
import os
import struct
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "generator"))
sys.dont_write_bytecode = True
import compression, exchange_nodes, exchange_servers, invalid, play, recorded, tolerated, valid, wire  # noqa: E401


def packets():
    vectors = wire.Vectors()
    for part in (valid, compression, tolerated, recorded, invalid):
        part.add(vectors)
    return vectors.all


def exchanges():
    vectors = play.Exchanges()
    for part in (exchange_nodes, exchange_servers):
        part.add(vectors)
    return vectors.all


FORMAT = 2  # one more whenever a reader of the files must be changed; README.md of the package tells what changed


def as_json(about, name, vectors):
    """One vector after the other, each on lines of its own, so that a change shows as one."""
    lines = []
    for vector in vectors:
        parts = ",\n".join(f"    {json.dumps(key)}: {json.dumps(value, ensure_ascii=True)}" for key, value in vector.items())
        lines.append("  {\n" + parts + "\n  }")
    return ("{\n" + f' "about": {json.dumps(about, ensure_ascii=False)},\n "format": {FORMAT},\n "{name}": [\n' + ",\n".join(lines) + "\n ]\n}\n").encode()


def checksum(octets):
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def as_pcap(vectors):
    """Each packet in a frame of its own, in order, a second apart: Ethernet, IPv4, UDP from port 137 to port 137, without a UDP checksum (RFC 768)."""
    file = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    for number, vector in enumerate(vectors):
        payload = bytes.fromhex(vector["hex"])
        udp = struct.pack(">HHHH", 137, 137, 8 + len(payload), 0) + payload
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), number & 0xFFFF, 0, 64, 17, 0, bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
        ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
        frame = bytes.fromhex("02000a000002" "02000a000001" "0800") + ip + udp
        file += struct.pack("<IIII", number, 0, len(frame), len(frame)) + frame
    return file


def outputs():
    vectors = packets()
    return {
        "packets.json": as_json("Packets of the NetBIOS name service with what they say; README.md tells how to read them.", "packets", vectors),
        "exchanges.json": as_json("What end nodes and name servers send, given a state and what happens; README.md tells how to play them.", "exchanges", exchanges()),
        "nbns.pcap": as_pcap(vectors),
    }


def main():
    status = 0
    for name, octets in outputs().items():
        path = os.path.join(here, name)
        if sys.argv[1:] == ["--check"]:
            with open(path, "rb") as file:
                same = file.read() == octets
            print(f"{name}: {'is' if same else 'is not'} what make.py writes")
            status |= not same
        else:
            with open(path, "wb") as file:
                file.write(octets)
            print(f"{name}: {len(octets)} octets")
    return status


if __name__ == "__main__":
    sys.exit(main())
