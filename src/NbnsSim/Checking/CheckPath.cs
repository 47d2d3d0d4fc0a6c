using System.Collections.Immutable;

namespace NbnsSim.Checking;

/// <summary>A fault that was chosen: at which step, and which of those that could come there.</summary>
/// <param name="Position">The step's number.</param>
/// <param name="Rank">The fault's place in the list of that step.</param>
internal readonly record struct CheckChoice(int Position, int Rank) : IComparable<CheckChoice>
{
    public int CompareTo(CheckChoice other) => Position != other.Position ? Position.CompareTo(other.Position) : Rank.CompareTo(other.Rank);
}

/// <summary>A way through a scenario: all else than its faults follows from the scenario.</summary>
/// <param name="Order">Which order of commands.</param>
/// <param name="Choices">The faults, in order.</param>
internal sealed record CheckPath(int Order, ImmutableArray<CheckChoice> Choices) : IComparable<CheckPath>
{
    /// <summary>How many steps were made behind the last fault before a state came that had been seen.</summary>
    public int Length { get; init; }

    /// <summary>The step at which the last fault comes; -1 for none.</summary>
    public int Last => Choices.Length == 0 ? -1 : Choices[^1].Position;

    public int CompareTo(CheckPath? other)
    {
        if (other is null)
            return 1;
        if (Order != other.Order)
            return Order.CompareTo(other.Order);
        for (int i = 0; i < Math.Min(Choices.Length, other.Choices.Length); i++)
        {
            if (Choices[i].CompareTo(other.Choices[i]) is not 0 and var sign)
                return sign;
        }

        return Choices.Length.CompareTo(other.Choices.Length);
    }

    /// <summary>The same with one more fault.</summary>
    public CheckPath With(CheckChoice choice) => new(Order, Choices.Add(choice));
}
