using System.Globalization;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Reports.Wireshark;

/// <summary>What Wireshark asks of a source of packets when it calls it (<c>extcap(4)</c>): each property is the option of its name. See <see cref="Extcap"/>.</summary>
/// <example>
/// <code>
/// var request = new ExtcapRequest { Interface = "nbnssim-q131739", IsCapture = true, Fifo = path };
/// if (request.Mistakes.Count == 0)
/// {
///     using var fifo = Extcap.OpenFifo(path);
///     request.Play(fifo);
/// }
/// </code>
/// </example>
public sealed record ExtcapRequest
{
    /// <summary><c>--extcap-interfaces</c>: which interfaces there are.</summary>
    public bool AsksForInterfaces { get; init; }

    /// <summary><c>--extcap-dlts</c>: what the interface's frames begin with.</summary>
    public bool AsksForLinkTypes { get; init; }

    /// <summary><c>--extcap-config</c>: what can be chosen for the interface.</summary>
    public bool AsksForConfiguration { get; init; }

    /// <summary><c>--extcap-capture-filter</c>: whether this is a capture filter; null or empty for none.</summary>
    public string? Filter { get; init; }

    /// <summary><c>--capture</c>: packets of the interface are to go to <see cref="Fifo"/>.</summary>
    public bool IsCapture { get; init; }

    /// <summary><c>--extcap-interface</c>: the interface that is meant.</summary>
    public string? Interface { get; init; }

    /// <summary><c>--fifo</c>: where Wireshark reads the packets.</summary>
    public string? Fifo { get; init; }

    /// <summary><c>--dialect</c>: what hosts of a scenario behave like that have no dialect of their own; null, or <see cref="Extcap.OwnDialect"/>, for the scenario's.</summary>
    public string? Dialect { get; init; }

    /// <summary><c>--seed</c>: what a scenario's randomness follows from; null or empty for the scenario's own.</summary>
    public string? Seed { get; init; }

    /// <summary><c>--real-time</c>: packets of a scenario come when they are sent; else all at once.</summary>
    public bool IsRealTime { get; init; }

    /// <summary>Whether something is asked that <see cref="Answer"/> answers, rather than packets.</summary>
    public bool IsQuestion => AsksForInterfaces || AsksForLinkTypes || AsksForConfiguration || !string.IsNullOrEmpty(Filter);

    /// <summary>Whether the packets are those that this machine's interfaces see, which the caller must capture.</summary>
    public bool IsLive => Interface == Extcap.LiveInterface;

    /// <summary>What is missing or wrong, a sentence each; none where all is well.</summary>
    public IReadOnlyList<string> Mistakes
    {
        get
        {
            var mistakes = new List<string>();
            if (Interface is not null && !Extcap.IsInterface(Interface))
                mistakes.Add($"There is no interface '{Interface}': --extcap-interfaces lists them.");
            else if ((AsksForLinkTypes || AsksForConfiguration || IsCapture) && Interface is null)
                mistakes.Add("Say which interface: --extcap-interface.");
            if (IsCapture && Fifo is null)
                mistakes.Add("Say where the packets go: --fifo.");
            if (Dialect is not (null or Extcap.OwnDialect) && !NetBtDialect.TryFind(Dialect, out _))
                mistakes.Add($"There is no dialect '{Dialect}': --extcap-config lists them.");
            if (!string.IsNullOrEmpty(Seed) && !ulong.TryParse(Seed, out _))
                mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"'{Seed}' is not a number from 0 to {ulong.MaxValue}."));
            return mistakes;
        }
    }

    /// <summary>Answers a question; nothing where packets are asked for.</summary>
    /// <param name="output">Where to; it stays open.</param>
    public void Answer(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (AsksForInterfaces)
            Extcap.WriteInterfaces(output);
        else if (AsksForLinkTypes)
            Extcap.WriteLinkTypes(output, Interface!);
        else if (AsksForConfiguration)
            Extcap.WriteConfiguration(output, Interface!);
        else if (IsQuestion)
            output.WriteLine("There are no capture filters here: use a display filter such as nbns."); // any words say that it is wrong
    }

    /// <summary>Plays the interface's scenario, and sends what passes on its segments as pcapng.</summary>
    /// <param name="output">Where to; it stays open.</param>
    /// <param name="clock">When the scenario begins, and the pace of real time; null for the system's.</param>
    /// <exception cref="InvalidOperationException">The interface is no scenario's, or there are <see cref="Mistakes"/>.</exception>
    public void Play(Stream output, TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        var scenario = Mistakes.Count == 0 && Interface is not null ? Extcap.FindScenario(Interface) : null;
        if (scenario is null)
            throw new InvalidOperationException(Mistakes is [var mistake, ..] ? mistake : $"'{Interface}' is no scenario's interface.");
        _ = NetBtDialect.TryFind(Dialect, out var dialect); // "own" is none
        var run = new ScenarioRun(scenario, dialect, string.IsNullOrEmpty(Seed) ? null : ulong.Parse(Seed, CultureInfo.InvariantCulture));
        using var writer = CaptureTap.Attach(run.Simulator, output, leaveOpen: true, startsAt: Instant.FromDateTimeOffset(clock.GetUtcNow()));
        if (IsRealTime)
            run.Simulator.AddObserver(new RealTimePace(writer, clock));
        run.Run();
    }
}
