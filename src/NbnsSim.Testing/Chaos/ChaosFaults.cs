namespace NbnsSim.Testing.Chaos;

/// <summary>What may go wrong in a network of chaos.</summary>
[Flags]
public enum ChaosFaults
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Datagrams get lost.</summary>
    Loss = 1,

    /// <summary>Datagrams arrive twice.</summary>
    Duplicate = 2,

    /// <summary>Datagrams are overtaken by the next one.</summary>
    Reorder = 4,

    /// <summary>Datagrams arrive late.</summary>
    Delay = 8,

    /// <summary>Two sides hear nothing of each other.</summary>
    Partition = 16,

    /// <summary>Datagrams arrive with an octet changed.</summary>
    Corrupt = 32,

    /// <summary>Datagrams are kept, and arrive all at once.</summary>
    Hold = 64,

    /// <summary>Hosts lose their power; when it is back, they have forgotten everything, and boot.</summary>
    Crash = 128,

    /// <summary>Hosts stop for a while, and go on where they were.</summary>
    Pause = 256,

    /// <summary>Machines without NetBIOS send nodes releases, conflict demands and negative answers for names that these may have.</summary>
    Forge = 512,

    /// <summary>Everything.</summary>
    All = Loss | Duplicate | Reorder | Delay | Partition | Corrupt | Hold | Crash | Pause | Forge,
}
