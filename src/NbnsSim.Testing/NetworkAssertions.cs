using System.Globalization;
using NbnsSim.Events;
using NbnsSim.NameServers;
using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Nodes;
using NbnsSim.Rules;
using NbnsSim.Scenarios;

namespace NbnsSim.Testing;

/// <summary>What a test expects of a network. Each throws a <see cref="NetworkAssertionException"/> whose message has the account of what happened.</summary>
public static class NetworkAssertions
{
    /// <summary>Lets time pass until nothing was sent for a while, no name is being registered, and no name server waits for anybody.</summary>
    /// <param name="network">The network.</param>
    /// <param name="within">How long it may take; null for two minutes.</param>
    /// <param name="quiet">How long nothing must be sent; null for ten seconds.</param>
    /// <exception cref="NetworkAssertionException">It does not come to rest in time.</exception>
    public static void ShouldSettle(this TestNetwork network, TimeSpan? within = null, TimeSpan? quiet = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        var simulator = network.Simulator;
        var deadline = simulator.Now + (within ?? TimeSpan.FromMinutes(2));
        var silence = quiet ?? TimeSpan.FromSeconds(10);
        var since = simulator.Now;
        long sent = simulator.SentCount;
        while (simulator.Now < deadline)
        {
            network.RunFor(TimeSpan.FromSeconds(1));
            if (simulator.SentCount != sent || Busy(network).Any())
                (sent, since) = (simulator.SentCount, simulator.Now);
            else if (simulator.Now - since >= silence)
                return;
        }

        throw Failure(network, $"The network does not come to rest: {string.Join(", ", Busy(network).DefaultIfEmpty("datagrams go on"))}.");
    }

    /// <summary>A machine has a name, and may use it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="machine">The machine's name.</param>
    /// <param name="name">The name, such as <c>JSMITH&lt;03&gt;</c>.</param>
    /// <exception cref="NetworkAssertionException">It has not.</exception>
    public static void ShouldHold(this TestNetwork network, string machine, string name) => ShouldBe(network, machine, name, NbtStatStatus.Registered);

    /// <summary>A machine has a name that is in conflict.</summary>
    /// <param name="network">The network.</param>
    /// <param name="machine">The machine's name.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="NetworkAssertionException">It is not.</exception>
    public static void ShouldBeInConflict(this TestNetwork network, string machine, string name) => ShouldBe(network, machine, name, NbtStatStatus.Conflict);

    /// <summary>A machine has not got a name.</summary>
    /// <param name="network">The network.</param>
    /// <param name="machine">The machine's name.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="NetworkAssertionException">It has.</exception>
    public static void ShouldNotHold(this TestNetwork network, string machine, string name)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (Status(network, machine, name) == NbtStatStatus.Registered)
            throw Failure(network, $"{machine} holds {name}.");
    }

    /// <summary>Exactly one machine holds a name.</summary>
    /// <param name="network">The network.</param>
    /// <param name="name">The name.</param>
    /// <returns>The machine's name.</returns>
    /// <exception cref="NetworkAssertionException">None holds it, or several do.</exception>
    public static string ShouldHaveOneHolder(this TestNetwork network, string name)
    {
        ArgumentNullException.ThrowIfNull(network);
        var holders = network.Hosts().Where(host => network.Simulator.IsUp(host) && network.Simulator.NodeOf(host) is not null).Select(network.Simulator.NameOf)
            .Where(machine => Status(network, machine, name) == NbtStatStatus.Registered).ToList();
        return holders is [var only] ? only : throw Failure(network, holders.Count == 0 ? $"Nobody holds {name}." : $"Several hold {name}: {string.Join(", ", holders)}.");
    }

    /// <summary>A machine logged an event.</summary>
    /// <param name="network">The network.</param>
    /// <param name="machine">The machine's name.</param>
    /// <param name="eventId">Which, such as 4320.</param>
    /// <param name="rule">By which rule, such as <c>N15.name-alone</c>; null for any.</param>
    /// <returns>The event; the first, if there are several.</returns>
    /// <exception cref="NetworkAssertionException">It did not, or not by that rule.</exception>
    public static NetBtEvent ShouldLog(this TestNetwork network, string machine, int eventId, string? rule = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        var host = network.HostOf(machine);
        var logged = network.Simulator.Log.Where(entry => entry.Host == host).Select(entry => entry.Event).ToList();
        return logged.FirstOrDefault(one => one.Id == eventId && (rule is null || one.Reason?.Rule.Id == rule))
            ?? throw Failure(network, string.Create(
                CultureInfo.InvariantCulture,
                $"{machine} does not log {eventId}{(rule is null ? "" : $" by {rule}")}: its log has {string.Join(", ", logged.Select(one => $"{one.Id} by {one.Reason?.Rule.Id}").DefaultIfEmpty("nothing"))}."));
    }

    /// <summary>No machine logged anything.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="NetworkAssertionException">One did.</exception>
    public static void ShouldLogNothing(this TestNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.Simulator.Log is [var first, ..])
            throw Failure(network, $"{network.Simulator.NameOf(first.Host)} logs {first.Event.Id} about {first.Event.Name}.");
    }

    /// <summary>A machine decided something by a rule.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rule">The rule's id, such as <c>B5.defend-unique</c>.</param>
    /// <param name="machine">The machine's name; null for any.</param>
    /// <param name="name">About which name; null for any.</param>
    /// <returns>The decision; the first, if there are several.</returns>
    /// <exception cref="NetworkAssertionException">None did.</exception>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    public static HistoryEntry ShouldDecide(this TestNetwork network, string rule, string? machine = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        var wanted = RuleOf(rule);
        NetBiosName? about = name is null ? null : NetBiosName.Parse(name);
        return network.Report.History.Entries.FirstOrDefault(entry =>
                entry.Decision.Rule == wanted && (machine is null || entry.Host == machine) && (about is null || entry.Decision.Name == about))
            ?? throw Failure(network, $"{machine ?? "Nobody"} {(machine is null ? "decides" : "does not decide")} {(name is null ? "anything" : $"about {name}")} by {wanted.Id}: {wanted.Sentence}");
    }

    /// <summary>
    /// A network that has come to rest, and in which nothing is lost or cut off, is of one mind: no unique name has two owners on a segment, and machines and their name
    /// servers agree. See <see cref="NetworkInvariants.CheckAtRest"/>.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <exception cref="NetworkAssertionException">It is not, or does not come to rest.</exception>
    public static void ShouldAgree(this TestNetwork network)
    {
        network.ShouldSettle();
        NetworkInvariants.CheckAtRest(network);
    }

    /// <summary>Lets time pass until two name servers that replicate know the same records in the same state.</summary>
    /// <param name="network">The network.</param>
    /// <param name="server">A name server's name.</param>
    /// <param name="other">Another's.</param>
    /// <param name="within">How long it may take; null for two hours, four times what lies between two pulls (<see cref="NameServerDialect.PullInterval"/>) unless set.</param>
    /// <exception cref="NetworkAssertionException">They do not in time.</exception>
    public static void ShouldReplicate(this TestNetwork network, string server, string other, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        var (one, two) = (network.ServerOf(server), network.ServerOf(other));
        var deadline = network.Simulator.Now + (within ?? TimeSpan.FromHours(2));
        while (Difference(one, two) is { } difference)
        {
            if (network.Simulator.Now >= deadline)
                throw Failure(network, $"{server} and {other} do not come to agree: {difference}.");
            network.RunFor(TimeSpan.FromSeconds(10));
        }
    }

    internal static Rule RuleOf(string rule) => RuleBook.Find(rule) ?? throw new ArgumentException($"There is no rule '{rule}'.", nameof(rule));

    internal static NetworkAssertionException Failure(TestNetwork network, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{what}\nThe network's seed is {network.Simulator.Seed}.\n\n{network.Report.Explain()}"));

    private static string? Difference(NameServer one, NameServer other)
    {
        var left = one.GetRecords().ToDictionary(record => record.Name);
        foreach (var record in other.GetRecords())
        {
            if (!left.Remove(record.Name, out var same))
                return $"{record} is at one of them only";
            if ((same.Type, same.State, same.Owner, same.Version) != (record.Type, record.State, record.Owner, record.Version)
                || !same.Addresses.Select(member => member.Address).ToHashSet().SetEquals(record.Addresses.Select(member => member.Address)))
                return $"{same} at one of them, {record} at the other";
        }

        return left.Values.FirstOrDefault() is { } only ? $"{only} is at one of them only" : null;
    }

    private static void ShouldBe(TestNetwork network, string machine, string name, NbtStatStatus wanted)
    {
        ArgumentNullException.ThrowIfNull(network);
        var status = Status(network, machine, name);
        if (status != wanted)
            throw Failure(network, $"{machine} should have {name} as {wanted}: {(status is { } other ? $"it is {other}" : "it is not in its table")}.");
    }

    private static NbtStatStatus? Status(TestNetwork network, string machine, string name)
    {
        var wanted = NetBiosName.Parse(name);
        foreach (var row in network.NodeOf(machine).GetNameRows())
        {
            if (row.Name == wanted)
                return row.Status;
        }

        return null;
    }

    private static IEnumerable<string> Busy(TestNetwork network)
    {
        foreach (var host in network.Hosts().Where(network.Simulator.IsUp))
        {
            if (network.Simulator.NodeOf(host)?.GetNameRows().Any(row => row.Status == NbtStatStatus.Registering) == true)
                yield return $"{network.Simulator.NameOf(host)} registers";
            if (network.Simulator.NameServerOf(host)?.TransactionCount > 0)
                yield return $"{network.Simulator.NameOf(host)} waits for answers";
        }
    }
}
