namespace NbnsSim.Reports.EventLogs;

/// <summary>The checksum of .evtx files: CRC-32 of IEEE 802.3, as in gzip (RFC 1952 §8).</summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of octets, or of octets behind others whose checksum is known.</summary>
    public static uint Of(ReadOnlySpan<byte> octets, uint before = 0)
    {
        uint sum = ~before;
        foreach (byte octet in octets)
            sum = Table[(byte)(sum ^ octet)] ^ (sum >> 8);
        return ~sum;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1;
            table[i] = value;
        }

        return table;
    }
}
