using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Nodes;

/// <summary>A name server that says what a test tells it to say; by default yes to everything, with a granted time of 6000 s.</summary>
public sealed class ScriptedServer
{
    private readonly NodeBed _bed;
    private readonly string _address;

    public ScriptedServer(NodeBed bed, string address = "10.0.0.200")
    {
        _bed = bed;
        _address = address;
        bed.AddStation(address, Handle);
    }

    public Ipv4Address Address => Ipv4Address.Parse(_address);

    public bool IsDown { get; set; }

    public uint Grants { get; set; } = 6000;

    /// <summary>What each kind of request is answered with, in turn; when a list is empty, success.</summary>
    public Dictionary<NbnsMessageKind, Queue<Func<Sent, byte[]?>>> Script { get; } = [];

    public List<Sent> Received { get; } = [];

    public IEnumerable<NbnsMessageKind> Kinds => Received.Select(sent => sent.Kind);

    public ScriptedServer Then(NbnsMessageKind kind, Func<Sent, byte[]?> answer)
    {
        if (!Script.TryGetValue(kind, out var list))
            Script[kind] = list = new();
        list.Enqueue(answer);
        return this;
    }

    public static byte[]? Silence(Sent request) => null;

    public static Func<Sent, byte[]?> Respond(ushort flags, uint ttl = 0, string address = "0.0.0.0") => request =>
    {
        var buffer = new byte[576];
        return buffer[..NbnsEncoder.WriteResponse(buffer, request.TransactionId, flags, request.Name, ttl, new NbEntry(default, Ipv4Address.Parse(address)))];
    };

    public static Func<Sent, byte[]?> Wack(uint seconds) => request =>
    {
        var buffer = new byte[576];
        return buffer[..NbnsEncoder.WriteWack(buffer, request.TransactionId, NbnsFlagWords.Wack, request.Name, seconds, new NbnsFlags(request.Flags))];
    };

    public static byte[]? NotFound(Sent request)
    {
        var buffer = new byte[576];
        return buffer[..NbnsEncoder.WriteNegativeQueryResponse(buffer, request.TransactionId, 0x8583, request.Name)];
    }

    public static Func<Sent, byte[]?> Redirect(string address) => request =>
    {
        var buffer = new byte[576];
        return buffer[..NbnsEncoder.WriteRedirect(
            buffer, request.TransactionId, NbnsFlagWords.RedirectResponse, request.Name, 0, NetBiosName.Parse("SERVER<00>"), Ipv4Address.Parse(address))];
    };

    private void Handle(Sent request, Action<ReadOnlySpan<byte>> reply)
    {
        if (request.IsBroadcast)
            return;
        Received.Add(request);
        if (IsDown)
            return;
        var answer = Script.TryGetValue(request.Kind, out var list) && list.TryDequeue(out var next) ? next(request) : Default(request);
        if (answer is not null)
            reply(answer);
        Assert.That(_bed.Now, Is.EqualTo(request.Time));
    }

    private byte[]? Default(Sent request) => request.Kind switch
    {
        NbnsMessageKind.NameRegistrationRequest or NbnsMessageKind.NameOverwriteRequest or NbnsMessageKind.NameRefreshRequest
            or NbnsMessageKind.MultihomedNameRegistrationRequest => Respond(0xAD80, Grants)(request),
        NbnsMessageKind.NameReleaseRequest or NbnsMessageKind.NameReleaseDemand => Respond(0xB400)(request),
        NbnsMessageKind.NameQueryRequest => NotFound(request),
        _ => null,
    };
}
