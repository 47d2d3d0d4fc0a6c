using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NbnsSim.Captures;

namespace NbnsSim.Testing.Traffic;

/// <summary>What somebody wants of labelled traffic, and the writing of it.</summary>
/// <example>
/// <code>
/// var request = new TrafficRequest { Classes = TrafficClasses.Select("attacks"), Seeds = new SeedRange(1, 5) };
/// request.WriteTo(folder);
/// </code>
/// </example>
public sealed record TrafficRequest
{
    /// <summary>The machines of the background unless others are asked for.</summary>
    public const int DefaultBackgroundHosts = 12;

    /// <summary>Of which classes.</summary>
    public ImmutableArray<TrafficClass> Classes { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Which seeds of each.</summary>
    public SeedRange Seeds { get; init; } = new(1, 1);

    /// <summary>How many machines that have nothing to do with it are around each case.</summary>
    public int BackgroundHosts { get; init; } = DefaultBackgroundHosts;

    /// <summary>Whether there are test cases for IDSs as well: see <see cref="Write"/>.</summary>
    public bool HasIdsCases { get; init; }

    /// <summary>
    /// Writes <c>CLASS-SEED.pcapng</c> and <c>CLASS-SEED.ndjson</c> for each class and seed, and <c>INDEX.tsv</c>; with <see cref="HasIdsCases"/> also
    /// <c>suricata/CLASS-SEED/</c> as Suricata's own tests are laid out (<c>test.yaml</c>, <c>test.rules</c>, <c>input.pcap</c>) and <c>zeek/</c> as Zeek's are (btest).
    /// </summary>
    /// <param name="create">Makes a file by its name, in which <c>/</c> separates folders.</param>
    /// <returns>How many captures there are.</returns>
    public int Write(Func<string, Stream> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        var index = new StringBuilder("file\tclass\tkind\tcause\tseed\tframes\tevidence\tmalicious\tattacker\tculprit\tvictim\tname\n");
        int count = 0;
        foreach (var one in Classes)
        {
            for (int i = 0; i < Seeds.Count; i++, count++)
            {
                var run = one.Play(Seeds.First + (ulong)i, BackgroundHosts);
                string name = TrafficFile.NameOf(run);
                Into(create, $"{name}.pcapng", stream => TrafficFile.WriteCapture(run, stream));
                Into(create, $"{name}.ndjson", stream => TrafficFile.WriteLabels(run, stream));
                AppendTo(index, run);
                if (HasIdsCases)
                    WriteIdsCases(create, run);
            }
        }

        Into(create, "INDEX.tsv", stream => stream.Write(Encoding.UTF8.GetBytes(index.ToString())));
        if (HasIdsCases)
            Text(create, "zeek/btest.cfg", ZeekCase.Configuration);
        return count;
    }

    /// <summary>Writes them into a folder, which is made where there is none; files of the same names are replaced.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>How many captures there are.</returns>
    /// <exception cref="IOException">A file cannot be written; the message names it.</exception>
    public int WriteTo(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return Write(name =>
        {
            string path = Path.Combine(folder, name);
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                return File.Create(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                throw new IOException($"'{path}' cannot be written: {e.Message}", e);
            }
        });
    }

    private static void WriteIdsCases(Func<string, Stream> create, TrafficRun run)
    {
        string name = TrafficFile.NameOf(run);
        Into(create, $"suricata/{name}/input.pcap", stream => TrafficFile.WriteCapture(run, stream, CaptureFormat.Pcap));
        Text(create, $"suricata/{name}/test.rules", SuricataCase.Rules);
        Text(create, $"suricata/{name}/test.yaml", SuricataCase.Test(run));
        Into(create, $"zeek/Traces/{name}.pcap", stream => TrafficFile.WriteCapture(run, stream, CaptureFormat.Pcap));
        Text(create, $"zeek/nbns/{name}.zeek", ZeekCase.Script(run));
        Text(create, $"zeek/Baseline/nbns.{name}/output", ZeekCase.Output(run));
    }

    private static void AppendTo(StringBuilder index, TrafficRun run)
    {
        var labels = run.Mirror.Select(sighting => run.LabelOf(sighting.Packet)).ToArray();
        var truth = run.Truth;
        index.Append(CultureInfo.InvariantCulture, $"{TrafficFile.NameOf(run)}.pcapng\t{run.Class.Id}\t{TrafficFile.Word(run.Class.Kind)}\t{run.Class.Cause}\t{run.Seed}\t{labels.Length}\t")
            .Append(CultureInfo.InvariantCulture, $"{labels.Count(label => label.Role == TrafficRole.Evidence)}\t{labels.Count(label => label.IsMalicious)}\t")
            .Append(CultureInfo.InvariantCulture, $"{truth.Attacker?.Address}\t{truth.Culprit?.Address}\t{truth.Victim?.Address}\t{truth.Name}\n");
    }

    private static void Text(Func<string, Stream> create, string name, string text) => Into(create, name, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private static void Into(Func<string, Stream> create, string name, Action<Stream> write)
    {
        using var stream = create(name);
        write(stream);
    }
}
