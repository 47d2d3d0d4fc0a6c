namespace NbnsSim.Reports.Pasted;

/// <summary>The words of <c>nbtstat</c>'s tables in the languages of Windows, also where a console's code page was read as another: of a word with ASCII letters the other letters do not count.</summary>
internal static class NbtStatWords
{
    private static readonly string[] Groups = ["GR", "ГР", "SKUP", "CSOP", "グループ", "组", "群組", "그룹"];
    private static readonly string[] Uniques = ["UNI", "ÚNI", "EIN", "УНИК", "JEDIN", "EGYEDI", "YKSIL", "一意", "唯一", "고유"];
    private static readonly string[] Registering = ["registering", "wird registriert", "en cours", "регистрируется"];

    // Conflict first: nmblookup shows several flags, <CONFLICT> <ACTIVE>, and nbtstat "Conflict - Deregistered"
    private static readonly (string Word, string State)[] States =
    [
        ("confli", "Conflict"), ("konflik", "Conflict"), ("конфликт", "Conflict"), ("ütköz", "Conflict"), ("競合", "Conflict"), ("冲突", "Conflict"), ("衝突", "Conflict"), ("충돌", "Conflict"),
        ("deregist", "Deregistered"), ("released", "Released"), ("freigegeben", "Released"), ("libér", "Released"), ("liberad", "Released"), ("rilasciat", "Released"),
        ("regist", "Registered"), ("inscri", "Registered"), ("zarejestr", "Registered"), ("регистр", "Registered"), ("登録", "Registered"), ("已注册", "Registered"), ("등록", "Registered"),
        ("permanent", "Registered"), ("active", "Registered"),
    ];

    /// <summary>Whether a word says group (true) or unique (false); null for another word.</summary>
    public static bool? IsGroup(ReadOnlySpan<char> word) => BeginsWithAny(word, Groups) ? true : BeginsWithAny(word, Uniques) ? false : null;

    /// <summary>The state that a row's words say, in English; null where they say none that is known.</summary>
    public static string? State(ReadOnlySpan<char> words)
    {
        foreach (string word in Registering)
        {
            if (IndexOf(words, word) >= 0)
                return "Registering";
        }

        foreach (var (word, state) in States)
        {
            if (IndexOf(words, word) >= 0)
                return state;
        }

        return null;
    }

    /// <summary>Where a text has a pattern, whatever the case; a letter of the pattern that is not ASCII stands for any that is not, if another is ASCII.</summary>
    public static int IndexOf(ReadOnlySpan<char> text, string pattern)
    {
        bool isLoose = pattern.AsSpan().ContainsAnyInRange('A', 'z');
        for (int at = 0; at <= text.Length - pattern.Length; at++)
        {
            int same = 0;
            while (same < pattern.Length && (char.ToUpperInvariant(text[at + same]) == char.ToUpperInvariant(pattern[same]) || (isLoose && pattern[same] > '\x7F' && text[at + same] > '\x7F')))
                same++;
            if (same == pattern.Length)
                return at;
        }

        return -1;
    }

    private static bool BeginsWithAny(ReadOnlySpan<char> word, string[] patterns)
    {
        foreach (string pattern in patterns)
        {
            if (word.Length >= pattern.Length && IndexOf(word[..pattern.Length], pattern) == 0)
                return true;
        }

        return false;
    }
}
