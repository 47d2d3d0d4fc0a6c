using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>
/// All that a node is: its parts, each of which keeps its fields to itself, and the little that ties them together. It stands in the <see cref="EndNode"/> itself, since an
/// object of its own would cost a million nodes 24 octets each. What a node does is in classes that act upon it: <see cref="Claiming"/>, <see cref="Resolving"/> and so on.
/// </summary>
internal struct NodeState
{
    /// <summary>How it is configured.</summary>
    public readonly EndNodeOptions Options;

    /// <summary>By which steps its kind of node goes.</summary>
    public readonly NodePlan Plan;

    /// <summary>What nobody has asked for yet, and who listens; made when there is something.</summary>
    public NodeReports? Reports;

    /// <summary>What it remembers beside its own names; made when there is something.</summary>
    public NodeMemory? Memory;

    /// <summary>Its own names. With the two after it on one line of the processor's cache: all that a datagram for others needs.</summary>
    public NodeNameTable Names = new();

    /// <summary>What waits to be sent.</summary>
    public PacketQueue Outbox;

    /// <summary>When the first of its timers is due, kept here so that asking is a mere read.</summary>
    public Instant NextTimeout = Instant.MaxValue;

    /// <summary>Its interfaces.</summary>
    public NodeInterfaces Interfaces;

    /// <summary>What it waits for.</summary>
    public TransactionTable Transactions;

    /// <summary>Where its random numbers come from.</summary>
    public RandomStream Random;

    /// <summary>What it has counted.</summary>
    public NodeCounters Counters;

    /// <summary>Whether it is on.</summary>
    public NodeRun Run;

    private readonly ulong _nameHigh;
    private readonly ulong _nameLow;

    public NodeState(string computerName, ReadOnlySpan<EndNodeInterface> interfaces, EndNodeOptions options, ulong seed)
    {
        var name = new NetBiosName(computerName, NameSuffix.Workstation);
        (_nameHigh, _nameLow) = (name.High, name.Low);
        (Options, Plan) = (options, options.Plan);
        Interfaces = new NodeInterfaces(interfaces);
        Random = RandomStream.Derive(seed, computerName);
        Random = new RandomStream(Random.NextUInt64() ^ Interfaces[0].Address.Value); // namesakes must not share their transaction ids
    }

    /// <summary>The computer's name with suffix 00, in the node's scope.</summary>
    public readonly NetBiosName ComputerName => new(_nameHigh, _nameLow, Options.Scope);

    /// <summary>Its voice, while somebody listens.</summary>
    public readonly DecisionTeller? Teller => Reports?.Teller;

    /// <summary>What it remembers, to be read only.</summary>
    public readonly NodeMemory Remembered => Memory ?? NodeMemory.Empty;

    /// <summary>What it remembers, to be added to.</summary>
    public NodeMemory MakeMemory() => Memory ??= new NodeMemory();

    /// <summary>A name as a command has it, in the node's scope unless it brings its own.</summary>
    public readonly NetBiosName InScope(NetBiosName name) => name.Scope.IsEmpty ? name.WithScope(Options.Scope) : name;

    public readonly bool IsNameServer(Ipv4Address address) => Options.NameServers.AsSpan().Contains(address);

    /// <summary>What the node says of itself in a record.</summary>
    public readonly NbEntry OwnEntry(bool isGroup, int interfaceIndex) => new(new NbFlags(isGroup, Plan.NodeType), Interfaces[interfaceIndex].Address);

    /// <summary>A name is gone, and with it what was owed for it, and its timer.</summary>
    public void RemoveName(int index)
    {
        var name = Names[index].Name;
        Memory?.Debts.Settle(name, Interfaces.All);
        Teller?.StopTimer(name);
        Names.RemoveAt(index);
    }

    /// <summary>A copy that shares nothing with it that either may change, and to which nobody listens.</summary>
    public readonly NodeState Fork() => this with
    {
        Reports = Reports?.Fork(),
        Memory = Memory?.Fork(),
        Names = Names.Fork(),
        Outbox = Outbox.Clone(),
        Interfaces = Interfaces.Fork(),
        Transactions = Transactions.Fork(),
        Run = Run with { LeavesUnheard = false },
    };

    /// <summary>Carries all of it.</summary>
    public void Carry(StateCodec codec)
    {
        codec.BeginMachine();
        if (!codec.IsFingerprint)
        {
            codec.Expect(ComputerName.ToString(), "The computer's name");
            codec.Expect(Plan.NodeType.ToString(), "Its node type");
            codec.Expect(Options.Dialect.Name, "Its dialect");
        }

        Run.Carry(codec);
        Interfaces.Carry(codec);
        Names.Carry(codec);
        Transactions.Carry(codec, Options.MaxTransactions);
        Outbox.Carry(codec);
        codec.Carry(ref Random);
        Counters.Carry(codec);
        codec.CarryUntil(ref NextTimeout);

        bool remembers = Memory is not null && !Memory.HasSameStateAs(NodeMemory.Empty);
        codec.Carry(ref remembers);
        if (codec.IsReading)
            Memory = remembers ? new NodeMemory() : null;
        if (remembers)
            Memory!.Carry(codec, Options);
        NodeReports.Carry(codec, ref Reports);
    }

    public readonly bool HasSameStateAs(in NodeState other) =>
        Options == other.Options && (_nameHigh, _nameLow) == (other._nameHigh, other._nameLow)
        && Interfaces.HasSameStateAs(other.Interfaces) && Names.HasSameStateAs(other.Names) && Transactions.HasSameStateAs(other.Transactions)
        && (Random, NextTimeout, Run, Counters) == (other.Random, other.NextTimeout, other.Run, other.Counters)
        && Outbox.Items.SequenceEqual(other.Outbox.Items)
        && Remembered.HasSameStateAs(other.Remembered)
        && (Reports ?? NodeReports.Empty).HasSameStateAs(other.Reports ?? NodeReports.Empty);
}
