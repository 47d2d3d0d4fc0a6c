using System.Diagnostics.CodeAnalysis;

namespace NbnsSim.Scenarios;

/// <content>How it is checked.</content>
internal sealed partial class ScenarioReader
{
    private const int MaxFaults = 8;

    private ScenarioCheck ReadCheck(JsonValue value)
    {
        var reader = new JsonObjectReader(_mistakes, value, "a check");
        string names = $"names of properties: {JsonObjectReader.Listed([.. ScenarioCheck.Known, ScenarioCheck.ConflictNoticedWithin + "2s"])}";
        string kinds = $"kinds of faults: {ScenarioText.Expected<CheckFaults>()}";
        var properties = reader.Items("properties", names).ConvertAll(item => reader.Parse<string>(item, "properties", names, TryProperty) ?? "");
        var faults = reader.Items("faults", kinds).ConvertAll(item => reader.Parse<CheckFaults>(item, "faults", kinds, ScenarioText.TryEnum));
        var check = new ScenarioCheck
        {
            Properties = [.. properties],
            Faults = faults.Aggregate(CheckFaults.None, (sum, one) => sum | one),
            MaxFaults = (int)(reader.OptionalNumber("maxFaults", 0, MaxFaults) ?? (faults.Count > 0 ? 1 : 0)),
            FaultsUntil = reader.Has("faultsUntil") ? reader.OptionalText<Instant>("faultsUntil", ScenarioText.DurationExpected, ScenarioText.TryInstant) : null,
            Quiet = reader.Has("quiet") ? reader.OptionalText<TimeSpan>("quiet", ScenarioText.DelayExpected, ScenarioText.TryDelay) : null,
            AnyOrder = reader.Flag("anyOrder"),
        };
        reader.Find("faultsUntil");
        reader.Find("quiet");
        reader.Finish();
        return check;
    }

    private static bool TryProperty(string text, [MaybeNullWhen(false)] out string name)
    {
        name = text;
        return ScenarioCheck.Known.Contains(text, StringComparer.Ordinal) || ScenarioCheck.TryConflictNoticed(text, out _);
    }
}
