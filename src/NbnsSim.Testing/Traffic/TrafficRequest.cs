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

    private const string Index = "INDEX.tsv";

    /// <summary>Of which classes.</summary>
    public ImmutableArray<TrafficClass> Classes { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Which seeds of each.</summary>
    public SeedRange Seeds { get; init; } = new(1, 1);

    /// <summary>How many machines that have nothing to do with it are around each case.</summary>
    public int BackgroundHosts { get; init; } = DefaultBackgroundHosts;

    /// <summary>Whether there are test cases for IDSs as well: see <see cref="Write"/>.</summary>
    public bool HasIdsCases { get; init; }

    /// <summary>How many captures that comes to.</summary>
    public int CaptureCount => Classes.Length * Seeds.Count;

    /// <summary>
    /// Writes <c>CLASS-SEED.pcapng</c> and <c>CLASS-SEED.ndjson</c> for each class and seed, and <c>INDEX.tsv</c>, which gets a line as soon as those are whole; with <see cref="HasIdsCases"/> also
    /// <c>suricata/CLASS-SEED/</c> as Suricata's own tests are laid out (<c>test.yaml</c>, <c>test.rules</c>, <c>input.pcap</c>) and <c>zeek/</c> as Zeek's are (btest).
    /// </summary>
    /// <param name="create">Makes a file by its name, in which <c>/</c> separates folders.</param>
    /// <param name="cancellationToken">Ends it before the next capture: those that are there by then are whole.</param>
    /// <returns>How many captures there are.</returns>
    public int Write(Func<string, Stream> create, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(create);
        return WriteAll(new Files(create), cancellationToken);
    }

    /// <summary>Writes them into a folder, which is made where there is none; files of the same names are replaced.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellationToken">Ends it before the next capture: those that are there by then are whole.</param>
    /// <returns>How many captures there are.</returns>
    /// <exception cref="IOException">A file cannot be written, and what there was of it is deleted; the message names it and says how many captures are whole.</exception>
    public int WriteTo(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var files = new Files(name =>
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return File.Create(path);
        });
        try
        {
            return WriteAll(files, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string path = Path.Combine(folder, files.Name);
            if (files.IsHalf)
                Delete(path);
            string reason = e.Message.Replace($" : '{Path.GetFullPath(path)}'", "", StringComparison.Ordinal).TrimEnd('.');
            throw new IOException($"'{path}' cannot be written: {reason}.{(files.Whole == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" Captures that are whole: {files.Whole}; INDEX.tsv lists them."))}", e);
        }
    }

    /// <summary>Deletes a file if it can be; that it cannot be written is told in any case.</summary>
    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private int WriteAll(Files files, CancellationToken cancellationToken)
    {
        using var index = files.Open(Index);
        files.Append(index, "file\tclass\tkind\tcause\tseed\tframes\tevidence\tmalicious\tattacker\tculprit\tvictim\tname\n");
        if (HasIdsCases)
            files.Write("zeek/btest.cfg", ZeekCase.Configuration);
        foreach (var one in Classes)
        {
            for (int i = 0; i < Seeds.Count && !cancellationToken.IsCancellationRequested; i++)
            {
                var run = one.Play(Seeds.First + (ulong)i, BackgroundHosts);
                string name = TrafficFile.NameOf(run);
                files.Write($"{name}.pcapng", stream => TrafficFile.WriteCapture(run, stream));
                files.Write($"{name}.ndjson", stream => TrafficFile.WriteLabels(run, stream));
                if (HasIdsCases)
                    WriteIdsCases(files, run);
                files.Append(index, LineOf(run));
                files.Whole++;
            }
        }

        return files.Whole;
    }

    private static void WriteIdsCases(Files files, TrafficRun run)
    {
        string name = TrafficFile.NameOf(run);
        files.Write($"suricata/{name}/input.pcap", stream => TrafficFile.WriteCapture(run, stream, CaptureFormat.Pcap));
        files.Write($"suricata/{name}/test.rules", SuricataCase.Rules);
        files.Write($"suricata/{name}/test.yaml", SuricataCase.Test(run));
        files.Write($"zeek/Traces/{name}.pcap", stream => TrafficFile.WriteCapture(run, stream, CaptureFormat.Pcap));
        files.Write($"zeek/nbns/{name}.zeek", ZeekCase.Script(run));
        files.Write($"zeek/Baseline/nbns.{name}/output", ZeekCase.Output(run));
    }

    private static string LineOf(TrafficRun run)
    {
        var labels = run.Mirror.Select(sighting => run.LabelOf(sighting.Packet)).ToArray();
        var truth = run.Truth;
        return string.Create(CultureInfo.InvariantCulture, $"{TrafficFile.NameOf(run)}.pcapng\t{run.Class.Id}\t{TrafficFile.Word(run.Class.Kind)}\t{run.Class.Cause}\t{run.Seed}\t{labels.Length}\t")
            + string.Create(CultureInfo.InvariantCulture, $"{labels.Count(label => label.Role == TrafficRole.Evidence)}\t{labels.Count(label => label.IsMalicious)}\t")
            + string.Create(CultureInfo.InvariantCulture, $"{truth.Attacker?.Address}\t{truth.Culprit?.Address}\t{truth.Victim?.Address}\t{truth.Name}\n");
    }

    /// <summary>Files as they are written one after the other, and how far that has come.</summary>
    /// <param name="create">Makes one.</param>
    private sealed class Files(Func<string, Stream> create)
    {
        /// <summary>The one that is being written.</summary>
        public string Name { get; private set; } = Index;

        /// <summary>Whether that has been made, and not all is in it.</summary>
        public bool IsHalf { get; private set; }

        /// <summary>How many captures have all their files.</summary>
        public int Whole { get; set; }

        public Stream Open(string name)
        {
            Name = name;
            return create(name);
        }

        public void Write(string name, Action<Stream> write)
        {
            using (var stream = Open(name))
            {
                IsHalf = true;
                write(stream);
            }

            IsHalf = false;
        }

        public void Write(string name, string text) => Write(name, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

        /// <summary>Adds to a file that stays open: what is added is there if the next one fails.</summary>
        public void Append(Stream index, string line)
        {
            Name = Index;
            index.Write(Encoding.UTF8.GetBytes(line));
            index.Flush();
        }
    }
}
