using NbnsSim.Events;
using NbnsSim.Names;

namespace NbnsSim.Cli.Running;

/// <summary>The kinds of things worth telling of a run.</summary>
internal enum FactKind
{
    /// <summary><see cref="Fact.Host"/> is told to do <see cref="Fact.Text"/>.</summary>
    Commanded,

    /// <summary>The host got the name: nobody objected, or its name server granted it.</summary>
    Claimed,

    /// <summary>The host was refused the name by <see cref="Fact.Other"/>.</summary>
    Refused,

    /// <summary><see cref="Fact.Other"/> refused the host the name, and the host never heard of it.</summary>
    RefusalLost,

    /// <summary>The host looked for the name, and <see cref="Fact.Other"/> answered: <see cref="Fact.Text"/>.</summary>
    Found,

    /// <summary>The host looked for the name, and nobody answered.</summary>
    NotFound,

    /// <summary>The host released a name it held.</summary>
    Released,

    /// <summary>The host released a name it did not hold.</summary>
    ReleasedUnheld,

    /// <summary>The host told <see cref="Fact.Other"/>, which holds the name, to release it.</summary>
    ReleaseDemanded,

    /// <summary>The host holds the name, and heard <see cref="Fact.Other"/> release it, and did nothing.</summary>
    ReleaseIgnored,

    /// <summary>The host told <see cref="Fact.Other"/> that the name is in conflict.</summary>
    ConflictDemanded,

    /// <summary>The host holds the name, and was told by <see cref="Fact.Other"/> that it is in conflict, and did nothing.</summary>
    ConflictIgnored,

    /// <summary>The host logged <see cref="Fact.Event"/>; <see cref="Fact.Other"/> is who sent the message.</summary>
    Logged,

    /// <summary>Something that a person should know: <see cref="Fact.Text"/>.</summary>
    Noted,
}

/// <summary>One thing that happened in a run.</summary>
internal sealed record Fact(
    FactKind Kind, Instant Time, string Host, NetBiosName Name = default, string Other = "", string Text = "", bool IsGroup = false, NetBtEvent? Event = null, int Number = 0);

/// <summary>How well a statement is known, and where from.</summary>
internal sealed record Ground(RuleBasis Basis, string Statement, string Source);
