using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Twins;

/// <summary>A captured request with its repeats and the answers to it: what one machine wanted of one other, or of all.</summary>
internal sealed class TwinExchange(TwinPacket first)
{
    /// <summary>How long a request may be repeated under the same id: three tries of 5 s (RFC 1002 §6), with room to spare.</summary>
    public static readonly TimeSpan RepeatWindow = TimeSpan.FromSeconds(20);

    public TwinPacket First => first;

    public List<TwinPacket> Tries { get; } = [first];

    public List<TwinPacket> Answers { get; } = [];

    /// <summary>The first try, where it was sent before the capture began; null where it was captured.</summary>
    public TwinPacket? Before { get; set; }

    public TwinPacket Last => Tries[^1];

    /// <summary>Whether somebody has to answer: nobody has to where a broadcast claims, releases or asks.</summary>
    public bool ExpectsAnswer => !first.IsBroadcast;

    /// <summary>The kinds of request that a machine's own command leads to.</summary>
    public static RequestClass ClassOf(Kind kind) => kind switch
    {
        Kind.NameRegistrationRequest or Kind.MultihomedNameRegistrationRequest or Kind.NameOverwriteDemand or Kind.NameOverwriteRequest => RequestClass.Claim,
        Kind.NameRefreshRequest => RequestClass.Refresh,
        Kind.NameReleaseRequest or Kind.NameReleaseDemand => RequestClass.Release,
        Kind.NameQueryRequest => RequestClass.Query,
        Kind.NodeStatusRequest => RequestClass.Status,
        _ => RequestClass.None,
    };

    /// <summary>Puts packets together: a try has the id, the name, the kind and the ends of the first; an answer comes from whoever was asked, by that id.</summary>
    /// <param name="packets">The packets, in order of time.</param>
    /// <param name="unasked">The answers whose request is not there.</param>
    public static List<TwinExchange> Group(IEnumerable<TwinPacket> packets, out List<TwinPacket> unasked)
    {
        var all = new List<TwinExchange>();
        unasked = [];
        var open = new Dictionary<(Ipv4Address, ushort Port, ushort Id, Names.NetBiosName), List<TwinExchange>>(); // by who asks
        foreach (var packet in packets)
        {
            var key = (packet.IsResponse ? packet.Destination : packet.Source, packet.AskersPort, packet.TransactionId, packet.Name);
            if (!open.TryGetValue(key, out var candidates))
                open[key] = candidates = [];
            candidates.RemoveAll(one => packet.Time - one.Last.Time > RepeatWindow);
            if (packet.IsResponse)
            {
                var asked = candidates.FindLast(one => (one.First.IsBroadcast || one.First.Destination == packet.Source) && Fits(one.First.Kind, packet.Kind));
                if (asked is null)
                    unasked.Add(packet);
                else
                    asked.Answers.Add(packet);
                continue;
            }

            if (candidates.Find(one => one.First.Kind == packet.Kind && one.First.Destination == packet.Destination) is { } repeated)
            {
                repeated.Tries.Add(packet);
                continue;
            }

            var begun = new TwinExchange(packet);
            candidates.Add(begun);
            all.Add(begun);
        }

        return all;
    }

    private static bool Fits(Kind request, Kind answer) => ClassOf(request) switch
    {
        RequestClass.Claim or RequestClass.Refresh => answer is Kind.PositiveNameRegistrationResponse or Kind.NegativeNameRegistrationResponse or Kind.EndNodeChallengeNameRegistrationResponse
            or Kind.NameConflictDemand or Kind.WaitForAcknowledgementResponse,
        RequestClass.Release => answer is Kind.PositiveNameReleaseResponse or Kind.NegativeNameReleaseResponse or Kind.WaitForAcknowledgementResponse,
        RequestClass.Query => answer is Kind.PositiveNameQueryResponse or Kind.NegativeNameQueryResponse or Kind.RedirectNameQueryResponse or Kind.WaitForAcknowledgementResponse or Kind.NameConflictDemand,
        RequestClass.Status => answer is Kind.NodeStatusResponse or Kind.WaitForAcknowledgementResponse,
        _ => false,
    };
}

/// <summary>What a request is for.</summary>
internal enum RequestClass : byte
{
    None,
    Claim,
    Refresh,
    Release,
    Query,
    Status,
}
