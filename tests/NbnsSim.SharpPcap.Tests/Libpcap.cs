using SharpPcap;

namespace NbnsSim.SharpPcap.Tests;

/// <summary>Tests that need the native library are ignored, with the reason, where it is missing.</summary>
internal static class Libpcap
{
    public static void Require()
    {
        if (Pcap.LibpcapVersion.Major == 0)
            Assert.Ignore("libpcap is not installed (apt-get install libpcap0.8; on Windows Npcap).");
    }
}
