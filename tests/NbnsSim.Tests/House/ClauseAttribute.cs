namespace NbnsSim.Tests.House;

/// <summary>
/// The sentence of a document that a test proves, by the number it has in <c>tests/clauses</c>: <c>[Clause("MS-NBTE §3.1.5.1/2")]</c> is the
/// second MUST or SHOULD sentence of that section. A test may carry several. <see cref="ClauseCoverageTests"/> compares both sides.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ClauseAttribute(string clause) : Attribute
{
    /// <summary>Document, section and number.</summary>
    public string Clause { get; } = clause;
}
