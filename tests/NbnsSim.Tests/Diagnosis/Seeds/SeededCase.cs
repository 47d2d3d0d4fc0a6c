using NbnsSim.Names;
using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Tests.Diagnosis.Seeds;

/// <summary>A kind of network in which something happens, or nothing does; a seed makes one of it.</summary>
/// <param name="Cause">What happens there, an id of the diagnosis' causes; empty where nothing is wrong.</param>
/// <param name="Title">Which of the ways in which it happens.</param>
/// <param name="Make">Puts it together and says what is true of it.</param>
internal sealed record SeededCase(string Cause, string Title, Func<CaseNet, CaseTruth> Make)
{
    /// <summary>Other causes that are told of it with equal right.</summary>
    public string[] Or { get; init; } = [];

    /// <summary>What may be told besides, since it is true as well.</summary>
    public string[] Also { get; init; } = [];

    public override string ToString() => $"{(Cause.Length == 0 ? "nothing wrong" : Cause)}: {Title}";
}

/// <summary>What is true of a network, known before anything is diagnosed.</summary>
internal sealed record CaseTruth
{
    /// <summary>Whom it comes from; <see langword="null"/> where it comes from nobody.</summary>
    public CaseHost? Culprit { get; init; }

    /// <summary>Whom it happens to.</summary>
    public CaseHost? Victim { get; init; }

    /// <summary>The name, whatever its suffix; <see langword="null"/> where it is about none.</summary>
    public string? Name { get; init; }

    /// <summary>Which of what is sent shows it, by who sends it, about what, by which decision.</summary>
    public Trace[] Traces { get; init; } = [];
}

/// <summary>A part of what shows an incident.</summary>
/// <param name="Shows">Which packets are part of it.</param>
internal sealed record Trace(Func<SentPacket, bool> Shows)
{
    /// <summary>Whether nobody could tell the cause who has not seen one of them.</summary>
    public bool IsKey { get; init; }

    /// <summary>Whether who sees one of them sees that something is wrong.</summary>
    public bool IsTrouble { get; init; }

    /// <summary>Whether one of them for each name shows as much as all of them: how somebody who had a name got it.</summary>
    public bool IsOnce { get; init; }

    /// <summary>Whether the cause is no more than possible for who has not seen one of them.</summary>
    public bool IsSure { get; init; }

    /// <summary>How many different ones must be seen, where it is a key.</summary>
    public int Least { get; init; } = 1;

    /// <summary>Whether it may be named as evidence and need not be.</summary>
    public bool IsOptional { get; init; }
}

/// <summary>Words for what packets are.</summary>
internal static class PacketWords
{
    public static bool By(this SentPacket it, params ReadOnlySpan<CaseHost?> hosts)
    {
        foreach (var host in hosts)
        {
            if (host is not null && host.Id == it.Sender)
                return true;
        }

        return false;
    }

    public static bool To(this SentPacket it, CaseHost? host) => host is not null && it.Destination.Address == host.Address;

    public static bool IsAbout(this SentPacket it, string name) => it.Name != default && it.Name.BaseName == name;

    public static bool IsAbout(this SentPacket it, NetBiosName name) => it.Name == name;

    public static bool Claims(this SentPacket it) => it.Kind is Kind.NameRegistrationRequest or Kind.MultihomedNameRegistrationRequest or Kind.NameOverwriteDemand or Kind.NameOverwriteRequest or Kind.NameRefreshRequest;

    public static bool Grants(this SentPacket it) => it.Kind == Kind.PositiveNameRegistrationResponse;

    public static bool Refuses(this SentPacket it) => it.Kind == Kind.NegativeNameRegistrationResponse;

    public static bool Waits(this SentPacket it) => it.Kind == Kind.WaitForAcknowledgementResponse;

    public static bool Releases(this SentPacket it) => it.Kind is Kind.NameReleaseRequest or Kind.NameReleaseDemand;

    public static bool Asks(this SentPacket it) => it.Kind == Kind.NameQueryRequest;

    public static bool Answers(this SentPacket it) => it.Kind == Kind.PositiveNameQueryResponse;

    public static bool Denies(this SentPacket it) => it.Kind == Kind.NegativeNameQueryResponse;

    public static bool DemandsConflict(this SentPacket it) => it.Kind == Kind.NameConflictDemand;
}
