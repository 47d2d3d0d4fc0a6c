using System.Globalization;
using System.Runtime.CompilerServices;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>
/// A packet in one line, in RFC 1002's words: <c>NAME REGISTRATION REQUEST ALICE&lt;03&gt; unique 10.0.0.2 B-node TTL 300000</c>. Traces,
/// listings and ladder diagrams print this line, so that the same packet reads the same everywhere.
/// </summary>
public static class NbnsDescription
{
    /// <summary>How many addresses a line lists before it counts the rest.</summary>
    private const int MaxAddresses = 4;

    /// <summary>Describes a datagram, whether it can be read or not.</summary>
    /// <param name="payload">The UDP payload.</param>
    /// <returns>The line; for octets that cannot be read, what is wrong with them and where. Only the string is allocated.</returns>
    public static string Describe(ReadOnlySpan<byte> payload) =>
        NbnsPacket.TryParseLenient(payload, out var packet, out var error) ? Describe(packet) : $"UNREADABLE PACKET: {error}";

    /// <summary>Describes a packet that was parsed.</summary>
    /// <param name="packet">The packet.</param>
    /// <returns>The line. Only the string is allocated.</returns>
    public static string Describe(in NbnsPacket packet)
    {
        var line = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[256]);
        Append(ref line, packet);
        return line.ToStringAndClear();
    }

    /// <summary>Writes what <see cref="Describe(in NbnsPacket)"/> gives; allocates only for scopes and hardware addresses.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="destination">Room for the line; 256 characters suffice where no name has a scope.</param>
    /// <param name="charsWritten">How many characters were written.</param>
    /// <returns>False when <paramref name="destination"/> is too short.</returns>
    public static bool TryDescribe(in NbnsPacket packet, Span<char> destination, out int charsWritten)
    {
        var line = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, destination);
        Append(ref line, packet);
        bool fits = line.Text.TryCopyTo(destination); // what did not fit went to an array of the handler's own
        charsWritten = fits ? line.Text.Length : 0;
        line.Clear();
        return fits;
    }

    private static void Append(ref DefaultInterpolatedStringHandler line, in NbnsPacket packet)
    {
        var kind = NbnsClassification.Classify(packet);
        var record = packet.Record;
        line.AppendLiteral(kind.Title());
        if (kind == NbnsMessageKind.Unknown)
            line.AppendLiteral($" opcode {(int)packet.Opcode}{(packet.IsResponse ? " response" : "")}");
        if (packet.HasQuestion || packet.HasRecord)
        {
            line.AppendLiteral(" ");
            AppendName(ref line, packet.Name);
        }

        switch (kind)
        {
            case NbnsMessageKind.NameRegistrationRequest:
            case NbnsMessageKind.NameOverwriteRequest:
            case NbnsMessageKind.NameOverwriteDemand:
            case NbnsMessageKind.NameRefreshRequest:
            case NbnsMessageKind.MultihomedNameRegistrationRequest:
            case NbnsMessageKind.PositiveNameRegistrationResponse:
            case NbnsMessageKind.PositiveNameQueryResponse:
                AppendEntries(ref line, record);
                AppendTimeToLive(ref line, record.TimeToLive.Seconds);
                break;
            case NbnsMessageKind.NegativeNameRegistrationResponse:
            case NbnsMessageKind.NegativeNameReleaseResponse:
            case NbnsMessageKind.NegativeNameQueryResponse:
                line.AppendLiteral(" ");
                line.AppendLiteral(packet.Rcode.Symbol());
                AppendEntries(ref line, record);
                break;
            case NbnsMessageKind.EndNodeChallengeNameRegistrationResponse:
            case NbnsMessageKind.NameConflictDemand:
            case NbnsMessageKind.NameReleaseRequest:
            case NbnsMessageKind.NameReleaseDemand:
            case NbnsMessageKind.PositiveNameReleaseResponse:
                AppendEntries(ref line, record);
                break;
            case NbnsMessageKind.RedirectNameQueryResponse:
                AppendRedirect(ref line, packet);
                break;
            case NbnsMessageKind.WaitForAcknowledgementResponse:
                line.AppendLiteral(" wait ");
                if (record.TimeToLive.Seconds == 0)
                    line.AppendLiteral("unknown"); // RFC 1002 §4.2.16: 0 is no estimate
                else
                    line.AppendFormatted(record.TimeToLive.Seconds);
                line.AppendLiteral(record.TimeToLive.Seconds == 0 ? "" : " s");
                break;
            case NbnsMessageKind.NodeStatusResponse:
                AppendNodeStatus(ref line, record);
                break;
        }

        if (packet.Flags.IsTruncated)
            line.AppendLiteral(" truncated");
        if (kind == NbnsMessageKind.Unknown && NbnsClassification.WhyUnknown(packet) is { Kind: not NbnsParseErrorKind.UnknownPacket } lack)
            line.AppendLiteral($", malformed: {lack}");
    }

    private static void AppendName(ref DefaultInterpolatedStringHandler line, NbnsNameView view)
    {
        if (view.TryGetName(out var name))
            line.AppendFormatted(name);
        else
            line.AppendFormatted(view.ToString());
    }

    private static void AppendEntries(ref DefaultInterpolatedStringHandler line, NbnsResourceRecord record)
    {
        int count = record.EntryCount;
        for (int i = 0; i < Math.Min(count, MaxAddresses); i++)
        {
            var entry = record.GetEntry(i);
            if (i == 0)
                line.AppendLiteral(entry.Flags.IsGroup ? " group" : " unique");
            line.AppendLiteral(" ");
            line.AppendFormatted(entry.Address);
        }

        if (count > MaxAddresses)
        {
            line.AppendLiteral(" and ");
            line.AppendFormatted(count - MaxAddresses);
            line.AppendLiteral(" more");
        }

        if (count > 0)
            line.AppendLiteral(record.FirstEntry.Flags.OwnerNodeType switch
            {
                OwnerNodeType.B => " B-node",
                OwnerNodeType.P => " P-node",
                OwnerNodeType.M => " M-node",
                _ => " H-node",
            });
    }

    private static void AppendTimeToLive(ref DefaultInterpolatedStringHandler line, uint seconds)
    {
        line.AppendLiteral(" TTL ");
        line.AppendFormatted(seconds);
    }

    private static void AppendRedirect(ref DefaultInterpolatedStringHandler line, in NbnsPacket packet)
    {
        foreach (var record in packet.Records)
        {
            if (record.Section == NbnsSection.Additional && record.TryGetServerAddress(out var address))
            {
                line.AppendLiteral(" to ");
                AppendName(ref line, record.Name);
                line.AppendLiteral(" ");
                line.AppendFormatted(address);
                return;
            }
        }
    }

    private static void AppendNodeStatus(ref DefaultInterpolatedStringHandler line, NbnsResourceRecord record)
    {
        line.AppendLiteral(" ");
        line.AppendFormatted(record.NodeNameCount);
        line.AppendLiteral(record.NodeNameCount == 1 ? " name" : " names");
        if (record.StatisticsData.Length < MacAddress.Size)
            return;
        line.AppendLiteral(" MAC ");
        line.AppendFormatted(MacAddress.Read(record.StatisticsData).ToString());
    }
}
