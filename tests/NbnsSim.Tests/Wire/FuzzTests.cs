using NbnsSim.Tests.Messages;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Wire;

/// <summary>Bytes from the world never throw, hang or allocate without bound.</summary>
public sealed class FuzzTests
{
    /// <summary>The benchmarks project runs ten million: <c>dotnet run -c Release --project benchmarks/NbnsSim.Benchmarks -- fuzz</c>.</summary>
    [Test]
    public void RandomMutatedAndAssembledPacketsAreReadOrRefusedCleanly()
    {
        var fuzzer = new PacketFuzzer(20260729, MessageVectors.All.Select(v => v.Hex).Concat(MessageVectors.Captured.Select(c => c.Hex)).Select(MessageVectors.Octets));

        fuzzer.Run(100_000);

        Assert.That(fuzzer.Readable, Is.GreaterThan(15_000), "enough packets must get past the first check, or little is tested");
        Assert.That(fuzzer.Messages, Is.GreaterThan(8_000));
    }

    /// <summary>Sixteen thousand octets of pointers, and every record's name at the far end of them.</summary>
    [Test]
    public void PointerChainsCostNoMoreThanTheirBound()
    {
        byte[] buffer = new byte[65_535];
        var writer = new NbnsPacketWriter(buffer);
        writer.WriteHeader(1, 0x8500, answers: ushort.MaxValue);
        writer.WriteLabel([]);
        writer.WriteRecordHead(NbnsType.Null, 0, 16_000);
        int last = NbnsHeader.Size;
        for (int i = 0; i < 8_000; i++)
        {
            int here = writer.Length;
            writer.WritePointer(last);
            last = here;
        }

        while (writer.Length + 12 <= buffer.Length)
        {
            writer.WritePointer(last);
            writer.WriteRecordHead(NbnsType.Null, 0, 0);
        }

        Assert.That(NbnsPacket.TryParse(writer.Written, out var packet, out var error), Is.False);
        Assert.That(error.Kind, Is.EqualTo(NbnsParseErrorKind.TooManyPointers));
        Assert.That(packet.Records.Count, Is.EqualTo(1));
    }

    /// <summary>The longest name that the lenient form takes, pointed to by as many records as a datagram holds.</summary>
    [Test]
    public void ManyRecordsMayShareOneLongName()
    {
        byte[] buffer = new byte[65_535];
        var writer = new NbnsPacketWriter(buffer);
        writer.WriteHeader(1, 0x8500, answers: 5_411);
        writer.WriteLabel("x"u8);
        for (int i = 0; i < 9; i++)
            writer.WriteLabel(new byte[61]);
        writer.WriteLabel([]);
        writer.WriteRecordHead(NbnsType.Null, 0, 0);
        int records = 1;
        for (; writer.Length + 12 <= buffer.Length; records++)
        {
            writer.WritePointer(NbnsHeader.Size);
            writer.WriteRecordHead(NbnsType.Null, 0, 0);
        }

        writer.Patch(6, (ushort)records);
        Assert.That(NbnsPacket.TryParse(writer.Written, out _, out var error), Is.False);
        Assert.That(error, Is.EqualTo(new NbnsParseError(NbnsParseErrorKind.NameTooLong, NbnsHeader.Size)));
        Assert.That(NbnsPacket.TryParseLenient(writer.Written, out var packet, out error), Is.True, error.ToString());
        Assert.That(packet.Anomalies.HasFlag(NbnsAnomalies.LongName), Is.True);
        Assert.That(packet.Records.Count, Is.EqualTo(records));
        PacketVisitor.VisitAll(packet);
    }
}
