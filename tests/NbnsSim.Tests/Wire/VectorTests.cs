using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Wire;

/// <summary>Packets computed by hand from the rules of RFC 1002 §4.2: address 10.0.0.2, name ALICE&lt;03&gt;.</summary>
public sealed class VectorTests
{
    private const string N = "20 4542454d454a4544454643414341434143414341434143414341434143414144 00";

    [TestCase("1234 2910 0001 0000 0000 0001" + N + "0020 0001 c00c 0020 0001 00000000 0006 0000 0a000002", 68, NbnsMessageKind.NameRegistrationRequest)]
    [TestCase("1235 3010 0001 0000 0000 0001" + N + "0020 0001 c00c 0020 0001 00000000 0006 0000 0a000002", 68, NbnsMessageKind.NameReleaseDemand)]
    [TestCase("1236 ad87 0000 0001 0000 0000" + N + "0020 0001 00000000 0006 0000 00000000", 62, NbnsMessageKind.NameConflictDemand)]
    [TestCase("1238 bc00 0000 0001 0000 0000" + N + "0020 0001 00000009 0002 2900", 58, NbnsMessageKind.WaitForAcknowledgementResponse)]
    public void VectorParses(string hex, int length, NbnsMessageKind kind)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        Assert.That(NbnsPacket.TryParse(bytes, out var packet, out var error), Is.True, error.ToString());
        Assert.That(bytes, Has.Length.EqualTo(length));
        Assert.That(packet.Anomalies, Is.EqualTo(NbnsAnomalies.None));
        Assert.That(NbnsClassification.Classify(packet), Is.EqualTo(kind));
        Assert.That(packet.Name.TryGetName(out var name), Is.True);
        Assert.That(name, Is.EqualTo(NetBiosName.Parse("ALICE<03>")));
    }
}
