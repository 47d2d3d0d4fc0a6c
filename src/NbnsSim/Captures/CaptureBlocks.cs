namespace NbnsSim.Captures;

/// <summary>pcapng blocks that are no packets.</summary>
internal static class CaptureBlocks
{
    /// <summary>
    /// Whether Wireshark gives such a block a frame number although it holds no packet, so that our numbers are the same.
    /// Observed with tshark 4.0.
    /// </summary>
    public static bool CountsAsFrame(uint type) => false;
}
