using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <summary>
/// What a name server has to do with its partners: the associations that they have opened, what it does itself, one thing after the other, what waits to be done and to
/// be sent, and when it is time to pull or to notify. Plain data; it is given the server whose it is with each call.
/// </summary>
internal sealed partial class PartnerExchange
{
    private const int MaxAccepted = 1024; // partners that have an association open
    private const int MaxOrders = 64; // that wait

    private readonly Queue<ReplicationMessage> _messages = new();
    private readonly Queue<ReplicationOrder> _orders = new();
    private readonly Dictionary<Ipv4Address, long> _accepted = []; // the association that each partner has opened last
    private readonly List<(Ipv4Address Partner, Instant Time)> _failures = []; // of notifications, in the last five minutes
    private ReplicationOperation? _current;
    private Instant? _nextPull;
    private bool _hasStarted;
    private long _lastAssociation;
    private int _updates; // of own records since the last notification
    private bool _addressChanged;
    private long _updateDecision;

    public PartnerExchange()
    {
    }

    public PartnerExchange(PartnerExchange other)
    {
        _messages = new Queue<ReplicationMessage>(other._messages);
        _orders = new Queue<ReplicationOrder>(other._orders);
        _accepted = new Dictionary<Ipv4Address, long>(other._accepted);
        _failures = [.. other._failures];
        _current = other._current?.Clone();
        (_nextPull, _hasStarted, _lastAssociation) = (other._nextPull, other._hasStarted, other._lastAssociation);
        (_updates, _addressChanged, _updateDecision) = (other._updates, other._addressChanged, other._updateDecision);
        LastPull = other.LastPull;
    }

    /// <summary>What came of the pull that ended last; null before the first.</summary>
    public ReplicationResult? LastPull { get; private set; }

    public bool HasSameStateAs(PartnerExchange other) =>
        _nextPull == other._nextPull && _hasStarted == other._hasStarted && _lastAssociation == other._lastAssociation && _updates == other._updates
        && _addressChanged == other._addressChanged && _messages.SequenceEqual(other._messages) && _failures.SequenceEqual(other._failures)
        && _orders.Count == other._orders.Count && _orders.Zip(other._orders).All(pair => pair.First.HasSameStateAs(pair.Second))
        && _accepted.Count == other._accepted.Count && _accepted.All(pair => other._accepted.GetValueOrDefault(pair.Key, -1) == pair.Value)
        && (_current is null ? other._current is null : _current.HasSameStateAs(other._current));

    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ReplicationMessage? message) => _messages.TryDequeue(out message);

    /// <summary>When <see cref="HandleTimeout"/> has something to do.</summary>
    public Instant? NextDue(NameServer server)
    {
        if ((!_hasStarted && PullsByItself(server)) || IsPushDue(server))
            return Instant.MinValue;
        var due = _current?.Due;
        return due is null || _nextPull < due ? _nextPull ?? due : due;
    }

    public void HandleTimeout(NameServer server, Instant now)
    {
        if (_current is { } current && current.Due <= now)
        {
            server.BeginCause(DecisionCauseKind.Timer, current.Decision);
            Lose(server, now, current, ServerRules.PartnerLost);
        }

        if (!_hasStarted && PullsByItself(server))
        {
            _hasStarted = true;
            if (server.Dialect.PullsAtStart)
                PullFromAll(server, now, ServerRules.PullsAtStart);
            else
                WaitForTimer(server, now);
        }

        if (_nextPull <= now)
        {
            _nextPull = null;
            PullFromAll(server, now, ServerRules.PullTimer);
        }

        if (IsPushDue(server))
            PushWhatIsDue(server, now);
    }

    /// <summary>Has something done as soon as what is in hand is done. What waits already is not done twice.</summary>
    public void Order(NameServer server, Instant now, ReplicationOrder order)
    {
        if (_orders.Any(order.HasSameStateAs))
            return;
        if (_orders.Count >= MaxOrders)
        {
            server.SayOfPartner(now, ServerRules.ExchangeRefused, order.Partners[0]);
            return;
        }

        _orders.Enqueue(order);
        BeginNext(server, now);
    }

    /// <summary>A record of the server's own has a new version.</summary>
    /// <param name="options">How the server is set up.</param>
    /// <param name="decision">The decision that changes it.</param>
    public void CountUpdate(NameServerOptions options, long decision)
    {
        if (options.Notifies.IsEmpty || options.Dialect.PushUpdateCount == 0)
            return;
        _updates = int.Min(_updates + 1, options.Dialect.PushUpdateCount);
        _updateDecision = decision;
    }

    /// <summary>A record of the server's own has another address, or one more.</summary>
    /// <param name="options">How the server is set up.</param>
    /// <param name="decision">The decision that changes it.</param>
    public void NoteAddressChange(NameServerOptions options, long decision)
    {
        if (options.Notifies.IsEmpty || !options.Dialect.PushesAddressChanges)
            return;
        _addressChanged = true;
        _updateDecision = decision;
    }

    private static bool PullsByItself(NameServer server) =>
        !server.Options.PullsFrom.IsEmpty && (server.Dialect.PullsAtStart || server.Dialect.PullInterval > TimeSpan.Zero);

    private bool IsPushDue(NameServer server) =>
        _addressChanged || (server.Dialect.PushUpdateCount > 0 && _updates >= server.Dialect.PushUpdateCount);

    /// <summary>MS-WINSRA §3.2.5: at the start, and when the pull timer expires.</summary>
    private void PullFromAll(NameServer server, Instant now, Rule rule)
    {
        server.BeginCause(DecisionCauseKind.None, 0);
        server.SayOfPartner(now, rule);
        Order(server, now, new ReplicationOrder(ReplicationOrderKind.PeriodicPull, server.Options.PullsFrom, server.LastDecision));
    }

    private void WaitForTimer(NameServer server, Instant now)
    {
        server.BeginCause(DecisionCauseKind.None, 0);
        server.SayOfPartner(now, ServerRules.PullTimerStarts);
        _nextPull = now + server.Dialect.PullInterval;
    }

    /// <summary>MS-WINSRA §3.3.5.1, 2a and 2b: a changed address goes on from partner to partner, a number of updates to the next only.</summary>
    private void PushWhatIsDue(NameServer server, Instant now)
    {
        bool propagates = _addressChanged;
        server.BeginCause(DecisionCauseKind.Consequence, _updateDecision);
        (_updates, _addressChanged) = (0, false);
        server.SayOfPartner(now, propagates ? ServerRules.PushesAddress : ServerRules.PushesCount);
        PushToAll(server, now, propagates, server.Options.Address, except: default);
    }

    private void PushToAll(NameServer server, Instant now, bool propagates, Ipv4Address initiator, Ipv4Address except)
    {
        long decision = server.LastDecision;
        foreach (var partner in server.Options.Notifies)
        {
            if (partner != except)
                Order(server, now, new ReplicationOrder(ReplicationOrderKind.Push, [partner], decision) { Propagates = propagates, Initiator = initiator });
        }
    }

    private void Send(NameServer server, Ipv4Address partner, long association, ReplicationMessage message) => _messages.Enqueue(message with
    {
        Source = server.Options.Address,
        Destination = partner,
        Association = association,
        Decision = server.LastDecision,
    });
}
