namespace NbnsSim.NameServers;

/// <summary>What is known of an owner that is being asked whether it still holds its name.</summary>
internal enum OwnerAnswer
{
    /// <summary>Nothing yet.</summary>
    Open,

    /// <summary>It holds the name, or could not be asked.</summary>
    Held,

    /// <summary>It does not hold the name at any of its addresses.</summary>
    Gone,
}
