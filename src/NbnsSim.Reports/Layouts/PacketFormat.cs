namespace NbnsSim.Reports.Layouts;

/// <summary>A format of RFC 1002 §4.2 as a diagram of bits, sixteen a row.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Clause">Where it is drawn.</param>
/// <param name="Cells">Its fields, in order.</param>
internal sealed record PacketFormat(string Title, string Clause, IReadOnlyList<BitCell> Cells)
{
    private static readonly BitCell[] s_flags = [new("R", 1), new("OPCODE", 4), new("AA", 1), new("TC", 1), new("RD", 1), new("RA", 1), new("0", 1), new("0", 1), new("B", 1), new("RCODE", 4)];

    /// <summary>All that a packet is made of.</summary>
    public static IReadOnlyList<PacketFormat> All { get; } =
    [
        new("Header", "RFC 1002 §4.2.1.1", [new("NAME_TRN_ID", 16), .. s_flags, new("QDCOUNT", 16), new("ANCOUNT", 16), new("NSCOUNT", 16), new("ARCOUNT", 16)]),
        new("Question", "RFC 1002 §4.2.1.2", [new("QUESTION_NAME (34 octets and more)", 32), new("QUESTION_TYPE", 16), new("QUESTION_CLASS", 16)]),
        new("Resource record", "RFC 1002 §4.2.1.3", [new("RR_NAME (a pointer of 2 octets, or 34 and more)", 32), new("RR_TYPE", 16), new("RR_CLASS", 16), new("TTL", 32), new("RDLENGTH", 16), new("RDATA", 32)]),
        new("RDATA of type NB, for each address", "RFC 1002 §4.2.1.3", [new("G", 1), new("ONT", 2), new("reserved", 13), new("NB_ADDRESS", 32)]),
        new("RDATA of type NBSTAT", "RFC 1002 §4.2.18", [new("NUM_NAMES", 8), new("NODE_NAME …", 8), new("NODE_NAME (16 octets and NAME_FLAGS, for each name)", 32), new("STATISTICS (46 octets)", 32)]),
        new("NAME_FLAGS", "RFC 1002 §4.2.18", [new("G", 1), new("ONT", 2), new("DRG", 1), new("CNF", 1), new("ACT", 1), new("PRM", 1), new("reserved", 9)]),
    ];
}
