using System.Globalization;
using System.Text.Json;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>A database as JSON, out and in: the format of <see cref="NameServer.Save"/>.</summary>
internal static class DatabaseJson
{
    /// <summary>The version of the format that is written, and the one that is read.</summary>
    public const int SchemaVersion = 1;

    private static readonly string[] TypeNames = ["unique", "group", "internetGroup", "multihomed"];
    private static readonly string[] StateNames = ["active", "released", "tombstone"];
    private static readonly string[] NodeTypeNames = ["B", "P", "M", "H"];

    /// <summary>Writes a database.</summary>
    /// <param name="writer">Where to write to; flushed at the end.</param>
    /// <param name="server">Whose it is.</param>
    /// <param name="versions">How far it knows the records of each owner.</param>
    /// <param name="records">Its records.</param>
    public static void Write(Utf8JsonWriter writer, Ipv4Address server, IEnumerable<OwnerVersion> versions, IEnumerable<NameRecord> records)
    {
        writer.WriteStartObject();
        writer.WriteNumber("schemaVersion", SchemaVersion);
        writer.WriteString("server", server.ToString());
        writer.WriteStartArray("versions");
        foreach (var version in versions)
        {
            writer.WriteStartObject();
            writer.WriteString("server", version.Owner.ToString());
            writer.WriteNumber("version", version.Version);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("records");
        foreach (var record in records)
            Write(writer, record);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
    }

    /// <summary>Reads a database.</summary>
    /// <param name="utf8">The JSON text.</param>
    /// <param name="server">Whose it is to be: the records of the server that wrote it are its.</param>
    /// <param name="restoreVersion">Takes how far the server knows the records of an owner.</param>
    /// <param name="restore">Takes a record; false where there is no room for it.</param>
    /// <returns>What is wrong with the text, fit to be printed; null where nothing is. It never throws for what the text says.</returns>
    public static string? Read(ReadOnlySpan<byte> utf8, Ipv4Address server, Action<OwnerVersion> restoreVersion, Func<NameRecord, bool> restore)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        string? problem;
        try
        {
            problem = Read(ref reader, server, restoreVersion, restore);
        }
        catch (JsonException exception)
        {
            problem = $"line {exception.LineNumber + 1}: {exception.Message}";
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            problem = $"octet {reader.TokenStartIndex}: {exception.Message}"; // a value of another kind than expected, a number out of range
        }

        return problem is null ? null : VisibleText.Escape(problem); // it quotes the file
    }

    private static void Write(Utf8JsonWriter writer, NameRecord record)
    {
        writer.WriteStartObject();
        writer.WriteString("name", record.Name.WithScope(null).ToString());
        if (!record.Name.Scope.IsEmpty)
            writer.WriteString("scope", Convert.ToHexString(record.Name.Scope.Encoded)); // the labels as they go on the wire: no text form holds every scope
        writer.WriteString("type", TypeNames[(int)record.Type]);
        writer.WriteString("state", StateNames[(int)record.State]);
        if (record.IsStatic)
            writer.WriteBoolean("static", true);
        writer.WriteString("owner", record.Owner.ToString());
        writer.WriteNumber("version", record.Version);
        WriteTime(writer, record.Expires);
        writer.WriteStartArray("addresses");
        foreach (var one in record.Addresses)
        {
            writer.WriteStartObject();
            writer.WriteString("address", one.Address.ToString());
            if (one.Owner != record.Owner)
                writer.WriteString("owner", one.Owner.ToString());
            if (one.Expires != record.Expires)
                WriteTime(writer, one.Expires);
            writer.WriteString("nodeType", NodeTypeNames[(int)one.NodeType]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter writer, Instant time) => writer.WriteString("expires", time == Instant.MaxValue ? "never" : time.ToString());

    private static string? Read(ref Utf8JsonReader reader, Ipv4Address server, Action<OwnerVersion> restoreVersion, Func<NameRecord, bool> restore)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return "expected an object";
        var writer = new Rename(FindServer(reader) ?? server, server);
        bool isKnownVersion = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string property = reader.GetString()!;
            reader.Read();
            switch (property)
            {
                case "schemaVersion":
                    isKnownVersion = reader.GetInt32() == SchemaVersion;
                    if (!isKnownVersion)
                        return $"schemaVersion {reader.GetInt32()} is not known: expected {SchemaVersion}";
                    break;
                case "server":
                    ReadAddress(ref reader);
                    break;
                case "versions":
                    ReadVersions(ref reader, writer, restoreVersion);
                    break;
                case "records" when reader.TokenType == JsonTokenType.StartArray:
                    while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                    {
                        var record = ReadRecord(ref reader, writer);
                        if (!restore(record))
                            return $"octet {reader.TokenStartIndex}: no room for {record.Name}";
                    }

                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return isKnownVersion ? null : "schemaVersion is missing";
    }

    /// <summary>Whose records they are, wherever the object says so: its properties may come in any order (RFC 8259 §1).</summary>
    private static Ipv4Address? FindServer(Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isServer = reader.ValueTextEquals("server");
            reader.Read();
            if (isServer && reader.TokenType == JsonTokenType.String && Ipv4Address.TryParse(reader.GetString(), out var server))
                return server;
            reader.Skip();
        }

        return null;
    }

    private static void ReadVersions(ref Utf8JsonReader reader, Rename writer, Action<OwnerVersion> restoreVersion)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new FormatException("versions is no array");
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var owner = writer.To;
            ulong version = 0;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string property = reader.GetString()!;
                reader.Read();
                if (property == "server")
                    owner = writer.Of(ReadAddress(ref reader));
                else if (property == "version")
                    version = reader.GetUInt64();
                else
                    reader.Skip();
            }

            restoreVersion(new OwnerVersion(owner, version));
        }
    }

    private static NameRecord ReadRecord(ref Utf8JsonReader reader, Rename writer)
    {
        NetBiosName? name = null;
        var scope = NetBiosScope.Empty;
        var record = new NameRecord { Name = default, Addresses = [] };
        var addresses = new List<(NameRecordAddress One, bool HasOwner, bool HasTime)>(1);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string property = reader.GetString()!;
            reader.Read();
            switch (property)
            {
                case "name":
                    name = NetBiosName.Parse(reader.GetString() ?? "");
                    break;
                case "scope":
                    scope = ReadScope(ref reader);
                    break;
                case "type":
                    record = record with { Type = (NameRecordType)ReadChoice(ref reader, TypeNames) };
                    break;
                case "state":
                    record = record with { State = (NameRecordState)ReadChoice(ref reader, StateNames) };
                    break;
                case "static":
                    record = record with { IsStatic = reader.GetBoolean() };
                    break;
                case "owner":
                    record = record with { Owner = writer.Of(ReadAddress(ref reader)) };
                    break;
                case "version":
                    record = record with { Version = reader.GetUInt64() };
                    break;
                case "expires":
                    record = record with { Expires = ReadTime(ref reader) };
                    break;
                case "addresses" when reader.TokenType == JsonTokenType.StartArray:
                    while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                        addresses.Add(ReadRecordAddress(ref reader, writer));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (name is not { } whole)
            throw new FormatException("a record has no name");
        if (addresses.Count is 0 or > NameRecord.MaxAddresses)
            throw new FormatException($"{whole} has {addresses.Count} addresses: expected 1 to {NameRecord.MaxAddresses}");
        return record with { Name = whole.WithScope(scope), Addresses = [.. addresses.Select(Complete)] };

        NameRecordAddress Complete((NameRecordAddress One, bool HasOwner, bool HasTime) read) =>
            read.One with { Owner = read.HasOwner ? read.One.Owner : record.Owner, Expires = read.HasTime ? read.One.Expires : record.Expires };
    }

    /// <summary>An address, and which of its properties it has itself: the others are the record's.</summary>
    private static (NameRecordAddress One, bool HasOwner, bool HasTime) ReadRecordAddress(ref Utf8JsonReader reader, Rename writer)
    {
        var one = new NameRecordAddress(default, default, default, OwnerNodeType.B);
        bool hasOwner = false;
        bool hasTime = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string property = reader.GetString()!;
            reader.Read();
            switch (property)
            {
                case "address":
                    one = one with { Address = ReadAddress(ref reader) };
                    break;
                case "owner":
                    one = one with { Owner = writer.Of(ReadAddress(ref reader)) };
                    hasOwner = true;
                    break;
                case "expires":
                    one = one with { Expires = ReadTime(ref reader) };
                    hasTime = true;
                    break;
                case "nodeType":
                    one = one with { NodeType = (OwnerNodeType)ReadChoice(ref reader, NodeTypeNames) };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (one, hasOwner, hasTime);
    }

    private static Ipv4Address ReadAddress(ref Utf8JsonReader reader) => Ipv4Address.Parse(reader.GetString() ?? "");

    private static NetBiosScope ReadScope(ref Utf8JsonReader reader)
    {
        byte[] encoded = Convert.FromHexString(reader.GetString() ?? "");
        if (encoded.Length > ServerRequest.MaxScopeOctets || !NameRecord.IsScope(encoded))
            throw new FormatException("a scope is no sequence of labels in hex");
        return NetBiosScope.FromEncoded(encoded);
    }

    private static int ReadChoice(ref Utf8JsonReader reader, string[] choices)
    {
        string? text = reader.GetString();
        int choice = Array.IndexOf(choices, text);
        return choice >= 0 ? choice : throw new FormatException($"'{VisibleText.Escape(text)}' is none of {string.Join(", ", choices)}");
    }

    private static Instant ReadTime(ref Utf8JsonReader reader)
    {
        string? text = reader.GetString();
        if (text == "never")
            return Instant.MaxValue;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal seconds)
            || decimal.Abs(seconds) > long.MaxValue / 1_000_000_000)
            throw new FormatException($"'{VisibleText.Escape(text)}' is no time: expected seconds, such as 1000.000000000, or never");
        return new Instant((long)(seconds * 1_000_000_000));
    }

    /// <summary>The server that wrote the file, and the one whose the records are to be.</summary>
    private readonly record struct Rename(Ipv4Address From, Ipv4Address To)
    {
        public Ipv4Address Of(Ipv4Address owner) => owner == From ? To : owner;
    }
}
