using System.Globalization;
using System.Text.RegularExpressions;

namespace NbnsSim.Tests;

/// <summary>Text that would act on a terminal, and the proof that none of it came out.</summary>
internal static partial class Poison
{
    private static readonly Regex OwnColours = new("\u001b\\[(0|1|2|7|31|32|33|36|1;35)m", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    /// <summary>What begins a line of its own where a line feed gets through.</summary>
    public const string Injected = "INJECTED";

    /// <summary>One character of every kind that must not come out; the last but one is half a surrogate pair.</summary>
    public const string Text =
        "x\u001b]0;pwned\a\u001b[2J\u001b[31mRED\b\f\v\t\r\n" + Injected + "\u007f\u0080\u0085\u009b31m\u00ad\u061c\u200b\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufeff\ufe0f\u3164\ue000\uffff\U000e0041\ud800y";

    /// <summary>The same as UTF-8 can carry it.</summary>
    public static string Utf8Text => Text.Replace("\ud800", "", StringComparison.Ordinal);

    /// <summary>The same as a file's name or an argument can hold.</summary>
    public static string FileName => Utf8Text.Replace("\0", "", StringComparison.Ordinal).Replace("\uffff", "", StringComparison.Ordinal);

    /// <summary>Sixteen octets that do no good on a terminal, for names in packets.</summary>
    public static byte[] Octets => [0x1B, (byte)'[', (byte)'2', (byte)'J', 7, 13, 10, 0x7F, 0x85, 0x9B, 0xE2, 0x80, 0xAE, (byte)'<', 0, 0x1B];

    /// <summary>Asserts that nothing is in a text that acts on a terminal; colours of our own are taken out first.</summary>
    public static void AssertNone(string text, string because)
    {
        string plain = OwnColours.Replace(text, "");
        for (int i = 0; i < plain.Length; i++)
        {
            int codePoint = char.IsSurrogatePair(plain, Math.Min(i, plain.Length - 2 < 0 ? 0 : plain.Length - 2)) && i + 1 < plain.Length && char.IsSurrogatePair(plain[i], plain[i + 1])
                ? char.ConvertToUtf32(plain[i], plain[i + 1])
                : plain[i];
            if (codePoint is '\n' or (>= ' ' and < 0x7F))
                continue;
            var category = CharUnicodeInfo.GetUnicodeCategory(codePoint);
            bool acts = category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned || codePoint is 0xFE0F or 0x3164;
            if (acts)
                Assert.Fail($"{because}: U+{codePoint:X4} came out behind …{VisibleText.Escape(plain[Math.Max(0, i - 60)..i])}");
            if (codePoint > char.MaxValue)
                i++;
        }

        Assert.That(plain.Split('\n').Where(line => line.StartsWith(Injected, StringComparison.Ordinal)), Is.Empty, because);
    }
}
