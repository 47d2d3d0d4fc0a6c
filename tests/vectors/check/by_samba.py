"""What Samba's own description of the packets (NDR, samba.dcerpc.nbt) finds."""
NEEDS = "Samba's Python (Debian: python3-samba)"
STATISTICS = {"jumpers": "jumpers", "test_result": "testResult", "version_number": "versionNumber", "period_of_statistics": "periodOfStatistics", "number_of_crcs": "numberOfCrcs",
              "number_alignment_errors": "numberAlignmentErrors", "number_of_collisions": "numberOfCollisions", "number_send_aborts": "numberSendAborts", "number_good_sends": "numberGoodSends",
              "number_good_receives": "numberGoodReceives", "number_retransmits": "numberRetransmits", "number_no_resource_conditions": "numberNoResourceConditions",
              "number_free_command_blocks": "numberFreeCommandBlocks", "total_number_command_blocks": "totalNumberCommandBlocks", "max_total_number_command_blocks": "maxTotalNumberCommandBlocks",
              "number_pending_sessions": "numberPendingSessions", "max_number_pending_sessions": "maxNumberPendingSessions", "max_total_sessions_possible": "maxTotalSessionsPossible",
              "session_data_packet_size": "sessionDataPacketSize"}


def version():
    try:
        import samba
        import samba.dcerpc.nbt  # noqa: F401
        return samba.version.split("-")[0]
    except ImportError:
        return None


def base_of(read):
    """A name of fifteen octets as Samba gives it: text in UTF-8, trailing spaces dropped."""
    try:
        text = read()
    except UnicodeDecodeError as error:
        return bytes(error.object)
    return text.encode("utf-8", "surrogateescape")


def name(path, said, found):
    found[f"{path}.trimmed"] = base_of(lambda: said.name).hex()
    found[f"{path}.suffix"] = said.type
    found[f"{path}.scope"] = base_of(lambda: said.scope or "").decode("latin-1")


def packet(octets):
    from samba.dcerpc import nbt
    from samba.ndr import ndr_unpack
    said = ndr_unpack(nbt.name_packet, octets, allow_remaining=True)
    found = {"header.id": said.name_trn_id, "header.flags": said.operation, "header.qdcount": said.qdcount, "header.ancount": said.ancount, "header.nscount": said.nscount,
             "header.arcount": said.arcount, "questions": len(said.questions)}
    for index, question in enumerate(said.questions):
        name(f"questions[{index}].name", question.name, found)
        found[f"questions[{index}].type"], found[f"questions[{index}].class"] = question.question_type, question.question_class
    records = [*said.answers, *said.nsrecs, *said.additional]
    found["records"] = len(records)
    for index, record in enumerate(records):
        path = f"records[{index}]"
        name(f"{path}.name", record.name, found)
        found |= {f"{path}.type": record.rr_type, f"{path}.class": record.rr_class, f"{path}.ttl": record.ttl}
        data = record.rdata
        if hasattr(data, "length"):
            found[f"{path}.rdlength"] = data.length
        if hasattr(data, "addresses") and said.operation >> 11 & 15 != 7:
            found[f"{path}.entries"] = len(data.addresses)
            for number, one in enumerate(data.addresses):
                found[f"{path}.entries[{number}].flags"], found[f"{path}.entries[{number}].address"] = one.nb_flags, one.ipaddr
        if hasattr(data, "names"):
            found[f"{path}.names"] = data.num_names
            for number, one in enumerate(data.names):
                found |= {f"{path}.names[{number}].trimmed": base_of(lambda: one.name).rstrip(b" ").hex(), f"{path}.names[{number}].suffix": one.type, f"{path}.names[{number}].flags": one.nb_flags}
            found[f"{path}.statistics.unitId"] = ":".join(f"{octet:02x}" for octet in data.statistics.unit_id)
            for key, field in STATISTICS.items():
                found[f"{path}.statistics.{field}"] = getattr(data.statistics, key)
    return found


def read(vectors, folder):
    results = []
    for vector in vectors:
        try:
            results.append((packet(bytes.fromhex(vector["hex"])), None))
        except Exception as error:
            results.append(({}, f"{type(error).__name__}: {error}"))
    return results


def expects(wanted):
    """Samba drops the spaces at the end of a name, which its users put back."""
    more = {}
    for path, value in wanted.items():
        if path.endswith(".octets"):
            more[path[:-len("octets")] + "trimmed"] = None if value is None else bytes.fromhex(value).rstrip(b" ").hex()
    return wanted | more
