using FsCheck;
using FsCheck.Fluent;
using NbnsSim.Captures;
using NbnsSim.Jobs.Archives;
using NbnsSim.Tests.Captures;

namespace NbnsSim.Jobs.Tests.Archives;

/// <summary>Random captures, cut at random: what comes of the pieces is what comes of the whole.</summary>
public sealed class ArchivePropertyTests
{
    private static readonly byte[] Udp = Frames.Udp([.. Frames.Payload, .. new byte[60]]);

    [Test]
    public void ThePiecesOfRandomCapturesAreTheWhole()
    {
        using var runs = new ArchiveRuns();
        var captures = Gen.ListOf(Gen.Choose(0, 15), 60);
        var cases = from steps in captures from format in Gen.Choose(0, 3) from size in Gen.Choose(256, 3_000) from seed in Gen.Choose(0, 1_000) select (steps.ToArray(), format, size, seed);
        int number = 0;
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20_261_129, 12_345),
            Prop.ForAll(cases.ToArbitrary(), one =>
            {
                var (steps, format, size, seed) = one;
                byte[] octets = Build(steps, format, seed);
                string path = runs.Put($"{number++}", octets);
                var (datagrams, frames) = ArchiveRuns.Whole(CaptureReader.Open(octets));
                var cut = runs.Do(new ArchiveSpec([path]) { ShardOctets = size }, seed);
                Assert.That(cut.Datagrams, Is.EqualTo(datagrams));
                Assert.That(cut.Frames, Is.EqualTo(frames));
                Assert.That(cut.Whole, Is.EqualTo(runs.Do(new ArchiveSpec([path])).Whole));
            }));
    }

    private static byte[] Build(int[] steps, int format, int seed)
    {
        var random = new Random(seed);
        bool isPcapNg = format > 1;
        var bytes = new CaptureBytes(bigEndian: format % 2 == 1);
        _ = isPcapNg ? bytes.Section().Interface() : bytes.PcapHeader();
        long time = 1_000;
        int interfaces = 1;
        foreach (int step in steps)
        {
            time += random.Next(-1, 30);
            int identification = random.Next(4);
            int cut = 8 * random.Next(1, Udp.Length / 8);
            byte[]? frame = step switch
            {
                0 or 1 or 2 or 3 => Frames.Ordinary([.. Frames.Payload, (byte)random.Next(3)]),
                4 or 5 => Frames.Ethernet(Frames.Ipv4(Udp[..cut], identification, 0, more: true)),
                6 or 7 => Frames.Ethernet(Frames.Ipv4(Udp[cut..], identification, cut)),
                8 => Frames.Ethernet(Frames.Ipv4(Frames.Udp(new byte[random.Next(900)], sourcePort: 53, destinationPort: 1_053))),
                9 => Frames.Ethernet(Frames.Ipv6(Frames.Udp(ipv6: true)), type: 0x86DD),
                10 => Frames.Ethernet(Frames.Ipv4(new CaptureBytes().PcapRecord(1, 1, new byte[20]).PcapRecord(1, 1, new byte[20]).PcapRecord(1, 1, new byte[20]).PcapRecord(1, 1, new byte[20]).ToArray(), protocol: 6)),
                11 => Frames.Ordinary()[..random.Next(54)],
                _ => null,
            };
            if (frame is not null && isPcapNg)
                bytes.Enhanced((ulong)time * 20_000, frame, random.Next(interfaces));
            else if (frame is not null)
                bytes.PcapRecord(time / 50, time % 50 * 20_000, frame);
            else if (isPcapNg && step == 12)
                bytes.Interface(LinkType.Ethernet, snapLength: random.Next(2) * 70, options: options => options.Option(9, (byte)random.Next(6, 10)));
            else if (isPcapNg && step == 13)
                bytes.Section().Interface();
            else if (isPcapNg && step == 14)
                bytes.Block((uint)random.Next(4, 6), body => body.Add(new byte[random.Next(400)]));
            interfaces = !isPcapNg ? 1 : step == 12 ? interfaces + 1 : step == 13 ? 1 : interfaces;
        }

        byte[] octets = bytes.ToArray();
        return random.Next(4) == 0 ? octets[..random.Next(40, octets.Length)] : octets;
    }
}
