using System.Text.Json;

namespace NbnsSim.Mutation;

/// <summary>A mutant of Stryker's report, and what became of it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="File">The source file, below the core's folder.</param>
/// <param name="Line">The line it begins in.</param>
/// <param name="Kind">What kind of change.</param>
/// <param name="Change">The change: what is written, and what is put there.</param>
internal sealed record Mutant(int Id, string File, int Line, string Kind, string Change)
{
    private const int MostText = 110;

    /// <summary>Whether a test noticed it; null while it was not tried.</summary>
    public bool? Noticed { get; set; }

    /// <summary>How: the test that failed, or what else happened.</summary>
    public string How { get; set; } = "";

    /// <summary>The room it is in.</summary>
    public string Room => File[..Math.Max(0, File.IndexOf('/'))];

    /// <summary>A row of the results: whether it was noticed, its number, where, what kind, the change, how it was noticed.</summary>
    public string ToRow() => string.Join('\t', Noticed == true ? "noticed" : "missed", Id, $"{File}:{Line}", Kind, Change, How.ReplaceLineEndings(" "));

    /// <summary>The mutants of a report that were compiled.</summary>
    public static List<Mutant> Read(string report)
    {
        var mutants = new List<Mutant>();
        using var json = JsonDocument.Parse(System.IO.File.ReadAllBytes(report));
        foreach (var file in json.RootElement.GetProperty("files").EnumerateObject())
        {
            string path = file.Name.Replace('\\', '/');
            int start = path.LastIndexOf("src/NbnsSim/", StringComparison.Ordinal);
            string[] lines = file.Value.GetProperty("source").GetString()!.Split('\n');
            foreach (var mutant in file.Value.GetProperty("mutants").EnumerateArray())
            {
                if (mutant.GetProperty("status").GetString() is "Ignored" or "CompileError")
                    continue;
                var location = mutant.GetProperty("location");
                mutants.Add(new Mutant(
                    int.Parse(mutant.GetProperty("id").GetString()!),
                    start < 0 ? path : path[(start + "src/NbnsSim/".Length)..],
                    location.GetProperty("start").GetProperty("line").GetInt32(),
                    mutant.GetProperty("mutatorName").GetString()!,
                    $"{Short(Written(lines, location))}  =>  {Short(mutant.GetProperty("replacement").GetString()!)}"));
            }
        }

        return mutants;
    }

    private static string Written(string[] lines, JsonElement location)
    {
        var (fromLine, fromColumn) = Place(location.GetProperty("start"));
        var (toLine, toColumn) = Place(location.GetProperty("end"));
        return fromLine == toLine
            ? lines[fromLine][fromColumn..Math.Min(toColumn, lines[fromLine].Length)]
            : string.Join(' ', lines[(fromLine + 1)..toLine].Prepend(lines[fromLine][fromColumn..]).Append(lines[toLine][..Math.Min(toColumn, lines[toLine].Length)]));
    }

    private static (int Line, int Column) Place(JsonElement place) => (place.GetProperty("line").GetInt32() - 1, place.GetProperty("column").GetInt32() - 1);

    private static string Short(string code)
    {
        code = string.Join(' ', code.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return code.Length <= MostText ? code : code[..(MostText / 2)] + " … " + code[^(MostText / 2)..];
    }
}
