using FsCheck;
using FsCheck.Fluent;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Messages;

/// <summary>Whatever message is made, its octets say the same message.</summary>
public sealed class NbnsMessageProperties
{
    private static readonly Gen<ushort> Words = Gen.Choose(0, ushort.MaxValue).Select(v => (ushort)v);
    private static readonly Gen<uint> Seconds = Gen.OneOf(Gen.Constant(0u), Words.SelectMany(h => Words.Select(l => ((uint)h << 16) | l)));
    private static readonly Gen<bool> Booleans = Gen.Elements(false, true);
    private static readonly Gen<NbEntry> Entries = Words.SelectMany(f => Seconds.Select(a => new NbEntry(new NbFlags(f), new Ipv4Address(a))));

    private static readonly Gen<NetBiosName> Names =
        from octets in Gen.ArrayOf(Gen.OneOf(Gen.Choose(0, 255), Gen.Choose('A', 'Z')), NetBiosName.Size)
        from labels in Gen.Choose(0, 3)
        from scope in Gen.ArrayOf(Gen.Choose(1, 63).SelectMany(n => Gen.ArrayOf(Gen.Choose(0, 255), n)), labels)
        select new NetBiosName(Array.ConvertAll(octets, o => (byte)o), NetBiosScope.FromEncoded([.. scope.SelectMany(l => l.Select(o => (byte)o).Prepend((byte)l.Length))]));

    private static readonly Gen<NbnsMessage> Messages =
        from id in Words
        from name in Names
        from other in Names
        from entry in Entries
        from entries in Gen.Choose(1, 30).SelectMany(n => Gen.ArrayOf(Entries, n))
        from seconds in Seconds
        from one in Booleans
        from two in Booleans
        from rcode in Gen.Choose(1, 15).Select(v => (NbnsRcode)v)
        from word in Words
        from names in Gen.Choose(0, 40).SelectMany(n => Gen.ArrayOf(Names.SelectMany(node => Words.Select(f => new NodeStatusName(node.WithScope(null), new NameFlags(f)))), n))
        from kind in Gen.Choose(1, 20)
        select (NbnsMessage)((NbnsMessageKind)kind switch
        {
            NbnsMessageKind.NameRegistrationRequest => new NameRegistrationRequest(id, name, entry, seconds, one),
            NbnsMessageKind.NameOverwriteRequest => new NameOverwriteRequest(id, name, entry, seconds),
            NbnsMessageKind.NameOverwriteDemand => new NameOverwriteDemand(id, name, entry, seconds),
            NbnsMessageKind.NameRefreshRequest => new NameRefreshRequest(id, name, entry, seconds, one, two),
            NbnsMessageKind.MultihomedNameRegistrationRequest => new MultihomedNameRegistrationRequest(id, name, entry, seconds),
            NbnsMessageKind.PositiveNameRegistrationResponse => new PositiveNameRegistrationResponse(id, name, entry, seconds),
            NbnsMessageKind.NegativeNameRegistrationResponse =>
                new NegativeNameRegistrationResponse(id, name, rcode == NbnsRcode.ConflictError ? NbnsRcode.Refused : rcode, entry, seconds),
            NbnsMessageKind.EndNodeChallengeNameRegistrationResponse => new EndNodeChallengeNameRegistrationResponse(id, name, entry, seconds),
            NbnsMessageKind.NameConflictDemand => new NameConflictDemand(id, name, (OwnerNodeType)(word & 3)),
            NbnsMessageKind.NameReleaseRequest => new NameReleaseRequest(id, name, entry),
            NbnsMessageKind.NameReleaseDemand => new NameReleaseDemand(id, name, entry),
            NbnsMessageKind.PositiveNameReleaseResponse => new PositiveNameReleaseResponse(id, name, entry, seconds),
            NbnsMessageKind.NegativeNameReleaseResponse => new NegativeNameReleaseResponse(id, name, rcode, entry, seconds),
            NbnsMessageKind.NameQueryRequest => new NameQueryRequest(id, name, one, two),
            NbnsMessageKind.PositiveNameQueryResponse => new PositiveNameQueryResponse(id, name, [.. entries], seconds, one, two),
            NbnsMessageKind.NegativeNameQueryResponse => new NegativeNameQueryResponse(id, name, rcode, one),
            NbnsMessageKind.RedirectNameQueryResponse => new RedirectNameQueryResponse(id, name, other, entry.Address, seconds),
            NbnsMessageKind.WaitForAcknowledgementResponse => new WaitForAcknowledgementResponse(id, name, seconds, new NbnsFlags(word)),
            NbnsMessageKind.NodeStatusRequest => new NodeStatusRequest(id, name, one),
            _ => new NodeStatusResponse(id, name, names, new NodeStatistics(new MacAddress(seconds), 1, 2, word, id, GoodSends: seconds, SessionPacketSize: word), one),
        });

    [Test]
    public void EveryMessageReadsBackFromItsOctets() =>
        Prop.ForAll(Messages.ToArbitrary(), message =>
        {
            byte[] octets = message.ToArray();
            return octets.Length == message.Length
                && NbnsPacket.TryParse(octets, out var packet) && packet.Length == octets.Length
                && (packet.Anomalies & ~NbnsAnomalies.ReservedNbFlags) == NbnsAnomalies.None
                && NbnsMessage.TryRead(packet, out var read)
                && read.Equals(message) && read.GetType() == message.GetType() && read.GetHashCode() == message.GetHashCode()
                && read.ToArray().AsSpan().SequenceEqual(octets)
                && read.ToString() == NbnsDescription.Describe(octets);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
}
