namespace NbnsSim.Reports;

/// <summary>What can be told for people, as text, and for programs, as lines of JSON.</summary>
public interface IReport
{
    /// <summary>Writes it as text.</summary>
    /// <param name="writer">Where to.</param>
    void Write(ReportWriter writer);

    /// <summary>Writes it as NDJSON.</summary>
    /// <param name="ndjson">Where to.</param>
    void Write(NdjsonWriter ndjson);
}
