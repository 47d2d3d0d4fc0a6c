using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>Requests as they come in at a name server's door.</summary>
internal static class Requests
{
    private static readonly Instant Now = Instant.FromUnixTime(1_000_000);

    /// <summary>The octets of a claim, or of another request that carries an address.</summary>
    public static byte[] Claim(string name, string address, bool group = false, ushort id = 1, ushort flags = NbnsFlagWords.RegistrationRequest, uint ttl = 300)
    {
        Span<byte> buffer = stackalloc byte[576];
        var entry = new NbEntry(new NbFlags(group, OwnerNodeType.P), Ipv4Address.Parse(address));
        return buffer[..NbnsEncoder.WriteRequest(buffer, id, flags, NetBiosName.Parse(name), ttl, entry)].ToArray();
    }

    public static byte[] Release(string name, string address, bool group = false) => Claim(name, address, group, flags: NbnsFlagWords.Release);

    /// <summary>A request as the server reads it.</summary>
    public static ServerRequest Read(byte[] octets, string source, ScopeTable scopes)
    {
        Assert.That(NbnsPacket.TryParseLenient(octets, out var packet, out _), Is.True);
        Assert.That(ServerRequest.TryRead(Now, Ipv4Endpoint.NameService(Ipv4Address.Parse(source)), 0, packet, scopes, out var request), Is.True);
        return request;
    }
}
