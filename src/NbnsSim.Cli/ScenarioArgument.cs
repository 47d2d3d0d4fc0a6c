using System.CommandLine;
using System.Text;
using NbnsSim.Files;
using NbnsSim.Reports;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli;

/// <summary>The scenario that a command is about.</summary>
internal static class ScenarioArgument
{
    public static Argument<T> Create<T>(ArgumentArity arity)
    {
        var name = new Argument<T>("SCENARIO") { Arity = arity, Description = "The name of a built-in scenario (nbnssim scenarios), a file, or '-' for standard input.", HelpName = "SCENARIO" };
        name.CompletionSources.Add([.. BuiltInScenarios.Names]);
        return name;
    }

    /// <summary>The text of a built-in scenario, a file, or standard input for <c>-</c>, and what mistakes in it call it.</summary>
    public static (byte[] Text, string File) Read(Terminal terminal, string nameOrFile)
    {
        if (nameOrFile != InputFiles.StandardInput && BuiltInScenarios.FindText(nameOrFile) is { } builtIn)
            return (Encoding.UTF8.GetBytes(builtIn), nameOrFile + ".json");
        if (nameOrFile != InputFiles.StandardInput && !Path.Exists(nameOrFile))
            throw new BadInputException(ScenarioList.DescribeMissing(nameOrFile));
        using var input = terminal.OpenFile(nameOrFile);
        string title = InputFiles.TitleOf(nameOrFile);
        return (Scenario.ReadText(input, title), title);
    }
}
