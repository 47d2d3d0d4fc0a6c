namespace NbnsSim.Testing.Traffic;

/// <summary>What a frame is to what happens in a capture.</summary>
public enum TrafficRole
{
    /// <summary>It shows what happens: a finding that names its frames names this one.</summary>
    Evidence,

    /// <summary>It belongs to what happens, and can be told without it: how somebody came to have the name, say.</summary>
    Supporting,

    /// <summary>The same machines or their neighbours about something else.</summary>
    Other,

    /// <summary>Machines that have nothing to do with it.</summary>
    Background,
}
