namespace NbnsSim;

/// <summary>What somebody probably meant who mistyped a word: a rule of a scenario, an option of a command line.</summary>
public static class Suggestion
{
    private const int LeastBegun = 4; // fewer letters begin too many words

    /// <summary>“ Did you mean 'X'?”, or nothing where no candidate is near.</summary>
    /// <param name="word">What was typed.</param>
    /// <param name="candidates">What there is.</param>
    public static string For(string word, IEnumerable<string> candidates)
    {
        string? nearest = Nearest(word, candidates);
        return nearest is null ? "" : $" Did you mean '{nearest}'?";
    }

    /// <summary>The nearest candidate that at most a third of the word's letters separate from it; one that begins with the word counts as one letter away.</summary>
    /// <param name="word">What was typed.</param>
    /// <param name="candidates">What there is.</param>
    /// <returns><see langword="null"/> where none is near.</returns>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(candidates);
        if (word.Length > 64 || word.Trim('-').Length < 2) // everything is near a single letter
            return null;
        int best = Math.Max(1, word.Length / 3) + 1;
        string? nearest = null;
        foreach (string candidate in candidates)
        {
            bool isBegun = word.Length >= LeastBegun && candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase);
            int distance = isBegun ? 1 : Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < best)
                (best, nearest) = (distance, candidate);
        }

        return nearest;
    }

    /// <summary>How many letters must be put in, taken out, changed or swapped with their neighbour (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        int[] beforeLast = new int[b.Length + 1];
        int[] last = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int[] row = new int[b.Length + 1];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            (beforeLast, last) = (last, row);
        }

        return last[b.Length];
    }
}
