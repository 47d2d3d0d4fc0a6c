using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>The database as JSON, out and in.</content>
public sealed partial class NameServer
{
    /// <summary>The version of the JSON format that <see cref="Save"/> writes.</summary>
    public const int JsonSchemaVersion = 1;

    private static readonly string[] TypeNames = ["unique", "group", "internetGroup", "multihomed"];
    private static readonly string[] StateNames = ["active", "released", "tombstone"];
    private static readonly string[] NodeTypeNames = ["B", "P", "M", "H"];

    /// <summary>
    /// Writes the database: <c>{"schemaVersion":1,"server":…,"versions":[{"server":…,"version":…}],"records":[{"name":…,"type":…,"state":…,
    /// "static":…,"owner":…,"version":…,"expires":…,"addresses":[{"address":…,"owner":…,"expires":…,"nodeType":…}]}]}</c>, records by name. Times are
    /// seconds with nine decimals as <see cref="Instant"/> counts them; what never runs out has none. What is under way (challenges, answers, exchanges with
    /// partners) is not saved: a server that starts pulls anew.
    /// </summary>
    /// <param name="writer">Where to write to; flushed at the end.</param>
    public void Save(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteNumber("schemaVersion", JsonSchemaVersion);
        writer.WriteString("server", Options.Address.ToString());
        writer.WriteStartArray("versions");
        foreach (var version in GetOwnerVersions())
        {
            writer.WriteStartObject();
            writer.WriteString("server", version.Owner.ToString());
            writer.WriteNumber("version", version.Version);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("records");
        foreach (int slot in SlotsByName())
            Write(writer, RecordAt(slot));
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
    }

    /// <summary>Makes a server with the database that <see cref="Save"/> wrote.</summary>
    /// <param name="options">How it is set up. Where <see cref="NameServerOptions.Address"/> is another than in the file, its own records become this server's.</param>
    /// <param name="now">The current time: what has run out since is aged when it is next looked at.</param>
    /// <param name="utf8">The JSON text.</param>
    /// <param name="server">The server, or null.</param>
    /// <param name="problem">What is wrong with the text, or null.</param>
    /// <returns>False when the text cannot be used; it never throws for what the text says.</returns>
    public static bool TryLoad(
        NameServerOptions options, Instant now, ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out NameServer? server, [NotNullWhen(false)] out string? problem)
    {
        var loaded = new NameServer(options);
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        server = null;
        try
        {
            problem = loaded.Read(ref reader, now);
        }
        catch (JsonException exception)
        {
            problem = $"line {exception.LineNumber + 1}: {exception.Message}";
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            problem = $"octet {reader.TokenStartIndex}: {exception.Message}"; // a value of another kind than expected, a number out of range
        }

        if (problem is not null)
        {
            problem = VisibleText.Escape(problem); // it quotes the file
            return false;
        }

        server = loaded;
        return true;
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

    private string? Read(ref Utf8JsonReader reader, Instant now)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return "expected an object";
        var self = FindServer(reader);
        bool isKnownVersion = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string property = reader.GetString()!;
            reader.Read();
            switch (property)
            {
                case "schemaVersion":
                    isKnownVersion = reader.GetInt32() == JsonSchemaVersion;
                    if (!isKnownVersion)
                        return $"schemaVersion {reader.GetInt32()} is not known: expected {JsonSchemaVersion}";
                    break;
                case "server":
                    ReadAddress(ref reader);
                    break;
                case "versions":
                    ReadVersions(ref reader, self);
                    break;
                case "records" when reader.TokenType == JsonTokenType.StartArray:
                    while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                    {
                        var record = ReadRecord(ref reader, self);
                        if (!Restore(now, record))
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
    private Ipv4Address FindServer(Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isServer = reader.ValueTextEquals("server");
            reader.Read();
            if (isServer && reader.TokenType == JsonTokenType.String && Ipv4Address.TryParse(reader.GetString(), out var server))
                return server;
            reader.Skip();
        }

        return Options.Address;
    }

    private void ReadVersions(ref Utf8JsonReader reader, Ipv4Address self)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new FormatException("versions is no array");
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var address = self;
            ulong version = 0;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string property = reader.GetString()!;
                reader.Read();
                if (property == "server")
                    address = ReadAddress(ref reader);
                else if (property == "version")
                    version = reader.GetUInt64();
                else
                    reader.Skip();
            }

            if (TryGetOwner(address == self ? Options.Address : address, out ushort owner))
                _highestVersions[owner] = ulong.Max(_highestVersions[owner], version);
        }
    }

    private NameRecord ReadRecord(ref Utf8JsonReader reader, Ipv4Address self)
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
                    var owner = ReadAddress(ref reader);
                    record = record with { Owner = owner == self ? Options.Address : owner };
                    break;
                case "version":
                    record = record with { Version = reader.GetUInt64() };
                    break;
                case "expires":
                    record = record with { Expires = ReadTime(ref reader) };
                    break;
                case "addresses" when reader.TokenType == JsonTokenType.StartArray:
                    while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                        addresses.Add(ReadRecordAddress(ref reader, self));
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
    private (NameRecordAddress One, bool HasOwner, bool HasTime) ReadRecordAddress(ref Utf8JsonReader reader, Ipv4Address self)
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
                    var owner = ReadAddress(ref reader);
                    one = one with { Owner = owner == self ? Options.Address : owner };
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
}
