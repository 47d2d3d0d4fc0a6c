namespace NbnsSim.Transport;

/// <summary>What <see cref="INameServerStore.Load"/> does where records cannot be read.</summary>
public enum DamagedRecords
{
    /// <summary>Says which, and loads nothing: a name that is missing may be given to another.</summary>
    Refuse,

    /// <summary>Loads the others and says which are missing (<see cref="INameServerStore.Damaged"/>). A damaged record stays until its name is registered again.</summary>
    Skip,
}
