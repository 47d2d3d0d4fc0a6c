using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using NbnsSim.Scenarios;

namespace NbnsSim.Jobs.Campaigns;

/// <summary>
/// Something that goes wrong on every link of a network, besides what its scenario says: <c>FAULT[:NAME=VALUE[,NAME=VALUE…]]</c> in the words of a scenario file's link rules, such as
/// <c>loss:probability=5%</c>, <c>duplicate:probability=1%,delay=20ms</c>, <c>reorder:probability=2%,delay=50ms</c>, <c>delay:delay=20ms,jitter=10ms</c> or <c>corrupt:probability=0.1%</c>.
/// </summary>
public sealed record CampaignFault
{
    private const string File = "fault";

    private static readonly ImmutableArray<string> Properties = ["probability", "delay", "jitter", "start", "end", "skip", "count"];

    private CampaignFault(string text, ScenarioRule rule)
    {
        Text = text;
        Rule = rule;
    }

    /// <summary>As it was given.</summary>
    public string Text { get; }

    /// <summary>As a link rule of everybody to everybody; its name, which its draws follow from, has <see cref="Text"/> in it.</summary>
    public ScenarioRule Rule { get; }

    /// <summary>Reads one.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is none; the message says what is wrong with it.</exception>
    public static CampaignFault Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string said = VisibleText.Escape(text.Length <= 80 ? text : text[..80] + "…");
        if (text.Length > 80)
            throw new FormatException($"'{said}' is too long for a fault.");
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        var values = colon < 0 ? [] : text[(colon + 1)..].Split(',').Select(pair => pair.Split('=', 2)).ToList();
        foreach (string[] pair in values)
        {
            if (pair.Length != 2 || !Properties.Contains(pair[0], StringComparer.Ordinal))
                throw new FormatException($"'{said}' is no fault: expected a fault, ':', and such as 'probability=5%,delay=20ms'; there are {string.Join(", ", Properties)}.");
        }

        // The reader of scenario files knows what a rule may be, and says what is wrong with it.
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("name", File);
            writer.WriteStartArray("segments");
            writer.WriteStartObject();
            writer.WriteString("name", "LAN");
            writer.WriteString("subnet", "10.0.0.0/24");
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteStartArray("hosts");
            writer.WriteEndArray();
            writer.WriteStartArray("steps");
            writer.WriteEndArray();
            writer.WriteString("end", "1s");
            writer.WriteStartArray("rules");
            writer.WriteStartObject();
            writer.WriteString("name", $"every link: {text}");
            writer.WriteString("fault", colon < 0 ? text : text[..colon]);
            foreach (string[] pair in values)
            {
                if (pair[0] is "skip" or "count" && long.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
                    writer.WriteNumber(pair[0], number);
                else
                    writer.WriteString(pair[0], pair[1]);
            }

            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Scenario.TryParse(json.ToArray(), File, out var scenario, out var mistakes)
            ? new CampaignFault(text, scenario.Rules[0])
            : throw new FormatException($"'{said}' is no fault: {mistakes[0].Message}");
    }

    /// <summary>Reads several behind each other: <c>loss:probability=5%,delay:delay=20ms,jitter=10ms</c>. A fault ends where the next one's name is.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">One is none; the message says what is wrong with it.</exception>
    public static ImmutableArray<CampaignFault> ParseAll(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var faults = new List<string>();
        foreach (string piece in text.Split(','))
        {
            if (faults.Count > 0 && piece.Contains('=', StringComparison.Ordinal) && !piece.Contains(':', StringComparison.Ordinal))
                faults[^1] += "," + piece;
            else
                faults.Add(piece);
        }

        return [.. faults.Select(Parse)];
    }

    /// <summary>A scenario with faults on every link, behind its own link rules.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="faults">The faults.</param>
    public static Scenario Overlay(Scenario scenario, IEnumerable<CampaignFault> faults)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return scenario with { Rules = [.. scenario.Rules, .. faults.Select(fault => fault.Rule)] };
    }

    /// <summary>The fault as it was given.</summary>
    public override string ToString() => Text;

    /// <summary>Whether it was given in the same words.</summary>
    /// <param name="other">Another.</param>
    public bool Equals(CampaignFault? other) => Text == other?.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);
}
