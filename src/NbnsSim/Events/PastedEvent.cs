using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NbnsSim.Names;

namespace NbnsSim.Events;

/// <summary>
/// An event as somebody pasted it: its data in any usual form of hex or decimal, Event Viewer's text of any age and language, its XML, the sentence
/// alone, a mail that quotes one, or just the number. What was found is here; what was not is null.
/// </summary>
public sealed record PastedEvent
{
    private const int MaxCharacters = 1 << 16; // an event has some hundreds; this bounds what a mistaken file costs

    private PastedEvent()
    {
    }

    /// <summary>The event's number; null where only data without a code was pasted.</summary>
    public int? Id { get; private init; }

    /// <summary>Who logged it, where the text says; null otherwise.</summary>
    public string? Provider { get; private init; }

    /// <summary>Whether it may be NetBT's: nobody else is named as the one who logged it.</summary>
    public bool IsNetBt => Provider is null || Provider.EndsWith(NetBtEvent.Source, StringComparison.OrdinalIgnoreCase);

    /// <summary>The data octets; null where there are none in the text.</summary>
    public NetBtEventData? Data { get; private init; }

    /// <summary>The insertion strings of the event's XML or log; empty where there are none.</summary>
    public ImmutableArray<string> Strings { get; private init; } = [];

    /// <summary>The NetBIOS name that the text of a 4321 has; null otherwise.</summary>
    public NetBiosName? Name { get; private init; }

    /// <summary>The address of the interface that the text of a 4321 has; null otherwise.</summary>
    public Ipv4Address? InterfaceAddress { get; private init; }

    /// <summary>The other machine: who sent the message of a 4319 or 4320 (Q120752), who refused the name of a 4321; null where the text does not say.</summary>
    public Ipv4Address? Address { get; private init; }

    /// <summary>Whether it is of Windows Vista or later, as its form or its words say: its description is then given in the words of those systems.</summary>
    public bool SaysComputer { get; init; }

    /// <summary>What is missing or odd, a sentence each.</summary>
    public ImmutableArray<string> Remarks { get; private init; } = [];

    /// <summary>What is known of the event; null where it is none of NetBT's, or the number is not known.</summary>
    public NetBtEventDefinition? Definition => IsNetBt && Id is { } id ? NetBtEventDefinition.Find(id) : null;

    /// <summary>The description with what is known filled in; our own words where Windows' are not known; null without a definition.</summary>
    public string? Message => Definition is not { } known ? null : (SaysComputer ? known.LaterText : known.Text) is not { } text ? known.Meaning : text
        .Replace("%2", Name is { } name ? $"{name.PaddedBaseName}:{((byte)name.Suffix).ToString("x", CultureInfo.InvariantCulture)}" : "(the name)", StringComparison.Ordinal)
        .Replace("%3", InterfaceAddress?.ToString() ?? "(the interface's address)", StringComparison.Ordinal)
        .Replace("%4", Address?.ToString() ?? "(the address of the machine that refused)", StringComparison.Ordinal);

    /// <summary>Octets of a file or of the clipboard as text: UTF-8 or UTF-16 with or without a byte order mark, otherwise Windows-1252.</summary>
    /// <param name="octets">The octets.</param>
    public static string Decode(ReadOnlySpan<byte> octets) => EventText.Decode(octets);

    /// <summary>A text without what mail programs, web pages and log shippers put around it: marks of quotation, entities, escaped quotation marks, odd blanks.</summary>
    /// <param name="text">The text as it was pasted.</param>
    public static string Plain(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return QuotedText.Plain(text);
    }

    /// <summary>Finds the event in a pasted text; never throws for what it says.</summary>
    /// <param name="text">The text; at most 65,536 characters.</param>
    /// <param name="pasted">The event, or null.</param>
    /// <param name="error">What is wrong with the text, or null.</param>
    /// <returns>False where there is no event to be found in it.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PastedEvent? pasted, [NotNullWhen(false)] out string? error)
    {
        pasted = null;
        error = null;
        text = Plain(text ?? "");
        if (text.Length > MaxCharacters)
        {
            error = string.Create(CultureInfo.InvariantCulture, $"{text.Length} characters are too many for an event: at most {MaxCharacters}.");
            return false;
        }

        if (EventText.TryCode(text, out int code))
        {
            pasted = Make(null, code, default, null, []);
            return true;
        }

        var xml = EventText.FindXml(text);
        string? provider = xml.Provider ?? EventText.FindProvider(text);
        int? id = xml.Id ?? EventText.FindId(text);
        id ??= EventText.FindSentence(text);
        var claim = ClaimText.Find(text, xml.Strings, id == NetBtEventId.DuplicateNameError);
        id ??= claim.Owner is null ? null : NetBtEventId.DuplicateNameError; // the sentence in any language: a name and its suffix, and two addresses
        if (id is { } alone && provider is null && text.AsSpan().Trim().Length <= 5 && NetBtEventDefinition.Find(alone) is null)
        {
            error = string.Create(CultureInfo.InvariantCulture, $"{alone} is no event of NetBT: its events are {NetBtEventDefinition.All[0].Id} to {NetBtEventDefinition.All[^1].Id}.");
            return false;
        }

        bool isMarked = id is not null || provider is not null;
        bool isDecimal = EventText.TryDecimals(text, out byte[] octets, out bool isCut);
        if (!isDecimal && !EventText.TryHex(text, xml.Binary, isMarked, out octets, out error))
            return false;
        var data = octets.Length == 0 || isCut ? null : NetBtEventData.Read(octets);
        if (data?.Definition is { } coded && id is { } said && coded.Id != said && provider is null)
            id = coded.Id; // a number that happens to stand in the text; the data cannot err
        id ??= data?.Definition?.Id;
        pasted = Make(provider, id, claim, data, xml.Strings) with { SaysComputer = EventText.SaysComputer(text) };
        if (isCut)
            pasted = pasted with { Remarks = pasted.Remarks.Add("PowerShell left the rest of the data out ('...'): paste the output of (Get-EventLog …).Data -join ','") };
        return true;
    }

    /// <summary>An event of which the parts are known, as in the file of an event log.</summary>
    /// <param name="provider">Who logged it.</param>
    /// <param name="id">Its number.</param>
    /// <param name="strings">Its insertion strings, from the first on.</param>
    /// <param name="data">Its data; may be empty.</param>
    public static PastedEvent FromParts(string? provider, int id, IReadOnlyList<string> strings, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(strings);
        return Make(provider, id, ClaimText.Find("", [.. strings], isClaim: false), data.IsEmpty ? null : NetBtEventData.Read(data), strings);
    }

    private static PastedEvent Make(string? provider, int? id, (NetBiosName? Name, Ipv4Address? Interface, Ipv4Address? Owner) claim, NetBtEventData? data, IReadOnlyList<string> strings)
    {
        bool isClaim = id == NetBtEventId.DuplicateNameError;
        bool isOthers = provider is not null && !provider.EndsWith(NetBtEvent.Source, StringComparison.OrdinalIgnoreCase);
        return new PastedEvent
        {
            Id = id,
            Provider = provider,
            Data = data,
            Strings = [.. strings],
            Name = isClaim ? claim.Name : null,
            InterfaceAddress = isClaim ? claim.Interface : null,
            Address = isOthers ? null : (isClaim ? claim.Owner : null) ?? data?.Address, // of others' data four octets are no address
            Remarks = data?.Remarks ?? [],
        };
    }
}
