namespace NbnsSim.Transport.Sqlite;

/// <summary>What <see cref="NameServerStore.Load"/> does with a file in which rows cannot be read.</summary>
public enum DamagedRecords
{
    /// <summary>Says which, and loads nothing: a name that is missing may be given to another.</summary>
    Refuse,

    /// <summary>Loads the others and says which are missing (<see cref="NameServerStore.Damaged"/>). A damaged row stays until its name is registered again.</summary>
    Skip,
}
