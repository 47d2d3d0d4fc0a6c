using System.Diagnostics;
using PacketDotNet;

namespace NbnsSim.SharpPcap.Tests;

/// <summary>What tshark says of the frames that are built, where it is installed.</summary>
public sealed class TsharkTests
{
    [Test]
    public void TsharkAcceptsTheFramesThatAreBuilt()
    {
        byte[][] datagrams = [Frames.Registration(), Frames.Registration("FRED<20>.EXAMPLE.COM"), Frames.NodeStatus()];
        using var file = new PcapFile(1, [.. datagrams.Select(datagram => Frames.Ethernet(datagram)), WithPacketDotNetAlone()]);
        string[] lines = Run(
            "-r", file.Path, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-T", "fields", "-e", "_ws.col.Protocol",
            "-e", "ip.checksum.status", "-e", "udp.checksum.status", "-e", "udp.length", "-e", "_ws.expert.message");
        Assert.That(lines, Is.EqualTo([.. datagrams.Append(Frames.Registration()).Select(datagram => $"NBNS\t1\t1\t{8 + datagram.Length}\t")]));
    }

    /// <summary>As somebody who knows PacketDotNet would put a frame together.</summary>
    private static byte[] WithPacketDotNetAlone()
    {
        var udp = new UdpPacket(137, 137) { PayloadPacket = new NameServicePacket(Frames.Registration()) };
        var ip = new IPv4Packet(Conversions.ToIPAddress(Frames.Source.Address), Conversions.ToIPAddress(Frames.Broadcast.Address)) { PayloadPacket = udp };
        var ethernet = new EthernetPacket(Conversions.ToPhysicalAddress(default), Conversions.ToPhysicalAddress(MacAddress.Broadcast), EthernetType.IPv4) { PayloadPacket = ip };
        udp.UpdateCalculatedValues();
        udp.UpdateUdpChecksum();
        ip.UpdateCalculatedValues();
        ip.UpdateIPChecksum();
        return ethernet.Bytes;
    }

    private static string[] Run(params string[] args)
    {
        var start = new ProcessStartInfo("tshark", args) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("tshark is not installed.");
            return [];
        }
    }
}
