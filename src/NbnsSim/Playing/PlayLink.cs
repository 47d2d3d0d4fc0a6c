using System.Collections.Immutable;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using NbnsSim.Scenarios;

namespace NbnsSim.Playing;

/// <summary>A scenario in a link: its file, deflated (RFC 1951), in the base 64 for addresses (RFC 4648 §5), behind a <c>#</c>. No server gets to see what stands there.</summary>
public static class PlayLink
{
    /// <summary>How long the text in a link can be, in characters.</summary>
    public const int MaxLength = 64 * 1024;

    private const int MaxFile = 1024 * 1024; // inflated

    /// <summary>The text for a scenario.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="text">The text.</param>
    /// <returns>False where it would be longer than <see cref="MaxLength"/>: such a scenario is handed on as a file.</returns>
    public static bool TryWrite(Scenario scenario, [NotNullWhen(true)] out string? text)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        using var file = new MemoryStream();
        scenario.Write(file);
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            deflate.Write(file.GetBuffer().AsSpan(0, (int)file.Length));
        text = Base64Url.EncodeToString(packed.GetBuffer().AsSpan(0, (int)packed.Length));
        if (text.Length <= MaxLength && file.Length <= MaxFile)
            return true;
        text = null;
        return false;
    }

    /// <summary>Reads the scenario in a link, which may come from anybody.</summary>
    /// <param name="text">The text behind the <c>#</c>.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="file">Its file, as it was written; empty where the text holds none.</param>
    /// <param name="mistakes">What is wrong; empty where nothing is.</param>
    /// <returns>Whether nothing is.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, [NotNullWhen(true)] out Scenario? scenario, out byte[] file, out ImmutableArray<ScenarioMistake> mistakes)
    {
        scenario = null;
        file = [];
        if (text.Length > MaxLength)
            mistakes = Wrong("It is longer than a link with a scenario can be.");
        else if (!Base64Url.IsValid(text))
            mistakes = Wrong("It is no scenario: a link has one in the base 64 for addresses, A to Z, a to z, 0 to 9, - and _.");
        else if (Inflate(Base64Url.DecodeFromChars(text)) is { } inflated)
            return Scenario.TryParse(file = inflated, "link", out scenario, out mistakes);
        else
            mistakes = Wrong("It is damaged, or holds more than a scenario: it cannot be inflated to at most 1 MiB.");
        return false;
    }

    private static ImmutableArray<ScenarioMistake> Wrong(string text) => [new ScenarioMistake("link", 1, 1, text)];

    private static byte[]? Inflate(byte[] packed)
    {
        using var deflate = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
        byte[] file = new byte[MaxFile + 1];
        try
        {
            int length = deflate.ReadAtLeast(file, file.Length, throwOnEndOfStream: false);
            return length is 0 or > MaxFile ? null : file[..length];
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
