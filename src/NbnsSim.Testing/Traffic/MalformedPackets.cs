using NbnsSim.Messages;
using NbnsSim.Names;

namespace NbnsSim.Testing.Traffic;

/// <summary>Packets that break the format of RFC 1002 §4.2, as programs have crashed over.</summary>
internal static class MalformedPackets
{
    /// <summary>Each kind once.</summary>
    public static IReadOnlyList<byte[]> Of(ushort id, NetBiosName name)
    {
        byte[] query = new NameQueryRequest(id, name).ToArray();
        byte[] release = new NameReleaseRequest(id, name, default).ToArray();
        return
        [
            query[..7], // within the header
            query[..11], // an octet short of it
            query[..12], // the header alone, which promises a question
            query[..30], // within the name
            With(query, 12, 0x3F), // a label longer than the packet (RFC 883 labels have 63 octets at most)
            [.. query[..12], 0xC0, 0x0C, .. query[46..]], // a pointer to itself
            With(query, 13, (byte)'z'), // not half-ASCII (RFC 1001 §14.1)
            With(query, 5, 9), // nine questions, and one is there
            With(release, 60, 0xFF), // RDLENGTH beyond the end
            release[..55], // within the record
        ];
    }

    private static byte[] With(byte[] packet, int at, byte value)
    {
        byte[] changed = [.. packet];
        changed[at] = value;
        return changed;
    }
}
