using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace NbnsSim.Cli;

/// <summary>The usual help, then the command's examples and the exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    private static readonly ConditionalWeakTable<Command, string> Notes = [];

    public override bool ClearsParseErrors => inner.ClearsParseErrors;

    /// <summary>Gives <paramref name="command"/> the text that follows its options in help.</summary>
    public static void Describe(Command command, string notes) => Notes.AddOrUpdate(command, notes);

    public override int Invoke(ParseResult parseResult)
    {
        inner.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (Notes.TryGetValue(parseResult.CommandResult.Command, out string? notes))
            output.Write(notes + "\n\n");
        output.Write(ExitCode.Help + "\n");
        return ExitCode.Done;
    }
}
