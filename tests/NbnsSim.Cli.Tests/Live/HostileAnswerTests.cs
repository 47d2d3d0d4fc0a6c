using System.Net;
using System.Net.Sockets;
using System.Text;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Tests;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Tests.Live;

/// <summary>Whatever a machine on the network answers to <c>query</c>, <c>status</c> and <c>register</c>: nothing of it acts on the terminal.</summary>
public sealed class HostileAnswerTests
{
    private static readonly NbEntry Entry = new(new NbFlags(true, OwnerNodeType.P), Ipv4Address.Loopback);

    /// <summary>Names whose octets act on a terminal: all of them at once, a line feed with words behind it, and U+2028, U+202E and C1 in UTF-8.</summary>
    private static NetBiosName[] Names =>
    [
        new(Poison.Octets, Scope(Poison.Octets)),
        new(Octets("\n" + Poison.Injected), Scope(Octets("\n" + Poison.Injected))),
        new(Octets("\u2028\u202e\u0085\u009b\u2066"), NetBiosScope.Empty),
        .. Poison.Octets.Select(octet => new NetBiosName([.. Enumerable.Repeat(octet, NetBiosName.Size)], Scope([octet]))),
    ];

    [Test]
    public void ToAQuery([Values] bool json)
    {
        foreach (var names in Names.Chunk(6)) // as many complaints as are kept
        {
            using var peer = new Liar((id, asked) =>
            [
                .. names.Select(name => new PositiveNameQueryResponse(id, name, [Entry, Entry], uint.MaxValue).ToArray()),
                new RedirectNameQueryResponse(id, asked, names[0], Ipv4Address.Loopback).ToArray(),
                new NegativeNameQueryResponse(id, asked, (NbnsRcode)0xF).ToArray(),
            ]);
            string error = Try(peer, 1, json, "query", "wanted", "--server", peer.At).Error;
            Assert.That(error, Does.Contain($"it answers for {names[0]}, not for WANTED<00>"));
        }
    }

    [Test]
    public void ToAQueryOfEverybody([Values] bool json)
    {
        using var peer = new Liar((id, asked) => [new PositiveNameQueryResponse(id, Names[0], [Entry], 7).ToArray(), new PositiveNameQueryResponse(id, asked, [Entry, default], 7).ToArray()]);
        Try(peer, 0, json, "query", "wanted", "--all", "--broadcast", peer.At);
    }

    [Test]
    public void ToARegistrationAndARelease([Values] bool json, [Values] bool release)
    {
        foreach (var names in Names.Chunk(8))
        {
            using var peer = new Liar((id, asked) =>
            [
                .. names.Select(name => release ? new PositiveNameReleaseResponse(id, name, Entry).ToArray() : new PositiveNameRegistrationResponse(id, name, Entry).ToArray()),
                new WaitForAcknowledgementResponse(id, asked, 1, new NbnsFlags(0x1B07)).ToArray(),
                release ? new NegativeNameReleaseResponse(id, asked, (NbnsRcode)0xB, Entry).ToArray() : new NegativeNameRegistrationResponse(id, asked, (NbnsRcode)0xB, Entry, 0).ToArray(),
            ]);
            string error = Try(peer, 1, json, ["register", "wanted", "--server", peer.At, .. release ? new[] { "--release" } : []]).Error;
            Assert.That(error, Does.Contain($"it answers for {names[0]}, not for WANTED<00>"));
        }
    }

    /// <summary>RFC 1002 §4.2.7: the server leaves the challenge to whoever registers, and the presumed owner answers too.</summary>
    [Test]
    public void ToAChallengeOfTheOwner([Values] bool json)
    {
        using var peer = new Liar((id, asked) =>
        [
            new EndNodeChallengeNameRegistrationResponse(id, asked, new NbEntry(default, Ipv4Address.Loopback)).ToArray(),
            new PositiveNameQueryResponse(id, Names[0], [Entry], 1).ToArray(),
            new PositiveNameQueryResponse(id, asked, [Entry], 1).ToArray(),
        ]);
        Try(peer, 1, json, "register", "wanted", "--server", peer.At);
    }

    [Test]
    public void ToAStatus([Values] bool json)
    {
        var rows = Names.Select((name, i) => new NodeStatusName(name.WithScope(null), new NameFlags((ushort)(0x1B1B ^ (i << 9))))).ToArray();
        using var peer = new Liar((id, asked) => [new NodeStatusResponse(id, asked, rows, new NodeStatistics { UnitId = new MacAddress(0x1B07_0D0A_859B) }, isTruncated: true).ToArray()]);
        string output = Try(peer, 0, json, "status", peer.At).Output;
        Assert.That(output, Does.Contain(json ? "<1b>[2J<07><0d>" : "INJECTED"), "the names are shown");
    }

    /// <summary>An answer that is cut anywhere, or has ESC anywhere: what is said of it quotes it safely.</summary>
    [Test]
    public void ThatIsDamaged()
    {
        byte[] answer = new PositiveNameQueryResponse(0, Names[0], [Entry], 1).ToArray();
        using var peer = new Liar((id, asked) =>
        [
            .. Enumerable.Range(2, answer.Length - 2).Select(at => At(id, answer, at, 0x1B)),
            .. Enumerable.Range(3, answer.Length - 3).Select(length => At(id, answer, 2, answer[2])[..length]),
            new NegativeNameQueryResponse(id, asked).ToArray(),
        ]);
        Try(peer, 1, json: false, "query", "wanted", "--server", peer.At);
    }

    private static byte[] At(ushort id, byte[] answer, int at, byte octet)
    {
        byte[] changed = [.. answer];
        (changed[0], changed[1], changed[at]) = ((byte)(id >> 8), (byte)id, octet);
        return changed;
    }

    private static ToolRun Try(Liar peer, int code, bool json, params string[] arguments)
    {
        var run = ToolRun.Of([.. arguments, .. json ? new[] { "--json" } : []]);
        Assert.That(run.ExitCode, Is.EqualTo(code), run.Error);
        Assert.That(peer.Answered, Is.True);
        Poison.AssertNone(run, string.Join(' ', arguments));
        if (json)
            Poison.AssertJson(run, string.Join(' ', arguments));
        return run;
    }

    private static byte[] Octets(string text)
    {
        byte[] octets = new byte[NetBiosName.Size];
        Encoding.UTF8.GetBytes(text, octets);
        return octets;
    }

    private static NetBiosScope Scope(byte[] label) => NetBiosScope.Parse(string.Concat(label.Select(octet => $"<{octet:x2}>")) + ".<2e><1b>");

    /// <summary>A machine that answers every request with datagrams of the test's making.</summary>
    private sealed class Liar : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly Task _answering;

        public Liar(Func<ushort, NetBiosName, byte[][]> answers)
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            At = _socket.LocalEndPoint!.ToString()!;
            _answering = Task.Run(() =>
            {
                byte[] request = new byte[576];
                try
                {
                    while (true)
                    {
                        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                        int length = _socket.ReceiveFrom(request, ref from);
                        if (!NbnsPacket.TryParse(request.AsSpan(0, length), out var packet) || !packet.Name.TryGetName(out var asked))
                            return;
                        byte[][] made = answers(packet.TransactionId, asked);
                        Answered = true; // before the tool can have them, and the test can ask
                        foreach (byte[] answer in made)
                            _socket.SendTo(answer, from);
                    }
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    // the test is over
                }
            });
        }

        public string At { get; }

        public bool Answered { get; private set; }

        public void Dispose()
        {
            _socket.Dispose();
            _answering.Wait();
        }
    }
}
