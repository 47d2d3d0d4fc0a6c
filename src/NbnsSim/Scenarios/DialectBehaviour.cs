using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Scenarios;

/// <summary>One behaviour of a dialect: a switch, a choice, a count or a time, its value there, and on what that rests.</summary>
public sealed record DialectBehaviour
{
    private DialectBehaviour(string name, string value, ReadingAttribute reading, ImmutableArray<Rule> rules)
    {
        Name = name;
        Value = value;
        Basis = reading.Basis;
        Source = reading.Source;
        Rules = rules;
    }

    /// <summary>Its name, as a scenario file has it: <c>releasesRefusedUserName</c>.</summary>
    public string Name { get; }

    /// <summary>Its value, as a scenario file has it: <c>true</c>, <c>conflictOnName</c>, <c>3</c>, <c>750ms</c>; <c>granted</c> for a time to live that the name server says.</summary>
    public string Value { get; }

    /// <summary>Whether the value is a duration, so that "0" is no time rather than none of something.</summary>
    internal bool IsDuration { get; private init; }

    /// <summary>How well it is known that the dialect has this value.</summary>
    public RuleBasis Basis { get; }

    /// <summary>The text that it rests on, with the clause; for an inference, what it explains.</summary>
    public string Source { get; }

    /// <summary>The rules that it turns on or off, or chooses; none where it only says how much, how often or in which words.</summary>
    public ImmutableArray<Rule> Rules { get; }

    /// <summary>All behaviours of a node's dialect, those of its <see cref="NetBtDialect.Timing"/> too, by name.</summary>
    /// <param name="dialect">The dialect.</param>
    public static ImmutableArray<DialectBehaviour> Of(NetBtDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        return Sorted([.. Read(typeof(NetBtDialect).GetProperties(), dialect, dialect.Name, NodeRules.All), .. Read(typeof(NetBtTiming).GetProperties(), dialect.Timing, dialect.Name, NodeRules.All)]);
    }

    /// <summary>All behaviours of a name server's dialect, by name.</summary>
    /// <param name="dialect">The dialect.</param>
    public static ImmutableArray<DialectBehaviour> Of(NameServerDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        return Sorted(Read(typeof(NameServerDialect).GetProperties(), dialect, dialect.Name, ServerRules.All));
    }

    private static ImmutableArray<DialectBehaviour> Sorted(IEnumerable<DialectBehaviour> all) => [.. all.OrderBy(one => one.Name, StringComparer.Ordinal)];

    private static IEnumerable<DialectBehaviour> Read(PropertyInfo[] properties, object dialect, string preset, IReadOnlyList<Rule> rules)
    {
        foreach (var property in properties)
        {
            var readings = property.GetCustomAttributes<ReadingAttribute>().ToList();
            if (readings.Count == 0)
                continue;
            string value = TextOf(property.GetValue(dialect) ?? (property.PropertyType == typeof(TimeSpan?) ? TimeSpan.Zero : null));
            yield return new DialectBehaviour(ScenarioText.Camel(property.Name), value, Find(readings, value, preset), [.. rules.Where(rule => rule.Switch == property.Name)])
            {
                IsDuration = property.PropertyType == typeof(TimeSpan) || property.PropertyType == typeof(TimeSpan?),
            };
        }
    }

    /// <summary>The reading that speaks of this value in this preset; else of one of them; else of all.</summary>
    private static ReadingAttribute Find(List<ReadingAttribute> readings, string value, string preset) => readings
        .Where(reading => (reading.Value is null || reading.Value == value) && (reading.In is null || reading.In.Split(' ').Contains(preset, StringComparer.Ordinal)))
        .MaxBy(reading => (reading.Value is null ? 0 : 1) + (reading.In is null ? 0 : 1)) ?? readings[0];

    private static string TextOf(object? value) => value switch
    {
        null => "granted",
        bool isOn => DialectSwitch.Word(isOn),
        TimeSpan time => ScenarioText.Duration(time),
        Enum choice => ScenarioText.Camel(choice.ToString()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
