using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <content>What a person or a service tells the node to do.</content>
public sealed partial class EndNode
{
    /// <summary>The shortest time between two renewals by hand (Q188598).</summary>
    private static readonly TimeSpan RenewalGap = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Starts the machine: registers the names of <see cref="NetBtDialect.BootNames"/>, in order. Each name has a result of its own; the boot
    /// is refused, and its later names are left out, where another computer holds the computer's name: the services that would
    /// have claimed them do not start then (Q97491: errors 3870, 7023).
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <returns>The boot's id.</returns>
    public OperationId Boot(Instant now)
    {
        Tell(now, NodeRules.Boot);
        if (_isOff)
            PreloadNames();
        if (_shutdownOperation != default)
            AbandonReleases(now);
        _isOff = false;
        Cancel(ref _bootOperation, now, OperationKind.Boot);
        Cancel(ref _shutdownOperation, now, OperationKind.Shutdown);
        var operation = _bootOperation = NextOperation();
        _bootWave = 0;
        if (_plan.NodeType != OwnerNodeType.B && _options.NameServers.IsEmpty && _options.Dialect.LogsMissingNameServer)
            Log(NetBtEvent.NoNameServer(now, backup: false) with { Reason = new NetBtEventReason(NodeRules.LogsNoNameServer, default, 0, ByBroadcast: false) }, NodeRules.LogsNoNameServer);
        return Run(now, operation);
    }

    /// <summary>Claims a unique name.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name; without a scope, in the node's. One that begins with <c>*</c> is only added to the table (MS-NBTE §3.1.4.1).</param>
    /// <param name="transactionId">NAME_TRN_ID of its request; <see langword="null"/> for a random one. With several interfaces, that of the first.</param>
    /// <returns>The command's id.</returns>
    public OperationId AddName(Instant now, NetBiosName name, ushort? transactionId = null)
    {
        name = InScope(name);
        Tell(now, NodeRules.AddName, name);
        return Run(now, StartRegistration(now, name, TransactionFlags.None, transactionId));
    }

    /// <summary>Claims a group name.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name; without a scope, in the node's.</param>
    /// <param name="transactionId">NAME_TRN_ID of its request; <see langword="null"/> for a random one. With several interfaces, that of the first.</param>
    /// <returns>The command's id.</returns>
    public OperationId AddGroupName(Instant now, NetBiosName name, ushort? transactionId = null)
    {
        name = InScope(name);
        Tell(now, NodeRules.AddGroupName, name);
        return Run(now, StartRegistration(now, name, TransactionFlags.Group, transactionId));
    }

    /// <summary>Gives a name up. Whether one in conflict is released too, or just goes, is <see cref="NetBtDialect.ReleasesNameInConflict"/>.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name; without a scope, in the node's.</param>
    /// <param name="transactionId">NAME_TRN_ID of its release; <see langword="null"/> for a random one. With several interfaces, that of the first.</param>
    /// <returns>The command's id.</returns>
    public OperationId DeleteName(Instant now, NetBiosName name, ushort? transactionId = null)
    {
        name = InScope(name);
        Tell(now, NodeRules.DeleteName, name);
        return Run(now, StartRelease(now, name, transactionId));
    }

    /// <summary>
    /// Tells the name server that it is wrong about a name, as a P or M node does that finds at session establishment that nobody has it at the address it was
    /// given: by a release request, whose answer is the result (RFC 1001 §15.1.7(8), §15.3.2). What is cached of that address goes (§15.1.8).
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name; without a scope, in the node's.</param>
    /// <param name="address">The address at which it is not.</param>
    /// <param name="isGroup">Whether the name server called it a group name.</param>
    /// <param name="transactionId">NAME_TRN_ID of the request; <see langword="null"/> for a random one.</param>
    /// <returns>
    /// The command's id; its result is <see cref="OperationOutcome.NotAvailable"/> for a B node, which has no name server, and <see cref="OperationOutcome.Cancelled"/>
    /// while this node itself claims, refreshes or releases the name, which has the name server find out by itself.
    /// </returns>
    public OperationId CorrectNameServer(Instant now, NetBiosName name, Ipv4Address address, bool isGroup = false, ushort? transactionId = null)
    {
        name = InScope(name);
        Tell(now, NodeRules.CorrectServer, name, address);
        return Run(now, StartCorrection(now, name, new NbEntry(new NbFlags(isGroup, _plan.NodeType), address), transactionId));
    }

    /// <summary>
    /// A user logs on: the Messenger service claims <c>USER&lt;03&gt;</c>. The logon itself does not depend on it: only the first computer
    /// that the user logs on to holds the name (MS-NBTE appendix A &lt;3&gt;, Q186486).
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="user">The user's name, at most 15 Latin-1 characters, taken as they are.</param>
    /// <param name="transactionId">NAME_TRN_ID of its request; <see langword="null"/> for a random one.</param>
    /// <returns>The command's id.</returns>
    /// <exception cref="ArgumentException"><paramref name="user"/> is too long or not Latin-1.</exception>
    public OperationId Logon(Instant now, string user, ushort? transactionId = null)
    {
        return Logon(now, UserName(user), transactionId);
    }

    /// <summary>The user logs off: <c>USER&lt;03&gt;</c> is released where it is held.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="user">The user's name.</param>
    /// <param name="transactionId">NAME_TRN_ID of its release; <see langword="null"/> for a random one.</param>
    /// <returns>The command's id.</returns>
    /// <exception cref="ArgumentException"><paramref name="user"/> is too long or not Latin-1.</exception>
    public OperationId Logoff(Instant now, string user, ushort? transactionId = null)
    {
        return Logoff(now, UserName(user), transactionId);
    }

    /// <summary>Finds a name: in the node's own table, in the cache, then by the steps of its plan.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name; without a scope, in the node's.</param>
    /// <param name="transactionId">NAME_TRN_ID of its query; <see langword="null"/> for a random one. One that is given also skips table and cache: the query is sent.</param>
    /// <returns>The command's id.</returns>
    public OperationId Query(Instant now, NetBiosName name, ushort? transactionId = null)
    {
        name = InScope(name);
        Tell(now, NodeRules.Query, name);
        return Run(now, StartQuery(now, name, transactionId));
    }

    /// <summary>Asks another node for its names (<c>nbtstat -A</c>).</summary>
    /// <param name="now">The current time.</param>
    /// <param name="target">The node's address.</param>
    /// <param name="name">A name it holds; <see langword="null"/> for the wildcard, which asks for all.</param>
    /// <param name="transactionId">NAME_TRN_ID; <see langword="null"/> for a random one.</param>
    /// <returns>The command's id.</returns>
    public OperationId NodeStatus(Instant now, Ipv4Address target, NetBiosName? name = null, ushort? transactionId = null)
    {
        var asked = InScope(name ?? NetBiosName.Wildcard);
        Tell(now, NodeRules.NodeStatus, asked, target);
        return Run(now, StartNodeStatus(now, target, asked, transactionId));
    }

    /// <summary>
    /// Asks the node that holds a name for all its names (<c>nbtstat -a</c>): its address is found first, by what is cached or a query (RFC 1001 §15.1.4, §15.6). Of
    /// several holders the first is asked; §15.6 leaves the others open.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name; without a scope, in the node's.</param>
    /// <returns>The command's id; its result is of the kind <see cref="OperationKind.NodeStatus"/> also where the name is not found.</returns>
    public OperationId NodeStatus(Instant now, NetBiosName name)
    {
        name = InScope(name);
        Tell(now, NodeRules.NodeStatusByName, name);
        return Run(now, StartNodeStatus(now, name));
    }

    /// <summary>
    /// Registers every name anew (<c>nbtstat -RR</c>, Q188598): names that a name server knows are released at every name server (Q247559) and
    /// registered again, the others are claimed again by broadcast. At most once in two minutes: else the result is <see cref="OperationOutcome.Refused"/>;
    /// where the dialect has no such command, <see cref="OperationOutcome.NotAvailable"/>. The result comes at once; what becomes of each name shows in the table.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <returns>The command's id.</returns>
    public OperationId Refresh(Instant now)
    {
        var operation = NextOperation();
        Tell(now, NodeRules.ReleaseRefresh);
        if (!IsRunning(now, operation, OperationKind.Refresh, default))
            return operation;
        if (!_options.Dialect.HasReleaseRefresh)
        {
            Say(now, NodeRules.NoReleaseRefresh, default);
            Report(now, operation, OperationKind.Refresh, default, OperationOutcome.NotAvailable);
            return operation;
        }

        var memory = _memory ??= new NodeMemory();
        bool early = now < memory.RenewedAt + RenewalGap;
        Report(now, operation, OperationKind.Refresh, default, early ? OperationOutcome.Refused : OperationOutcome.Succeeded);
        if (early)
        {
            Say(now, NodeRules.ReleaseRefreshTooSoon, default);
            return operation;
        }

        memory.RenewedAt = now;
        memory.Servers.StartOver(); // Q247559: then "the same registration procedure" as at the start, the primary first
        for (int i = 0; i < _names.Count; i++)
        {
            ref readonly var row = ref _names[i];
            if (row.State != LocalNameState.Registered || row.Name.IsWildcard || _transactions.OwnerOf(row.Name) is not null)
                continue;
            _names.StopRefresh(i);
            StartRefresh(now, i, row.Has(LocalNameFlags.ByNameServer) ? TransactionPhase.ServerRelease
                : row.Has(LocalNameFlags.OwesNameServer) ? TransactionPhase.ServerClaim
                : TransactionPhase.BroadcastClaim);
        }

        return Run(now, operation);
    }

    /// <summary>
    /// An interface gets another address: every name is released for the old one and claimed for the new one there; a claim that succeeds ends a
    /// conflict on that interface, one that is refused begins one (MS-NBTE §3.1.7). What one means that no name server
    /// answers is <see cref="NetBtDialect.UnansweredReclaimIsConflict"/>.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="attachment">The interface as it is now.</param>
    /// <param name="interfaceIndex">Which interface.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="interfaceIndex"/> is not one of the node's.</exception>
    public void ChangeAddress(Instant now, EndNodeInterface attachment, int interfaceIndex = 0)
    {
        var old = _interfaces[interfaceIndex];
        Tell(now, NodeRules.ChangeAddress, address: attachment.Address);
        _interfaces.Change(interfaceIndex, attachment);
        for (int i = 0; i < _names.Count; i++)
        {
            if (!_names[i].Name.IsWildcard)
                MoveName(now, i, old.Address, interfaceIndex);
        }

        Settle(now);
    }

    /// <summary>Empties the cache (<c>nbtstat -R</c>); preloaded entries stay.</summary>
    /// <param name="now">The current time.</param>
    public void PurgeCache(Instant now)
    {
        Tell(now, NodeRules.PurgeCache);
        _memory?.Cache.Clear(keepPreloaded: true);
    }

    /// <summary>Puts a name into the cache for good, as a <c>#PRE</c> line of LMHOSTS does; only until the machine is shut down, where no file names it.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name; without a scope, in the node's.</param>
    /// <param name="address">Its address.</param>
    public void PreloadName(Instant now, NetBiosName name, Ipv4Address address)
    {
        name = InScope(name);
        Tell(now, NodeRules.PreloadName, name, address);
        Preload(now, name, new NbEntry(default, address));
    }

    /// <summary>Stops the machine in good order: releases its names, then hears and says nothing any more until it boots again.</summary>
    /// <param name="now">The current time.</param>
    /// <returns>The command's id; its result comes when the last name is released.</returns>
    public OperationId Shutdown(Instant now)
    {
        Tell(now, NodeRules.Shutdown);
        if (_shutdownOperation != default)
            return _shutdownOperation;
        Cancel(ref _bootOperation, now, OperationKind.Boot);
        var operation = _shutdownOperation = NextOperation();
        for (int i = 0; i < _names.Count;)
        {
            int count = _names.Count;
            if (_options.Dialect.SkipsReleasesAtShutdown && IsLeftAtShutdown(_names[i]))
            {
                CancelRegistration(now, _names[i].Name);
                Say(now, NodeRules.RemovedSilently, _names[i].Name);
                RemoveRow(i);
            }
            else if (_names[i].State != LocalNameState.Releasing)
                StartRelease(now, _names[i].Name, null);
            i += _names.Count == count ? 1 : 0; // one in conflict is gone already
        }

        return Run(now, operation);
    }

    /// <summary>The names of Q140419: the Workstation's and Messenger's of the computer, and the domain's of its controllers.</summary>
    private bool IsLeftAtShutdown(in LocalName row) => row.Name.Suffix switch
    {
        NameSuffix.Workstation or NameSuffix.Messenger => !row.IsGroup && row.Name.WithSuffix(NameSuffix.Workstation) == ComputerName,
        NameSuffix.DomainControllers => row.IsGroup && _options.Workgroup is { } domain && row.Name == new NetBiosName(domain, NameSuffix.DomainControllers, _options.Scope),
        _ => false,
    };

    /// <summary>A logon of which the name is known: captured names need not be text.</summary>
    internal OperationId Logon(Instant now, NetBiosName name, ushort? transactionId)
    {
        Tell(now, NodeRules.Logon, name);
        return Run(now, StartRegistration(now, name, TransactionFlags.User, transactionId));
    }

    /// <summary>A logoff of which the name is known.</summary>
    internal OperationId Logoff(Instant now, NetBiosName name, ushort? transactionId)
    {
        Tell(now, NodeRules.Logoff, name);
        return Run(now, StartRelease(now, name, transactionId));
    }

    private NetBiosName UserName(string user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new NetBiosName(user, NameSuffix.Messenger, _options.Scope);
    }

    private OperationId NextOperation() => new(++_lastOperation);

    private OperationId Run(Instant now, OperationId operation)
    {
        Settle(now);
        return operation;
    }

    /// <summary>After whatever happened: goes on with a boot or a shutdown, and says when to call back.</summary>
    private void Settle(Instant now)
    {
        if (_bootOperation != default)
            ContinueBoot(now);
        if (_shutdownOperation != default)
            FinishShutdown(now);
        SetNextTimeout();
    }

    private bool IsRunning(Instant now, OperationId operation, OperationKind kind, in NetBiosName name)
    {
        bool running = !_isOff && _shutdownOperation == default;
        if (!running)
        {
            Say(now, NodeRules.NotRunning, name);
            Report(now, operation, kind, name, OperationOutcome.NotRunning);
        }

        return running;
    }

    private void Cancel(ref OperationId operation, Instant now, OperationKind kind)
    {
        if (operation != default)
            Report(now, operation, kind, default, OperationOutcome.Cancelled);
        operation = default;
    }

    /// <summary>Once every claim of a wave has ended, starts the next; after the last one, the boot is done.</summary>
    private void ContinueBoot(Instant now)
    {
        var names = _options.Dialect.BootNames;
        while (_bootOperation != default && !_transactions.Any(TransactionFlags.Boot))
        {
            bool more = false;
            int wave = _bootWave++;
            foreach (var boot in names)
            {
                more |= boot.Wave >= wave;
                if (boot.Wave == wave && MakeBootName(boot) is { } name)
                    StartRegistration(now, name, TransactionFlags.Boot | (boot.IsGroup ? TransactionFlags.Group : TransactionFlags.None), null);
            }

            if (!more)
                EndBoot(now, OperationOutcome.Succeeded);
        }
    }

    private void EndBoot(Instant now, OperationOutcome outcome)
    {
        if (_bootOperation != default)
            Report(now, _bootOperation, OperationKind.Boot, default, outcome);
        _bootOperation = default;
    }

    private NetBiosName? MakeBootName(BootName boot) => boot.Part switch
    {
        BootNamePart.Computer => ComputerName.WithSuffix(boot.Suffix),
        _ when _options.Workgroup is { } workgroup => new NetBiosName(workgroup, boot.Suffix, _options.Scope),
        _ => null,
    };

    private void FinishShutdown(Instant now)
    {
        if (_shutdownOperation == default || _names.Count > 0)
            return;
        foreach (var query in _transactions)
        {
            if (!query.Has(TransactionFlags.Silent) && query.Phase != TransactionPhase.ConflictWatch) // which has its result
                Report(now, query.Operation, query.Kind, query.Name, OperationOutcome.Cancelled);
        }

        Report(now, _shutdownOperation, OperationKind.Shutdown, default, OperationOutcome.Succeeded);
        _shutdownOperation = default;
        _transactions.Clear();
        _memory = null;
        _isOff = true;
    }

    private void Report(
        Instant now, OperationId operation, OperationKind kind, in NetBiosName name, OperationOutcome outcome, Ipv4Address responder = default,
        NbnsRcode rcode = default)
    {
        if (_options.ReportsResults && operation != default)
        {
            Report(new OperationResult
            {
                Id = operation,
                Kind = kind,
                Name = name,
                Outcome = outcome,
                CompletedAt = now,
                Responder = responder,
                Rcode = rcode,
            });
        }
    }

    private void Report(OperationResult result)
    {
        if (_options.ReportsResults)
            (_reports ??= new NodeReports()).Add(result);
    }
}
