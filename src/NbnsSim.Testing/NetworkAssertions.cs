using System.Globalization;
using NbnsSim.Events;
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
        if (RuleBook.Find(rule) is not { } wanted)
            throw new ArgumentException($"There is no rule '{rule}'.", nameof(rule));
        NetBiosName? about = name is null ? null : NetBiosName.Parse(name);
        return network.Report.History.Entries.FirstOrDefault(entry =>
                entry.Decision.Rule == wanted && (machine is null || entry.Host == machine) && (about is null || entry.Decision.Name == about))
            ?? throw Failure(network, $"{machine ?? "Nobody"} {(machine is null ? "decides" : "does not decide")} {(name is null ? "anything" : $"about {name}")} by {wanted.Id}: {wanted.Sentence}");
    }

    internal static NetworkAssertionException Failure(TestNetwork network, string what) => new($"{what}\n\n{network.Report.Explain()}");

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
