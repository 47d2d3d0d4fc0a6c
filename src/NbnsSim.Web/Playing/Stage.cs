using System.Text;
using NbnsSim.Playing;
using NbnsSim.Protocol;
using NbnsSim.Reports.Pictures;
using NbnsSim.Scenarios;

namespace NbnsSim.Web.Playing;

/// <summary>What the view Play has before it: a scenario's text, its play, and what is chosen in it.</summary>
public sealed class Stage
{
    /// <summary>A network that cannot be drawn is not played either.</summary>
    public const int MostHosts = 1_000;

    /// <summary>The scenario where the view begins.</summary>
    public const string First = "q131739";

    /// <summary>Puts a scenario on.</summary>
    public Stage(Scenario scenario, string text, NetBtDialect? dialect)
    {
        (Text, Title, Description) = (text, scenario.Title, scenario.Description);
        Session = new PlaySession(scenario, dialect, record: simulator => new PlayPicture(simulator));
        Host = scenario.Hosts.IsEmpty ? "" : scenario.Hosts[0].Name;
    }

    /// <summary>The play.</summary>
    public PlaySession Session { get; }

    /// <summary>The scenario's text.</summary>
    public string Text { get; }

    /// <summary>The scenario's name in a sentence.</summary>
    public string Title { get; }

    /// <summary>What the scenario shows.</summary>
    public string Description { get; }

    /// <summary>The host that is chosen.</summary>
    public string Host { get; set; }

    /// <summary>The datagram that is chosen; 0 for none.</summary>
    public long Datagram { get; set; }

    /// <summary>A scenario as its file.</summary>
    public static string TextOf(Scenario scenario)
    {
        using var file = new MemoryStream();
        scenario.Write(file);
        return Encoding.UTF8.GetString(file.ToArray());
    }

    /// <summary>Why a play refuses something, without the name of the parameter that .NET puts behind it for programmers.</summary>
    public static string Why(Exception refusal) =>
        refusal is ArgumentException { ParamName: { } name } ? refusal.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : refusal.Message;
}
