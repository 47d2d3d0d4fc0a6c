using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <content>What a person or a service tells the node to do.</content>
public sealed partial class EndNode
{
    /// <summary>
    /// Starts the machine: registers the names of <see cref="NetBtDialect.BootNames"/>, in order. Each name has a result of its own; the boot
    /// is refused, and its later names are left out, where another computer holds the computer's name: the services that would
    /// have claimed them do not start then (Q97491: errors 3870, 7023).
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <returns>The boot's id.</returns>
    public OperationId Boot(Instant now)
    {
        _node.Tell(now, NodeRules.Boot);
        return Settle(now, Running.Boot(ref _node, now));
    }

    /// <summary>Claims a unique name.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name; without a scope, in the node's. One that begins with <c>*</c> is only added to the table (MS-NBTE §3.1.4.1).</param>
    /// <param name="transactionId">NAME_TRN_ID of its request; <see langword="null"/> for a random one. With several interfaces, that of the first.</param>
    /// <returns>The command's id.</returns>
    public OperationId AddName(Instant now, NetBiosName name, ushort? transactionId = null)
    {
        name = _node.InScope(name);
        _node.Tell(now, NodeRules.AddName, name);
        return Settle(now, Claiming.Start(ref _node, now, name, TransactionFlags.None, transactionId));
    }

    /// <summary>Claims a group name.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name; without a scope, in the node's.</param>
    /// <param name="transactionId">NAME_TRN_ID of its request; <see langword="null"/> for a random one. With several interfaces, that of the first.</param>
    /// <returns>The command's id.</returns>
    public OperationId AddGroupName(Instant now, NetBiosName name, ushort? transactionId = null)
    {
        name = _node.InScope(name);
        _node.Tell(now, NodeRules.AddGroupName, name);
        return Settle(now, Claiming.Start(ref _node, now, name, TransactionFlags.Group, transactionId));
    }

    /// <summary>Gives a name up. Whether one in conflict is released too, or just goes, is <see cref="NetBtDialect.ReleasesNameInConflict"/>.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name; without a scope, in the node's.</param>
    /// <param name="transactionId">NAME_TRN_ID of its release; <see langword="null"/> for a random one. With several interfaces, that of the first.</param>
    /// <returns>The command's id.</returns>
    public OperationId DeleteName(Instant now, NetBiosName name, ushort? transactionId = null)
    {
        name = _node.InScope(name);
        _node.Tell(now, NodeRules.DeleteName, name);
        return Settle(now, Releasing.Start(ref _node, now, name, transactionId));
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
        name = _node.InScope(name);
        _node.Tell(now, NodeRules.CorrectServer, name, address);
        return Settle(now, Releasing.Correct(ref _node, now, name, new NbEntry(new NbFlags(isGroup, _node.Plan.NodeType), address), transactionId));
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
        name = _node.InScope(name);
        _node.Tell(now, NodeRules.Query, name);
        return Settle(now, Resolving.Start(ref _node, now, name, transactionId));
    }

    /// <summary>
    /// Asks one machine alone for a name, a name server or a node, as <c>nmblookup -U</c> does: neither the node's own table nor its cache is looked at, and nobody else is asked.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name; without a scope, in the node's.</param>
    /// <param name="target">Whom to ask.</param>
    /// <param name="recursionDesired">Whether a name server is to answer for others (RD, RFC 1002 §4.2.12), rather than a node for itself alone.</param>
    /// <param name="transactionId">NAME_TRN_ID of its query; <see langword="null"/> for a random one.</param>
    /// <returns>The command's id.</returns>
    public OperationId Query(Instant now, NetBiosName name, Ipv4Address target, bool recursionDesired = true, ushort? transactionId = null)
    {
        name = _node.InScope(name);
        _node.Tell(now, NodeRules.Query, name, target);
        return Settle(now, Resolving.Ask(ref _node, now, name, target, recursionDesired, transactionId));
    }

    /// <summary>Asks another node for its names (<c>nbtstat -A</c>).</summary>
    /// <param name="now">The current time.</param>
    /// <param name="target">The node's address.</param>
    /// <param name="name">A name it holds; <see langword="null"/> for the wildcard, which asks for all.</param>
    /// <param name="transactionId">NAME_TRN_ID; <see langword="null"/> for a random one.</param>
    /// <returns>The command's id.</returns>
    public OperationId NodeStatus(Instant now, Ipv4Address target, NetBiosName? name = null, ushort? transactionId = null)
    {
        var asked = _node.InScope(name ?? NetBiosName.Wildcard);
        _node.Tell(now, NodeRules.NodeStatus, asked, target);
        return Settle(now, StatusAsking.Start(ref _node, now, target, asked, transactionId));
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
        name = _node.InScope(name);
        _node.Tell(now, NodeRules.NodeStatusByName, name);
        return Settle(now, StatusAsking.Start(ref _node, now, name));
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
        _node.Tell(now, NodeRules.ReleaseRefresh);
        return Settle(now, Renewing.RenewAll(ref _node, now));
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
        var old = _node.Interfaces[interfaceIndex];
        _node.Tell(now, NodeRules.ChangeAddress, address: attachment.Address);
        _node.Interfaces.Change(interfaceIndex, attachment);
        for (int i = 0; i < _node.Names.Count; i++)
        {
            if (!_node.Names[i].Name.IsWildcard)
                Moving.Move(ref _node, now, i, old.Address, interfaceIndex);
        }

        Running.Settle(ref _node, now);
    }

    /// <summary>Empties the cache (<c>nbtstat -R</c>); preloaded entries stay.</summary>
    /// <param name="now">The current time.</param>
    public void PurgeCache(Instant now)
    {
        _node.Tell(now, NodeRules.PurgeCache);
        _node.Memory?.Cache.Clear(keepPreloaded: true);
    }

    /// <summary>Puts a name into the cache for good, as a <c>#PRE</c> line of LMHOSTS does; only until the machine is shut down, where no file names it.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name; without a scope, in the node's.</param>
    /// <param name="address">Its address.</param>
    public void PreloadName(Instant now, NetBiosName name, Ipv4Address address)
    {
        name = _node.InScope(name);
        _node.Tell(now, NodeRules.PreloadName, name, address);
        Caching.Preload(ref _node, now, name, new NbEntry(default, address));
    }

    /// <summary>Stops the machine in good order: releases its names, then hears and says nothing any more until it boots again.</summary>
    /// <param name="now">The current time.</param>
    /// <returns>The command's id; its result comes when the last name is released.</returns>
    public OperationId Shutdown(Instant now)
    {
        _node.Tell(now, NodeRules.Shutdown);
        return Settle(now, Running.Shutdown(ref _node, now));
    }

    /// <summary>A logon of which the name is known: captured names need not be text.</summary>
    internal OperationId Logon(Instant now, NetBiosName name, ushort? transactionId)
    {
        _node.Tell(now, NodeRules.Logon, name);
        return Settle(now, Claiming.Start(ref _node, now, name, TransactionFlags.User, transactionId));
    }

    /// <summary>A logoff of which the name is known.</summary>
    internal OperationId Logoff(Instant now, NetBiosName name, ushort? transactionId)
    {
        _node.Tell(now, NodeRules.Logoff, name);
        return Settle(now, Releasing.Start(ref _node, now, name, transactionId));
    }

    private NetBiosName UserName(string user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new NetBiosName(user, NameSuffix.Messenger, _node.Options.Scope);
    }

    private OperationId Settle(Instant now, OperationId operation)
    {
        Running.Settle(ref _node, now);
        return operation;
    }
}
