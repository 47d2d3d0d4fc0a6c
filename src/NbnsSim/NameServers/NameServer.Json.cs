using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace NbnsSim.NameServers;

/// <content>The database as JSON, out and in.</content>
public sealed partial class NameServer
{
    /// <summary>The version of the JSON format that <see cref="Save"/> writes.</summary>
    public const int JsonSchemaVersion = DatabaseJson.SchemaVersion;

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
        DatabaseJson.Write(writer, Options.Address, GetOwnerVersions(), SlotsByName().Select(RecordAt));
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
        problem = DatabaseJson.Read(utf8, options.Address, loaded.RestoreVersion, record => loaded.Restore(now, record));
        server = problem is null ? loaded : null;
        return problem is null;
    }

    private void RestoreVersion(OwnerVersion version)
    {
        if (_owners.TryFindOrAdd(version.Owner, out ushort owner))
            _owners.Meet(owner, version.Version);
    }
}
