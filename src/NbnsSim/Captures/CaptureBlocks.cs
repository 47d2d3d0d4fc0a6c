namespace NbnsSim.Captures;

/// <summary>pcapng blocks that are no packets.</summary>
internal static class CaptureBlocks
{
    private const uint JournalBlock = 9; // systemd's
    private const uint CustomBlock = 0xBAD;
    private const uint PrivateCustomBlock = 0x4000_0BAD;
    private const uint SysdigEvent = 0x204;
    private const uint SysdigEvent2 = 0x216;
    private const uint SysdigLargeEvent2 = 0x221;

    /// <summary>
    /// Whether Wireshark gives such a block a frame number although it holds no packet, so that ours are the same. Observed with tshark 4.0.
    /// </summary>
    public static bool CountsAsFrame(uint type) =>
        type is JournalBlock or CustomBlock or PrivateCustomBlock or SysdigEvent or SysdigEvent2 or SysdigLargeEvent2;
}
