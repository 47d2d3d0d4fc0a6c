using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NbnsSim.Files;

namespace NbnsSim.Query.Tool;

/// <summary>The tool as a function: arguments in, an exit code out.</summary>
internal static class QueryTool
{
    public const int Done = 0;
    public const int BadQuery = 2;
    public const int BadInput = 3;
    public const int OutputFailed = 5;

    private const string Description =
        """
        Asks the results of a job of nbnssim in SQL (DuckDB's). Queries read the job's tables and nothing else.

        Examples:
          nbnssim-query JOB "SELECT * FROM claimants ORDER BY claims DESC LIMIT 10"
          nbnssim-query JOB "DESCRIBE incidents"
          nbnssim-query JOB --list
        """;

    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var job = new Argument<string>("JOB") { Description = "the job's folder" };
        var sql = new Argument<string?>("SQL") { Description = "one query: SELECT, DESCRIBE, SHOW or SUMMARIZE", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "a line of JSON for each row" };
        var csv = new Option<bool>("--csv") { Description = "comma-separated values" };
        var list = new Option<bool>("--list") { Description = "what queries can be asked of, with all columns" };
        var root = new RootCommand(Description) { job, sql, json, csv, list };
        root.Validators.Add(result => Check(result, [json, csv, list], sql, list));
        root.SetAction(parsed =>
        {
            using var query = JobQuery.Open(parsed.GetValue(job)!);
            if (parsed.GetValue(list))
                WriteList(query, output);
            else
                query.Write(parsed.GetValue(sql)!, parsed.GetValue(json) ? QueryFormat.NdJson : parsed.GetValue(csv) ? QueryFormat.Csv : QueryFormat.Text, output);
            return Done;
        });

        // '@' begins no response file: it may begin a file name
        var parsed = root.Parse(arguments.Count == 0 ? ["--help"] : arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var mistake in parsed.Errors)
                Say(mistake.Message);
            error.WriteLine("Try 'nbnssim-query --help'.");
            return BadQuery;
        }

        try
        {
            int code = parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
            output.Flush();
            return code;
        }
        catch (QueryException e)
        {
            output.Flush(); // rows before a value that cannot be computed
            return Fail(e, BadQuery);
        }
        catch (OutputGoneException)
        {
            return Done; // whoever reads has seen enough
        }
        catch (OutputFailedException e)
        {
            return Fail(e, OutputFailed);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            return Fail(e, BadInput);
        }

        void Say(string message) => error.WriteLine($"nbnssim-query: {VisibleText.Escape(message)}");

        int Fail(Exception e, int code)
        {
            Say(e.Message);
            return code;
        }
    }

    private static void Check(CommandResult result, Option<bool>[] alone, Argument<string?> sql, Option<bool> list)
    {
        if (alone.Count(result.GetValue) > 1)
            result.AddError("Only one of --json, --csv and --list.");
        if (result.GetValue(list) == result.GetValue(sql) is not null)
            result.AddError(result.GetValue(list) ? "--list takes no query." : "There is no query. What can be asked: --list.");
    }

    private static void WriteList(JobQuery query, TextWriter output)
    {
        foreach (var view in query.Views)
        {
            output.Write($"{view.Name}: {view.Meaning}\n");
            int name = view.Columns.Max(column => column.Name.Length);
            int type = view.Columns.Max(column => column.Type.Length);
            foreach (var column in view.Columns)
                output.Write(string.Create(CultureInfo.InvariantCulture, $"  {column.Name.PadRight(name)}  {column.Type.PadRight(type)}  {column.Meaning}").TrimEnd() + "\n");
            output.Write("\n");
        }
    }
}
