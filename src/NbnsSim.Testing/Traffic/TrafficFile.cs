using System.Globalization;
using System.Reflection;
using System.Text.Json;
using NbnsSim.Captures;
using NbnsSim.Messages;
using NbnsSim.Reports;
using NbnsSim.Rules;

namespace NbnsSim.Testing.Traffic;

/// <summary>Generated traffic as files: a capture with its labels as comments, and the labels as lines of JSON.</summary>
/// <remarks>Frames are numbered from 1 in both, as Wireshark does.</remarks>
public static class TrafficFile
{
    /// <summary>What captures say for the beginning of a run: 2024-01-01T00:00:00Z, always, so that a class and a seed give the same octets at any time.</summary>
    public static Instant StartsAt { get; } = new(1_704_067_200L * 1_000_000_000);

    /// <summary>Which program made it: <c>NbnsSim</c> and its version.</summary>
    public static string Generator { get; } =
        $"NbnsSim {typeof(TrafficFile).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}";

    /// <summary>The name of a run's files, without what they end with: <c>sweep-7</c>.</summary>
    /// <param name="run">The run.</param>
    public static string NameOf(TrafficRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return string.Create(CultureInfo.InvariantCulture, $"{run.Class.Id}-{run.Seed}");
    }

    /// <summary>When a frame was captured.</summary>
    /// <param name="sighting">The frame.</param>
    public static Instant TimeOf(in TrafficSighting sighting) => new(StartsAt.Nanoseconds + sighting.Time.Nanoseconds);

    /// <summary>Writes what a mirror port shows; in pcapng each segment is an interface, and each frame has its label as a comment.</summary>
    /// <param name="run">The run.</param>
    /// <param name="output">Where to; it stays open.</param>
    /// <param name="format">pcapng, or pcap in microseconds without comments, which every tool reads.</param>
    public static void WriteCapture(TrafficRun run, Stream output, CaptureFormat format = CaptureFormat.PcapNg)
    {
        ArgumentNullException.ThrowIfNull(run);
        bool isPcap = format == CaptureFormat.Pcap;
        using var writer = new CaptureWriter(output, new CaptureWriterOptions { Format = format, Microseconds = isPcap, Comment = Title(run) }, leaveOpen: true);
        for (int i = 0; i < (isPcap ? 1 : run.Simulator.SegmentCount); i++)
        {
            var segment = new Simulation.SegmentId(i);
            writer.AddInterface(new CaptureInterface { Name = run.Simulator.NameOf(segment), Description = run.Simulator.SubnetOf(segment).ToString() });
        }

        byte[] frame = new byte[UdpFrame.HeaderLength + UdpFrame.MaxPayloadLength];
        foreach (var sighting in run.Mirror)
        {
            var (packet, headers) = (sighting.Packet, sighting.Frame);
            int length = UdpFrame.Write(
                frame, headers.Source, headers.Destination, packet.Source, packet.Destination, sighting.Payload.Span, headers.Identification, headers.TimeToLive);
            writer.Write(TimeOf(sighting), frame.AsSpan(0, length), isPcap ? 0 : headers.Segment.Index, isPcap ? null : Comment(run, packet));
        }
    }

    /// <summary>Writes the labels: a <c>traffic</c> line with what is true of it all, then a <c>trafficFrame</c> line for each frame.</summary>
    /// <param name="run">The run.</param>
    /// <param name="output">Where to; it stays open.</param>
    public static void WriteLabels(TrafficRun run, Stream output)
    {
        ArgumentNullException.ThrowIfNull(run);
        var ndjson = new NdjsonWriter(output);
        ndjson.Write("traffic", run, WriteTruth);
        for (int i = 0; i < run.Mirror.Count; i++)
            ndjson.Write("trafficFrame", (run, i), static (json, it) => WriteFrame(json, it.run, it.i));
    }

    /// <summary>A run in a sentence.</summary>
    internal static string Title(TrafficRun run) => string.Create(CultureInfo.InvariantCulture, $"class={run.Class.Id} kind={Word(run.Class.Kind)} cause={(run.Class.Cause.Length > 0 ? run.Class.Cause : "none")} seed={run.Seed}: {run.Class.Meaning}");

    /// <summary>A value of an enumeration as lines of JSON spell it.</summary>
    internal static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static string Comment(TrafficRun run, TrafficPacket packet)
    {
        var label = run.LabelOf(packet);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"class={run.Class.Id} seed={run.Seed} label={LabelWord(run, label)} role={Word(label.Role)} by={Word(label.Party)} host={label.HostName} malicious={(label.IsMalicious ? "yes" : "no")} message={Word(packet.Kind)}{(RuleOf(packet) is { } rule ? $" rule={rule.Id}" : "")}");
    }

    /// <summary>One word for a learner: frames of the incident have its kind, all others are normal.</summary>
    private static string LabelWord(TrafficRun run, TrafficLabel label) => label.Role is TrafficRole.Evidence or TrafficRole.Supporting ? Word(run.Class.Kind) : "normal";

    /// <summary>By which rule a machine sent it; <see langword="null"/> for what is made for the case and no machine decided to send.</summary>
    private static Rule? RuleOf(TrafficPacket packet) => packet.Rule == NodeRules.SentByHand ? null : packet.Rule;

    private static void WriteTruth(Utf8JsonWriter json, TrafficRun run)
    {
        json.WriteString("file", $"{NameOf(run)}.pcapng");
        json.WriteString("class", run.Class.Id);
        json.WriteString("kind", Word(run.Class.Kind));
        json.WriteString("cause", run.Class.Cause.Length > 0 ? run.Class.Cause : null);
        json.WriteString("title", run.Class.Meaning);
        json.WriteNumber("seed", run.Seed);
        json.WriteString("generator", Generator);
        json.WriteNumber("background", run.Background.Count);
        json.WriteNumber("frames", run.Mirror.Count);
        json.WriteString("incident", NameOf(run));
        json.WriteString("name", run.Truth.Name);
        WriteHost(json, "attacker", run.Truth.Attacker);
        WriteHost(json, "culprit", run.Truth.Culprit);
        WriteHost(json, "victim", run.Truth.Victim);
        WriteHost(json, "nameServer", run.Server);
        json.WriteStartArray("evidence");
        for (int i = 0; i < run.Mirror.Count; i++)
        {
            if (run.LabelOf(run.Mirror[i].Packet).Role == TrafficRole.Evidence)
                json.WriteNumberValue(i + 1);
        }

        json.WriteEndArray();
    }

    private static void WriteHost(Utf8JsonWriter json, string property, TrafficHost? host)
    {
        if (host is null)
            return;
        json.WriteStartObject(property);
        json.WriteString("host", host.Name);
        json.WriteString("hostAddress", host.Address.ToString());
        json.WriteEndObject();
    }

    private static void WriteFrame(Utf8JsonWriter json, TrafficRun run, int index)
    {
        var sighting = run.Mirror[index];
        var packet = sighting.Packet;
        var label = run.LabelOf(packet);
        json.WriteString("file", $"{NameOf(run)}.pcapng");
        json.WriteNumber("frame", index + 1);
        json.WriteString("time", TimeOf(sighting).ToString());
        json.WriteString("source", packet.Source.Address.ToString());
        json.WriteNumber("sourcePort", packet.Source.Port);
        json.WriteString("destination", packet.Destination.Address.ToString());
        json.WriteNumber("destinationPort", packet.Destination.Port);
        json.WriteString("sourceMac", sighting.Mac.ToString().Replace('-', ':').ToLowerInvariant());
        json.WriteString("host", label.HostName);
        json.WriteString("kind", packet.Kind == NbnsMessageKind.Unknown ? null : Word(packet.Kind));
        if (packet.Name != default)
        {
            json.WriteString("name", packet.Name.BaseName);
            json.WriteNumber("suffix", (int)packet.Name.Suffix);
        }

        json.WriteString("label", LabelWord(run, label));
        json.WriteString("class", run.Class.Id);
        json.WriteString("role", Word(label.Role));
        json.WriteString("by", Word(label.Party));
        json.WriteBoolean("malicious", label.IsMalicious);
        if (label.Role is TrafficRole.Evidence or TrafficRole.Supporting)
            json.WriteString("incident", NameOf(run));
        if (RuleOf(packet) is { } rule)
            json.WriteString("rule", rule.Id);
    }
}
