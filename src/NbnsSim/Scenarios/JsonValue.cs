using System.Text.Json;

namespace NbnsSim.Scenarios;

/// <summary>A JSON value that knows where in the file it stands, so that whatever is wrong with it can be pointed at.</summary>
internal sealed class JsonValue
{
    private const int MaxValues = 2_000_000; // sixteen megabytes of nothing but zeros and commas would take a gigabyte

    private static readonly List<JsonMember> NoMembers = [];
    private static readonly List<JsonValue> NoItems = [];

    public required JsonTokenType Type { get; init; }

    /// <summary>The octet in the file where it begins.</summary>
    public required int Offset { get; init; }

    /// <summary>The text of a string, the digits of a number.</summary>
    public string Text { get; init; } = "";

    /// <summary>An object's properties; empty for all else.</summary>
    public List<JsonMember> Members { get; private init; } = NoMembers;

    /// <summary>An array's items; empty for all else.</summary>
    public List<JsonValue> Items { get; private init; } = NoItems;

    /// <summary>Its kind, with an article.</summary>
    public string Kind => Type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };

    /// <summary>Reads a whole file; comments and trailing commas are allowed.</summary>
    /// <param name="utf8">The file.</param>
    /// <param name="mistakes">Where strings that are no text are noted.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static JsonValue Read(ReadOnlySpan<byte> utf8, MistakeList mistakes)
    {
        int skipped = utf8.StartsWith("\uFEFF"u8) ? 3 : 0; // a byte order mark, as Windows' editors write it
        var reader = new Utf8JsonReader(utf8[skipped..], new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        reader.Read();
        int left = MaxValues;
        var value = Read(ref reader, skipped, mistakes, ref left);
        reader.Read(); // nothing but comments may follow
        return value;
    }

    private static JsonValue Read(ref Utf8JsonReader reader, int skipped, MistakeList mistakes, ref int left)
    {
        var type = reader.TokenType;
        if (--left < 0)
        {
            mistakes.Add((int)reader.TokenStartIndex + skipped, $"There are more than {MaxValues} values in the file: expected a scenario. Many hosts are written as one, with a 'count'.");
            throw new TooManyMistakesException();
        }

        var value = new JsonValue
        {
            Type = type,
            Offset = (int)reader.TokenStartIndex + skipped,
            Text = type switch
            {
                JsonTokenType.String => ReadText(ref reader, skipped, mistakes),
                JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
                _ => "",
            },
            Members = type == JsonTokenType.StartObject ? [] : NoMembers,
            Items = type == JsonTokenType.StartArray ? [] : NoItems,
        };
        if (type == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                string name = ReadText(ref reader, skipped, mistakes);
                int offset = (int)reader.TokenStartIndex + skipped;
                reader.Read();
                value.Members.Add(new JsonMember(name, offset, Read(ref reader, skipped, mistakes, ref left)));
            }
        }
        else if (type == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                value.Items.Add(Read(ref reader, skipped, mistakes, ref left));
        }

        return value;
    }

    /// <summary>A string; one with octets that are not UTF-8, or with half a surrogate pair, is noted.</summary>
    private static string ReadText(ref Utf8JsonReader reader, int skipped, MistakeList mistakes)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            mistakes.Add((int)reader.TokenStartIndex + skipped, "This is no text: expected UTF-8.");
            return "?";
        }
    }
}

/// <summary>A property of an object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">The octet in the file where the name begins.</param>
/// <param name="Value">Its value.</param>
internal sealed record JsonMember(string Name, int Offset, JsonValue Value);
