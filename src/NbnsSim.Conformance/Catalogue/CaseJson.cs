using System.Text.Json;
using System.Text.Json.Serialization;

namespace NbnsSim.Conformance;

/// <summary>How case files are read: strictly, so that a word that is not understood is a mistake and not a check that never happens.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, ReadCommentHandling = JsonCommentHandling.Skip, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CaseFileData))]
[JsonSerializable(typeof(PacketData[]))]
[JsonSerializable(typeof(MatcherData))]
internal sealed partial class CaseJson : JsonSerializerContext;

/// <summary>One text or several: <c>"query"</c> or <c>["query", "status"]</c>; a number counts as its text.</summary>
[JsonConverter(typeof(Converter))]
internal sealed record Texts(string[] All)
{
    public sealed class Converter : JsonConverter<Texts>
    {
        public override Texts Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
                return new([One(ref reader)]);
            var all = new List<string>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                all.Add(One(ref reader));
            return new([.. all]);
        }

        public override void Write(Utf8JsonWriter writer, Texts value, JsonSerializerOptions options) => throw new NotSupportedException();

        private static string One(ref Utf8JsonReader reader) => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => reader.GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture),
            _ => throw new JsonException("A text or a number is expected."),
        };
    }
}

/// <summary>A number, or the least and the most that it may be: <c>3</c> or <c>[1, 3]</c>.</summary>
[JsonConverter(typeof(Converter))]
internal sealed record Bounds(double Least, double Most)
{
    public bool Contain(double value) => value >= Least && value <= Most;

    public sealed class Converter : JsonConverter<Bounds>
    {
        public override Bounds Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.Number)
                return new(reader.GetDouble(), reader.GetDouble());
            if (reader.TokenType != JsonTokenType.StartArray)
                throw new JsonException("A number or [least, most] is expected.");
            reader.Read();
            double least = reader.GetDouble();
            reader.Read();
            double most = reader.GetDouble();
            reader.Read();
            return reader.TokenType == JsonTokenType.EndArray ? new(least, most) : throw new JsonException("[least, most] has two numbers.");
        }

        public override void Write(Utf8JsonWriter writer, Bounds value, JsonSerializerOptions options) => throw new NotSupportedException();
    }
}
