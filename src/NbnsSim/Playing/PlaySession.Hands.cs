using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Playing;

/// <content>What is done by hand, now. What happens at this very instant happens first: a scenario's steps come behind all else at their time.</content>
public sealed partial class PlaySession
{
    private const int LongestLabel = 80; // of a host's in a link rule's name

    /// <summary>Tells an end node to do something.</summary>
    /// <param name="host">The host.</param>
    /// <param name="command">What.</param>
    /// <param name="name">The name, where there is one to the command; left aside otherwise.</param>
    /// <param name="user">The user, for <see cref="NodeCommand.Logon"/> and <see cref="NodeCommand.Logoff"/>: 1 to 15 characters.</param>
    /// <exception cref="ArgumentException">There is no such host, it has no end node, or the command lacks its name or user.</exception>
    /// <exception cref="InvalidOperationException">The host is down.</exception>
    public void Tell(string host, NodeCommand command, NetBiosName name = default, string user = "")
    {
        ArgumentNullException.ThrowIfNull(user);
        var id = Find(host);
        if (_run.NodeOf(id) is null)
            throw new ArgumentException($"{host} has no end node that can be told anything.", nameof(host));
        bool hasName = command is NodeCommand.AddName or NodeCommand.AddGroupName or NodeCommand.DeleteName or NodeCommand.Query or NodeCommand.RefreshName;
        bool hasUser = command is NodeCommand.Logon or NodeCommand.Logoff;
        if (hasName && name == default)
            throw new ArgumentException("The command needs a name such as JSMITH<03>.", nameof(name));
        if (command is NodeCommand.NodeStatus or NodeCommand.CorrectNameServer)
            throw new ArgumentException("The command needs an address: it is for scenario files.", nameof(command));
        if (hasUser && !ScenarioText.TryBaseName(user, out _))
            throw new ArgumentException("A user's name has 1 to 15 characters, of Latin-1, and does not begin with a space.", nameof(user));
        if (!Simulator.IsUp(id))
            throw new InvalidOperationException($"{host} is down: it cannot be told anything.");
        Do(new NodeStep(Soon, command) { Hosts = [host], Name = hasName ? name : default, User = hasUser ? user : "" });
    }

    /// <summary>Pulls a host's cables: it hears nobody, and nobody hears it.</summary>
    /// <param name="host">The host.</param>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    /// <exception cref="InvalidOperationException">They are pulled already.</exception>
    public void PullCable(string host)
    {
        Find(host);
        if (CableOf(host) is not null)
            throw new InvalidOperationException($"{host}'s cable is pulled already.");
        Do(new AddRuleStep(Soon, new ScenarioRule(new LinkRule(NewName(CablePrefix(host)), LinkFault.Partition) { BothWays = true }, new ScenarioScope(host, null))));
    }

    /// <summary>Plugs a host's cables in again.</summary>
    /// <param name="host">The host.</param>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    /// <exception cref="InvalidOperationException">They are in.</exception>
    public void PlugCable(string host)
    {
        Find(host);
        Do(new RemoveRuleStep(Soon, CableOf(host) ?? throw new InvalidOperationException($"{host}'s cable was not pulled by hand.")));
    }

    /// <summary>Whether a host's cables were pulled by hand.</summary>
    /// <param name="host">The host.</param>
    public bool IsCablePulled(string host) => CableOf(host) is not null;

    /// <summary>Crashes a host.</summary>
    /// <param name="host">The host.</param>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    /// <exception cref="InvalidOperationException">It is down.</exception>
    public void Crash(string host)
    {
        if (!Simulator.IsUp(Find(host)))
            throw new InvalidOperationException($"{host} is down already.");
        Do(new CrashStep(Soon) { Hosts = [host] });
    }

    /// <summary>Brings a host back that is down.</summary>
    /// <param name="host">The host.</param>
    /// <param name="forgets">Whether it has forgotten everything, as after a power cut, rather than paused.</param>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    /// <exception cref="InvalidOperationException">It is up.</exception>
    public void Restart(string host, bool forgets)
    {
        if (Simulator.IsUp(Find(host)))
            throw new InvalidOperationException($"{host} is up.");
        Do(new RestartStep(Soon, forgets) { Hosts = [host] });
    }

    /// <summary>Gives an end node another dialect. A running machine cannot change it: it crashes, comes back as one installed anew, and boots if it was on.</summary>
    /// <param name="host">The host.</param>
    /// <param name="dialect">The dialect: one of <see cref="NetBtDialect.All"/>.</param>
    /// <exception cref="ArgumentException">There is no such host, it has no end node, or the dialect is none that scenario files can name.</exception>
    public void ChangeDialect(string host, NetBtDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        var id = Find(host);
        if (_run.NodeOf(id) is not { } node)
            throw new ArgumentException($"{host} has no end node that could have a dialect.", nameof(host));
        if (!NetBtDialect.TryFind(dialect.Name, out var known) || known != dialect)
            throw new ArgumentException($"Dialect {dialect.Name} is none that scenario files can name.", nameof(dialect));
        bool boots = Simulator.IsUp(id) && node is { IsShutDown: false, NameCount: > 0 };
        if (Simulator.IsUp(id))
            Do(new CrashStep(Soon) { Hosts = [host] });
        Do(new RestartStep(Soon, Forgets: true) { Hosts = [host], Dialect = dialect });
        if (boots)
            Do(new NodeStep(Soon, NodeCommand.Boot) { Hosts = [host] });
    }

    /// <summary>A datagram under way gets lost.</summary>
    /// <param name="datagram">One of <see cref="Simulator.GetUnderWay"/>.</param>
    /// <param name="receiver">On the way to whom; null for everybody.</param>
    /// <exception cref="ArgumentException">It is not under way any more, no link rule looks at it, or it does not go to the receiver.</exception>
    public void Lose(DatagramUnderWay datagram, string? receiver = null) => Put(LinkFault.Loss, TimeSpan.Zero, datagram, receiver);

    /// <summary>A datagram under way arrives later.</summary>
    /// <param name="datagram">One of <see cref="Simulator.GetUnderWay"/>.</param>
    /// <param name="delay">How much later: at most a day.</param>
    /// <param name="receiver">At whose; null for everybody's.</param>
    /// <exception cref="ArgumentException">It is not under way any more, no link rule looks at it, it does not go to the receiver, or the delay is too long or none.</exception>
    public void Delay(DatagramUnderWay datagram, TimeSpan delay, string? receiver = null)
    {
        if (delay <= TimeSpan.Zero || delay > TimeSpan.FromDays(1))
            throw new ArgumentException("A delay is longer than none, and at most a day.", nameof(delay));
        Put(LinkFault.Delay, delay, datagram, receiver);
    }

    /// <summary>A datagram under way arrives twice, the second time right behind the first.</summary>
    /// <param name="datagram">One of <see cref="Simulator.GetUnderWay"/>.</param>
    /// <param name="receiver">At whose; null for everybody's.</param>
    /// <exception cref="ArgumentException">It is not under way any more, no link rule looks at it, or it does not go to the receiver.</exception>
    public void Duplicate(DatagramUnderWay datagram, string? receiver = null) => Put(LinkFault.Duplicate, TimeSpan.Zero, datagram, receiver);

    /// <summary>A datagram under way arrives with one octet changed: which, and to what, follows from the seed.</summary>
    /// <param name="datagram">One of <see cref="Simulator.GetUnderWay"/>.</param>
    /// <param name="receiver">At whose; null for everybody's.</param>
    /// <exception cref="ArgumentException">It is not under way any more, no link rule looks at it, or it does not go to the receiver.</exception>
    public void Corrupt(DatagramUnderWay datagram, string? receiver = null) => Put(LinkFault.Corrupt, TimeSpan.Zero, datagram, receiver);

    /// <summary>Now, in the time that scenario files can say: the whole 100 ns that is reached next.</summary>
    private Instant Soon => new((Simulator.Now.Nanoseconds + Tick - 1) / Tick * Tick);

    private HostId Find(string host) => Simulator.FindHost(host) ?? throw new ArgumentException($"There is no host '{host}'.", nameof(host));

    private static string CablePrefix(string host) => $"cable of {(host.Length > LongestLabel ? host[..LongestLabel] : host)} pulled by hand";

    /// <summary>The link rule that stands for a host's pulled cable.</summary>
    private string? CableOf(string host)
    {
        string? cable = null;
        foreach (var step in _steps.AsSpan()[..StepCount])
        {
            if (step is AddRuleStep { Rule: { From.Host: { } from, Rule.Fault: LinkFault.Partition } added } && from == host && _byHand.Contains(step))
                cable = added.Rule.Name;
            else if (step is RemoveRuleStep removed && removed.Name == cable)
                cable = null;
        }

        return cable;
    }

    private void Put(LinkFault fault, TimeSpan delay, DatagramUnderWay datagram, string? receiver)
    {
        ArgumentNullException.ThrowIfNull(datagram);
        var found = Simulator.GetUnderWay().FirstOrDefault(one => one.Number == datagram.Number && one.PassesLinkRules)
            ?? throw new ArgumentException("The datagram is not under way any more, or nothing more can happen to it on its way.", nameof(datagram));
        if (receiver is not null && !found.Receivers.Contains(Find(receiver)))
            throw new ArgumentException($"The datagram does not go to {receiver}.", nameof(receiver));
        string sender = Simulator.NameOf(found.Sender);
        var rule = new LinkRule(NewName($"{fault} by hand"), fault) { Datagram = found.SenderNumber, Delay = delay };
        var added = new ScenarioRule(rule, new ScenarioScope(sender, null), receiver is null ? default : new ScenarioScope(receiver, null));
        if (Soon < found.Due)
            Do(new AddRuleStep(Soon, added));
        else
            DoBefore(found.Due, added);
    }

    /// <summary>A name that no link rule has: files take one once.</summary>
    private string NewName(string what)
    {
        string name;
        do
        {
            name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what} {++_named}");
        }
        while (Scenario.Rules.Any(rule => rule.Rule.Name == name) || Scenario.Steps.Any(step => step is AddRuleStep add && add.Rule.Rule.Name == name));
        return name;
    }

    private void Do(ScenarioStep step)
    {
        DropFuture();
        while (Simulator.NextEventTime <= step.At)
            Advance();
        DoNow(step);
    }

    /// <summary>Adds a link rule in time for what arrives at this very instant: as if it had been added right before.</summary>
    private void DoBefore(Instant due, ScenarioRule rule)
    {
        if (due == Instant.Epoch)
            throw new ArgumentException("What arrives at the very beginning cannot be kept from it by hand.", nameof(due));
        DropFuture();
        int standing = _position;
        var step = new AddRuleStep(new Instant((due.Nanoseconds - 1) / Tick * Tick), rule);
        GoTo(CountUpTo(step.At));
        Forget();
        DoNow(step);
        while (_position <= standing)
            Advance();
    }

    private void DoNow(ScenarioStep step)
    {
        if (_position >= MaxThings)
            throw new InvalidOperationException("So much has happened that nothing more can be kept.");
        _byHand.Add(step);
        _run.DoNow(step);
        _steps = _run.Steps;
        End = Max(End, step.At + Consequences);
        Note();
    }

    /// <summary>Who acts begins another future: what was taken back does not happen again.</summary>
    private void DropFuture()
    {
        Forget();
        _steps = [.. _steps[..StepCount], .. _steps[StepCount..].Where(step => !_byHand.Contains(step))];
        _run.TakeSteps(_steps);
    }

    private void Forget()
    {
        _things.RemoveRange(_position, _things.Count - _position);
        _forks.RemoveAll(fork => fork.Position > _position);
    }
}
