using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <summary>
/// What a name server has to do with its partners: the associations that they have opened, what it does itself, one thing after the other, what waits to be done and to
/// be sent, and when it is time to pull or to notify.
/// </summary>
internal sealed partial class PartnerExchange
{
    private const int MaxAccepted = 1024; // partners that have an association open
    private const int MaxOrders = 64; // that wait

    private readonly ServerState _state;
    private readonly ReplicaIntake _replicas;
    private readonly PartnerView _view;
    private readonly NameServerOptions _options;
    private readonly ServerVoice _voice;
    private readonly Queue<ReplicationMessage> _messages;
    private readonly Queue<ReplicationOrder> _orders;
    private readonly Dictionary<Ipv4Address, long> _accepted; // the association that each partner has opened last
    private readonly List<(Ipv4Address Partner, Instant Time)> _failures; // of notifications, in the last five minutes
    private ReplicationOperation? _current;
    private Instant? _nextPull;
    private bool _hasStarted;
    private long _lastAssociation;

    /// <summary>Makes one that has nothing to do yet.</summary>
    /// <param name="state">The server's.</param>
    /// <param name="replicas">What becomes of partners' records.</param>
    /// <param name="view">What partners may see.</param>
    public PartnerExchange(ServerState state, ReplicaIntake replicas, PartnerView view)
    {
        (_state, _replicas, _view, _options, _voice) = (state, replicas, view, state.Options, state.Voice);
        (_messages, _orders, _accepted, _failures) = (new(), new(), [], []);
    }

    /// <summary>A copy over the parts of a copied server.</summary>
    /// <param name="other">The other one.</param>
    /// <param name="state">The copy's.</param>
    /// <param name="replicas">The copy's.</param>
    /// <param name="view">The copy's.</param>
    public PartnerExchange(PartnerExchange other, ServerState state, ReplicaIntake replicas, PartnerView view)
    {
        (_state, _replicas, _view, _options, _voice) = (state, replicas, view, state.Options, state.Voice);
        _messages = new Queue<ReplicationMessage>(other._messages);
        _orders = new Queue<ReplicationOrder>(other._orders);
        _accepted = new Dictionary<Ipv4Address, long>(other._accepted);
        _failures = [.. other._failures];
        _current = other._current?.Clone();
        (_nextPull, _hasStarted, _lastAssociation) = (other._nextPull, other._hasStarted, other._lastAssociation);
        LastPull = other.LastPull;
    }

    /// <summary>What came of the pull that ended last; null before the first.</summary>
    public ReplicationResult? LastPull { get; private set; }

    public bool HasSameStateAs(PartnerExchange other) =>
        _nextPull == other._nextPull && _hasStarted == other._hasStarted && _lastAssociation == other._lastAssociation
        && _messages.SequenceEqual(other._messages) && _failures.SequenceEqual(other._failures)
        && _orders.Count == other._orders.Count && _orders.Zip(other._orders).All(pair => pair.First.HasSameStateAs(pair.Second))
        && _accepted.Count == other._accepted.Count && _accepted.All(pair => other._accepted.GetValueOrDefault(pair.Key, -1) == pair.Value)
        && (_current is null ? other._current is null : _current.HasSameStateAs(other._current));

    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ReplicationMessage? message) => _messages.TryDequeue(out message);

    /// <summary>When <see cref="HandleTimeout"/> has something to do.</summary>
    public Instant? NextDue
    {
        get
        {
            if ((!_hasStarted && PullsByItself) || _state.Pushes.IsDue)
                return Instant.MinValue;
            var due = _current?.Due;
            return due is null || _nextPull < due ? _nextPull ?? due : due;
        }
    }

    public void HandleTimeout(Instant now)
    {
        if (_current is { } current && current.Due <= now)
        {
            _voice.Begin(DecisionCauseKind.Timer, current.Decision);
            Lose(now, current, ServerRules.PartnerLost);
        }

        if (!_hasStarted && PullsByItself)
        {
            _hasStarted = true;
            if (_options.Dialect.PullsAtStart)
                PullFromAll(now, ServerRules.PullsAtStart);
            else
                WaitForTimer(now);
        }

        if (_nextPull <= now)
        {
            _nextPull = null;
            PullFromAll(now, ServerRules.PullTimer);
        }

        if (_state.Pushes.IsDue)
            PushWhatIsDue(now);
    }

    /// <summary>Somebody says that the server is to pull from another one; see <see cref="NameServer.Pull"/>.</summary>
    public void Pull(Instant now, Ipv4Address partner)
    {
        _state.Lifetimes.Start(now);
        _voice.Tell(now, default, ServerRules.Pulled, partner);
        Order(now, new ReplicationOrder(ReplicationOrderKind.Pull, [partner], _voice.Last) { Cause = DecisionCauseKind.Command });
    }

    /// <summary>Somebody says that the server is to notify another one; see <see cref="NameServer.Push"/>.</summary>
    public void Push(Instant now, Ipv4Address partner, bool propagate)
    {
        _state.Lifetimes.Start(now);
        _voice.Tell(now, default, ServerRules.Pushed, partner);
        Order(now, new ReplicationOrder(ReplicationOrderKind.Push, [partner], _voice.Last)
        {
            Cause = DecisionCauseKind.Command,
            Propagates = propagate,
            Initiator = _options.Address,
        });
    }

    /// <summary>Has something done as soon as what is in hand is done. What waits already is not done twice.</summary>
    private void Order(Instant now, ReplicationOrder order)
    {
        if (_orders.Any(order.HasSameStateAs))
            return;
        if (_orders.Count >= MaxOrders)
        {
            Say(now, ServerRules.ExchangeRefused, order.Partners[0]);
            return;
        }

        _orders.Enqueue(order);
        BeginNext(now);
    }

    private bool PullsByItself =>
        !_options.PullsFrom.IsEmpty && (_options.Dialect.PullsAtStart || _options.Dialect.PullInterval > TimeSpan.Zero);

    /// <summary>MS-WINSRA §3.2.5: at the start, and when the pull timer expires.</summary>
    private void PullFromAll(Instant now, Rule rule)
    {
        _voice.Begin(DecisionCauseKind.None, 0);
        Say(now, rule);
        Order(now, new ReplicationOrder(ReplicationOrderKind.PeriodicPull, _options.PullsFrom, _voice.Last));
    }

    private void WaitForTimer(Instant now)
    {
        _voice.Begin(DecisionCauseKind.None, 0);
        Say(now, ServerRules.PullTimerStarts);
        _nextPull = now + _options.Dialect.PullInterval;
    }

    /// <summary>MS-WINSRA §3.3.5.1, 2a and 2b: a changed address goes on from partner to partner, a number of updates to the next only.</summary>
    private void PushWhatIsDue(Instant now)
    {
        bool propagates = _state.Pushes.Take(out long decision);
        _voice.Begin(DecisionCauseKind.Consequence, decision);
        Say(now, propagates ? ServerRules.PushesAddress : ServerRules.PushesCount);
        PushToAll(now, propagates, _options.Address, except: default);
    }

    private void PushToAll(Instant now, bool propagates, Ipv4Address initiator, Ipv4Address except)
    {
        long decision = _voice.Last;
        foreach (var partner in _options.Notifies)
        {
            if (partner != except)
                Order(now, new ReplicationOrder(ReplicationOrderKind.Push, [partner], decision) { Propagates = propagates, Initiator = initiator });
        }
    }

    private void Send(Ipv4Address partner, long association, ReplicationMessage message) => _messages.Enqueue(message with
    {
        Source = _options.Address,
        Destination = partner,
        Association = association,
        Decision = _voice.Last,
    });

    private void Say(Instant now, Rule rule, Ipv4Address partner = default, Ipv4Address address = default, in NetBiosName name = default) =>
        _voice.Say(now, name, rule, partner, address);
}
