using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Simulation;

namespace NbnsSim.Scenarios;

/// <content>A run in a file: the scenario, how far it has come, and the network.</content>
public sealed partial class ScenarioRun
{
    private const int MaxScenario = 16 * 1024 * 1024;

    /// <summary>
    /// Runs up to a time, and stops there, or at the end: what the scenario does before that time is done, what it does at it is not yet.
    /// </summary>
    /// <param name="time">The time.</param>
    public void RunUntil(Instant time)
    {
        if (time >= Scenario.End)
        {
            while (Step())
            {
            }

            return;
        }

        while (_nextStep < Scenario.Steps.Length && Scenario.Steps[_nextStep].At < time)
            Step();
        RunTo(time);
    }

    /// <summary>Writes the run as it is now, with the scenario, so that <see cref="Load"/> goes on from there exactly as this run does.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="scenario">The text that the scenario was read from, at most 16 MiB. Link rules that were added to it are part of the run.</param>
    /// <param name="file">What mistakes in it called the file.</param>
    /// <exception cref="StateException">The run's dialect is none of <see cref="NetBtDialect.All"/>, and not the scenario's.</exception>
    /// <exception cref="ArgumentException"><paramref name="scenario"/> is longer.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(Stream stream, ReadOnlySpan<byte> scenario, string file)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(file);
        if (scenario.Length > MaxScenario)
            throw new ArgumentException("A scenario has at most 16 MiB.", nameof(scenario));
        if (_chosen is not null && (!NetBtDialect.TryFind(_chosen.Name, out var known) || known != _chosen))
            throw new StateException($"Dialect {VisibleText.Escape(_chosen.Name)} is not one that every reader of the state knows.");
        CollectResults();
        var codec = StateCodec.Write();
        string name = file, dialect = _chosen?.Name ?? "";
        ulong seed = Simulator.Seed;
        codec.Carry(ref name);
        codec.Carry(ref dialect);
        codec.Carry(ref seed);
        codec.CarryCount(scenario.Length);
        codec.Carry(scenario.ToArray());
        Carry(codec);
        var network = Simulator.SaveOctets();
        codec.CarryCount(network.Length);
        codec.Carry(network.ToArray());
        StateFile.Write(stream, StateKind.Run, codec.Written);
    }

    /// <summary>Goes on with a run that was saved.</summary>
    /// <param name="stream">What <see cref="Save"/> wrote; what stands behind it is left there.</param>
    /// <returns>The run. Add observers to its <see cref="Simulator"/> to see what comes next.</returns>
    /// <exception cref="StateException">The octets are no run of this version, or are damaged.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static ScenarioRun Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return LoadOctets(StateFile.Read(stream, StateKind.Run));
    }

    internal static ScenarioRun LoadOctets(byte[] octets)
    {
        var codec = StateCodec.Read(octets);
        string file = "", dialect = "";
        ulong seed = 0;
        codec.Carry(ref file);
        codec.Carry(ref dialect);
        codec.Carry(ref seed);
        byte[] text = new byte[codec.CarryCount(0, most: MaxScenario)];
        codec.Carry(text);
        codec.Check(file.Length > 0, "The scenario's file has no name");
        NetBtDialect? chosen = null;
        if (dialect.Length > 0 && !NetBtDialect.TryFind(dialect, out chosen))
            throw codec.Refuse($"Dialect {VisibleText.Escape(dialect)} is not known");
        if (!Scenario.TryParse(text, file, out var scenario, out var mistakes))
            throw codec.Refuse($"The scenario has a mistake: {mistakes[0]}");
        var built = new ScenarioRun(scenario, chosen, seed);
        return new ScenarioRun(built, codec);
    }

    private ScenarioRun(ScenarioRun built, StateCodec codec)
        : this(built, built.Simulator)
    {
        Carry(codec);
        byte[] network = new byte[codec.CarryCount(0)];
        codec.Carry(network);
        codec.Check(codec.IsAtEnd, "The state goes on where it should end");
        foreach (int host in _dialects.Keys)
            built.Simulator.Replace(new HostId(host), MakeEndpoint(Scenario.Hosts[host], host));
        Simulator = Simulator.LoadOctets(network, built.Simulator);
        codec.Check(_commands.Keys.All(host => host < Simulator.HostCount), "A command is of no host");
        Watch();
    }

    private void Carry(StateCodec codec)
    {
        codec.Carry(ref _nextStep);
        codec.Carry(ref _nextDue);
        codec.Check((uint)_nextStep <= (uint)Scenario.Steps.Length && (uint)_nextDue <= (uint)_due.Length, "The run is further than its scenario goes");
        for (int i = 0; i < _checked.Length; i++)
            Carry(codec, ref _checked[i], Scenario.Expectations[i]);
        codec.CarryList(_results, sizeof(long), Carry);
        CarryResultsById(codec);
        CarryCommands(codec);
        CarryRules(codec);
        CarryDialects(codec);
        _counter.Carry(codec);
        _tally.Carry(codec);
    }

    private static void Carry(StateCodec codec, ref ExpectationResult? result, ScenarioExpectation expectation)
    {
        bool isThere = result is not null;
        codec.Carry(ref isThere);
        if (!isThere)
            return;
        var outcome = result?.Outcome ?? default;
        string seen = result?.Seen ?? "";
        codec.Carry(ref outcome, ExpectationOutcome.Pending);
        codec.CarryLong(ref seen);
        result = new ExpectationResult(expectation, outcome, seen);
    }

    private void Carry(StateCodec codec, ref CommandResult result)
    {
        int host = result?.Host.Index ?? 0;
        codec.Carry(ref host);
        codec.Check((uint)host < (uint)Simulator.HostCount, "A result is of no host");
        int step = result is null ? -1 : IndexOf(result.Step);
        codec.Carry(ref step);
        result = new CommandResult(new HostId(host), StepAt(codec, step), OperationResult.Carry(codec, result?.Result));
    }

    /// <summary>The results that expectations refer to, by their places among all.</summary>
    private void CarryResultsById(StateCodec codec)
    {
        int count = codec.CarryCount(_resultsById.Count);
        var ids = _resultsById.Keys.Order(StringComparer.Ordinal).ToArray();
        for (int i = 0; i < count; i++)
        {
            string id = codec.IsReading ? "" : ids[i];
            codec.Carry(ref id);
            List<int> places = codec.IsReading ? [] : [.. _resultsById[id].Select(result => _results.IndexOf(result))];
            codec.CarryList(places, sizeof(int), static (StateCodec codec, ref int place) => codec.Carry(ref place));
            codec.Check(places.TrueForAll(place => (uint)place < (uint)_results.Count), "A result is none that there is");
            if (codec.IsReading)
                _resultsById[id] = [.. places.Select(place => _results[place])];
        }
    }

    private void CarryCommands(StateCodec codec)
    {
        (int Host, int Operation, int Step)[] commands =
        [
            .. _commands.SelectMany(host => host.Value.Select(command => (host.Key, command.Key.Value, IndexOf(command.Value)))).Order(),
        ];
        int count = codec.CarryCount(commands.Length, 3 * sizeof(int));
        for (int i = 0; i < count; i++)
        {
            var (host, operation, step) = codec.IsReading ? default : commands[i];
            codec.Carry(ref host);
            codec.Carry(ref operation);
            codec.Carry(ref step);
            if (!codec.IsReading)
                continue;
            if (!_commands.TryGetValue(host, out var ofHost))
                _commands[host] = ofHost = [];
            ofHost[new OperationId(operation)] = StepAt(codec, step) ?? throw codec.Refuse("A command is of no step");
        }

        codec.Check(_commands.Keys.All(host => host >= 0), "A command is of no host");
    }

    private void CarryRules(StateCodec codec)
    {
        var rules = _rules.OrderBy(rule => rule.Key, StringComparer.Ordinal).ToArray();
        int count = codec.CarryCount(rules.Length);
        if (codec.IsReading)
            _rules.Clear();
        for (int i = 0; i < count; i++)
        {
            string name = codec.IsReading ? "" : rules[i].Key;
            int rule = codec.IsReading ? 0 : rules[i].Value.Index;
            codec.Carry(ref name);
            codec.Carry(ref rule);
            _rules[name] = new LinkRuleId(rule);
        }
    }

    private void CarryDialects(StateCodec codec)
    {
        int[] hosts = [.. _dialects.Keys.Order()];
        int count = codec.CarryCount(hosts.Length);
        for (int i = 0; i < count; i++)
        {
            int host = codec.IsReading ? 0 : hosts[i];
            string name = codec.IsReading ? "" : _dialects[host].Name;
            codec.Carry(ref host);
            codec.Carry(ref name);
            codec.Check((uint)host < (uint)Scenario.Hosts.Length && Scenario.Hosts[host].Roles.HasFlag(HostRoles.Node), "A dialect is of no end node");
            _dialects[host] = NetBtDialect.TryFind(name, out var dialect) ? dialect : throw codec.Refuse($"Dialect {VisibleText.Escape(name)} is not known");
        }
    }

    private int IndexOf(NodeStep? step) => step is null ? -1 : Scenario.Steps.IndexOf(step, 0, Scenario.Steps.Length, ReferenceEqualityComparer.Instance);

    private NodeStep? StepAt(StateCodec codec, int index)
    {
        codec.Check(index == -1 || ((uint)index < (uint)Scenario.Steps.Length && Scenario.Steps[index] is NodeStep), "A command is of no step");
        return index < 0 ? null : (NodeStep)Scenario.Steps[index];
    }
}
