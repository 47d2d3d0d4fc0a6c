namespace NbnsSim.Events;

/// <summary>The ids of the NetBT events that a model of the name service raises; <see cref="NetBtEventDefinition.All"/> has every one.</summary>
public static class NetBtEventId
{
    /// <summary>4302: no backup WINS server is configured.</summary>
    public const int NoBackupNameServer = 4302;

    /// <summary>4303: no primary WINS server is configured.</summary>
    public const int NoNameServer = 4303;

    /// <summary>4317: a label of the scope has more than 63 octets.</summary>
    public const int ScopeLabelTooLong = 4317;

    /// <summary>4318: the scope has more than 255 octets.</summary>
    public const int ScopeTooLong = 4318;

    /// <summary>4319: a duplicate name was detected; the sender's address is in the data.</summary>
    public const int DuplicateName = 4319;

    /// <summary>4320: another machine sent a name release message; its address is in the data (Q131739).</summary>
    public const int NameRelease = 4320;

    /// <summary>4321: a name could not be registered; the text names the machine that refused it.</summary>
    public const int DuplicateNameError = 4321;
}
