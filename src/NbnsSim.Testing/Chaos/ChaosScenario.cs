using System.Globalization;
using NbnsSim.Scenarios;

namespace NbnsSim.Testing.Chaos;

/// <summary>
/// Networks of chaos: by a seed alone, a network of any kind, what people and services do in it, what goes wrong meanwhile, and then a quiet time in which nothing goes wrong or is done and all must settle.
/// </summary>
/// <remarks>
/// <para>
/// A network has up to ten segments behind one router, and none, one or two name servers, which replicate. Its nodes claim by broadcast alone, or are B, P, M and H nodes with name servers, of various
/// dialects. They boot, users log on and off at several of them, names are added, looked for and given up, machines are shut down and started again, within a minute or a few.
/// </para>
/// <para>
/// What goes wrong is link rules with a beginning and an end, hosts that crash or pause, and, in every fifth network, datagrams that an outsider forges. All of it is over, and every host that was down is up again, when the quiet time begins. It is long enough
/// for every timer: with name servers, whose records live for twenty minutes here, ninety minutes; else two minutes.
/// </para>
/// <para>What must hold of such a run is what <see cref="ChaosProperties"/> says.</para>
/// </remarks>
/// <example>
/// <code>
/// var scenario = ChaosScenario.Generate(17);
/// var broken = new ScenarioTrial(scenario, ChaosProperties.Of(scenario)).Run();
/// Console.WriteLine(broken?.Text ?? "All that must hold does.");
/// </code>
/// </example>
public static class ChaosScenario
{
    /// <summary>The name of all of them.</summary>
    public const string Name = "chaos";

    /// <summary>How long nothing goes wrong at the end, where there is a name server.</summary>
    internal static readonly TimeSpan LongQuiet = TimeSpan.FromMinutes(90);

    /// <summary>How long nothing goes wrong at the end, where there is none.</summary>
    internal static readonly TimeSpan ShortQuiet = TimeSpan.FromMinutes(2);

    /// <summary>From when on nothing goes wrong or is done any more, but that somebody looks for names near the end.</summary>
    /// <param name="scenario">A scenario that was made here.</param>
    public static Instant QuietFrom(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return scenario.End - (scenario.Hosts.Any(host => host.Roles.HasFlag(HostRoles.NameServer)) ? LongQuiet : ShortQuiet);
    }

    /// <summary>Makes the scenario of a seed.</summary>
    /// <param name="seed">The seed; all randomness of the run follows from it, too.</param>
    /// <param name="options">What networks there may be; <see langword="null"/> for the standard ones.</param>
    public static Scenario Generate(ulong seed, ChaosOptions? options = null)
    {
        options ??= new ChaosOptions();
        var network = new ChaosNetwork(seed, options);
        var commands = new ChaosCommands(seed, network);
        var faults = new ChaosFaultDraws(seed, options, network, commands.End);
        var forgeries = new ChaosForgeries(seed, options, network, commands);
        var end = commands.End + (network.HasServers ? LongQuiet : ShortQuiet);
        return new Scenario
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"{Name}-{seed}"),
            Title = string.Create(CultureInfo.InvariantCulture, $"Chaos, seed {seed}: {network.Hosts.Length} hosts, {faults.Rules.Length} link rules"),
            Seed = seed,
            Segments = network.Segments,
            Routers = network.Routers,
            Hosts = [.. network.Hosts, .. forgeries.Outsiders],
            Rules = faults.Rules,
            Steps = [.. commands.Steps.Concat(faults.Steps).Concat(forgeries.Steps).OrderBy(step => step.At), .. commands.LastQueries(end)], // stable
            End = end,
        };
    }
}
