using System.Collections.Immutable;
using System.Text.Json;
using NbnsSim.Jobs.Archives;
using NbnsSim.Jobs.Campaigns;
using NbnsSim.Jobs.Chaos;
using NbnsSim.Jobs.Checks;
using NbnsSim.Jobs.Runs;

namespace NbnsSim.Jobs;

/// <summary>A kind of job, for <see cref="JobSpec.Parse"/>.</summary>
/// <param name="Name">What the <c>kind</c> of its specs says.</param>
/// <param name="Read">
/// Makes a spec from the object that <see cref="JobSpec.ToJson"/> writes; for what it cannot take it throws one of <see cref="JsonException"/>, <see cref="InvalidOperationException"/>,
/// <see cref="KeyNotFoundException"/>, <see cref="FormatException"/> and <see cref="ArgumentException"/>.
/// </param>
public sealed record JobKind(string Name, Func<JsonElement, JobSpec> Read)
{
    /// <summary>The kinds of this library.</summary>
    public static ImmutableArray<JobKind> All { get; } =
    [
        new(ArchiveSpec.KindName, ArchiveSpec.Read), new(MergeSpec.KindName, MergeSpec.Read), new(CampaignSpec.KindName, CampaignSpec.Read), new(CheckSpec.KindName, CheckSpec.Read),
        new(ChaosSpec.KindName, ChaosSpec.Read),
    ];
}
