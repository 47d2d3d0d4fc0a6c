using System.Buffers.Binary;
using System.Security.Cryptography;
using NbnsSim.Captures;
using NbnsSim.Jobs.Tables;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Replay;
using NbnsSim.Testing.Traffic;
using NbnsSim.Wire;

namespace NbnsSim.Jobs.Tests.Tables;

/// <summary>What a row says of a datagram is what the codec reads in it.</summary>
public sealed class DatagramRowsTests
{
    private static readonly Ipv4Endpoint Alpha = new(Ipv4Address.Parse("10.0.0.1"), 137);
    private static readonly Ipv4Endpoint All = new(Ipv4Address.Parse("10.0.0.255"), 137);

    [Test]
    public void ARegistrationIsReadWhole()
    {
        var name = NetBiosName.Parse("JSMITH<03>.EXAMPLE.COM");
        byte[] payload = new NameRegistrationRequest(0x1234, name, new NbEntry(new NbFlags(group: false, OwnerNodeType.M), Alpha.Address), 300_000, isBroadcast: true).ToArray();
        var row = new DatagramRows().Read(new DatagramRow { Number = 7, Capture = 2, Frame = 9, IsBroadcast = true }, Alpha, All, new MacAddress(0x0200_0000_0001), payload);
        Assert.That(row, Is.EqualTo(new DatagramRow
        {
            Number = 7,
            Capture = 2,
            Frame = 9,
            IsBroadcast = true,
            Source = "10.0.0.1",
            SourcePort = 137,
            Destination = "10.0.0.255",
            DestinationPort = 137,
            SourceMac = "02-00-00-00-00-01",
            Kind = NbnsMessageKind.NameRegistrationRequest,
            Flags = new NbnsFlags(BinaryPrimitives.ReadUInt16BigEndian(payload.AsSpan(2))),
            TransactionId = 0x1234,
            Name = "JSMITH",
            Suffix = 3,
            Scope = "EXAMPLE.COM",
            Entries = 1,
            EntryAddress = "10.0.0.1",
            EntryFlags = new NbFlags(0x4000),
            TimeToLive = 300_000,
            PayloadLength = payload.Length,
            PayloadHash = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(payload)),
        }));
    }

    [Test]
    public void OctetsOfANameThatDoNotPrintAreEscaped()
    {
        var name = new NetBiosName(NbnsSim.Tests.Poison.Octets);
        byte[] payload = new NameQueryRequest(1, name, isBroadcast: true).ToArray();
        var row = new DatagramRows().Read(default, Alpha, All, null, payload);
        Assert.That((row.Name, row.Suffix), Is.EqualTo((name.BaseName, (byte?)name.Suffix)));
        Assert.That(row.Name, Does.StartWith("<1b>[2J<07>"));
        payload[13] = (byte)'z'; // no half-ASCII any more: what is there in the name's place
        row = new DatagramRows().Read(default, Alpha, All, null, payload);
        Assert.That((row.Name![0], row.Name.Length, row.Suffix, row.Scope), Is.EqualTo(('z', 32, (byte?)null, "")));
    }

    [Test]
    public void AnyOctetsMakeARow()
    {
        var rows = new DatagramRows();
        var random = new RandomStream(1);
        byte[] payload = new NameRegistrationRequest(1, NetBiosName.Parse("A<00>.B"), new NbEntry(default, Alpha.Address), 0, isBroadcast: true).ToArray();
        Assert.That(rows.Read(default, []), Is.EqualTo(new DatagramRow { Problem = rows.Read(default, []).Problem, PayloadHash = 0xe3b0c44298fc1c14 }));
        for (int i = 0; i < 50_000; i++)
        {
            byte[] broken = payload[..(int)random.Next((uint)payload.Length + 1)];
            for (uint changes = random.Next(4); changes > 0 && broken.Length > 0; changes--)
                broken[random.Next((uint)broken.Length)] = (byte)random.Next(256);
            var row = rows.Read(default, broken);
            Assert.That(row.Problem is null, Is.EqualTo(row.Kind is not (null or NbnsMessageKind.Unknown)), Convert.ToHexString(broken));
            Assert.That(row.TransactionId.HasValue, Is.EqualTo(broken.Length >= 2));
            Assert.That(VisibleText.IndexOfHidden($"{row.Name}{row.Scope}{row.Problem}"), Is.EqualTo(-1));
        }
    }

    [Test]
    public void ForgottenTextsAreMadeAgain()
    {
        var rows = new DatagramRows();
        for (uint i = 0; i < 2 * DatagramRows.MaxRemembered; i += 7)
        {
            var address = new Ipv4Address(i);
            Assert.That(rows.Read(default, new Ipv4Endpoint(address, 1), All, null, []).Source, Is.EqualTo(address.ToString()));
        }
    }

    // counted by another way through the same packets
    [Test]
    public void ACapturesKindsAreThoseOfItsPackets()
    {
        using var capture = new MemoryStream();
        TrafficFile.WriteCapture(TrafficClasses.Scored[0].Play(1, backgroundHosts: 10), capture);
        capture.Position = 0;
        using var datagrams = new DatagramReader(CaptureReader.Open(capture), CaptureFile.NameService);
        var rows = new DatagramRows();
        var kinds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var expected = new SortedDictionary<string, int>(StringComparer.Ordinal);
        while (datagrams.TryRead(out var datagram))
        {
            var row = rows.Read(default, datagram.Source, datagram.Destination, datagram.SourceMac, datagram.Payload);
            Count(kinds, $"{row.Kind?.Title()} {row.Source} {row.Name}<{row.Suffix:X2}>");
            Assert.That(NbnsMessage.TryRead(datagram.Payload, out var message, out _), Is.True);
            Count(expected, $"{message!.Kind.Title()} {datagram.Source.Address} {message.Name.BaseName}<{(byte)message.Name.Suffix:X2}>");
        }

        Assert.That(kinds, Is.EqualTo(expected));
        Assert.That(kinds, Has.Count.GreaterThan(50));

        static void Count(SortedDictionary<string, int> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;
    }
}
