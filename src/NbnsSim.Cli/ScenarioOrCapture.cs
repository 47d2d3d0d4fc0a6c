using System.CommandLine;
using NbnsSim.Captures;
using NbnsSim.Files;
using NbnsSim.Replay;
using NbnsSim.Reports;
using NbnsSim.Scenarios;
using NbnsSim.Twins;

namespace NbnsSim.Cli;

/// <summary>What a command runs: a scenario, or the twin of a capture.</summary>
/// <param name="Scenario">The scenario, the twin's for a capture.</param>
/// <param name="Twin">The twin; null for a scenario.</param>
/// <param name="IsDamaged">Whether part of the capture could not be read, which is said.</param>
internal sealed record ScenarioOrCapture(Scenario Scenario, CaptureTwin? Twin = null, bool IsDamaged = false)
{
    public static Argument<string> Argument()
    {
        var input = new Argument<string>("SCENARIO|CAPTURE") { Description = "The name of a built-in scenario (nbnssim scenarios), a file with a scenario or a capture, or '-' for standard input.", HelpName = "SCENARIO|CAPTURE" };
        input.CompletionSources.Add([.. BuiltInScenarios.Names]);
        return input;
    }

    public static ScenarioOrCapture Open(Terminal terminal, string path)
    {
        if (path != InputFiles.StandardInput && BuiltInScenarios.Find(path) is { } builtIn)
            return new ScenarioOrCapture(builtIn);
        if (path != InputFiles.StandardInput && !Path.Exists(path))
            throw new BadInputException(ScenarioList.DescribeMissing(path));
        using var file = CaptureStreams.Rewindable(terminal.OpenFile(path));
        if (!CaptureStreams.IsCapture(file, out string? problem))
        {
            return Scenario.IsLikely(file)
                ? new ScenarioOrCapture(Scenario.Read(file, InputFiles.TitleOf(path)))
                : throw new BadInputException($"{InputFiles.TitleOf(path)} is neither a capture nor a scenario. {problem}");
        }

        using var captures = new Captures(terminal, [path], open: _ => file);
        using var datagrams = new DatagramReader(captures.Open(), CaptureFile.NameService);
        var twin = CaptureTwin.Make(datagrams, path == InputFiles.StandardInput ? "capture" : Path.GetFileNameWithoutExtension(path));
        captures.SayWhatIsMissing(datagrams);
        return new ScenarioOrCapture(twin.Scenario, twin, captures.SayWhatIsDamaged(datagrams));
    }
}
