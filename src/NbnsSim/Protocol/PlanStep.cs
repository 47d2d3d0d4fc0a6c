namespace NbnsSim.Protocol;

/// <summary>Whom a step of a <see cref="NodePlan"/> talks to.</summary>
public enum PlanMeans : byte
{
    /// <summary>Every station of the segment.</summary>
    Broadcast,

    /// <summary>The name server.</summary>
    NameServer,
}

/// <summary>How a step of a <see cref="NodePlan"/> may end.</summary>
[Flags]
public enum StepOutcomes : byte
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>It did what it was for; for a broadcast claim or release: nobody objected.</summary>
    Success = 1,

    /// <summary>Somebody said no.</summary>
    Refusal = 2,

    /// <summary>Nobody answered, or there is nobody to ask.</summary>
    Silence = 4,
}

/// <summary>A step of a <see cref="NodePlan"/>.</summary>
/// <param name="Means">Whom it talks to.</param>
/// <param name="ContinueOn">After which outcomes the next step follows; any other outcome is the outcome of the whole.</param>
public readonly record struct PlanStep(PlanMeans Means, StepOutcomes ContinueOn = StepOutcomes.None)
{
    /// <summary>Whether the next step follows after an outcome.</summary>
    /// <param name="outcome">How this step ended.</param>
    public bool ContinuesOn(StepOutcomes outcome) => (ContinueOn & outcome) != StepOutcomes.None;
}
