namespace NbnsSim.Reports;

/// <summary>Whose nbtstat prints.</summary>
public enum NbtStatStyle : byte
{
    /// <summary>Windows NT 3.5 to 4.0, as the knowledge base prints it (Q139608, Q150800).</summary>
    WindowsNt,

    /// <summary>Windows 2000 and later, as consoles show it: the connection's name first, rows indented by four, a wider cache table.</summary>
    Windows2000,
}
