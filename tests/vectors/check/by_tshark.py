"""What tshark finds in nbns.pcap."""
import json
import re
import shutil
import subprocess

NEEDS = "tshark (Debian: tshark)"
HEADER = {"response": "response", "opcode": "opcode", "authoritative": "aa", "truncated": "tc", "recdesired": "rd", "recavail": "ra", "broadcast": "b", "rcode": "rcode"}
STATISTICS = {"unit_id": "unitId", "jumpers": "jumpers", "test_result": "testResult", "version_number": "versionNumber", "period_of_statistics": "periodOfStatistics", "num_crcs": "numberOfCrcs",
              "num_alignment_errors": "numberAlignmentErrors", "num_collisions": "numberOfCollisions", "num_send_aborts": "numberSendAborts", "num_good_sends": "numberGoodSends",
              "num_good_receives": "numberGoodReceives", "numretransmits": "numberRetransmits", "num_no_resource_conditions": "numberNoResourceConditions",
              "numpending_sessions": "numberPendingSessions", "max_num_pending_sessions": "maxNumberPendingSessions", "max_total_sessions_possible": "maxTotalSessionsPossible",
              "session_data_packet_size": "sessionDataPacketSize"}
COMMAND_BLOCKS = ["numberFreeCommandBlocks", "totalNumberCommandBlocks", "maxTotalNumberCommandBlocks"]  # three fields of one name
SERVICE = re.compile(r" \([^()]*(?:\([^()]*\)[^()]*)*\)$")  # what the suffix stands for


def version():
    if not shutil.which("tshark"):
        return None
    return subprocess.run(["tshark", "--version"], capture_output=True, text=True).stdout.split()[2].rstrip(".")


class Tree(list):
    """A JSON object whose keys may come twice."""

    def all(self, key):
        return [value for name, value in self if name == key]

    def get(self, key):
        return next(iter(self.all(key)), None)


def walk(tree):
    for key, value in tree:
        yield key, value
        if isinstance(value, Tree):
            yield from walk(value)


def number(text):
    return int(text, 0)


def name_of(text):
    if text.startswith("Illegal NetBIOS name"):
        return "(no NetBIOS name)"
    return SERVICE.sub("", text)


def entry(path, tree, found):
    """A question or a record."""
    for key, value in tree:
        if key == "nbns.name":
            found[f"{path}.name.text"] = name_of(value)
        elif key in ("nbns.type", "nbns.class", "nbns.ttl"):
            found[f"{path}.{key[5:]}"] = number(value)
        elif key == "nbns.data_length":
            found[f"{path}.rdlength"] = number(value)
        elif key == "nbns.flags":
            found[f"{path}.requestFlags"] = number(value)
    flags, addresses = tree.all("nbns.nb_flags"), tree.all("nbns.addr")
    if addresses:
        found[f"{path}.entries"] = len(addresses)
    for index, (word, address) in enumerate(zip(flags, addresses)):
        found[f"{path}.entries[{index}].flags"], found[f"{path}.entries[{index}].address"] = number(word), address
    for index, tree_of in enumerate(tree.all("nbns.nb_flags_tree")[:len(addresses)]):
        found[f"{path}.entries[{index}].group"] = number(tree_of.get("nbns.nb_flags.group")) == 1
        found[f"{path}.entries[{index}].ownerNodeType"] = "BPMH"[number(tree_of.get("nbns.nb_flags.ont"))]
    if (count := tree.get("nbns.number_of_names")) is not None:
        found[f"{path}.names"] = number(count)
    names, words = tree.all("nbns.netbios_name"), tree.all("nbns.name_flags")
    for index, (text, word) in enumerate(zip(names, words)):
        found[f"{path}.names[{index}].base"], found[f"{path}.names[{index}].flags"] = text, number(word)
    for key, field in STATISTICS.items():
        if (value := tree.get(f"nbns.{key}")) is not None:
            found[f"{path}.statistics.{field}"] = value if key == "unit_id" else number(value)
    for field, value in zip(COMMAND_BLOCKS, tree.all("nbns.numcommand_blocks")):
        found[f"{path}.statistics.{field}"] = number(value)


def packet(layers):
    tree = layers.get("nbns")
    complaints = {value for key, value in walk(layers) if key == "_ws.expert.message" and isinstance(value, str)}
    if not isinstance(tree, Tree):
        return {}, "no NBNS" if not complaints else ", ".join(sorted(complaints))
    found = {}
    for key, field in (("id", "id"), ("flags", "flags"), ("count.queries", "qdcount"), ("count.answers", "ancount"), ("count.auth_rr", "nscount"), ("count.add_rr", "arcount")):
        if (value := tree.get(f"nbns.{key}")) is not None:
            found[f"header.{field}"] = number(value)
    for key, value in tree.get("nbns.flags_tree") or []:
        field = HEADER[key.rsplit(".", 1)[1]]
        found[f"header.{field}"] = number(value) if field in ("opcode", "rcode") else number(value) == 1
    questions = [part for block in tree.all("Queries") if isinstance(block, Tree) for _, part in block]
    records = [part for section in ("Answers", "Authoritative nameservers", "Additional records") for block in tree.all(section) if isinstance(block, Tree) for _, part in block]
    found["questions"], found["records"] = len(questions), len(records)
    for group, parts in (("questions", questions), ("records", records)):
        for index, part in enumerate(parts):
            entry(f"{group}[{index}]", part, found)
    if any(value == "(no NetBIOS name)" for value in found.values()):
        complaints.add("Illegal NetBIOS name")
    return found, ", ".join(sorted(complaints)) or None


def read(vectors, folder):
    printed = subprocess.run(["tshark", "-n", "-r", f"{folder}/nbns.pcap", "-T", "json"], capture_output=True, check=True).stdout
    frames = json.loads(printed.decode("utf-8", "surrogateescape"), object_pairs_hook=Tree, strict=False)
    assert len(frames) == len(vectors)
    return [packet(frame.get("_source").get("layers")) for frame in frames]


def expects(wanted):
    """A listed name's text stands without its suffix, which only the tree's own line has."""
    return {path.replace("].text", "].base") if ".names[" in path else path: value[:-4] if ".names[" in path and path.endswith(".text") else value for path, value in wanted.items()}
