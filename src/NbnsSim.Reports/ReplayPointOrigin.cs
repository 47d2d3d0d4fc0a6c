namespace NbnsSim.Reports;

/// <summary>What a time of a <see cref="ReplayPoint"/> counts from.</summary>
public enum ReplayPointOrigin
{
    /// <summary>1970-01-01.</summary>
    Epoch,

    /// <summary>The first datagram of the capture.</summary>
    FirstDatagram,

    /// <summary>Midnight, by the clock that is printed, of the day of the first datagram.</summary>
    Midnight,

    /// <summary>1970-01-01 by the clock that is printed: a date and time without a zone.</summary>
    Calendar,
}
