using System.CommandLine;
using System.Globalization;
using NbnsSim.Jobs;
using NbnsSim.Jobs.Archives;
using NbnsSim.Jobs.Runs;

namespace NbnsSim.Cli.Commands;

/// <summary><c>extract</c>: a part of an archive's work, for those who have a scheduler of their own.</summary>
internal static class ExtractCommand
{
    public static Command Create(Terminal terminal)
    {
        var inputs = new ArchiveInputs();
        var output = new Option<string>("--out") { HelpName = "RUNS", Description = "The folder of runs, which any number of processes write into: what is there and whole is not made again.", Required = true };
        var shard = ArchiveInputs.ShardOctets("Cut larger files into ranges of so many octets; without it a file is a run.");
        var range = Choices.Option<(long From, long? To)?>("--range", "A..B", "The octets A up to B, without B, of one capture; 'A..' up to its end.", ParseRange);
        var audit = new Option<bool>("--audit") { Description = "Also extract what 'merge --audit' goes by, which is more than the name service; each capture is read once more." };
        var parallel = Choices.Number<int>("--parallel", "N", "How many workers: one for each core.", 1_024, text => $"--parallel is 1 to 1024, not '{text}'.", least: 1);
        var command = new Command("extract", "Extract captures, or a range of one, into runs that 'merge' puts together: the parts of 'analyze' for a scheduler of one's own.") { output, shard, range, audit, parallel };
        inputs.AddTo(command);
        command.Refuse("--range says what is cut: --shard-octets does not go with it.", result => result.GetResult(range) is not null && result.GetResult(shard) is not null);
        command.SetAction((parsed, stop) => Task.Run(() => Extract(terminal, () => ArchiveSpec.Of(inputs.Of(parsed)) with { ShardOctets = parsed.GetValue(shard), Runs = ArchiveInputs.Full(parsed.GetValue(output)), Audit = parsed.GetValue(audit) }, parsed.GetValue(range), parsed.GetValue(parallel), stop), stop));
        return command;
    }

    private static int Extract(Terminal terminal, Func<ArchiveSpec> specOf, (long From, long? To)? range, int? parallel, CancellationToken stop)
    {
        try
        {
            var spec = specOf();
            using var progress = new Progress(terminal, "extract");
            var result = range is { } octets
                ? RunExtraction.ExtractRange(spec, octets.From, octets.To, stop)
                : RunExtraction.Extract(spec, parallel is > 0 ? parallel : null, terminal.ErrorIsTerminal ? now => progress.Show(JobText.Line(spec, now)) : null, stop); // who starts many of these reads no log of each
            progress.Dispose();
            foreach (string problem in result.Problems.Order(StringComparer.Ordinal))
                terminal.Error.WriteLine($"nbnssim: {problem}");
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Made:N0} {(result.Made == 1 ? "run" : "runs")} made, {result.Found:N0} there already, {result.Problems.Length:N0} {(result.Problems.Length == 1 ? "capture" : "captures")} not extracted."));
            return result.Problems.IsEmpty ? ExitCode.Done : ExitCode.BadInput;
        }
        catch (JobException e)
        {
            throw new BadInputException(e.Message);
        }
    }

    private static (long, long?)? ParseRange(string text)
    {
        string[] ends = text.Split("..");
        return ends.Length == 2 && TryParse(ends[0], out long from) && (ends[1].Length == 0 || (TryParse(ends[1], out long to) && to - from >= ArchiveSpec.MinShardOctets))
            ? (from, ends[1].Length == 0 ? null : long.Parse(ends[1], CultureInfo.InvariantCulture))
            : throw new FormatException($"'{text}' is no range: expected A..B with at least {ArchiveSpec.MinShardOctets} octets, or A.. up to the end.");
    }

    private static bool TryParse(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
