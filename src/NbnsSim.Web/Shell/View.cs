namespace NbnsSim.Web.Shell;

/// <summary>A view of the page: a place that the navigation and the fragment of an address lead to.</summary>
/// <param name="Name">What the fragment begins with: <c>#/diagnose</c>.</param>
/// <param name="Title">What the navigation calls it.</param>
/// <param name="Purpose">What it is for, in a sentence.</param>
/// <param name="Component">What shows it.</param>
public sealed record View(string Name, string Title, string Purpose, Type Component)
{
    /// <summary>All of them, in the order of the navigation; the first is where the page begins.</summary>
    public static IReadOnlyList<View> All { get; } =
    [
        new("diagnose", "Diagnose", "What is wrong in a capture or an event log, and who did it.", typeof(Views.Diagnose)),
        new("play", "Play", "A network to step through, to change and to break.", typeof(Views.Play)),
        new("whatif", "What if", "Two runs side by side, and where they part.", typeof(Views.WhatIf)),
        new("learn", "Learn", "Short lessons in which the simulator judges the answer.", typeof(Views.Learn)),
        new("lookup", "Look up", "Rules, dialects, suffixes and packets.", typeof(Views.LookUp)),
    ];

    /// <summary>The link that leads here.</summary>
    public string Link => $"#/{Name}";
}
