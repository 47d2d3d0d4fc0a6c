namespace NbnsSim.Scenarios;

/// <content>How it is checked.</content>
internal sealed partial class ScenarioWriter
{
    private void WriteCheck(ScenarioCheck check)
    {
        _json.WriteStartObject("check");
        Texts("properties", check.Properties);
        Texts("faults", Enum.GetValues<CheckFaults>().Where(fault => fault != CheckFaults.None && check.Faults.HasFlag(fault)).Select(fault => ScenarioText.Camel(fault.ToString())));
        if (check.MaxFaults != (check.Faults == CheckFaults.None ? 0 : 1))
            _json.WriteNumber("maxFaults", check.MaxFaults);
        if (check.FaultsUntil is { } until)
            Time("faultsUntil", until);
        if (check.Quiet is { } quiet)
            _json.WriteString("quiet", ScenarioText.Duration(quiet));
        Flag("anyOrder", check.AnyOrder);
        _json.WriteEndObject();
    }
}
