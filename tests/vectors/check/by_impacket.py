"""What impacket.nmb finds: it decodes headers, questions, and the records of responses."""
import re

NEEDS = "impacket (Debian: python3-impacket)"
STATISTICS = {"JUMPERS": "jumpers", "TEST_RESULT": "testResult", "VERSION_NUMBER": "versionNumber", "PERIOD_OF_STATISTICS": "periodOfStatistics", "NUMBER_OF_CRCs": "numberOfCrcs",
              "NUMBER_ALIGNMENT_ERRORS": "numberAlignmentErrors", "NUMBER_OF_COLLISIONS": "numberOfCollisions", "NUMBER_SEND_ABORTS": "numberSendAborts", "NUMBER_GOOD_SENDS": "numberGoodSends",
              "NUMBER_GOOD_RECEIVES": "numberGoodReceives", "NUMBER_RETRANSMITS": "numberRetransmits", "NUMBER_NO_RESOURCE_CONDITIONS": "numberNoResourceConditions",
              "NUMBER_FREE_COMMAND_BLOCKS": "numberFreeCommandBlocks", "TOTAL_NUMBER_COMMAND_BLOCKS": "totalNumberCommandBlocks",
              "MAX_TOTAL_NUMBER_COMMAND_BLOCKS": "maxTotalNumberCommandBlocks", "NUMBER_PENDING_SESSIONS": "numberPendingSessions", "MAX_NUMBER_PENDING_SESSIONS": "maxNumberPendingSessions",
              "MAX_TOTAL_SESSIONS_POSSIBLE": "maxTotalSessionsPossible", "SESSION_DATA_PACKET_SIZE": "sessionDataPacketSize"}


def version():
    try:
        import importlib.metadata
        import impacket.nmb  # noqa: F401
        return importlib.metadata.version("impacket")
    except ImportError:
        return None


def name(path, octets, found):
    from impacket import nmb
    _, decoded, scope = nmb.decode_name(octets)
    base = decoded.encode("latin-1")
    found[f"{path}.octets"], found[f"{path}.suffix"], found[f"{path}.scope"] = base[:15].hex(), base[15], scope.lstrip(".")


def packet(octets, found):
    from impacket import nmb
    header = nmb.NAME_SERVICE_PACKET(octets)
    found |= {"header.id": header["NAME_TRN_ID"], "header.flags": header["FLAGS"], "header.qdcount": header["QDCOUNT"], "header.ancount": header["ANCOUNT"], "header.nscount": header["NSCOUNT"],
              "header.arcount": header["ARCOUNT"]}
    body = header["ANSWERS"]
    if not header["FLAGS"] & 0x8000:
        if header["QDCOUNT"]:
            question = nmb.QUESTION_ENTRY(body)
            name("questions[0].name", body, found)
            found["questions[0].type"], found["questions[0].class"] = question["QUESTION_TYPE"], question["QUESTION_CLASS"]
        return
    if header["QDCOUNT"] or not header["ANCOUNT"]:
        return
    record = nmb.NBNSResourceRecord(body)
    name("records[0].name", body, found)
    found |= {"records[0].type": record["RR_TYPE"], "records[0].class": record["RR_CLASS"], "records[0].ttl": record["TTL"], "records[0].rdlength": record["RDLENGTH"]}
    if record["RR_TYPE"] == 0x21:
        status = nmb.NBNodeStatusResponse(body)
        found["records[0].names"] = status.num_names
        for index, one in enumerate(status.entries):
            found |= {f"records[0].names[{index}].octets": one["NAME"].hex(), f"records[0].names[{index}].suffix": one["TYPE"], f"records[0].names[{index}].flags": one["NAME_FLAGS"]}
        found["records[0].statistics.unitId"] = status.get_mac().lower().replace("-", ":")
        for key, field in STATISTICS.items():
            found[f"records[0].statistics.{field}"] = status.statistics[key]
    elif record["RR_TYPE"] == 0x20 and header["FLAGS"] >> 11 & 15 != 7:
        addresses = nmb.NBPositiveNameQueryResponse(body).entries
        found["records[0].entries"] = len(addresses)
        for index, address in enumerate(addresses):
            found[f"records[0].entries[{index}].address"] = address


def read(vectors, folder):
    results = []
    for vector in vectors:
        found = {}
        try:
            packet(bytes.fromhex(vector["hex"]), found)
            results.append((found, None))
        except Exception as error:
            results.append((found, re.sub(r" at 0x[0-9a-f]+", "", f"{type(error).__name__}: {error}")[:120]))
    return results


def expects(wanted):
    return wanted
