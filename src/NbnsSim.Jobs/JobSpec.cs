using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NbnsSim.Reports;

namespace NbnsSim.Jobs;

/// <summary>
/// What is to be done, as data. The same spec is the same job: an engine that is given it again goes on where it was. A spec is whole in itself, so that it can travel to
/// another machine: what it names by a path has to be there under the same path.
/// </summary>
public abstract record JobSpec
{
    private const string KindName = "kind";

    /// <summary>Which kind of job it is, such as <c>archive</c>: what <see cref="Parse"/> tells kinds by.</summary>
    public abstract string Kind { get; }

    /// <summary>The job's id: the first 32 hexadecimal digits of the SHA-256 of <see cref="ToJson"/>.</summary>
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToJson())).AsSpan(0, 16));

    /// <summary>The spec as canonical JSON: an object on one line, <c>kind</c> first, always the same octets for the same spec.</summary>
    public string ToJson() => Encoding.UTF8.GetString(JsonTexts.Object(writer =>
    {
        writer.WriteString(KindName, Kind);
        WriteProperties(writer);
    }));

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="further">Kinds of jobs beside those of this library.</param>
    /// <exception cref="JobException">It is no spec, or of a kind that is not known.</exception>
    public static JobSpec Parse(string json, params ReadOnlySpan<JobKind> further)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            string? kind = document.RootElement.GetProperty(KindName).GetString();
            foreach (var one in (ReadOnlySpan<JobKind>)[.. JobKind.All, .. further])
            {
                if (one.Name == kind)
                    return one.Read(document.RootElement);
            }

            throw new JobException($"There is no kind of job '{VisibleText.Escape(kind ?? "")}'.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new JobException($"This is no specification of a job: {VisibleText.Escape(e.Message)}", e);
        }
    }

    /// <summary>What shards' weights count, such as <c>runs</c>; <c>octets</c> are shown in larger units.</summary>
    public virtual string WeightUnit => "shards";

    /// <summary>Whether a summary says what the job was to show: false where an expectation was not met or something is wrong, and the tool ends with 1.</summary>
    /// <param name="summary">What <see cref="IJobWork.Combine"/> returned.</param>
    public virtual bool IsAsHoped(JsonElement summary) => true;

    /// <summary>Whether a summary says that all of the input was analysed: false where part of it is missing or could not be read, and the tool ends with 3.</summary>
    /// <param name="summary">What <see cref="IJobWork.Combine"/> returned.</param>
    public virtual bool IsWhole(JsonElement summary) => true;

    /// <summary>Writes a summary as text.</summary>
    /// <param name="summary">What <see cref="IJobWork.Combine"/> returned.</param>
    /// <param name="writer">Where to.</param>
    public virtual void WriteSummary(JsonElement summary, ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteLine(summary.GetRawText());
    }

    /// <summary>Makes what does this job. It reads nothing yet.</summary>
    public abstract IJobWork CreateWork();

    /// <summary>Writes the spec's properties into an object that is open, always in the same order.</summary>
    /// <param name="writer">Where to.</param>
    protected abstract void WriteProperties(Utf8JsonWriter writer);
}
