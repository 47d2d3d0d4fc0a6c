using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Replay;

/// <summary>
/// Keeps what the stand-ins of a capture decide. A captured request is put down to the decision of its sender's node that last sent one of its kind about the
/// name: nodes repeat themselves at times of their own, and take ids of their own, so neither tells more.
/// </summary>
internal sealed class ReplayDecisions
{
    /// <summary>So many requests are remembered; beyond that, those of before are forgotten, and the chains of causes of what follows them are shorter.</summary>
    private const int MaxRequests = 65_536;

    private readonly Dictionary<Ipv4Address, string> _labels = [];
    private readonly Dictionary<RequestKey, long> _requests = [];
    private long _count;
    private long _frame;

    public ReplayDecisions(ReplayHost[] hosts)
    {
        // two machines with one name are what this is about: they are told apart by their addresses
        var shared = hosts.GroupBy(host => host.ComputerName, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var host in hosts)
        {
            string label = host.ComputerName == "HOST" ? host.Address.ToString() : shared.Contains(host.ComputerName) ? $"{host.ComputerName} ({host.Address})" : host.ComputerName;
            for (int i = 0; i < host.AddressCount; i++)
                _labels[host.AddressOf(i)] = label;
        }

        History = new DecisionHistory(LabelOf);
    }

    public DecisionHistory History { get; }

    /// <summary>What a host is called; <see langword="null"/> where it is not replayed.</summary>
    public string? LabelOf(Ipv4Address address) => _labels.GetValueOrDefault(address);

    /// <summary>Who listens to the node of a host.</summary>
    public IDecisionSink Of(ReplayHost host) => new Listener(this, _labels[host.Address]);

    /// <summary>What is decided from now on is because of a frame, or shown by it.</summary>
    public void BeginFrame(long frame) => _frame = frame;

    /// <summary>What is decided from now on is because a timer ran out.</summary>
    public void EndFrame() => _frame = 0;

    /// <summary>A node sends a request.</summary>
    public void NoteSent(Ipv4Address host, in NbnsPacket packet, long decision)
    {
        if (!packet.Name.TryGetName(out var name))
            return;
        if (_requests.Count >= MaxRequests)
            _requests.Clear();
        _requests[RequestKey.Of(host, packet, name)] = decision;
    }

    /// <summary>The decision that sent such a request; 0 where none is known.</summary>
    public long SenderOf(Ipv4Address host, in NbnsPacket packet, in NetBiosName name) => _requests.GetValueOrDefault(RequestKey.Of(host, packet, name));

    private long Take(string host, in Decision decision)
    {
        History.Add(++_count, host, decision, _frame);
        return _count;
    }

    private sealed class Listener(ReplayDecisions all, string host) : IDecisionSink
    {
        public long Take(in Decision decision) => all.Take(host, decision);
    }

    /// <summary>Who asks what about which name. Which of its two opcodes a refresh has, and whether a claim says that it is multi-homed, is no difference.</summary>
    private readonly record struct RequestKey(Ipv4Address Host, NetBiosName Name, NbnsOpcode Opcode, NbnsType Type)
    {
        public static RequestKey Of(Ipv4Address host, in NbnsPacket packet, in NetBiosName name) => new(
            host,
            name,
            packet.Opcode switch
            {
                NbnsOpcode.MultihomedRegistration => NbnsOpcode.Registration,
                NbnsOpcode.RefreshAlternate => NbnsOpcode.Refresh,
                var other => other,
            },
            packet.QuestionType);
    }
}
