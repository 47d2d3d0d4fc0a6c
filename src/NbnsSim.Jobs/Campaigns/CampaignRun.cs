using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Testing;

namespace NbnsSim.Jobs.Campaigns;

/// <summary>How a run of a campaign ended.</summary>
internal enum CampaignOutcome : byte
{
    /// <summary>Everything that is expected was met.</summary>
    Met,

    /// <summary>Something that is expected was not.</summary>
    NotMet,

    /// <summary>Something did not hold that holds in every network.</summary>
    Broken,

    /// <summary>The simulation itself failed.</summary>
    Threw,
}

/// <summary>A run of a campaign.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Failure">What it failed by, the same for all runs that fail so; empty where it did not.</param>
/// <param name="Broken">Everything that did not hold, with what was seen; a sentence each.</param>
/// <param name="Packets">How many packets were sent.</param>
/// <param name="Events">The ids of the events that were logged, in the order of time.</param>
/// <param name="Settled">How many milliseconds after the scenario's last step the network came to rest; -1 where it did not.</param>
internal sealed record CampaignRun(ulong Seed, CampaignOutcome Outcome, string Failure, ImmutableArray<string> Broken, long Packets, ImmutableArray<int> Events, long Settled)
{
    /// <summary>Does a run. What holds in every network is looked at after each step of the scenario, and at its end whether each claim comes to one.</summary>
    /// <param name="scenario">The scenario, faults and all.</param>
    /// <param name="dialect">The dialect; null for the scenario's own.</param>
    /// <param name="seed">The seed.</param>
    public static CampaignRun Of(Scenario scenario, NetBtDialect? dialect, ulong seed)
    {
        ScenarioRun? run = null;
        var rest = new RestObserver(scenario);
        try
        {
            run = new ScenarioRun(scenario, dialect, seed);
            run.Simulator.AddObserver(rest);
            int logged = 0;
            do
            {
                if (NetworkInvariants.Find(run.Simulator, ref logged) is { } broken)
                    return Broken(broken);
            }
            while (run.Step());
            if (NetworkInvariants.FindEndlessClaim(run.Simulator) is { } endless)
                return Broken(endless);
            var notMet = run.Check().Where(result => result.Outcome == ExpectationOutcome.NotMet).ToList();
            return notMet is [var first, ..]
                ? Ended(
                    CampaignOutcome.NotMet, string.Create(CultureInfo.InvariantCulture, $"line {first.Expectation.Line}: {first.Expectation.Description}"), [.. notMet.Select(result => result.ToString())])
                : Ended(CampaignOutcome.Met, "", []);
        }
        catch (Exception e) // whatever the simulator does wrong is what a campaign is to find
        {
            string failure = $"{e.GetType().Name}: {e.Message}";
            return Ended(CampaignOutcome.Threw, failure, [$"the simulation failed by {failure}"]);
        }

        CampaignRun Broken(string invariant) =>
            Ended(CampaignOutcome.Broken, invariant, [string.Create(CultureInfo.InvariantCulture, $"against an invariant, at {run.Simulator.Now} s: {invariant}")]);
        CampaignRun Ended(CampaignOutcome outcome, string failure, ImmutableArray<string> broken) => new(
            seed, outcome, failure, broken, run?.Simulator.SentCount ?? 0, run is null ? [] : [.. run.Simulator.Log.Select(logged => logged.Event.Id)],
            outcome is CampaignOutcome.Broken or CampaignOutcome.Threw ? -1 : rest.Settled);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static CampaignRun Read(BinaryReader reader) => new(
        reader.ReadUInt64(), (CampaignOutcome)reader.ReadByte(), reader.ReadString(), [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadString())], reader.ReadInt64(),
        [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt32())], reader.ReadInt64());

    /// <summary>Writes it.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Seed);
        writer.Write((byte)Outcome);
        writer.Write(Failure);
        writer.Write(Broken.Length);
        foreach (string sentence in Broken)
            writer.Write(sentence);
        writer.Write(Packets);
        writer.Write(Events.Length);
        foreach (int id in Events)
            writer.Write(id);
        writer.Write(Settled);
    }

    /// <summary>Finds when a network comes to rest: nothing is sent for six seconds, longer than anybody waits before it asks again (RFC 1002 §6: 5 s).</summary>
    private sealed class RestObserver(Scenario scenario) : SimulationObserver
    {
        private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(6);

        private readonly Instant _begin = scenario.Steps.IsEmpty ? Instant.Epoch : scenario.Steps[^1].At;
        private readonly Instant _end = scenario.End;
        private Instant _last = scenario.Steps.IsEmpty ? Instant.Epoch : scenario.Steps[^1].At;
        private bool _isAtRest;

        /// <summary>Milliseconds from the scenario's last step on; -1 where the network did not come to rest.</summary>
        public long Settled => _isAtRest || _end - _last >= Quiet ? (_last - _begin).Ticks / TimeSpan.TicksPerMillisecond : -1;

        public override void Sent(Simulator simulator, in SimulatedDatagram datagram)
        {
            if (_isAtRest || simulator.Now < _begin)
                return;
            if (simulator.Now - _last >= Quiet)
                _isAtRest = true;
            else
                _last = simulator.Now;
        }
    }
}
