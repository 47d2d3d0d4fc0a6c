namespace NbnsSim.Captures;

/// <summary>Says what a file is that is no capture we read, by its first octets.</summary>
internal static class CaptureSignature
{
    public static string Describe(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
            return "an empty file";
        if (Known(start) is { } known)
            return known;
        string hex = string.Join(' ', Convert.ToHexString(start[..Math.Min(8, start.Length)]).Chunk(2).Select(pair => new string(pair)));
        return IsText(start) ? $"text that begins with \"{Printable(start)}\"" : $"data that begins with {hex}";
    }

    private static string? Known(ReadOnlySpan<byte> start) => start switch
    {
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "Zstandard data: decompress it first (zstd -dc)",
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] => "xz data: decompress it first (xz -dc)",
        [(byte)'B', (byte)'Z', (byte)'h', ..] => "bzip2 data: decompress it first (bzip2 -dc)",
        [0x04, 0x22, 0x4D, 0x18, ..] => "LZ4 data: decompress it first (lz4 -dc)",
        [(byte)'P', (byte)'K', 3, 4, ..] => "a zip archive: unpack it first",
        [(byte)'T', (byte)'R', (byte)'S', (byte)'N', (byte)'I', (byte)'F', (byte)'F', ..] => "a Sniffer capture: convert it first (editcap -F pcapng IN OUT)",
        [(byte)'X', (byte)'C', (byte)'P', 0, ..] => "a NetXRay or Sniffer capture: convert it first (editcap -F pcapng IN OUT)",
        [(byte)'O', (byte)'b', (byte)'s', (byte)'e', (byte)'r', (byte)'v', (byte)'e', (byte)'r', ..] => "an Observer capture: convert it first (editcap -F pcapng IN OUT)",
        [5, (byte)'V', (byte)'N', (byte)'F', ..] => "a Visual Networks capture: convert it first (editcap -F pcapng IN OUT)",
        [(byte)'T', (byte)'R', 0, (byte)'d', ..] => "an HP-UX nettl trace: convert it first (editcap -F pcapng IN OUT)",
        [(byte)'b', (byte)'t', (byte)'s', (byte)'n', (byte)'o', (byte)'o', (byte)'p', 0, ..] => "a Bluetooth capture (btsnoop), which has no name service packets",
        [(byte)'i', (byte)'p', (byte)'t', (byte)'r', (byte)'a', (byte)'c', (byte)'e', ..] => "an AIX iptrace: convert it first (editcap -F pcapng IN OUT)",
        [1, 0x10, 0x4C, 0, ..] => "a LANalyzer trace: convert it first (editcap -F pcapng IN OUT)",
        [0x7F, (byte)'v', (byte)'e', (byte)'r', ..] => "an OmniPeek capture: convert it first (editcap -F pcapng IN OUT)",
        [0, 0, 2, 0, 0x12, 5, 0, 0x10, ..] => "a Tektronix K12 recording: convert it first (editcap -F pcapng IN OUT)",
        [0xAA, 0xAA, 0xAA, 0xAA, ..] => "a 5View capture: convert it first (editcap -F pcapng IN OUT)",
        [0x7F, (byte)'E', (byte)'L', (byte)'F', ..] => "a program (ELF)",
        [(byte)'M', (byte)'Z', ..] => "a program (MZ)",
        _ when IsEndace(start) => "an Endace ERF recording, as it seems: convert it first (editcap -F pcapng IN OUT)",
        _ => null,
    };

    /// <summary>ERF has no signature: | time, little-endian (64) | type (8) | flags (8) | record length (16) | lost (16) | wire length (16) |.</summary>
    private static bool IsEndace(ReadOnlySpan<byte> start) => start.Length >= 16
        && start[7] is > 0x30 and < 0x90 // seconds since 1970: of this age
        && (start[8] & 0x7F) is >= 1 and <= 27 && start[10..12] is [_, >= 16] or [> 0, _] && start[10] < 0x40 && start[14..16] is not [0, 0];

    private static bool IsText(ReadOnlySpan<byte> start)
    {
        foreach (byte octet in start)
        {
            if (octet is (< 0x20 and not ((byte)'\t' or (byte)'\r' or (byte)'\n')) or > 0x7E)
                return false;
        }

        return true;
    }

    private static string Printable(ReadOnlySpan<byte> text) =>
        string.Concat(text[..Math.Min(16, text.Length)].ToArray().Select(octet => octet is < 0x20 ? ' ' : (char)octet));
}
