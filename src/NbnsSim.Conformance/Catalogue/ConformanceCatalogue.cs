using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace NbnsSim.Conformance;

/// <summary>All cases, in the order of their clauses: RFC 1001, RFC 1002, MS-NBTE, then Microsoft's articles.</summary>
public static class ConformanceCatalogue
{
    private static readonly Lazy<ImmutableArray<ConformanceCase>> Cases = new(Read);

    /// <summary>All cases.</summary>
    public static ImmutableArray<ConformanceCase> All => Cases.Value;

    /// <summary>The case of an id; null where there is none.</summary>
    /// <param name="id">The id, such as <c>s5.1.1.5/1</c>.</param>
    public static ConformanceCase? Find(string id) => All.FirstOrDefault(test => test.Id == id);

    /// <summary>The cases of a clause and of those below it, or the one of an id.</summary>
    /// <param name="address">A clause such as <c>s5.1</c>, an id such as <c>s5.1.1.5/1</c>, or empty for all.</param>
    /// <param name="roles">As what the peer is tested.</param>
    public static ImmutableArray<ConformanceCase> Select(string address, ConformanceRole roles)
    {
        ArgumentNullException.ThrowIfNull(address);
        return [.. All.Where(test => (test.Role & roles) != ConformanceRole.None && (address.Length == 0 || test.Id == address || test.Clause == address || test.Clause.StartsWith(address + ".", StringComparison.Ordinal)))];
    }

    internal static string Citation(string document, string clause) => clause switch
    {
        ['s', .. var number] when char.IsAsciiDigit(number[0]) => $"{document} §{number}",
        ['n', 'b', 't', 'e', .. var number] => $"{document} §{number}",
        _ => document,
    };

    /// <summary>Reads one case file.</summary>
    /// <exception cref="InvalidDataException">It is not one; the message says where.</exception>
    internal static ImmutableArray<ConformanceCase> ReadFile(Stream json, string name)
    {
        try
        {
            var file = JsonSerializer.Deserialize(json, CaseJson.Default.CaseFileData)!;
            ImmutableArray<ConformanceCase> cases = [.. file.Cases.Select(data => new ConformanceCase(file, data))];
            foreach (var test in cases)
                CaseCheck.Check(test);
            return cases;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or FormatException)
        {
            throw new InvalidDataException($"{name}: {exception.Message}", exception);
        }
    }

    private static ImmutableArray<ConformanceCase> Read()
    {
        var assembly = typeof(ConformanceCatalogue).Assembly;
        var all = new List<ConformanceCase>();
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("Cases/", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            all.AddRange(ReadFile(stream, name));
        }

        return [.. all.OrderBy(test => Place(test.Clause)).ThenBy(test => SortKey(test.Clause), StringComparer.Ordinal).ThenBy(test => test.Data.Id)];
    }

    /// <summary>The standard first, RFC 1001 (s9 and on) and RFC 1002 (s4 and s5), then what Windows makes of it.</summary>
    private static int Place(string clause) => clause switch
    {
        ['s', '4' or '5', '.', ..] => 1,
        ['s', >= '0' and <= '9', ..] => 0,
        ['n', 'b', 't', 'e', ..] => 2,
        _ => 3,
    };

    /// <summary>Clauses in the order of their numbers: s4.2.6 before s4.2.13.</summary>
    private static string SortKey(string clause) =>
        string.Join('.', clause.Split('.').Select(part => part.All(char.IsAsciiDigit) ? int.Parse(part, CultureInfo.InvariantCulture).ToString("D8", CultureInfo.InvariantCulture) : First(part)));

    private static string First(string part)
    {
        string letters = part.TrimEnd("0123456789".ToCharArray());
        return letters.Length == part.Length || part.Length - letters.Length > 8 ? part : letters + part[letters.Length..].PadLeft(8, '0');
    }
}
