namespace NbnsSim.Protocol;

/// <summary>A field that <see cref="StateCodec"/> does not carry, or a type of which it carries no field, and why. A test sees to it that every other field of what has state is carried.</summary>
/// <param name="why">Why what comes next does not depend on it, or how it is carried otherwise.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class NotStateAttribute(string why) : Attribute
{
    /// <summary>Why.</summary>
    public string Why => why;
}
