using NbnsSim.Diagnosis;

namespace NbnsSim.Jobs.Tables;

/// <summary>What is behind what was found: a row of <see cref="JobTables.Incidents"/>.</summary>
/// <param name="Number">Its number, 1 for the first: the gravest comes first.</param>
/// <param name="Incident">The incident; its frames are numbers of datagrams.</param>
public readonly record struct IncidentRow(long Number, Incident Incident);
