meta:
  id: nbns
  title: NetBIOS name service packet (NBNS, UDP port 137)
  xref:
    rfc: 1002
  license: MIT
  ks-version: '0.10'
  endian: be
  bit-endian: be
doc: |
  The payload of one datagram of the NetBIOS name service, RFC 1002 §4.2, with Microsoft's multi-homed registration (MS-NBTE §2.2.2).

  A name is a sequence of labels that ends with a label of length 0 or with a pointer to labels that stand before it. The first label of a NetBIOS name
  has 32 letters 'A' to 'P', two for each of its sixteen octets; the labels behind it are the scope.

  What this description cannot say: that a pointer leads backwards, outside the header, and not over itself; that a name has at most 255 octets. Pointers
  are only followed when their `target` is asked for, so that a loop costs whoever follows it without a bound: take at most sixteen, and no target that is not
  before the name that points to it.
doc-ref: RFC 1002 §4.2
seq:
  - id: header
    type: header
  - id: questions
    type: question
    repeat: expr
    repeat-expr: header.qdcount
  - id: answers
    type: resource_record
    repeat: expr
    repeat-expr: header.ancount
  - id: authorities
    type: resource_record
    repeat: expr
    repeat-expr: header.nscount
  - id: additionals
    type: resource_record
    repeat: expr
    repeat-expr: header.arcount
  - id: trailing
    size-eos: true
    doc: Octets that no count covers; see `uncounted`.
instances:
  uncounted:
    pos: _io.size - trailing.length
    type: resource_record
    if: header.response and header.ancount == 0 and header.nscount == 0 and header.arcount == 0 and trailing.length >= 11
    doc: |
      RFC 1002 §4.2.14 draws the record of a NEGATIVE NAME QUERY RESPONSE under ANCOUNT 0. Where a response counts no record and exactly one whole
      record follows, it is that; reading this instance of other octets may fail.
types:
  header:
    doc-ref: RFC 1002 §4.2.1.1
    seq:
      - id: transaction_id
        type: u2
        doc: NAME_TRN_ID; a response has that of its request.
      - id: response
        type: b1
        doc: R; set in a NAME CONFLICT DEMAND too, which is nobody's response.
      - id: opcode
        type: b4
        enum: opcode
      - id: authoritative
        type: b1
        doc: AA
      - id: truncated
        type: b1
        doc: TC
      - id: recursion_desired
        type: b1
        doc: RD; tells a registration from an overwrite (§4.2.2, §4.2.3), and Samba's AD name server sets it the other way round.
      - id: recursion_available
        type: b1
        doc: RA
      - id: reserved
        type: b2
      - id: broadcast
        type: b1
        doc: B
      - id: rcode
        type: b4
        enum: rcode
      - id: qdcount
        type: u2
      - id: ancount
        type: u2
      - id: nscount
        type: u2
      - id: arcount
        type: u2
  question:
    doc-ref: RFC 1002 §4.2.1.2
    seq:
      - id: name
        type: name
      - id: type
        type: u2
        enum: record_type
      - id: class
        type: u2
        doc: 1, IN
  resource_record:
    doc-ref: RFC 1002 §4.2.1.3
    seq:
      - id: name
        type: name
      - id: type
        type: u2
        enum: record_type
      - id: class
        type: u2
        doc: 1, IN
      - id: ttl
        type: u4
        doc: Seconds; 0 is infinite (RFC 1002 §6). In a WACK, how long to wait.
      - id: rdlength
        type: u2
      - id: rdata
        size: rdlength
        type:
          switch-on: '_root.header.opcode == opcode::wack ? 0 : type.to_i'
          cases:
            0: wack_data
            0x0001: address_data
            0x0002: server_data
            0x0020: nb_data
            0x0021: node_status_data
  name:
    doc-ref: RFC 1002 §4.1
    seq:
      - id: labels
        type: label
        repeat: until
        repeat-until: _.length == 0 or _.is_pointer
  label:
    doc: A label, the root label (length 0), or a pointer to labels.
    seq:
      - id: length
        type: u1
        valid:
          expr: _ < 0x40 or _ >= 0xc0
        doc: The upper two bits 00 make a label, 11 a pointer; 01 and 10 are reserved.
      - id: pointer_low
        type: u1
        if: is_pointer
      - id: content
        size: length
        if: not is_pointer
        type:
          switch-on: length
          cases:
            32: half_ascii
    instances:
      is_pointer:
        value: length >= 0xc0
      offset:
        value: ((length & 0x3f) << 8) | pointer_low
        if: is_pointer
        doc: Where the labels stand that the pointer leads to, counted from the start of the packet.
      target:
        io: _root._io
        pos: offset
        type: name
        if: is_pointer
  half_ascii:
    doc: First-level encoding, RFC 1001 §14.1. A scope's label of 32 octets is read as this too; there the letters mean nothing.
    seq:
      - id: octets
        type: half_ascii_octet
        repeat: expr
        repeat-expr: 16
    instances:
      suffix:
        value: octets[15].octet
        doc: By Microsoft's convention the sixteenth octet tells the service (MS-NBTE §2.2.1).
  half_ascii_octet:
    seq:
      - id: high
        type: u1
      - id: low
        type: u1
    instances:
      is_valid:
        value: high >= 0x41 and high <= 0x50 and low >= 0x41 and low <= 0x50
      octet:
        value: ((high - 0x41) << 4) | (low - 0x41)
        doc: Of meaning only where `is_valid`.
  nb_data:
    doc-ref: RFC 1002 §4.2.1.3, §4.2.13
    seq:
      - id: entries
        type: nb_entry
        repeat: expr
        repeat-expr: _io.size / 6
      - id: odd
        size-eos: true
        doc: Octets that make no whole entry; none in a packet that is as drawn.
  nb_entry:
    seq:
      - id: group
        type: b1
        doc: G
      - id: owner_node_type
        type: b2
        enum: node_type
        doc: ONT
      - id: reserved
        type: b13
      - id: address
        type: ipv4_address
  ipv4_address:
    seq:
      - id: octets
        type: u1
        repeat: expr
        repeat-expr: 4
  address_data:
    doc: NSD_IP_ADDR, RFC 1002 §4.2.15
    seq:
      - id: address
        type: ipv4_address
  server_data:
    doc: NSD_NAME, RFC 1002 §4.2.15
    seq:
      - id: name
        type: name
  wack_data:
    doc: OPCODE and NM_FLAGS of the request that is waited for, RFC 1002 §4.2.16
    seq:
      - id: request_flags
        type: u2
        if: _io.size >= 2
  node_status_data:
    doc-ref: RFC 1002 §4.2.18
    seq:
      - id: num_names
        type: u1
        if: _io.size > 0
      - id: names
        type: node_name
        repeat: expr
        repeat-expr: '_io.size > 0 ? num_names : 0'
      - id: statistics
        type: statistics
        if: _io.size - _io.pos >= 46
      - id: rest
        size-eos: true
        doc: Statistics that are cut, or octets behind them.
  node_name:
    seq:
      - id: name
        size: 15
        doc: In clear, not half-ASCII; padded with spaces as a rule.
      - id: suffix
        type: u1
      - id: group
        type: b1
        doc: G
      - id: owner_node_type
        type: b2
        enum: node_type
        doc: ONT
      - id: deregistering
        type: b1
        doc: DRG
      - id: conflict
        type: b1
        doc: CNF
      - id: active
        type: b1
        doc: ACT
      - id: permanent
        type: b1
        doc: PRM
      - id: reserved
        type: b9
  statistics:
    doc: Of these only the unit id is reliable across implementations.
    seq:
      - id: unit_id
        size: 6
      - id: jumpers
        type: u1
      - id: test_result
        type: u1
      - id: version_number
        type: u2
      - id: period_of_statistics
        type: u2
      - id: number_of_crcs
        type: u2
      - id: number_alignment_errors
        type: u2
      - id: number_of_collisions
        type: u2
      - id: number_send_aborts
        type: u2
      - id: number_good_sends
        type: u4
      - id: number_good_receives
        type: u4
      - id: number_retransmits
        type: u2
      - id: number_no_resource_conditions
        type: u2
      - id: number_free_command_blocks
        type: u2
      - id: total_number_command_blocks
        type: u2
      - id: max_total_number_command_blocks
        type: u2
      - id: number_pending_sessions
        type: u2
      - id: max_number_pending_sessions
        type: u2
      - id: max_total_sessions_possible
        type: u2
      - id: session_data_packet_size
        type: u2
enums:
  opcode:
    0: query
    5: registration
    6: release
    7: wack
    8: refresh
    9:
      id: refresh_alternate
      doc: As the diagram of RFC 1002 §4.2.4 has it, where §4.2.1.1 has 8.
    15:
      id: multihomed_registration
      doc: MS-NBTE §2.2.2
  rcode:
    0: success
    1: format_error
    2: server_failure
    3: name_error
    4: not_implemented
    5: refused
    6: active_error
    7: conflict_error
  record_type:
    0x0001: a
    0x0002: ns
    0x000a: 'null'
    0x0020: nb
    0x0021: nbstat
  node_type:
    0: b
    1: p
    2: m
    3:
      id: h
      doc: Reserved in RFC 1002, hybrid node at Microsoft (Q189101).
