using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Simulation;

namespace NbnsSim.Scenarios;

/// <content>Doing steps.</content>
public sealed partial class ScenarioRun
{
    /// <summary>Does a step of the scenario, or one that is being made up as its run goes on.</summary>
    internal void Do(ScenarioStep step)
    {
        switch (step)
        {
            case AddRuleStep add:
                Add(add.Rule);
                return;
            case RemoveRuleStep remove:
                if (_rules.TryGetValue(remove.Name, out var rule))
                    Simulator.RemoveRule(rule);
                return;
        }

        foreach (string name in step.Hosts)
            Do(step, Simulator.FindHost(name)!.Value);
    }

    private void Do(ScenarioStep step, HostId host)
    {
        switch (step)
        {
            case NodeStep command when Simulator.IsUp(host): // a machine that is down is told nothing
                Tell(command, host);
                break;
            case CrashStep:
                CollectResults(host);
                _commands.Remove(host.Index); // what it had in hand never ends
                Simulator.Crash(host);
                break;
            case RestartStep restart:
                if (restart.Dialect is { } dialect && !Simulator.IsUp(host))
                    _dialects[host.Index] = dialect;
                Simulator.Restart(host, restart.Forgets ? MakeEndpoint(Scenario.Hosts[host.Index], host.Index) : null);
                break;
            case ReplicateStep replicate when Simulator.IsUp(host):
                foreach (string partner in replicate.Partners)
                    TellServer(host, partner, "pull from", (server, now, address) => server.Pull(now, address));
                break;
            case PushStep push when Simulator.IsUp(host):
                foreach (string partner in push.Partners)
                    TellServer(host, partner, "notify", (server, now, address) => server.Push(now, address, push.Propagates));
                break;
            case SendStep send when Simulator.IsUp(host):
                Send(send, host);
                break;
        }
    }

    private void Tell(NodeStep step, HostId host)
    {
        Simulator.Command<INbnsEndpoint>(host, step.Description, (endpoint, now) =>
        {
            if (endpoint is CompositeEndpoint)
                endpoint.HandleTimeout(now); // early is harmless; so it learns the time of what its node says next
            var node = NodeOf(host)!;
            var operation = step.Command switch
            {
                NodeCommand.Boot => node.Boot(now),
                NodeCommand.AddName => node.AddName(now, step.Name, step.TransactionId),
                NodeCommand.AddGroupName => node.AddGroupName(now, step.Name, step.TransactionId),
                NodeCommand.DeleteName => node.DeleteName(now, step.Name, step.TransactionId),
                NodeCommand.Logon => node.Logon(now, step.User, step.TransactionId),
                NodeCommand.Logoff => node.Logoff(now, step.User, step.TransactionId),
                NodeCommand.Query => step.Address == default ? node.Query(now, step.Name, step.TransactionId) : node.Query(now, step.Name, step.Address, step.RecursionDesired, step.TransactionId),
                NodeCommand.NodeStatus => node.NodeStatus(now, step.Address, step.Name == default ? null : step.Name, step.TransactionId),
                NodeCommand.Refresh => node.Refresh(now),
                NodeCommand.PurgeCache => Purge(node, now),
                NodeCommand.CorrectNameServer => node.CorrectNameServer(now, step.Name, step.Address, step.IsGroup, step.TransactionId),
                NodeCommand.RefreshName => RefreshName(node, now, step),
                _ => node.Shutdown(now),
            };
            if (operation != default && _isWatched)
            {
                if (step.Tries is { } tries)
                    node.SetTries(operation, tries);
                if (!_commands.TryGetValue(host.Index, out var ofHost))
                    _commands[host.Index] = ofHost = [];
                ofHost[operation] = step;
            }
        });
    }

    private void TellServer(HostId host, string partnerName, string what, Action<NameServer, Instant, Ipv4Address> command)
    {
        var partner = Simulator.FindHost(partnerName)!.Value;
        if (partner == host)
            return;
        Simulator.Command<INbnsEndpoint>(host, $"{what} {partnerName}", (endpoint, now) =>
        {
            if (endpoint is CompositeEndpoint)
                endpoint.HandleTimeout(now); // early is harmless; so it learns the time of what its server says next
            command(NameServerOf(host)!, now, Simulator.AddressOf(partner));
        });
    }

    private static OperationId Purge(EndNode node, Instant now)
    {
        node.PurgeCache(now);
        return default;
    }

    private static OperationId RefreshName(EndNode node, Instant now, NodeStep step)
    {
        node.RefreshName(now, step.Name, step.TransactionId);
        return default;
    }

    private void Send(SendStep step, HostId host)
    {
        var place = Simulator.InterfaceOf(host, step.InterfaceIndex);
        var to = step.To ?? Simulator.SubnetOf(place.Segment).BroadcastAddress;
        Simulator.Inject(
            host, Ipv4Endpoint.NameService(step.Source ?? place.Address), Ipv4Endpoint.NameService(to), step.Payload.AsSpan(), isBroadcast: step.To is null, step.InterfaceIndex);
    }

    private void CollectResults()
    {
        int before = _results.Count;
        for (int i = 0; i < Simulator.HostCount; i++)
            CollectResults(new HostId(i));
        if (_results.Count == before)
            return;
        CommandResult[] byHost = [.. _results.OrderBy(result => result.Host.Index)]; // stable: each host's stay in the order of time
        _results.Clear();
        _results.AddRange(byHost);
    }

    private void CollectResults(HostId host)
    {
        if (NodeOf(host) is not { } node)
            return;
        while (node.TryPollResult(out var result))
        {
            if (result is null || !_isWatched)
                continue;
            NodeStep? step = null;
            if (_commands.TryGetValue(host.Index, out var ofHost) && ofHost.Remove(result.Id, out step) && ofHost.Count == 0)
                _commands.Remove(host.Index);
            var collected = new CommandResult(host, step, result);
            _results.Add(collected);
            if (step?.Id is not { } id)
                continue;
            if (!_resultsById.TryGetValue(id, out var ofCommand))
                _resultsById[id] = ofCommand = [];
            ofCommand.Add(collected);
        }
    }
}
