namespace NbnsSim.Reports.Pasted;

/// <summary>What a pasted text is.</summary>
public enum PastedForm
{
    /// <summary>Nothing that is known.</summary>
    Unknown,

    /// <summary>A table of names, as <c>nbtstat -n</c>, <c>-a</c>, <c>-A</c> or <c>nmblookup -A</c> prints it.</summary>
    NameTable,

    /// <summary>What <c>nbtstat -c</c> prints.</summary>
    Cache,

    /// <summary>What <c>nbtstat -r</c> prints.</summary>
    Statistics,

    /// <summary>Lines of Samba's <c>log.nmbd</c>.</summary>
    NmbdLog,

    /// <summary>An LMHOSTS file.</summary>
    LmHosts,

    /// <summary>What <c>nbtstat -s</c> or <c>-S</c> prints: sessions over TCP 139.</summary>
    Sessions,

    /// <summary>What <c>nmblookup NAME</c> prints: who answered for a name.</summary>
    Answers,

    /// <summary>What <c>nbtstat</c>, <c>nmblookup</c> or Windows says in a line of its own.</summary>
    Message,
}
