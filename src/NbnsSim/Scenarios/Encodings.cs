namespace NbnsSim.Scenarios;

/// <summary>What a file of text is that is no UTF-8, by its first octets.</summary>
internal static class Encodings
{
    /// <summary>Why the file cannot be read as UTF-8, and what was expected; null where it may be.</summary>
    public static string? Refuse(ReadOnlySpan<byte> file) => file switch
    {
        [] => "The file is empty: expected a JSON object.",
        [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] => "This is UTF-32: expected UTF-8.",
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, not 0, ..] or [not 0, 0, ..] => "This is UTF-16: expected UTF-8. Editors offer that when saving.",
        _ => file.ContainsAnyExcept(" \t\r\n\uFEFF"u8) ? null : "There is nothing but white space in the file: expected a JSON object.",
    };
}
