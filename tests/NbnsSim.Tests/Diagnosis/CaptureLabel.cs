using System.Globalization;
using System.Text.Json;
using NbnsSim.Diagnosis;
using NbnsSim.Names;
using NbnsSim.Tests.House;

namespace NbnsSim.Tests.Diagnosis;

/// <summary>What happened in a real capture, as somebody wrote down who read tshark's decode of it: a file in <c>Fixtures/diagnosis</c>, see its README.</summary>
internal sealed record CaptureLabel(string Title, string Capture, IReadOnlyList<LabelledIncident> Incidents, IReadOnlyList<LabelledIncident> Optional)
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "NbnsSim.Tests", "Fixtures", "diagnosis");

    /// <summary>All of them, in the order of their titles.</summary>
    public static IEnumerable<CaptureLabel> All => Directory.EnumerateFiles(s_folder, "*.json").Order(StringComparer.Ordinal).Select(Read);

    /// <summary>Where the capture is: beside its label, or in the folder of captures that are not ours to ship; <see langword="null"/> where it is missing.</summary>
    public string? File
    {
        get
        {
            string beside = Path.Combine(s_folder, Title);
            string? shared = SharedFolder.Root is { } root ? Path.Combine(root, Capture) : null;
            return Path.Exists(beside) ? beside : Path.Exists(shared) ? shared : null;
        }
    }

    private static CaptureLabel Read(string file)
    {
        using var json = JsonDocument.Parse(System.IO.File.ReadAllText(file));
        var root = json.RootElement;
        return new CaptureLabel(
            Path.GetFileNameWithoutExtension(file), root.GetProperty("capture").GetString()!, [.. root.GetProperty("incidents").EnumerateArray().Select(LabelledIncident.Read)],
            root.TryGetProperty("optional", out var optional) ? [.. optional.EnumerateArray().Select(LabelledIncident.Read)] : []);
    }
}

/// <summary>An incident of a label.</summary>
internal sealed record LabelledIncident(IReadOnlyList<string> Causes, Ipv4Address Host, IReadOnlyList<NetBiosName> Names, IReadOnlySet<long> Frames, bool IsOpen)
{
    /// <summary>Whether a verdict's incident is this one.</summary>
    public bool Is(Incident told) =>
        Causes.Contains(told.Cause.Id, StringComparer.Ordinal) && told.Parties.Any(party => party.Address == Host) && (Names.Count == 0 || told.Names.Any(name => Names.Contains(name.WithScope(default))));

    internal static LabelledIncident Read(JsonElement json) => new(
        [json.GetProperty("cause").GetString()!, .. Strings(json, "or")],
        Ipv4Address.Parse(json.GetProperty("host").GetString()!),
        [.. Strings(json, "names").Select(name => NetBiosName.Parse(name))],
        FramesOf(json.GetProperty("frames").GetString()!),
        json.TryGetProperty("open", out var open) && open.GetBoolean());

    private static IEnumerable<string> Strings(JsonElement json, string property) =>
        json.TryGetProperty(property, out var list) ? list.EnumerateArray().Select(one => one.GetString()!) : [];

    private static HashSet<long> FramesOf(string ranges)
    {
        var frames = new HashSet<long>();
        foreach (string range in ranges.Split(','))
        {
            long[] ends = [.. range.Split('-').Select(end => long.Parse(end, CultureInfo.InvariantCulture))];
            for (long frame = ends[0]; frame <= ends[^1]; frame++)
                frames.Add(frame);
        }

        return frames;
    }
}
